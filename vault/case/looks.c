#include "vault/case/looks.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { LOOK_NAME_BYTES = VAULT_MAX_NAME_BYTES + 1 };

struct look {
	uint8_t case_id[CASE_ID_BYTES];
	char login[LOOK_NAME_BYTES];
	char name[LOOK_NAME_BYTES];
	int64_t at_unix_ms; /* 0: free */
};

struct looks {
	pthread_mutex_t lock; /* guards the rest */
	struct look items[LOOKS_MAX];
};

enum status
looks_new(struct looks **looks_out, struct err *err)
{
	struct looks *looks = calloc(1, sizeof(*looks));

	if (looks == NULL || pthread_mutex_init(&looks->lock, NULL) != 0) {
		free(looks);
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	}
	*looks_out = looks;
	return ST_OK;
}

void
looks_free(struct looks **looks)
{
	if (*looks == NULL)
		return;
	(void)pthread_mutex_destroy(&(*looks)->lock);
	explicit_bzero(*looks, sizeof(**looks));
	free(*looks);
	*looks = NULL;
}

static bool
is_of(const struct look *look, const uint8_t case_id[CASE_ID_BYTES],
      const struct looker *who)
{
	return look->at_unix_ms != 0 &&
	       memcmp(look->case_id, case_id, CASE_ID_BYTES) == 0 &&
	       strcmp(look->login, who->login) == 0;
}

void
looks_note(struct looks *looks, const uint8_t case_id[CASE_ID_BYTES],
	   const struct looker *who, int64_t now_unix_ms)
{
	struct look *place = &looks->items[0];

	(void)pthread_mutex_lock(&looks->lock);
	for (size_t i = 0; i < LOOKS_MAX; i++) {
		struct look *look = &looks->items[i];

		if (is_of(look, case_id, who)) {
			place = look;
			break;
		}
		if (look->at_unix_ms < place->at_unix_ms)
			place = look;
	}
	memcpy(place->case_id, case_id, CASE_ID_BYTES);
	(void)snprintf(place->login, sizeof(place->login), "%s", who->login);
	(void)snprintf(place->name, sizeof(place->name), "%s",
		       who->name[0] != '\0' ? who->name : who->login);
	place->at_unix_ms = now_unix_ms;
	(void)pthread_mutex_unlock(&looks->lock);
}

void
looks_others(struct looks *looks, const uint8_t case_id[CASE_ID_BYTES],
	     const struct looker *who, int64_t now_unix_ms, struct sbuf *names)
{
	(void)pthread_mutex_lock(&looks->lock);
	for (size_t i = 0; i < LOOKS_MAX; i++) {
		const struct look *look = &looks->items[i];

		if (look->at_unix_ms == 0 ||
		    look->at_unix_ms + LOOKS_LAST_MS < now_unix_ms ||
		    memcmp(look->case_id, case_id, CASE_ID_BYTES) != 0 ||
		    is_of(look, case_id, who) ||
		    names->len_bytes + LOOK_NAME_BYTES >=
			    VAULT_MAX_COMMENT_BYTES)
			continue;
		if (names->len_bytes > 0)
			sbuf_add_text(names, ", ");
		sbuf_add_text(names, look->name);
	}
	(void)pthread_mutex_unlock(&looks->lock);
}
