/* doctor: clock, room for the spool, certificates of desk and portal. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>

#include "cli/desk_url.h"
#include "cli/doctor.h"
#include "lib/base/clock.h"
#include "lib/base/fd.h"
#include "lib/crypto/certificate.h"

enum {
	HOST_MAX_PEM_BYTES = 256 * 1024,
	HOST_PATH_BYTES = 4300,
	HOST_BYTES_PER_MIB = 1024 * 1024
};

/* A file this much newer than now is from another time. */
#define HOST_JUMP_MS   INT64_C(60000)
#define HOST_SOON_MS   (INT64_C(21) * 86400 * 1000)
#define HOST_MS_PER_S  INT64_C(1000)
#define HOST_NS_PER_MS INT64_C(1000000)

static void
look_at_clock(struct doctor *doctor)
{
	struct timex timex = { .modes = 0 };
	const int state = adjtimex(&timex);

	if (state < 0)
		doctor_skipped(doctor, DOCTOR_CLOCK_SYNC, "%s",
			       strerrordesc_np(errno));
	else if (state == TIME_ERROR || (timex.status & STA_UNSYNC) != 0)
		doctor_found(doctor, DOCTOR_CLOCK_SYNC,
			     "adjtimex: status 0x%x, error up to %ld ms",
			     (unsigned)timex.status, timex.maxerror / 1000);
	else
		doctor_fine(doctor, DOCTOR_CLOCK_SYNC, "error up to %ld ms",
			    timex.maxerror / 1000);
}

/* What the vault has written is never younger than now, unless the clock was
 * set back. */
static void
look_at_jumps(struct doctor *doctor)
{
	static const char *const names[] = { "store.db", "store.db-wal" };
	const int64_t now_unix_ms = clock_unix_ms();
	unsigned seen = 0;

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		char path[HOST_PATH_BYTES];
		char text[CLOCK_RFC3339_BYTES];
		struct stat info;

		(void)snprintf(path, sizeof(path), "%s/%s",
			       doctor->config->general.state_dir, names[i]);
		if (stat(path, &info) != 0)
			continue;
		const int64_t at_unix_ms =
			info.st_mtim.tv_sec * HOST_MS_PER_S +
			info.st_mtim.tv_nsec / HOST_NS_PER_MS;

		seen++;
		if (at_unix_ms <= now_unix_ms + HOST_JUMP_MS)
			continue;
		clock_format_rfc3339(at_unix_ms, text);
		doctor_found(doctor, DOCTOR_CLOCK_JUMP, "%s: %s", path, text);
		return;
	}
	if (seen > 0)
		doctor_fine(doctor, DOCTOR_CLOCK_JUMP, "%u files", seen);
	else
		doctor_skipped(doctor, DOCTOR_CLOCK_JUMP,
			       "the files of the store cannot be seen");
}

static void
look_at_spool(struct doctor *doctor)
{
	const char *dir = doctor->config->milter.spool_dir;
	const uint64_t budget =
		(uint64_t)doctor->config->milter.spool_budget_bytes;
	struct statvfs info;

	if (statvfs(dir, &info) != 0) {
		doctor_found(doctor, DOCTOR_SPOOL_SPACE,
			     "milter.spool_dir = %s: %s", dir,
			     strerrordesc_np(errno));
		return;
	}
	const uint64_t free_mib =
		(uint64_t)info.f_bavail * info.f_frsize / HOST_BYTES_PER_MIB;

	if (free_mib < budget / HOST_BYTES_PER_MIB)
		doctor_found(doctor, DOCTOR_SPOOL_SPACE,
			     "%s: %" PRIu64 " MiB free, milter.spool_budget = "
			     "%" PRIu64 " MiB",
			     dir, free_mib, budget / HOST_BYTES_PER_MIB);
	else
		doctor_fine(doctor, DOCTOR_SPOOL_SPACE,
			    "%s: %" PRIu64 " MiB free", dir, free_mib);
}

/* --- certificates -------------------------------------------------------- */

/* What says who ends TLS, of the desk or the portal. */
struct host_tls {
	const char *section;
	const char *certificate;
	const char *key;
	const char *proxy;
	const char *url;
};

static void
look_at_dates(struct doctor *doctor, const struct host_tls *tls,
	      const struct certificate_facts *facts)
{
	const int64_t now_unix_ms = clock_unix_ms();
	char from[CLOCK_RFC3339_BYTES];
	char to[CLOCK_RFC3339_BYTES];
	enum doctor_check check = DOCTOR_NONE;

	if (now_unix_ms < facts->from_unix_ms ||
	    now_unix_ms >= facts->to_unix_ms)
		check = DOCTOR_CERTIFICATE_EXPIRED;
	else if (facts->to_unix_ms - now_unix_ms < HOST_SOON_MS)
		check = DOCTOR_CERTIFICATE_SOON;
	clock_format_rfc3339(facts->from_unix_ms, from);
	clock_format_rfc3339(facts->to_unix_ms, to);
	if (check != DOCTOR_NONE)
		doctor_found(doctor, check, "%s: %s - %s", tls->certificate,
			     from, to);
	else
		doctor_fine(doctor, DOCTOR_CERTIFICATE_EXPIRED, "%s - %s", from,
			    to);
}

/* A key that only its program's account reads is looked at by root alone. */
static enum status
read_pem(const char *path, struct sbuf *pem, struct err *err)
{
	const enum status st = fd_slurp_file(path, pem, err);

	return st == ST_IO && err->sys_errno == EACCES
		       ? err_set(err, ST_DENIED, "%s: only root can look", path)
		       : st;
}

/* Without a certificate somebody else must have one, or nobody asks for it:
 * plain HTTP is for this host alone. */
static void
look_at_proxy(struct doctor *doctor, const struct host_tls *tls)
{
	if (tls->proxy[0] == '\0' &&
	    strncmp(tls->url, "https:", strlen("https:")) == 0)
		doctor_found(doctor, DOCTOR_CERTIFICATE,
			     "%s.url = %s; %s.certificate and "
			     "%s.trusted_proxy are empty",
			     tls->section, tls->url, tls->section,
			     tls->section);
	else if (tls->proxy[0] != '\0')
		doctor_skipped(doctor, DOCTOR_CERTIFICATE,
			       "TLS ends at %s.trusted_proxy", tls->section);
	else
		doctor_skipped(doctor, DOCTOR_CERTIFICATE,
			       "%s.url is plain http", tls->section);
}

static void
look_at_facts(struct doctor *doctor, const struct host_tls *tls,
	      const char *host, const struct certificate_facts *facts)
{
	if (!facts->fits_key)
		doctor_found(doctor, DOCTOR_CERTIFICATE, "%s / %s",
			     tls->certificate, tls->key);
	else
		doctor_fine(doctor, DOCTOR_CERTIFICATE, "%s", tls->certificate);
	look_at_dates(doctor, tls, facts);
	if (!facts->fits_host)
		doctor_found(doctor, DOCTOR_CERTIFICATE_NAME, "%s; %s.url = %s",
			     tls->certificate, tls->section, tls->url);
	else
		doctor_fine(doctor, DOCTOR_CERTIFICATE_NAME, "%s", host);
}

static void
look_at_certificate(struct doctor *doctor, const struct host_tls *tls)
{
	AUTO(sbuf_done) struct sbuf certificate;
	AUTO(sbuf_done) struct sbuf key;
	struct certificate_facts facts = { .fits_key = false };
	char host[DESK_URL_HOST_BYTES] = "";
	struct err err = { 0 };

	sbuf_init(&certificate, HOST_MAX_PEM_BYTES);
	sbuf_init_secret(&key, HOST_MAX_PEM_BYTES);
	if (tls->certificate[0] == '\0') {
		look_at_proxy(doctor, tls);
		return;
	}
	(void)desk_url_host(tls->url, host);
	enum status st = read_pem(tls->certificate, &certificate, &err);

	if (st == ST_OK)
		st = read_pem(tls->key, &key, &err);
	if (st == ST_DENIED) {
		doctor_skipped(doctor, DOCTOR_CERTIFICATE, "%s", err.text);
		return;
	}
	if (st == ST_OK)
		st = certificate_look(sbuf_span(&certificate), sbuf_span(&key),
				      host, &facts, &err);
	if (st != ST_OK)
		doctor_found(doctor, DOCTOR_CERTIFICATE, "%s", err.text);
	else
		look_at_facts(doctor, tls, host, &facts);
}

static void
look_at_portal(struct doctor *doctor)
{
	const struct config_portal *portal = &doctor->config->portal;
	const struct host_tls tls = { "portal", portal->certificate,
				      portal->certificate_key,
				      portal->trusted_proxy, portal->url };

	if (portal->listen[0] != '\0')
		look_at_certificate(doctor, &tls);
}

void
doctor_look_at_host(struct doctor *doctor)
{
	const struct config_desk *desk = &doctor->config->desk;
	const struct host_tls tls = { "desk", desk->certificate,
				      desk->certificate_key,
				      desk->trusted_proxy, desk->url };

	look_at_clock(doctor);
	look_at_jumps(doctor);
	look_at_spool(doctor);
	look_at_certificate(doctor, &tls);
	look_at_portal(doctor);
}
