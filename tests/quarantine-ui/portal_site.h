/* portal_site.h - the portal over a fake vault, and who comes to it. */
#ifndef TESTS_QUARANTINE_UI_PORTAL_SITE_H
#define TESTS_QUARANTINE_UI_PORTAL_SITE_H

#include "quarantine-ui/portal/portal.h"
#include "tests/quarantine-ui/fake_visits.h"

struct portal_site {
	char directory[64];
	char socket[96];
	struct fake_vault *vault;
	struct portal *portal;
};

struct guest {
	struct portal_site *site;
	char path[64]; /* "/l/ID" */
	struct sbuf cookies;
	const char *range;
	bool certificate;
	struct http_response response;
};

int portal_site_setup(void **state);
int portal_site_teardown(void **state);

/* A test with it; needs cmocka.h. */
#define PORTAL_TEST(name)                                        \
	cmocka_unit_test_setup_teardown(name, portal_site_setup, \
					portal_site_teardown)

/* A browser that has seen nothing yet. */
void
guest_init(struct guest *guest, struct portal_site *site, enum fake_link which);
void guest_done(struct guest *guest);

/* A request for what is behind guest->path; the status of its answer. The
 * last cookie that is set takes the place of those of before. */
unsigned guest_ask(struct guest *guest, enum http_method method,
		   const char *behind, const char *body);
unsigned guest_post(struct guest *guest, const char *behind, const char *body);
bool guest_sees(const struct guest *guest, const char *text);

/* Give the link's code, and it must work; visit: from the first. */
void guest_open(struct guest *guest, enum fake_link which);
void guest_visit(struct guest *guest, struct portal_site *site,
		 enum fake_link which);

#endif
