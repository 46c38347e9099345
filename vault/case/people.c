#include "vault/case/people.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "vault/client/identity.h"

enum { PEOPLE_FIRST = 16, PEOPLE_MAX_ADDRESS_BYTES = 4096 };

void
people_done(struct people *people)
{
	wire_arena_free(&people->arena);
	free(people->items);
	*people = (struct people){ .arena = NULL };
}

struct people_load {
	struct people *people;
	size_t room;
};

static enum status
copy_user(struct wire_arena *arena, const struct store_user *row,
	  struct store_user *to, struct err *err)
{
	*to = *row;
	to->memory = NULL;
	to->password = "";
	/* That there is a second factor, not what it is. */
	to->factor = row->factor.len_bytes > 0 ? span_of("+")
					       : (struct span){ NULL, 0 };
	to->factor_new = (struct span){ NULL, 0 };
	to->login = wire_arena_text(arena, span_of(row->login));
	to->name = wire_arena_text(arena, span_of(row->name));
	to->language = wire_arena_text(arena, span_of(row->language));
	to->addresses = wire_arena_text(arena, span_of(row->addresses));
	to->former_addresses =
		wire_arena_text(arena, span_of(row->former_addresses));
	to->groups = wire_arena_text(arena, span_of(row->groups));
	if (to->login == NULL || to->name == NULL || to->language == NULL ||
	    to->addresses == NULL || to->former_addresses == NULL ||
	    to->groups == NULL)
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	return ST_OK;
}

static enum status
load_user(void *context, const struct store_user *row, struct err *err)
{
	struct people_load *load = context;
	struct people *people = load->people;

	if (people->count == load->room) {
		const size_t room =
			load->room > 0 ? load->room * 2 : PEOPLE_FIRST;
		struct store_user *items =
			reallocarray(people->items, room, sizeof(*items));

		if (items == NULL)
			return err_set(err, ST_NO_MEMORY, "vault: no memory");
		people->items = items;
		load->room = room;
	}
	return copy_user(people->arena, row, &people->items[people->count++],
			 err);
}

enum status
people_read(struct vault *vault, struct people *people, struct err *err)
{
	struct people_load load = { people, 0 };

	people->arena = wire_arena_new();
	if (people->arena == NULL)
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	return store_user_each(vault->store, load_user, &load, err);
}

const struct store_user *
people_find(const struct people *people, uint64_t id)
{
	for (size_t i = 0; i < people->count; i++)
		if (people->items[i].id == id)
			return &people->items[i];
	return NULL;
}

enum match { MATCH_NONE = 0, MATCH_LOOSE, MATCH_STRICT };

static bool
same_canonical(const struct vault *vault, const char *a, const char *b)
{
	const struct config_list *aliases =
		&vault->config->general.domain_aliases;
	struct sbuf first;
	struct sbuf second;
	bool same = false;

	sbuf_init(&first, PEOPLE_MAX_ADDRESS_BYTES);
	sbuf_init(&second, PEOPLE_MAX_ADDRESS_BYTES);
	identity_canonical(aliases, a, &first);
	identity_canonical(aliases, b, &second);
	same = first.st == ST_OK && second.st == ST_OK && first.len_bytes > 0 &&
	       span_equal(sbuf_span(&first), sbuf_span(&second));
	sbuf_done(&first);
	sbuf_done(&second);
	return same;
}

static bool
matches(const struct vault *vault, enum match match, const char *a,
	const char *b)
{
	if (match == MATCH_STRICT)
		return same_canonical(vault, a, b);
	return identity_same(&vault->config->general.domain_aliases, a, b);
}

static bool
list_matches(const struct vault *vault, enum match match, const char *list,
	     const char *address)
{
	struct span rest = span_of(list);
	struct span word = { NULL, 0 };

	while (vault_list_next(&rest, &word)) {
		char one[CASE_MAX_ADDRESS_BYTES + 1];

		/* Too long to compare: the same, when that refuses. */
		if (word.len_bytes >= sizeof(one))
			return match == MATCH_LOOSE;
		memcpy(one, word.ptr, word.len_bytes);
		one[word.len_bytes] = '\0';
		if (matches(vault, match, one, address))
			return true;
	}
	return false;
}

bool
person_may_be(const struct vault *vault, const struct store_user *user,
	      const char *address)
{
	return matches(vault, MATCH_LOOSE, user->login, address) ||
	       list_matches(vault, MATCH_LOOSE, user->addresses, address) ||
	       list_matches(vault, MATCH_LOOSE, user->former_addresses,
			    address);
}

bool
person_is(const struct vault *vault, const struct store_user *user,
	  const char *address)
{
	return matches(vault, MATCH_STRICT, user->login, address) ||
	       list_matches(vault, MATCH_STRICT, user->addresses, address);
}

bool
person_address(const struct store_user *user, char *text, size_t text_bytes)
{
	struct span rest = span_of(user->addresses);
	struct span word = { NULL, 0 };

	if (!vault_list_next(&rest, &word) || word.len_bytes >= text_bytes)
		return false;
	memcpy(text, word.ptr, word.len_bytes);
	text[word.len_bytes] = '\0';
	return true;
}

bool
person_may_have_sent(const struct vault *vault, const struct store_user *user,
		     const struct case_summary *summary)
{
	for (size_t i = 0; i < summary->sender_count; i++)
		if (person_may_be(vault, user, summary->senders[i].address))
			return true;
	return false;
}

bool
person_has_sent(const struct vault *vault, const struct store_user *user,
		const struct case_summary *summary)
{
	for (size_t i = 0; i < summary->sender_count; i++)
		if (person_is(vault, user, summary->senders[i].address))
			return true;
	return false;
}
