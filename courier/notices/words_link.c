#include "courier/notices/words_link.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/parse.h"

enum {
	LINK_VALUE_BYTES = 64 * 1024,
	LINK_MAX_LISTED = 20, /* files; of the others only how many */
	LINK_SECONDS_PER_MINUTE = 60,
	LINK_TENTHS = 10
};

/* "860 bytes", "12.3 KB" */
static void
link_add_size(uint64_t bytes, struct sbuf *out)
{
	static const char *const units[] = { "bytes", "KB", "MB", "GB", "TB" };
	uint64_t whole = bytes;
	uint64_t tenths = 0;
	size_t unit = 0;

	while (whole >= 1024 && unit + 1 < ARRAY_LEN(units)) {
		tenths = whole % 1024 * LINK_TENTHS / 1024;
		whole /= 1024;
		unit++;
	}
	if (unit == 0 || whole >= 100)
		sbuf_addf(out, "%" PRIu64 " %s", whole, units[unit]);
	else
		sbuf_addf(out, "%" PRIu64 ".%" PRIu64 " %s", whole, tenths,
			  units[unit]);
}

/* How often each file can be fetched, where there is a limit. */
static void
link_add_downloads(const struct words_link_request *request, struct sbuf *out)
{
	const uint32_t downloads = request->job->link.downloads;
	char count[WORDS_LINK_NUMBER_BYTES];
	const struct template_value values[] = { { "count", count, false } };

	(void)snprintf(count, sizeof(count), "%" PRIu32, downloads);
	if (downloads == 1)
		sbuf_add_text(out, i18n_text(request->i18n, request->language,
					     N_("Each file can be fetched one "
						"time only.")));
	else if (downloads > 1)
		template_render(i18n_text(request->i18n, request->language,
					  N_("Each file can be fetched {count} "
					     "times.")),
				values, ARRAY_LEN(values), out);
}

/* One line for each file, as it may be shown. */
static void
link_add_files(const struct words_link_request *request, struct sbuf *out)
{
	const struct vault_link_order *order = &request->job->link;
	size_t shown = order->file_count;
	char more[WORDS_LINK_NUMBER_BYTES];
	const struct template_value values[] = { { "count", more, false } };

	if (shown > LINK_MAX_LISTED)
		shown = LINK_MAX_LISTED;
	for (size_t i = 0; i < shown; i++) {
		sbuf_addf(out, "%s%s (", i > 0 ? "\n" : "",
			  order->files[i].shown);
		link_add_size(order->files[i].size_bytes, out);
		sbuf_add_byte(out, ')');
	}
	if (order->file_count == shown)
		return;
	(void)snprintf(more, sizeof(more), "%zu", order->file_count - shown);
	sbuf_add_byte(out, '\n');
	template_render(i18n_text(request->i18n, request->language,
				  N_("and {count} more file(s)")),
			values, ARRAY_LEN(values), out);
}

/* The host name of the portal, which is all that a reader can compare. */
static void
link_add_portal(const struct config_portal *portal, struct sbuf *out)
{
	const char *host = strstr(portal->url, "://");

	if (host != NULL)
		sbuf_add_text(out, host + strlen("://"));
}

/* Goes into an address as it is, so nothing but these may stand there. */
static bool
link_is_plain(const char *text)
{
	return text[0] != '\0' && text[strspn(text, "abcdefghijklmnopqrstuvwxyz"
						    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
						    "0123456789-")] == '\0';
}

static void
link_add_url(const struct words_link_request *request, struct words_link *link)
{
	const struct vault_link_order *order = &request->job->link;
	char id[CASE_ID_TEXT_BYTES];

	if (request->portal->url[0] == '\0' ||
	    order->link_id.len_bytes != LINK_ID_BYTES ||
	    !link_is_plain(order->code))
		return;
	case_id_format(order->link_id.ptr, id);
	sbuf_addf(&link->url, "%s/l/%s#%s", request->portal->url, id,
		  order->code);
	sbuf_add_text(&link->code, order->code);
}

/* Texts of a job that a caller left out are none. */
static const char *
link_text(const char *text)
{
	return text != NULL ? text : "";
}

static const char *
link_mailbox(const struct vault_job *job)
{
	return job->link.needs_code && job->recipient_count > 0
		       ? job->recipients[0].address
		       : "";
}

static void
link_list(const struct words_link *link,
	  const struct words_link_request *request,
	  struct template_value *values)
{
	const struct vault_job *job = request->job;
	const struct vault_link_order *order = &job->link;
	const struct template_value all[WORDS_LINK_NAMES] = {
		{ "company",
		  request->portal != NULL ? request->portal->company : "",
		  false },
		{ "portal", sbuf_text(&link->portal), false },
		{ "link_url", sbuf_text(&link->url), false },
		{ "link_code", sbuf_text(&link->code), false },
		{ "expires", link->expires, false },
		{ "files", sbuf_text(&link->files), true },
		{ "file_count", link->file_count, false },
		{ "once", sbuf_text(&link->downloads), false },
		{ "mailbox", link_mailbox(job), false },
		{ "password_from", order->needs_password ? job->sender : "",
		  false },
		{ "mailbox_code", link_text(order->mailbox_code), false },
		{ "code_minutes", link->code_minutes, false },
	};

	memcpy(values, all, sizeof(all));
}

enum status
words_link_init(struct words_link *link,
		const struct words_link_request *request,
		struct template_value *values, struct err *err)
{
	const struct vault_link_order *order = &request->job->link;
	enum status st = ST_OK;

	*link = (struct words_link){ .expires = "" };
	sbuf_init_secret(&link->url, LINK_VALUE_BYTES);
	sbuf_init_secret(&link->code, LINK_VALUE_BYTES);
	sbuf_init(&link->portal, LINK_VALUE_BYTES);
	sbuf_init(&link->files, LINK_VALUE_BYTES);
	sbuf_init(&link->downloads, LINK_VALUE_BYTES);
	if (request->portal != NULL) {
		link_add_portal(request->portal, &link->portal);
		link_add_url(request, link);
		(void)snprintf(link->code_minutes, sizeof(link->code_minutes),
			       "%" PRId64,
			       request->portal->code_life_s /
				       LINK_SECONDS_PER_MINUTE);
	}
	words_time_far(order->expires_unix_ms, request->language,
		       link->expires);
	link_add_files(request, &link->files);
	link_add_downloads(request, &link->downloads);
	if (order->file_count > 0)
		(void)snprintf(link->file_count, sizeof(link->file_count),
			       "%zu", order->file_count);
	st = sbuf_status(&link->url, "notices: link", err);
	if (st == ST_OK)
		st = sbuf_status(&link->code, "notices: link", err);
	if (st == ST_OK)
		st = sbuf_status(&link->portal, "notices: link", err);
	if (st == ST_OK)
		st = sbuf_status(&link->files, "notices: files", err);
	if (st == ST_OK)
		st = sbuf_status(&link->downloads, "notices: link", err);
	link_list(link, request, values);
	return st;
}

void
words_link_done(struct words_link *link)
{
	sbuf_done(&link->url);
	sbuf_done(&link->code);
	sbuf_done(&link->portal);
	sbuf_done(&link->files);
	sbuf_done(&link->downloads);
}
