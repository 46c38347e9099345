#include "vault/case/link_events.h"

#include "lib/base/parse.h"

struct events_reading {
	const struct vault *vault;
	struct wire_arena *arena;
	struct link_events *events;
	struct store_link_event_most most;
	struct store_link_event_most read;
};

static bool
put(struct wire_arena *arena, const char **place, const char *text)
{
	*place = wire_arena_text(arena, span_of(text));
	return *place != NULL;
}

static enum status
add_event(void *context, const struct store_link_event *row, struct err *err)
{
	struct events_reading *reading = context;
	struct wire_arena *to = reading->arena;
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct link_event_words words = { .event = "" };
	struct vault_link_event *event = NULL;
	enum status st = ST_OK;

	if (reading->events->count ==
	    (size_t)reading->most.major + reading->most.minor)
		return ST_END;
	if (row->minor)
		reading->read.minor++;
	else
		reading->read.major++;
	st = vault_unbox(reading->vault, &link_event_words_table, row->words,
			 &words, &arena, err);
	if (st != ST_OK)
		return st;
	event = &reading->events->items[reading->events->count++];
	event->at_unix_ms = row->at_unix_ms;
	if (!put(to, &event->event, words.event) ||
	    !put(to, &event->actor, words.actor) ||
	    !put(to, &event->client_address, words.client_address) ||
	    !put(to, &event->agent, words.agent) ||
	    !put(to, &event->file, words.file))
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	return ST_OK;
}

enum status
link_events_read(const struct vault *vault,
		 const uint8_t link_id[LINK_ID_BYTES],
		 struct store_link_event_most most, struct wire_arena *arena,
		 struct link_events *events, struct err *err)
{
	struct events_reading reading = {
		vault, arena, events, most, { 0, 0 }
	};
	enum status st = ST_OK;

	*events = (struct link_events){ .count = 0 };
	events->items =
		wire_arena_alloc(arena, ((size_t)most.major + most.minor + 1) *
						sizeof(*events->items));
	if (events->items == NULL)
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	st = store_link_event_each(vault->store, link_id, most, add_event,
				   &reading, err);
	events->cut = reading.read.major == most.major ||
		      reading.read.minor == most.minor;
	return st;
}
