#include "lib/config/policy_build.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "lib/config/policy_lint.h"

enum { BUILD_MAX_NAME_BYTES = 128, BUILD_MINUTES_OF_DAY = 24 * 60 };

void
policy_free(struct policy **policy)
{
	if (*policy == NULL)
		return;
	for (size_t i = 0; i < (*policy)->rule_count; i++) {
		struct policy_rule *rule = &(*policy)->rules[i];

		for (size_t k = 0; k < rule->header_count; k++)
			policy_pattern_free(&rule->headers[k].pattern);
	}
	free((*policy)->rules);
	free(*policy);
	*policy = NULL;
}

enum status
rule_refuse(const struct rule_build *build, const char *option, struct err *err,
	    const char *fmt, ...)
{
	char key[RULE_KEY_BYTES * 2];
	char reason[sizeof(err->text)];
	va_list args;

	(void)snprintf(key, sizeof(key), "%s%s%s", build->key,
		       option[0] != '\0' ? "." : "", option);
	va_start(args, fmt);
	(void)vsnprintf(reason, sizeof(reason), fmt, args);
	va_end(args);
	return config_lines_refuse(build->reading->lines, key, err,
				   "rule \"%.40s\": %s", build->rule->name,
				   reason);
}

/* --- lists ------------------------------------------------------------ */

/* The items that one word of a list stands for: itself, or "list:NAME". */
static enum status
build_items_of(const struct rule_build *build, const char *option,
	       const char *const *word, struct config_list *items_out,
	       struct err *err)
{
	static const char prefix[] = "list:";
	cfg_t *list = NULL;

	if (strncmp(*word, prefix, sizeof(prefix) - 1) != 0) {
		*items_out = (struct config_list){ word, 1 };
		return ST_OK;
	}
	/* Counted, not cfg_gettsec(): that one takes the case lightly. */
	for (unsigned i = 0; i < cfg_size(build->file->parsed, "list"); i++) {
		list = cfg_getnsec(build->file->parsed, "list", i);
		if (strcmp(cfg_title(list), *word + sizeof(prefix) - 1) == 0)
			return config_read_list(build->reading,
						cfg_getopt(list, "items"),
						items_out, err);
	}
	return rule_refuse(build, option, err, "there is no %.80s", *word);
}

/* What is wrong with a word of an option; NULL: nothing. */
static const char *
build_pattern_fault(const char *option, const char *word)
{
	const bool has_at = strchr(word, '@') != NULL;

	if (word[0] == '\0')
		return "an empty item";
	if (strcmp(option, "login") == 0 || strcmp(word, "*") == 0)
		return NULL;
	if (strcmp(option, "sender") == 0 && strcmp(word, "<>") == 0)
		return NULL;
	if (strcmp(option, "sender") == 0 || strcmp(option, "recipient") == 0)
		return has_at ? NULL : "not an address (there is no @)";
	return has_at ? "not a domain (there is an @)" : NULL;
}

/* Replace every "list:NAME" by the items of that list. */
static enum status
build_resolve(const struct rule_build *build, const char *option,
	      struct config_list *list, struct err *err)
{
	struct config_memory *memory = build->reading->memory;
	struct config_list *parts =
		config_memory_alloc(memory, (list->count + 1) * sizeof(*parts));
	const char **items = NULL;
	size_t total = 0;
	size_t at = 0;

	for (size_t i = 0; parts != NULL && i < list->count; i++) {
		const enum status st = build_items_of(
			build, option, &list->items[i], &parts[i], err);

		if (st != ST_OK)
			return st;
		total += parts[i].count;
	}
	items = config_memory_alloc(memory, (total + 1) * sizeof(*items));
	if (parts == NULL || items == NULL)
		return err_set(err, ST_NO_MEMORY, "config: no memory");
	for (size_t i = 0; i < list->count; i++) {
		for (size_t k = 0; k < parts[i].count; k++)
			items[at++] = parts[i].items[k];
	}
	for (size_t i = 0; i < total; i++) {
		const char *fault = build_pattern_fault(option, items[i]);

		if (fault != NULL)
			return rule_refuse(build, option, err,
					   "%s: \"%.60s\" is %s", option,
					   items[i], fault);
	}
	*list = (struct config_list){ items, total };
	return ST_OK;
}

static enum status
build_lists(const struct rule_build *build, struct err *err)
{
	struct config_rule *is = &build->rule->is;
	const struct {
		const char *option;
		struct config_list *list;
	} lists[] = {
		{ "sender", &is->sender },
		{ "recipient", &is->recipient },
		{ "sender_domain", &is->sender_domain },
		{ "recipient_domain", &is->recipient_domain },
		{ "login", &is->login },
	};
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < ARRAY_LEN(lists); i++)
		st = build_resolve(build, lists[i].option, lists[i].list, err);
	return st;
}

/* --- bits ------------------------------------------------------------- */

/* Bit n is set for each item of list that is names[n]. Which words there may
 * be was checked when the list was read. */
static uint32_t
build_bits(const struct config_list *list, const char *const *names,
	   size_t name_count)
{
	uint32_t bits = 0;

	for (size_t i = 0; i < list->count; i++) {
		for (size_t n = 0; n < name_count; n++) {
			if (strcmp(list->items[i], names[n]) == 0)
				bits |= UINT32_C(1) << n;
		}
	}
	return bits;
}

static void
build_masks(struct policy_rule *rule)
{
	static const char *const directions[] = { "", "outgoing", "incoming",
						  "internal", "foreign" };
	static const char *const verdicts[] = { "", "clean", "found",
						"unscannable" };
	static const char *const levels[] = { "none", "noted", "suspect",
					      "sure" };
	static const char *const days[] = { "sun", "mon", "tue", "wed",
					    "thu", "fri", "sat" };
	static const char *const reasons[] = {
		"",
#define REASON(symbol, name, english) name,
#include "lib/report/reasons.def"
#undef REASON
	};

	rule->directions = build_bits(&rule->is.direction, directions,
				      ARRAY_LEN(directions));
	rule->verdicts =
		build_bits(&rule->is.verdict, verdicts, ARRAY_LEN(verdicts));
	rule->levels = build_bits(&rule->is.level, levels, ARRAY_LEN(levels));
	rule->days = build_bits(&rule->is.days, days, ARRAY_LEN(days));
	rule->reasons =
		build_bits(&rule->is.reason, reasons, ARRAY_LEN(reasons));
	rule->only_reasons =
		build_bits(&rule->is.only_reason, reasons, ARRAY_LEN(reasons));
}

/* --- networks, hours, headers ----------------------------------------- */

static enum status
build_clients(const struct rule_build *build, struct err *err)
{
	struct policy_rule *rule = build->rule;
	const struct config_list *list = &rule->is.client;
	struct match_network *clients = config_memory_alloc(
		build->reading->memory, (list->count + 1) * sizeof(*clients));

	if (clients == NULL)
		return err_set(err, ST_NO_MEMORY, "config: no memory");
	for (size_t i = 0; i < list->count; i++) {
		if (!match_parse_network(list->items[i], &clients[i]))
			return rule_refuse(build, "client", err,
					   "client: \"%.60s\" is not a "
					   "network such as 192.0.2.0/24",
					   list->items[i]);
	}
	rule->clients = clients;
	rule->client_count = list->count;
	return ST_OK;
}

/* "09:00" as minutes of the day; "24:00" may only end. */
static bool
build_parse_minutes(struct span text, unsigned *minutes_out)
{
	struct span hour = { NULL, 0 };
	struct span minute = { NULL, 0 };
	uint64_t h = 0;
	uint64_t m = 0;

	if (text.len_bytes != 5 || text.ptr[2] != ':' ||
	    !span_cut(text, 0, 2, &hour) || !span_cut(text, 3, 2, &minute) ||
	    !parse_u64(hour, 24, &h) || !parse_u64(minute, 59, &m) ||
	    h * 60 + m > BUILD_MINUTES_OF_DAY)
		return false;
	*minutes_out = (unsigned)(h * 60 + m);
	return true;
}

static bool
build_parse_hours(const char *words, struct policy_hours *hours_out)
{
	const struct span text = span_of(words);
	struct span from = { NULL, 0 };
	struct span to = { NULL, 0 };

	return text.len_bytes == 11 && words[5] == '-' &&
	       span_cut(text, 0, 5, &from) && span_cut(text, 6, 5, &to) &&
	       build_parse_minutes(from, &hours_out->from) &&
	       build_parse_minutes(to, &hours_out->to) &&
	       hours_out->from < BUILD_MINUTES_OF_DAY &&
	       hours_out->from != hours_out->to;
}

static enum status
build_hours(const struct rule_build *build, struct err *err)
{
	struct policy_rule *rule = build->rule;
	const struct config_list *list = &rule->is.hours;
	struct policy_hours *hours = config_memory_alloc(
		build->reading->memory, (list->count + 1) * sizeof(*hours));

	if (hours == NULL)
		return err_set(err, ST_NO_MEMORY, "config: no memory");
	for (size_t i = 0; i < list->count; i++) {
		if (!build_parse_hours(list->items[i], &hours[i]))
			return rule_refuse(build, "hours", err,
					   "hours: \"%.40s\" is not like "
					   "09:00-18:00",
					   list->items[i]);
	}
	rule->hours = hours;
	rule->hours_count = list->count;
	return ST_OK;
}

/* "Subject: PATTERN" */
static enum status
build_header(const struct rule_build *build, const char *words,
	     struct policy_header_rule *header, struct err *err)
{
	const char *colon = strchr(words, ':');
	struct err why = { 0 };
	char *name = NULL;

	if (colon == NULL || colon == words ||
	    strcspn(words, " \t") < (size_t)(colon - words))
		return rule_refuse(build, "header", err,
				   "header: write 'Name: PATTERN' instead of "
				   "\"%.40s\"",
				   words);
	name = config_memory_alloc(build->reading->memory,
				   (size_t)(colon - words) + 1);
	if (name == NULL)
		return err_set(err, ST_NO_MEMORY, "config: no memory");
	memcpy(name, words, (size_t)(colon - words));
	colon++;
	colon += strspn(colon, " \t");
	header->name = name;
	const enum status st =
		policy_pattern_new(colon, &header->pattern, &why);

	if (st == ST_FORMAT)
		return rule_refuse(build, "header", err, "header: %s",
				   why.text);
	return st == ST_OK ? ST_OK : err_set(err, st, "%s", why.text);
}

static enum status
build_headers(const struct rule_build *build, struct err *err)
{
	struct policy_rule *rule = build->rule;
	const struct config_list *list = &rule->is.header;
	enum status st = ST_OK;

	rule->headers =
		config_memory_alloc(build->reading->memory,
				    (list->count + 1) * sizeof(*rule->headers));
	if (rule->headers == NULL)
		return err_set(err, ST_NO_MEMORY, "config: no memory");
	for (size_t i = 0; st == ST_OK && i < list->count; i++) {
		st = build_header(build, list->items[i], &rule->headers[i],
				  err);
		/* policy_free() looks at what was compiled so far. */
		if (st == ST_OK)
			rule->header_count++;
	}
	return st;
}

/* --- rules ------------------------------------------------------------ */

/* A condition without alternatives would match nothing, or as one that is not
 * there everything: nobody can tell which was meant. */
static enum status
build_refuse_empty(const struct rule_build *build, struct err *err)
{
	const struct policy_rule *rule = build->rule;

	for (size_t i = 0; i < config_rule_section.row_count; i++) {
		const struct config_row *row = &config_rule_section.rows[i];
		const struct config_list *list = NULL;

		if (row->kind != CONFIG_KIND_LIST || (rule->set >> i & 1) == 0)
			continue;
		list = (const void *)((const char *)&rule->is + row->offset);
		if (list->count == 0)
			return rule_refuse(build, row->name, err,
					   "%s names nothing; leave it out "
					   "instead",
					   row->name);
	}
	return ST_OK;
}

static enum status
build_rule(const struct rule_build *build, cfg_t *parsed, struct err *err)
{
	struct policy_rule *rule = build->rule;
	enum status st = ST_OK;

	rule->name =
		config_memory_text(build->reading->memory, cfg_title(parsed));
	if (rule->name == NULL)
		return err_set(err, ST_NO_MEMORY, "config: no memory");
	if (rule->name[0] == '\0' || strlen(rule->name) > BUILD_MAX_NAME_BYTES)
		return rule_refuse(build, "", err,
				   "its name is empty or over %d bytes",
				   BUILD_MAX_NAME_BYTES);
	const struct config_from from = { parsed, build->key };

	st = config_read_section(build->reading, &from, &config_rule_section,
				 &rule->is, &rule->set, err);
	if (st == ST_OK)
		st = build_lists(build, err);
	if (st == ST_OK)
		st = build_refuse_empty(build, err);
	if (st == ST_OK)
		st = build_clients(build, err);
	if (st == ST_OK)
		st = build_hours(build, err);
	if (st == ST_OK)
		st = build_headers(build, err);
	if (st != ST_OK)
		return st;
	build_masks(rule);
	rule->needs_finding = policy_rule_has(rule, "min_score") ||
			      policy_rule_has(rule, "max_score");
	rule->needs_authenticated = policy_rule_has(rule, "authenticated");
	return policy_lint_rule(build, err);
}

enum status
policy_build(const struct config_reading *reading,
	     const struct config_file *file, struct config_list local_domains,
	     enum report_profile profile, struct policy **policy_out,
	     struct err *err)
{
	AUTO(policy_free)
	struct policy *policy = calloc(1, sizeof(*policy));
	cfg_t *parsed = NULL;
	unsigned count = 0;
	enum status st = ST_OK;

	if (policy == NULL)
		return err_set(err, ST_NO_MEMORY, "config: no memory");
	policy->local_domains = local_domains;
	policy->profile = profile;
	if (file == NULL) {
		*policy_out = MOVE(policy);
		return ST_OK;
	}
	parsed = cfg_getsec(file->parsed, "policy");
	count = cfg_size(parsed, "rule");
	policy->rules = calloc((size_t)count + 1, sizeof(*policy->rules));
	if (policy->rules == NULL)
		return err_set(err, ST_NO_MEMORY, "config: no memory");
	for (unsigned i = 0; st == ST_OK && i < count; i++) {
		struct rule_build build = { reading, file, &policy->rules[i],
					    profile, "" };

		policy->rule_count++;
		(void)snprintf(build.key, sizeof(build.key), "policy.rule[%u]",
			       i);
		st = build_rule(&build, cfg_getnsec(parsed, "rule", i), err);
		policy->has_profiles |=
			policy->rules[i].outcome.profile != profile;
	}
	if (st == ST_OK)
		st = policy_lint_order(reading, policy, err);
	if (st == ST_OK)
		*policy_out = MOVE(policy);
	return st;
}
