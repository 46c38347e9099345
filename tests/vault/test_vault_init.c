/* Tests of vault/client/vault_init.h, in the order of its promises. */
#include "vault/client/vault_init.h"

#include <stdlib.h>
#include <string.h>

#include "tests/harness/check.h"

static const struct vault_user_change first = {
	.change = USER_CHANGE_CREATE,
	.user = { .login = "admin1",
		  .name = "山田太郎",
		  .roles = VAULT_ROLE_ADMIN,
		  .language = "ja",
		  .enabled = true,
		  .uid = 0,
		  .addresses = "admin1@example.co.jp",
		  .groups = "" },
	.password = "a long password",
};
static const struct vault_user_change second = {
	.change = USER_CHANGE_CREATE,
	.user = { .login = "approver1",
		  .name = "",
		  .roles = VAULT_ROLE_APPROVER,
		  .language = "en",
		  .enabled = true,
		  .uid = -1,
		  .addresses = "",
		  .groups = "approvers" },
	.password = "another long one",
};

static void
add_both(struct sbuf *buf)
{
	struct err err = { 0 };

	sbuf_init_secret(buf, VAULT_INIT_MAX_BYTES);
	check_status(ST_OK, vault_init_add(buf, &first, &err), &err);
	check_status(ST_OK, vault_init_add(buf, &second, &err), &err);
}

static void
accounts_come_back_in_their_order(void **state)
{
	AUTO(sbuf_done) struct sbuf buf;
	struct vault_user_change got;
	struct err err = { 0 };

	(void)state;
	add_both(&buf);
	struct span rest = sbuf_span(&buf);
	struct wire_arena *arena = NULL;

	check_status(ST_OK, vault_init_next(&rest, &got, &arena, &err), &err);
	assert_string_equal(got.user.login, "admin1");
	assert_string_equal(got.user.name, "山田太郎");
	assert_string_equal(got.password, "a long password");
	assert_int_equal(got.user.uid, 0);
	wire_arena_free(&arena);
	check_status(ST_OK, vault_init_next(&rest, &got, &arena, &err), &err);
	assert_string_equal(got.user.groups, "approvers");
	assert_int_equal(got.user.uid, -1);
	wire_arena_free(&arena);
	check_status(ST_END, vault_init_next(&rest, &got, &arena, &err), &err);
}

static void
every_prefix_ends_in_format_or_end(void **state)
{
	AUTO(sbuf_done) struct sbuf buf;
	AUTO(sbuf_done) struct sbuf one;
	struct err err = { 0 };

	(void)state;
	add_both(&buf);
	sbuf_init_secret(&one, VAULT_INIT_MAX_BYTES);
	check_status(ST_OK, vault_init_add(&one, &first, &err), &err);
	for (size_t len = 0; len < buf.len_bytes; len++) {
		uint8_t *copy = malloc(len > 0 ? len : 1);
		struct span rest = { copy, len };
		struct wire_arena *arena = NULL;
		struct vault_user_change got;
		enum status st = ST_OK;

		assert_non_null(copy);
		memcpy(copy, buf.bytes, len);
		while (st == ST_OK) {
			st = vault_init_next(&rest, &got, &arena, &err);
			wire_arena_free(&arena);
		}
		assert_int_equal(st, len == 0 || len == one.len_bytes
					     ? ST_END
					     : ST_FORMAT);
		free(copy);
	}
}

static void
another_change_is_refused(void **state)
{
	AUTO(sbuf_done) struct sbuf buf;
	struct vault_user_change change = first;
	struct wire_arena *arena = NULL;
	struct err err = { 0 };

	(void)state;
	change.change = USER_CHANGE_PASSWORD;
	sbuf_init_secret(&buf, VAULT_INIT_MAX_BYTES);
	check_status(ST_OK, vault_init_add(&buf, &change, &err), &err);
	struct span rest = sbuf_span(&buf);

	check_status(ST_FORMAT, vault_init_next(&rest, &change, &arena, &err),
		     &err);
	wire_arena_free(&arena);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(accounts_come_back_in_their_order),
		cmocka_unit_test(every_prefix_ends_in_format_or_end),
		cmocka_unit_test(another_change_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
