#include "cli/setup_answers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/parse.h"

enum { SETUP_LISTEN_BYTES = 32 };

void
setup_answers_done(struct setup_answers *answers)
{
	for (size_t i = 0; i < answers->typed_count; i++)
		free(answers->typed[i]);
	for (size_t i = 0; i < answers->text_count; i++)
		free(answers->texts[i]);
}

enum status
setup_answers_keep(struct setup_answers *answers, const char *text,
		   const char **place, struct err *err)
{
	char *copy = strdup(text);

	if (copy == NULL || answers->typed_count == ARRAY_LEN(answers->typed)) {
		free(copy);
		return err_set(err, ST_NO_MEMORY, "setup: no memory");
	}
	answers->typed[answers->typed_count++] = copy;
	*place = copy;
	return ST_OK;
}

/* --- values -------------------------------------------------------------- */

/* key = text, both taken over (malloc). */
static enum status
values_take(struct setup_answers *answers, char *key, char *text,
	    struct err *err)
{
	if (key == NULL || text == NULL ||
	    answers->value_count == SETUP_MAX_VALUES) {
		free(key);
		free(text);
		return err_set(err, ST_NO_MEMORY, "setup: no memory");
	}
	answers->texts[answers->text_count++] = key;
	answers->texts[answers->text_count++] = text;
	answers->values[answers->value_count++] =
		(struct config_value){ key, text };
	return ST_OK;
}

static void
values_quote(struct sbuf *out, struct span text)
{
	sbuf_add_byte(out, '"');
	for (size_t i = 0; i < text.len_bytes; i++) {
		if (text.ptr[i] == '"' || text.ptr[i] == '\\')
			sbuf_add_byte(out, '\\');
		sbuf_add_byte(out, text.ptr[i]);
	}
	sbuf_add_byte(out, '"');
}

static enum status
values_add_text(struct setup_answers *answers, const char *key,
		const char *text, struct err *err)
{
	AUTO(sbuf_done) struct sbuf quoted;

	sbuf_init(&quoted, 3 * SETUP_MAX_ANSWER_BYTES);
	values_quote(&quoted, span_of(text));
	return values_take(answers, strdup(key), strdup(sbuf_text(&quoted)),
			   err);
}

/* "a, b" becomes { "a", "b" }. */
static enum status
values_add_list(struct setup_answers *answers, const char *key,
		const char *text, struct err *err)
{
	AUTO(sbuf_done) struct sbuf list;
	bool first = true;

	sbuf_init(&list, 3 * SETUP_MAX_ANSWER_BYTES);
	sbuf_add_text(&list, "{ ");
	while (*text != '\0') {
		const size_t blank = strspn(text, ", \t");
		const size_t word = strcspn(text + blank, ", \t");

		text += blank;
		if (word > 0) {
			sbuf_add_text(&list, first ? "" : ", ");
			values_quote(
				&list,
				(struct span){ (const uint8_t *)text, word });
			first = false;
		}
		text += word;
	}
	sbuf_add_text(&list, " }");
	return values_take(answers, strdup(key), strdup(sbuf_text(&list)), err);
}

/* --set section.name=value. */
static enum status
values_add_set(struct setup_answers *answers, const char *words,
	       struct err *err)
{
	const char *equals = strchr(words, '=');
	AUTO(sbuf_done) struct sbuf value;
	char *key = NULL;
	enum status st = ST_OK;

	sbuf_init(&value, 3 * SETUP_MAX_ANSWER_BYTES);
	if (equals == NULL ||
	    memchr(words, '.', (size_t)(equals - words)) == NULL)
		return err_set(err, ST_FORMAT,
			       "--set takes section.name=value, not "
			       "\"%.80s\"",
			       words);
	key = strndup(words, (size_t)(equals - words));
	if (key == NULL)
		return err_set(err, ST_NO_MEMORY, "setup: no memory");
	st = config_write_value(key, equals + 1, &value, err);
	if (st == ST_OK)
		st = sbuf_status(&value, "setup", err);
	if (st != ST_OK) {
		free(key);
		return st;
	}
	return values_take(answers, key, strdup(sbuf_text(&value)), err);
}

static enum status
values_add_certificate(struct setup_answers *answers, const char *dir,
		       struct err *err)
{
	AUTO(sbuf_done) struct sbuf path;
	enum status st = ST_OK;

	sbuf_init(&path, SETUP_MAX_ANSWER_BYTES);
	if (dir == NULL)
		return ST_OK;
	sbuf_addf(&path, "%s/desk.crt", dir);
	st = values_add_text(answers, "desk.certificate", sbuf_text(&path),
			     err);
	sbuf_clear(&path);
	sbuf_addf(&path, "%s/desk.key", dir);
	if (st == ST_OK)
		st = values_add_text(answers, "desk.certificate_key",
				     sbuf_text(&path), err);
	return st;
}

/* 0.0.0.0 with the port of a url. */
static void
values_listen(const char *url, char listen[SETUP_LISTEN_BYTES])
{
	const char *host = strstr(url, "://");
	size_t host_bytes = 0;
	uint64_t port = 0;

	(void)snprintf(listen, SETUP_LISTEN_BYTES, "0.0.0.0:443");
	host = host != NULL ? host + strlen("://") : url;
	host_bytes = host[0] == '[' ? strcspn(host, "]") : 0;
	host_bytes += strcspn(host + host_bytes, ":/");
	if (host[host_bytes] == ':' &&
	    parse_u64((struct span){ (const uint8_t *)host + host_bytes + 1,
				     strspn(host + host_bytes + 1,
					    "0123456789") },
		      UINT16_MAX, &port))
		(void)snprintf(listen, SETUP_LISTEN_BYTES, "0.0.0.0:%u",
			       (unsigned)port);
}

/* Where the desk listens: at the port of its address, or behind a proxy. */
static enum status
values_add_desk(struct setup_answers *answers, struct err *err)
{
	char listen[SETUP_LISTEN_BYTES];

	if (answers->desk == SETUP_DESK_NONE)
		return ST_OK;
	if (answers->desk == SETUP_DESK_PROXY)
		return values_add_text(answers, "desk.trusted_proxy",
				       "127.0.0.1", err);
	values_listen(answers->url, listen);
	return values_add_text(answers, "desk.listen", listen, err);
}

static enum status
values_add_portal(struct setup_answers *answers, struct err *err)
{
	const bool direct = answers->portal == SETUP_PORTAL_DIRECT;
	char listen[SETUP_LISTEN_BYTES] = "127.0.0.1:8444";
	const struct {
		const char *key;
		const char *text; /* NULL: the default */
	} rows[] = {
		{ "portal.url", answers->portal_url },
		{ "portal.listen", listen },
		{ "portal.trusted_proxy", direct ? NULL : "127.0.0.1" },
		{ "portal.certificate",
		  direct ? answers->portal_certificate : NULL },
		{ "portal.certificate_key",
		  direct ? answers->portal_key : NULL },
		{ "portal.user", answers->portal_user },
	};
	enum status st = ST_OK;

	if (answers->portal < SETUP_PORTAL_DIRECT)
		return ST_OK;
	if (direct)
		values_listen(answers->portal_url, listen);
	for (size_t i = 0; st == ST_OK && i < ARRAY_LEN(rows); i++)
		if (rows[i].text != NULL)
			st = values_add_text(answers, rows[i].key, rows[i].text,
					     err);
	return st;
}

bool
setup_answers_set(const struct setup_answers *answers, const char *key)
{
	const size_t len_bytes = strlen(key);

	for (size_t i = 0; i < answers->set.count; i++)
		if (strncmp(answers->set.items[i], key, len_bytes) == 0)
			return true;
	return false;
}

enum status
setup_answers_write(struct setup_answers *answers, const char *certificate_dir,
		    struct err *err)
{
	const struct {
		const char *key;
		const char *text; /* NULL: the default */
	} texts[] = {
		{ "general.language", answers->language },
		{ "milter.socket", answers->socket },
		{ "milter.socket_group", answers->socket_group },
		{ "general.host_name", answers->host_name },
		{ "general.postmaster", answers->postmaster },
		{ "general.mode", answers->mode },
		{ "vault.key", answers->key },
		{ "courier.next_hop", answers->next_hop },
		{ "courier.notice_sender", answers->notice_sender },
		{ "desk.url", answers->url },
	};
	enum status st = ST_OK;

	/* First, because the first of two values for one key counts. */
	for (size_t i = 0; st == ST_OK && i < answers->set.count; i++)
		st = values_add_set(answers, answers->set.items[i], err);
	if (st == ST_OK)
		st = values_add_list(answers, "general.local_domains",
				     answers->domains, err);
	for (size_t i = 0; st == ST_OK && i < ARRAY_LEN(texts); i++)
		if (texts[i].text != NULL)
			st = values_add_text(answers, texts[i].key,
					     texts[i].text, err);
	if (st == ST_OK)
		st = values_add_desk(answers, err);
	if (st == ST_OK)
		st = values_add_portal(answers, err);
	if (st == ST_OK)
		st = values_add_certificate(answers, certificate_dir, err);
	return st;
}
