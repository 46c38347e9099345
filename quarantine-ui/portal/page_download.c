/* Bytes of a file, or of all as a zip. Reading them changes nothing; what went
 * out is told to the vault behind the transfer. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "lib/crypto/digest.h"
#include "quarantine-ui/portal/file_name.h"
#include "quarantine-ui/portal/portal_page.h"
#include "quarantine-ui/portal/zip_stream.h"

enum {
	DOWNLOAD_ETAG_BYTES = 16,
	DOWNLOAD_DEADLINE_S = 20,
	DOWNLOAD_MAX_DIGESTED = 200
};

_Static_assert((int)HTTP_FILE_BLOCK_BYTES ==
		       (int)SEAL_CHUNK_BYTES + (int)SEAL_TAG_BYTES,
	       "a chunk is opened where it is sent from");

/* What a transfer reads from, as long as it lasts. */
struct download {
	struct portal *portal;
	pthread_mutex_t lock;
	struct link_reader *reader; /* NULL: the link has ended; lock */
	struct zip_stream *zip;     /* NULL: one file */
	uint64_t base;              /* of that file among all */
	uint64_t total_bytes;
	int fd;
	bool counts; /* GET; a HEAD sends nothing */
	uint8_t coverage_key[COVERAGE_KEY_BYTES];
	struct sent *sent;
	struct watched watched;
};

static void
download_free(struct download **download)
{
	struct download *all = *download;

	if (all == NULL)
		return;
	watch_remove(&all->watched);
	link_reader_free(&all->reader);
	zip_stream_free(&all->zip);
	fd_close(&all->fd);
	if (all->sent != NULL)
		explicit_bzero(all->sent, sizeof(*all->sent));
	free(all->sent);
	(void)pthread_mutex_destroy(&all->lock);
	free(all);
	*download = NULL;
}

static enum status
download_read_files(void *context, uint64_t offset, void *out, size_t room,
		    size_t *len_out)
{
	const struct download *download = context;
	struct err err = { .st = ST_OK };

	return link_reader_read(download->reader, offset, out, room, len_out,
				&err);
}

static enum status
download_read_on(struct download *download, uint64_t offset, void *out,
		 size_t room, size_t *len_out)
{
	const uint64_t left = download->total_bytes - offset;

	if (download->zip != NULL)
		return zip_stream_read(download->zip, download_read_files,
				       download, offset, out, room, len_out);
	return download_read_files(download, download->base + offset, out,
				   left < room ? (size_t)left : room, len_out);
}

static enum status
download_read(void *context, uint64_t offset, void *out, size_t room,
	      size_t *len_out)
{
	struct download *download = context;
	enum status st = ST_NOT_FOUND;

	(void)pthread_mutex_lock(&download->lock);
	if (download->reader != NULL)
		st = download_read_on(download, offset, out, room, len_out);
	(void)pthread_mutex_unlock(&download->lock);
	return st;
}

/* The key goes at once, also when the client takes nothing just now. */
static void
download_stop(void *context)
{
	struct download *download = context;

	(void)pthread_mutex_lock(&download->lock);
	link_reader_free(&download->reader);
	(void)pthread_mutex_unlock(&download->lock);
}

static void
download_end(void *context, const struct http_sent *sent)
{
	struct download *download = context;
	const bool all = sent->complete && sent->first == 0 &&
			 sent->len_bytes == download->total_bytes;
	bool whole = false;

	watch_remove(&download->watched);
	if (download->counts && (sent->len_bytes > 0 || sent->complete)) {
		portal_count(download->portal, PORTAL_COUNTER_BYTES,
			     sent->len_bytes);
		portal_count(download->portal, PORTAL_COUNTER_COMPLETE,
			     sent->complete);
		whole = sent->complete &&
			coverage_add(portal_coverage(download->portal),
				     download->coverage_key, sent->first,
				     sent->len_bytes, download->total_bytes);
		download->sent->sent_bytes = sent->len_bytes;
		download->sent->complete = all || whole;
		download->sent->broken = !sent->complete;
		sent_push(portal_sent(download->portal), &download->sent);
	}
	download_free(&download);
}

/* --- what is asked for --------------------------------------------------- */

static enum status
download_fetch(struct visit *visit, uint32_t file,
	       struct vault_link_fetch_answer *answer, int *fd_out,
	       struct wire_arena **arena_out, struct err *err)
{
	struct vault_link_take request = { .visit = visit_claim(visit),
					   .file = file };
	struct vault_call call = VAULT_CALL(LINK_FETCH, &request, answer);

	call.fd_out = fd_out;
	const enum status st =
		vault_client_call(visit->vault, &call, arena_out, err);

	explicit_bzero(&request.visit, sizeof(request.visit));
	return st == ST_OK && *fd_out == FD_NONE
		       ? err_set(err, ST_IO, "portal: no file came along")
		       : st;
}

/* A name for these bytes that says nothing about them. */
static enum status
download_digest(const char *label, struct span what, uint32_t file,
		uint8_t out[DIGEST_BYTES], struct err *err)
{
	AUTO(sbuf_done) struct sbuf text;

	sbuf_init_secret(&text, DOWNLOAD_MAX_DIGESTED);
	sbuf_addf(&text, "sekimori portal %s %u ", label, (unsigned)file);
	sbuf_add_span(&text, what);
	const enum status st = sbuf_status(&text, "portal", err);

	return st == ST_OK ? digest_once(sbuf_span(&text), out, err) : st;
}

/* Everything about the transfer but its place and length. */
static enum status
download_new(struct visit *visit, uint32_t file, struct download **out,
	     struct err *err)
{
	AUTO(download_free)
	struct download *download = calloc(1, sizeof(*download));
	enum status st = ST_OK;

	if (download == NULL)
		return err_set(err, ST_NO_MEMORY, "portal: no memory");
	(void)pthread_mutex_init(&download->lock, NULL);
	download->fd = FD_NONE;
	download->portal = visit->portal;
	download->counts = visit->request->method == HTTP_METHOD_GET;
	download->sent = calloc(1, sizeof(*download->sent));
	if (download->sent == NULL)
		return err_set(err, ST_NO_MEMORY, "portal: no memory");
	download->sent->file = file;
	download->sent->certificate = visit->request->certificate;
	memcpy(download->sent->claim, visit->claim, LINK_CLAIM_BYTES);
	memcpy(download->sent->link_id, visit->link_id, LINK_ID_BYTES);
	memcpy(download->sent->agent, visit->agent, sizeof(visit->agent));
	(void)snprintf(download->sent->address, SENT_ADDRESS_BYTES, "%s",
		       visit->request->client_address);
	download->watched = (struct watched){
		.sent = download->sent,
		.until_unix_ms = visit->link.expires_unix_ms,
		.heard_mono_ms = clock_mono_ms(),
		.stop = download_stop,
		.context = download,
	};
	st = download_digest("coverage",
			     (struct span){ visit->claim, LINK_CLAIM_BYTES },
			     file, download->coverage_key, err);
	if (st == ST_OK)
		*out = MOVE(download);
	return st;
}

/* Check the list, and find the place of file in it. */
static enum status
download_place(struct download *download, const struct link_manifest *manifest,
	       uint32_t file, struct err *err)
{
	if (file >= manifest->file_count)
		return err_set(err, ST_NOT_FOUND, "portal: no such file");
	for (uint32_t i = 0; i < file; i++)
		if (__builtin_add_overflow(download->base,
					   manifest->files[i].size_bytes,
					   &download->base))
			return err_set(err, ST_FORMAT, "portal: sizes");
	download->total_bytes = manifest->files[file].size_bytes;
	return ST_OK;
}

/* Answer with it: all, or the range that was asked for. */
static enum status
download_send(struct visit *visit, struct download **download, const char *name,
	      struct err *err)
{
	const struct http_source source = {
		.context = *download,
		.total_bytes = (*download)->total_bytes,
		.read = download_read,
		.end = download_end,
	};
	AUTO(sbuf_done) struct sbuf etag;
	AUTO(sbuf_done) struct sbuf disposition;
	uint8_t tag[DIGEST_BYTES];
	uint64_t owner = 0;
	const enum status st = download_digest(
		"etag", (struct span){ visit->link_id, LINK_ID_BYTES },
		(*download)->sent->file, tag, err);

	if (st != ST_OK)
		return st;
	sbuf_init(&etag, HTTP_MAX_ETAG_BYTES);
	sbuf_init(&disposition, HTTP_MAX_DISPOSITION_BYTES);
	sbuf_add_byte(&etag, '"');
	format_base64url(&etag, (struct span){ tag, DOWNLOAD_ETAG_BYTES });
	sbuf_add_byte(&etag, '"');
	file_name_disposition(name, &disposition);
	memcpy(&owner, visit->claim, sizeof(owner));
	portal_count(visit->portal, PORTAL_COUNTER_TRANSFERS,
		     (*download)->counts);
	if ((*download)->counts)
		watch_add(portal_watch(visit->portal), &(*download)->watched);
	*download = NULL; /* the source's */
	http_response_send(visit->response, visit->request, &source,
			   sbuf_text(&etag), sbuf_text(&disposition));
	visit->response->file.owner = owner;
	return ST_OK;
}

/* What opening the bytes needs, from the vault and the cookie. */
struct opened {
	struct vault_link_fetch_answer answer;
	struct wire_arena *answer_arena;
	struct link_manifest manifest;
	struct wire_arena *manifest_arena;
};

static void
opened_done(struct opened *opened)
{
	wire_arena_free(&opened->answer_arena);
	wire_arena_free(&opened->manifest_arena);
}

static enum status
download_open(struct visit *visit, uint32_t file, struct download *download,
	      struct opened *opened, struct err *err)
{
	uint8_t file_key[SEAL_KEY_BYTES];
	enum status st =
		download_fetch(visit, file, &opened->answer, &download->fd,
			       &opened->answer_arena, err);

	if (st == ST_OK)
		st = visit_unlock(visit, opened->answer.wrapped,
				  opened->answer.manifest, file_key,
				  &opened->manifest, &opened->manifest_arena,
				  err);
	if (st == ST_OK)
		st = link_reader_open(file_key, download->fd,
				      opened->answer.sealed_bytes,
				      &download->reader, err);
	explicit_bzero(file_key, sizeof(file_key));
	return st;
}

/* What became of it when there is nothing to send. */
static enum status
download_failed(struct visit *visit, enum status st, struct err *err)
{
	if (st == ST_NOT_FOUND || st == ST_DENIED)
		return portal_no_visit(visit, err);
	if (st != ST_END)
		return st;
	/* It must be taken first, by a button of the list. */
	http_response_redirect(visit->response,
			       scratch_textf(&visit->scratch, "/l/%s/files",
					     visit->link_text));
	return ST_OK;
}

enum status
portal_file(struct visit *visit, struct err *err)
{
	AUTO(download_free) struct download *download = NULL;
	AUTO(opened_done) struct opened opened = { .answer_arena = NULL };
	char name[FILE_NAME_BYTES] = "";
	enum status st = ST_OK;

	if (visit->key_kind == VISIT_KEY_NONE)
		return portal_no_visit(visit, err);
	/* When the link ends, for the watch. */
	st = visit_look(visit, err);
	if (st == ST_OK)
		st = download_new(visit, visit->file, &download, err);
	if (st == ST_OK)
		st = download_open(visit, visit->file, download, &opened, err);
	if (st == ST_OK)
		st = download_place(download, &opened.manifest, visit->file,
				    err);
	if (st != ST_OK)
		return download_failed(visit, st, err);
	file_name_clean(opened.manifest.files[visit->file].name,
			(size_t)visit->file + 1, name);
	return download_send(visit, &download, name, err);
}

/* --- all of them ---------------------------------------------------------- */

static bool
zip_has(const struct zip_stream_file *files, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (span_equal_nocase(span_of(files[i].name), span_of(name)))
			return true;
	return false;
}

/* Names that no two files share, also where capitals do not count. */
static enum status
zip_name(struct visit *visit, const struct link_manifest *manifest,
	 struct zip_stream_file *files, struct err *err)
{
	for (size_t i = 0; i < manifest->file_count; i++) {
		char clean[FILE_NAME_BYTES];
		char name[FILE_NAME_BYTES];

		file_name_clean(manifest->files[i].name, i + 1, clean);
		memcpy(name, clean, sizeof(name));
		for (unsigned copy = 2; zip_has(files, i, name); copy++)
			file_name_number(clean, copy, name);
		files[i] = (struct zip_stream_file){
			.name = scratch_text(&visit->scratch, span_of(name)),
			.size_bytes = manifest->files[i].size_bytes,
			.crc32 = manifest->files[i].crc32,
		};
	}
	return visit->scratch.failed
		       ? err_set(err, ST_NO_MEMORY, "portal: no memory")
		       : ST_OK;
}

static enum status
zip_make(struct visit *visit, const struct link_manifest *manifest,
	 struct download *download, struct err *err)
{
	struct zip_stream_file *files = scratch_alloc(
		&visit->scratch, manifest->file_count, sizeof(*files));
	enum status st = ST_OK;

	if (files == NULL)
		return err_set(err, ST_NO_MEMORY, "portal: no memory");
	st = zip_name(visit, manifest, files, err);
	if (st == ST_OK)
		st = zip_stream_new(files, manifest->file_count,
				    visit->link.sent_unix_ms, &download->zip,
				    err);
	if (st == ST_OK)
		download->total_bytes = zip_stream_bytes(download->zip);
	return st;
}

/* "files-2026-11-22.zip", by the day on which they were sent. */
static const char *
zip_file_name(struct visit *visit)
{
	const struct tell tell = visit_tell(visit);
	const char *at = tell_time(&tell, visit->link.sent_unix_ms);

	return scratch_textf(&visit->scratch, "files-%.*s.zip",
			     (int)strcspn(at, " "), at);
}

enum status
portal_zip(struct visit *visit, struct err *err)
{
	AUTO(download_free) struct download *download = NULL;
	AUTO(opened_done) struct opened opened = { .answer_arena = NULL };
	enum status st = ST_OK;

	if (visit->key_kind == VISIT_KEY_NONE)
		return portal_no_visit(visit, err);
	/* Also for the date that stands in the zip: it is the same for each
	 * piece of a download. */
	st = visit_look(visit, err);
	if (st == ST_OK)
		st = download_new(visit, LINK_ALL_FILES, &download, err);
	if (st == ST_OK)
		st = download_open(visit, LINK_ALL_FILES, download, &opened,
				   err);
	if (st == ST_OK)
		st = zip_make(visit, &opened.manifest, download, err);
	if (st != ST_OK)
		return download_failed(visit, st, err);
	return download_send(visit, &download, zip_file_name(visit), err);
}
