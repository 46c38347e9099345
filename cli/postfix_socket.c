#include "cli/postfix_socket.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/directories.h"
#include "lib/base/parse.h"

/* The path behind "unix:" or "local:". False: another kind. */
static bool
unix_path(struct span address, struct span *path_out)
{
	static const char *const kinds[] = { "unix:", "local:" };

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		const size_t len_bytes = strlen(kinds[i]);
		struct span head = { NULL, 0 };

		if (span_cut(address, 0, len_bytes, &head) &&
		    span_equal(head, span_of(kinds[i])))
			return span_cut(address, len_bytes,
					address.len_bytes - len_bytes,
					path_out);
	}
	return false;
}

/* Where a service looks. Postfix's programs stand in the queue directory; a
 * chrooted one takes it for the root. */
static bool
seen_path(const struct postfix_socket *socket, struct span path, bool chrooted,
	  char seen[POSTFIX_SOCKET_BYTES])
{
	const bool whole = path.len_bytes > 0 && path.ptr[0] == '/';
	AUTO(sbuf_done) struct sbuf text;

	sbuf_init(&text, POSTFIX_SOCKET_BYTES - 1);
	if (!whole || chrooted)
		sbuf_add_text(&text, socket->queue_dir);
	if (!whole)
		sbuf_add_byte(&text, '/');
	sbuf_add_span(&text, path);
	if (text.st != ST_OK)
		return false;
	(void)snprintf(seen, POSTFIX_SOCKET_BYTES, "%s", sbuf_text(&text));
	return true;
}

/* The same name, or the same file under another one. */
static bool
same_file(const char *a, const char *b)
{
	struct stat first;
	struct stat second;

	if (strcmp(a, b) == 0)
		return true;
	return stat(a, &first) == 0 && stat(b, &second) == 0 &&
	       first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

/* "inet:port@host" is libmilter's way, "inet:host:port" Postfix's. */
static bool
same_tcp(struct span address, const char *ours)
{
	const char *begin = strchr(ours, ':');
	size_t port_bytes = 0;
	struct span tail = { NULL, 0 };

	if (strncmp(ours, "inet", 4) != 0 || begin == NULL)
		return false;
	begin++;
	port_bytes = strcspn(begin, "@");
	return port_bytes > 0 && address.len_bytes > port_bytes &&
	       span_cut(address, address.len_bytes - port_bytes, port_bytes,
			&tail) &&
	       memcmp(tail.ptr, begin, port_bytes) == 0 &&
	       address.ptr[address.len_bytes - port_bytes - 1] == ':' &&
	       memcmp(address.ptr, "inet", 4) == 0;
}

static enum postfix_socket_found
find_one(const struct postfix_socket *socket, struct span address,
	 char seen[POSTFIX_SOCKET_BYTES])
{
	const char *ours = directories_milter_socket(socket->config);
	struct span path = { NULL, 0 };
	char other[POSTFIX_SOCKET_BYTES] = "";

	if (ours == NULL)
		return same_tcp(address, socket->config->milter.socket)
			       ? POSTFIX_SOCKET_OURS
			       : POSTFIX_SOCKET_ABSENT;
	if (!unix_path(address, &path) ||
	    !seen_path(socket, path, socket->chrooted, seen))
		return POSTFIX_SOCKET_ABSENT;
	if (same_file(seen, ours))
		return POSTFIX_SOCKET_OURS;
	/* As it would be seen with, or without, the chroot; or by its own
	 * words alone. */
	if (seen_path(socket, path, !socket->chrooted, other) &&
	    same_file(other, ours))
		return POSTFIX_SOCKET_ELSEWHERE;
	return POSTFIX_SOCKET_ABSENT;
}

enum postfix_socket_found
postfix_socket_find(const struct postfix_socket *socket, struct span list,
		    struct postconf_milter *milter_out,
		    char seen[POSTFIX_SOCKET_BYTES])
{
	enum postfix_socket_found best = POSTFIX_SOCKET_ABSENT;
	struct postconf_milter milter = { .address = { NULL, 0 } };
	char path[POSTFIX_SOCKET_BYTES] = "";

	while (postconf_milter_next(&list, &milter)) {
		switch (find_one(socket, milter.address, path)) {
		case POSTFIX_SOCKET_OURS:
			*milter_out = milter;
			return POSTFIX_SOCKET_OURS;
		case POSTFIX_SOCKET_ELSEWHERE:
			best = POSTFIX_SOCKET_ELSEWHERE;
			memcpy(seen, path, sizeof(path));
			break;
		case POSTFIX_SOCKET_ABSENT:
		case POSTFIX_SOCKET_NONE:
		default:
			break;
		}
	}
	return best;
}

bool
postfix_socket_name(const struct postfix_socket *socket, struct sbuf *name_out)
{
	const char *ours = directories_milter_socket(socket->config);
	const size_t len_bytes = strlen(socket->queue_dir);

	if (ours == NULL) {
		const char *port = strchr(socket->config->milter.socket, ':');
		const char *at = port != NULL ? strchr(port, '@') : NULL;

		if (at == NULL)
			return false;
		sbuf_addf(name_out, "inet:%s:%.*s", at + 1,
			  (int)(at - port - 1), port + 1);
		return true;
	}
	if (len_bytes > 0 && strncmp(ours, socket->queue_dir, len_bytes) == 0 &&
	    ours[len_bytes] == '/') {
		sbuf_addf(name_out, "unix:%s", ours + len_bytes + 1);
		return true;
	}
	sbuf_addf(name_out, "unix:%s", ours);
	return !socket->chrooted;
}
