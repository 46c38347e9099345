#include "courier/notices/notices.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "courier/notices/html.h"
#include "courier/notices/plain.h"
#include "lib/base/fd.h"

enum {
	NOTICES_PATH_BYTES = 8500,
	NOTICES_FILE_BYTES = 64 * 1024,
	NOTICES_SUBJECT_BYTES = 4096,
	NOTICES_TEXT_BYTES = 1024 * 1024,
	NOTICES_LANGUAGES = 2
};

const struct notices_kind notices_kinds[] = {
#define NOTICE(event_, audience_, name_, tone_) \
	{ NOTICE_##event_, NOTICE_AUDIENCE_##audience_, name_ },
#include "courier/notices/notices.def"
#undef NOTICE
};
const size_t notices_kind_count = ARRAY_LEN(notices_kinds);

static const enum html_tone notices_tones[] = {
#define NOTICE(event_, audience_, name_, tone_) HTML_TONE_##tone_,
#include "courier/notices/notices.def"
#undef NOTICE
};

/* Between two languages of a text. */
#define NOTICES_RULE "----------------------------------------"

static const struct {
	enum i18n_language language;
	const char *name;
} notices_languages[NOTICES_LANGUAGES] = { { I18N_LANGUAGE_JA, "ja" },
					   { I18N_LANGUAGE_EN, "en" } };

/* Everything in one language; layouts in the order of notices.def. */
struct notices_set {
	struct layout layouts[ARRAY_LEN(notices_kinds)];
	struct sbuf footer;
	struct sbuf footer_outside;
};

struct notices {
	struct notices_set sets[NOTICES_LANGUAGES];
	struct picture logo;
};

void
notices_free(struct notices **notices)
{
	if (*notices == NULL)
		return;
	for (size_t l = 0; l < NOTICES_LANGUAGES; l++) {
		struct notices_set *set = &(*notices)->sets[l];

		for (size_t i = 0; i < ARRAY_LEN(set->layouts); i++)
			layout_done(&set->layouts[i]);
		sbuf_done(&set->footer);
		sbuf_done(&set->footer_outside);
	}
	picture_done(&(*notices)->logo);
	free(*notices);
	*notices = NULL;
}

/* --- files --------------------------------------------------------------- */

struct notices_place {
	const char *dir;
	const char *own_dir; /* "" when there is none */
	const char *language;
};

static enum status
notices_path(const char *dir, const char *language, const char *name,
	     struct sbuf *path, struct err *err)
{
	sbuf_clear(path);
	sbuf_addf(path, "%s/%s/%s.txt", dir, language, name);
	return sbuf_status(path, "notices: path", err);
}

/* The company's own file, or else ours. Gives path, the one that was read. */
static enum status
notices_slurp(const struct notices_place *place, const char *name,
	      struct sbuf *file, struct sbuf *path, struct err *err)
{
	enum status st = ST_NOT_FOUND;

	sbuf_init(file, NOTICES_FILE_BYTES);
	if (place->own_dir[0] != '\0') {
		st = notices_path(place->own_dir, place->language, name, path,
				  err);
		if (st == ST_OK)
			st = fd_slurp_file(sbuf_text(path), file, err);
	}
	if (st != ST_NOT_FOUND)
		return st;
	sbuf_clear(file);
	st = notices_path(place->dir, place->language, name, path, err);
	return st == ST_OK ? fd_slurp_file(sbuf_text(path), file, err) : st;
}

/* Without these a notice would be of no use, and its mail would wait for
 * ever: a mistake is better found at the start. */
static enum status
notices_check_needs(const char *name, const struct layout *layout,
		    const char *path, struct err *err)
{
	static const struct {
		const char *name;
		const char *needs;
	} rows[] = { { "link-recipient", "{link_url}" },
		     { "link-code-recipient", "{mailbox_code}" } };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		bool found = strcmp(name, rows[i].name) != 0;

		for (size_t b = 0; !found && b < layout->block_count; b++)
			found = strstr(layout->blocks[b].words,
				       rows[i].needs) != NULL;
		if (!found)
			return err_set(err, ST_FORMAT,
				       "%s: %s must stand in it", path,
				       rows[i].needs);
	}
	return ST_OK;
}

static enum status
notices_load_footer(const struct notices_place *place, const char *name,
		    struct sbuf *footer, struct err *err)
{
	AUTO(sbuf_done) struct sbuf path;
	enum status st = ST_OK;

	sbuf_init(&path, NOTICES_PATH_BYTES);
	st = notices_slurp(place, name, footer, &path, err);
	return st == ST_OK ? layout_parse_words(footer, sbuf_text(&path),
						words_names, WORDS_NAMES, err)
			   : st;
}

static enum status
notices_load_set(const struct notices_place *place, struct notices_set *set,
		 struct err *err)
{
	AUTO(sbuf_done) struct sbuf path;
	enum status st = ST_OK;

	sbuf_init(&path, NOTICES_PATH_BYTES);
	for (size_t i = 0; i < ARRAY_LEN(notices_kinds) && st == ST_OK; i++) {
		struct layout *layout = &set->layouts[i];

		st = notices_slurp(place, notices_kinds[i].name, &layout->file,
				   &path, err);
		if (st == ST_OK)
			st = layout_parse(layout, sbuf_text(&path), words_names,
					  WORDS_NAMES, err);
		if (st == ST_OK)
			st = notices_check_needs(notices_kinds[i].name, layout,
						 sbuf_text(&path), err);
	}
	if (st == ST_OK)
		st = notices_load_footer(place, "footer", &set->footer, err);
	if (st == ST_OK)
		st = notices_load_footer(place, "footer-recipient",
					 &set->footer_outside, err);
	return st;
}

static bool
notices_is_named(const char *file, size_t stem, const char *name)
{
	return stem == strlen(name) && strncmp(file, name, stem) == 0;
}

/* A file that would never be read is a file whose name is wrong. */
static bool
notices_is_known(const char *file)
{
	const size_t len = strlen(file);
	const size_t stem = len >= 4 ? len - 4 : 0;

	/* Hidden files and those of editors: nobody takes them for ours. */
	if (stem == 0 || file[0] == '.' || strcmp(file + stem, ".txt") != 0)
		return true;
	if (notices_is_named(file, stem, "footer") ||
	    notices_is_named(file, stem, "footer-recipient"))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(notices_kinds); i++) {
		if (notices_is_named(file, stem, notices_kinds[i].name))
			return true;
	}
	return false;
}

static int
notices_is_odd(const struct dirent *entry)
{
	return !notices_is_known(entry->d_name);
}

/* A language that the company leaves as it is needs no directory. */
static enum status
notices_check_own(const char *own_dir, const char *language, struct err *err)
{
	AUTO(sbuf_done) struct sbuf path;
	struct dirent **odd = NULL;
	enum status st = ST_OK;
	int count = 0;

	sbuf_init(&path, NOTICES_PATH_BYTES);
	sbuf_addf(&path, "%s/%s", own_dir, language);
	st = sbuf_status(&path, "notices: path", err);
	if (st != ST_OK)
		return st;
	count = scandir(sbuf_text(&path), &odd, notices_is_odd, alphasort);
	if (count < 0 && errno == ENOENT)
		return ST_OK;
	if (count < 0)
		return err_set_errno(err, "%s: cannot be read",
				     sbuf_text(&path));
	if (count > 0)
		st = err_set(err, ST_FORMAT,
			     "%s/%s: there is no such notice; "
			     "sekimori.notices(5) names them",
			     sbuf_text(&path), odd[0]->d_name);
	while (count > 0)
		free(odd[--count]);
	free(odd);
	return st;
}

/* The directory itself must be there: a wrong name would change nothing. */
static enum status
notices_check_owns(const char *own_dir, struct err *err)
{
	DIR *dir = NULL;
	enum status st = ST_OK;

	if (own_dir[0] == '\0')
		return ST_OK;
	dir = opendir(own_dir);
	if (dir == NULL)
		return err_set_errno(err, "courier.notices: %s: cannot be read",
				     own_dir);
	(void)closedir(dir);
	for (size_t l = 0; l < NOTICES_LANGUAGES && st == ST_OK; l++)
		st = notices_check_own(own_dir, notices_languages[l].name, err);
	return st;
}

enum status
notices_load(const char *dir, const char *own_dir, struct notices **notices_out,
	     struct err *err)
{
	AUTO(notices_free)
	struct notices *notices = calloc(1, sizeof(*notices));
	enum status st = notices_check_owns(own_dir, err);

	if (notices == NULL)
		return err_set(err, ST_NO_MEMORY, "notices: no memory");
	picture_init(&notices->logo);
	for (size_t l = 0; l < NOTICES_LANGUAGES && st == ST_OK; l++) {
		const struct notices_place place = {
			.dir = dir,
			.own_dir = own_dir,
			.language = notices_languages[l].name,
		};

		st = notices_load_set(&place, &notices->sets[l], err);
	}
	if (st != ST_OK)
		return st;
	*notices_out = MOVE(notices);
	return ST_OK;
}

enum status
notices_load_logo(struct notices *notices, const char *path, const char *host,
		  struct err *err)
{
	return picture_load(&notices->logo, path, host, err);
}

/* --- writing ------------------------------------------------------------- */

void
notices_text_init(struct notices_text *text)
{
	text->language = I18N_LANGUAGE_NONE;
	text->both = false;
	text->picture = NULL;
	sbuf_init(&text->subject, NOTICES_SUBJECT_BYTES);
	/* They may hold the code of a one-time sign-in. */
	sbuf_init_secret(&text->plain, NOTICES_TEXT_BYTES);
	sbuf_init_secret(&text->html, NOTICES_TEXT_BYTES);
}

void
notices_text_done(struct notices_text *text)
{
	sbuf_done(&text->subject);
	sbuf_done(&text->plain);
	sbuf_done(&text->html);
}

/* The place of the job's notice in notices.def; the count when none fits. */
static size_t
notices_find(const struct vault_job *job)
{
	size_t i = 0;

	while (i < ARRAY_LEN(notices_kinds) &&
	       (notices_kinds[i].event != job->event ||
		notices_kinds[i].audience != job->audience))
		i++;
	return i;
}

static size_t
notices_language_of(enum i18n_language language)
{
	return language == notices_languages[1].language ? 1 : 0;
}

/* The languages of a notice in their order; how many. */
static size_t
notices_order(const struct notices_request *request,
	      size_t order_out[NOTICES_LANGUAGES])
{
	const enum i18n_language asked =
		i18n_language_of(request->job->language);

	if (asked != I18N_LANGUAGE_NONE) {
		order_out[0] = notices_language_of(asked);
		return 1;
	}
	if (request->job->audience != NOTICE_AUDIENCE_RECIPIENT) {
		order_out[0] = notices_language_of(request->language);
		return 1;
	}
	order_out[0] = notices_language_of(request->outside);
	order_out[1] = 1 - order_out[0];
	return NOTICES_LANGUAGES;
}

/* Everything about a notice in one language. */
struct notices_page {
	struct words words;
	struct layout_values values;
	struct html_page html;
};

/* Fill page, whose words are released in any case. */
static enum status
notices_open_page(const struct notices_set *set, size_t kind,
		  const struct words_request *asked, struct notices_page *page,
		  struct err *err)
{
	const bool outside = asked->job->audience == NOTICE_AUDIENCE_RECIPIENT;
	const enum status st = words_init(&page->words, asked, err);

	page->values = (struct layout_values){ page->words.values,
					       page->words.value_count };
	page->html = (struct html_page){
		.layout = &set->layouts[kind],
		.footer = sbuf_text(outside ? &set->footer_outside
					    : &set->footer),
		.values = &page->values,
	};
	return st;
}

/* Subject and text, behind those of another language. */
static enum status
notices_add_plain(const struct notices_page *page, enum i18n_language language,
		  struct notices_text *text, struct err *err)
{
	enum status st = ST_OK;

	if (text->subject.len_bytes > 0) {
		sbuf_add_text(&text->subject, " / ");
		sbuf_add_text(&text->plain, "\n\n" NOTICES_RULE "\n\n");
	}
	layout_render(page->html.layout->subject, &page->values,
		      &text->subject);
	st = sbuf_status(&text->subject, "notices: subject", err);
	return st == ST_OK
		       ? plain_write(page->html.layout, page->html.footer,
				     &page->values, language, &text->plain, err)
		       : st;
}

struct notices_writing {
	const struct notices *notices;
	const struct notices_request *request;
	size_t kind;
	struct notices_page pages[NOTICES_LANGUAGES];
};

static void
notices_writing_free(struct notices_writing **writing)
{
	if (*writing == NULL)
		return;
	for (size_t i = 0; i < NOTICES_LANGUAGES; i++)
		words_done(&(*writing)->pages[i].words);
	free(*writing);
	*writing = NULL;
}

static enum status
notices_write_pages(struct notices_writing *writing, struct notices_text *text,
		    struct err *err)
{
	const struct notices_request *request = writing->request;
	const struct picture *logo = &writing->notices->logo;
	const bool outside =
		request->job->audience == NOTICE_AUDIENCE_RECIPIENT;
	const struct html_look look = {
		.name = request->name,
		.tone = notices_tones[writing->kind],
		.picture = outside && picture_is_there(logo) ? logo : NULL,
	};
	struct html_page pages[NOTICES_LANGUAGES];
	size_t order[NOTICES_LANGUAGES];
	const size_t count = notices_order(request, order);
	enum status st = ST_OK;

	for (size_t i = 0; i < count && st == ST_OK; i++) {
		struct notices_page *page = &writing->pages[i];
		const enum i18n_language language =
			notices_languages[order[i]].language;
		const struct words_request asked = {
			.job = request->job,
			.i18n = request->i18n,
			.language = language,
			.desk_url = request->desk_url,
			.portal = request->portal,
			.with_mail = request->with_mail,
		};

		st = notices_open_page(&writing->notices->sets[order[i]],
				       writing->kind, &asked, page, err);
		if (st == ST_OK)
			st = notices_add_plain(page, language, text, err);
		pages[i] = page->html;
		pages[i].language = notices_languages[order[i]].name;
	}
	if (st != ST_OK)
		return st;
	text->language = notices_languages[order[0]].language;
	text->both = count > 1;
	text->picture = look.picture;
	return html_write(pages, count, &look, &text->html, err);
}

enum status
notices_write(const struct notices *notices,
	      const struct notices_request *request, struct notices_text *text,
	      struct err *err)
{
	AUTO(notices_writing_free)
	struct notices_writing *writing = calloc(1, sizeof(*writing));

	if (writing == NULL)
		return err_set(err, ST_NO_MEMORY, "notices: no memory");
	writing->notices = notices;
	writing->request = request;
	writing->kind = notices_find(request->job);
	if (writing->kind == ARRAY_LEN(notices_kinds))
		return err_set(err, ST_NOT_FOUND,
			       "notices: none for event %d to audience %d",
			       (int)request->job->event,
			       (int)request->job->audience);
	return notices_write_pages(writing, text, err);
}
