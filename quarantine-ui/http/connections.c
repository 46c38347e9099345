#include "quarantine-ui/http/connections.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "lib/base/fd.h"

struct connection {
	struct connection *before, *behind;
	int fd;
	enum connection_phase phase;
	int64_t since_mono_ms;
};

struct connections {
	pthread_mutex_t lock;
	struct connection *first;
	int64_t limits_ms[CONNECTION_PHASE_COUNT];
};

enum status
connections_new(const int64_t limits_ms[CONNECTION_PHASE_COUNT],
		struct connections **connections_out, struct err *err)
{
	struct connections *connections = calloc(1, sizeof(*connections));

	if (connections == NULL)
		return err_set(err, ST_NO_MEMORY, "connections: no memory");
	(void)pthread_mutex_init(&connections->lock, NULL);
	memcpy(connections->limits_ms, limits_ms,
	       sizeof(connections->limits_ms));
	*connections_out = connections;
	return ST_OK;
}

void
connections_free(struct connections **connections)
{
	if (*connections == NULL)
		return;
	while ((*connections)->first != NULL)
		connections_remove(*connections, (*connections)->first);
	(void)pthread_mutex_destroy(&(*connections)->lock);
	free(*connections);
	*connections = NULL;
}

struct connection *
connections_add(struct connections *connections, int fd, int64_t now_mono_ms)
{
	struct connection *connection = calloc(1, sizeof(*connection));

	if (connection == NULL)
		return NULL;
	connection->fd = fd;
	connection->phase = CONNECTION_HEADER;
	connection->since_mono_ms = now_mono_ms;
	(void)pthread_mutex_lock(&connections->lock);
	connection->behind = connections->first;
	if (connections->first != NULL)
		connections->first->before = connection;
	connections->first = connection;
	(void)pthread_mutex_unlock(&connections->lock);
	return connection;
}

void
connections_enter(struct connections *connections,
		  struct connection *connection, enum connection_phase phase,
		  int64_t now_mono_ms)
{
	if (connection == NULL)
		return;
	(void)pthread_mutex_lock(&connections->lock);
	connection->phase = phase;
	connection->since_mono_ms = now_mono_ms;
	(void)pthread_mutex_unlock(&connections->lock);
}

void
connections_remove(struct connections *connections,
		   struct connection *connection)
{
	if (connection == NULL)
		return;
	(void)pthread_mutex_lock(&connections->lock);
	if (connection->before != NULL)
		connection->before->behind = connection->behind;
	else
		connections->first = connection->behind;
	if (connection->behind != NULL)
		connection->behind->before = connection->before;
	(void)pthread_mutex_unlock(&connections->lock);
	free(connection);
}

size_t
connections_cut(struct connections *connections, int64_t now_mono_ms)
{
	size_t cut_count = 0;

	(void)pthread_mutex_lock(&connections->lock);
	for (struct connection *one = connections->first; one != NULL;
	     one = one->behind) {
		const int64_t limit_ms = connections->limits_ms[one->phase];

		if (one->fd == FD_NONE || limit_ms == 0 ||
		    now_mono_ms - one->since_mono_ms <= limit_ms)
			continue;
		(void)shutdown(one->fd, SHUT_RDWR);
		one->fd = FD_NONE; /* once is enough; the owner closes it */
		cut_count++;
	}
	(void)pthread_mutex_unlock(&connections->lock);
	return cut_count;
}
