/* link_harness.h - mails that go as links, for tests of vault/case. */
#ifndef TESTS_VAULT_LINK_HARNESS_H
#define TESTS_VAULT_LINK_HARNESS_H

#include "lib/crypto/link_key.h"
#include "tests/vault/case_harness.h"
#include "vault/case/link_seal.h"

/* As scene_setup(), with a portal, and example.co.jp as our domain. */
int link_scene_setup(void **state);

/* A test with it; needs cmocka.h. */
#define LINKED(test) \
	cmocka_unit_test_setup_teardown(test, link_scene_setup, scene_teardown)

/* What the courier hands in for a rewritten mail: two files. */
#define LINK_TEST_MAIL  "Subject: x\r\n\r\nhello, your files are elsewhere\r\n"
#define LINK_TEST_FIRST "numbers,123456789018\r\n"
#define LINK_TEST_NEXT  "the second file"
/* The file key that the last one was sealed with, to look for. */
struct link_test_seal {
	uint32_t pictures; /* in: that stay in the text */
	uint8_t file_key[SEAL_KEY_BYTES];
};
/* Hand in the result of a job REWRITE; refusal: NULL: it worked. */
enum status link_test_seal(struct scene *scene, const struct job_taken *taken,
			   const char *refusal, struct link_test_seal *seal,
			   struct err *err);

/* Hold mail, let bob decide LINK (unless the rule did), and seal it. */
void link_test_make(struct scene *scene, const struct mail *mail,
		    uint8_t id_out[CASE_ID_BYTES], struct link_test_seal *seal);

/* Take the next job of kind and what the courier gets of it; other link mails
 * and releases are left, notices done. False: there is none. */
struct link_test_job {
	struct job_taken taken;
	struct vault_job job;
	struct wire_arena *arena;
	int fd;
};
bool link_test_take(struct scene *scene, enum job_kind kind,
		    struct link_test_job *out);
/* The next hop says code to it; NOTICE and LINK. */
void
link_test_reply(struct scene *scene, struct link_test_job *job, uint32_t code);
void link_test_job_done(struct link_test_job *job);

/* Files of the vault's blobs. */
size_t link_test_blobs(struct scene *scene);

/* Every link mail and notice is taken by the next hop. */
void link_test_send_all(struct scene *scene);

#endif
