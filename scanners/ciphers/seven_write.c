#include "scanners/ciphers/seven_write.h"

#include <string.h>

/* Packed streams, one behind another. */
struct seven_writer {
	struct span body;
	struct seven_header *header;
	struct seven_keys *keys;
	struct sbuf *out;
	uint64_t at; /* of the next stream in body */
};

static enum status
seven_put_stream(struct seven_writer *writer, struct span stream,
		 const struct seven_place *place, uint64_t *size_out,
		 struct err *err)
{
	const uint8_t *key = NULL;

	if (place == NULL) {
		sbuf_add_span(writer->out, stream);
		*size_out = stream.len_bytes;
		return sbuf_status(writer->out, "7z: archive", err);
	}
	const enum status st =
		seven_key_of(writer->keys, &place->aes, &key, err);

	if (st != ST_OK)
		return st;
	const size_t size = place->size_bytes < stream.len_bytes
				    ? (size_t)place->size_bytes
				    : stream.len_bytes;
	const size_t before = writer->out->len_bytes;
	uint8_t *room = sbuf_extend(writer->out, stream.len_bytes);

	if (room == NULL)
		return sbuf_status(writer->out, "7z: archive", err);
	/* What is no whole block cannot be decrypted. */
	memset(room, 0, stream.len_bytes);
	seven_decrypt(&place->aes, key, stream, room);
	sbuf_truncate(writer->out, before + size);
	*size_out = size;
	return ST_OK;
}

/* The streams of a folder, those that are encrypted in clear; then the coders
 * are taken out. */
static enum status
seven_put_streams(struct seven_writer *writer, struct seven_folder *folder,
		  struct err *err)
{
	struct seven_place places[SEVEN_STREAMS];
	bool locked[SEVEN_STREAMS] = { false };
	enum status st = ST_OK;

	while (st == ST_OK) {
		struct seven_place place;

		st = seven_find_aes(folder, &place, err);
		if (st != ST_OK)
			break;
		places[place.packed] = place;
		locked[place.packed] = true;
		st = seven_take_out(folder, &place, err);
	}
	if (st != ST_NOT_FOUND)
		return st;
	st = ST_OK;
	for (size_t i = 0; st == ST_OK && i < folder->packed_count; i++) {
		uint64_t *size =
			&writer->header->packed[folder->first_packed + i];
		struct span stream = { NULL, 0 };

		if (writer->at > writer->body.len_bytes ||
		    *size > writer->body.len_bytes ||
		    !span_cut(writer->body, (size_t)writer->at, (size_t)*size,
			      &stream))
			return err_set(err, ST_FORMAT,
				       "7z: streams are missing");
		writer->at += *size;
		st = seven_put_stream(writer, stream,
				      locked[i] ? &places[i] : NULL, size, err);
	}
	return st;
}

static void
seven_put_header(struct sbuf *out, const struct seven_header *header,
		 size_t packed)
{
	const uint8_t head[] = { SEVEN_ID_HEADER, SEVEN_ID_STREAMS,
				 SEVEN_ID_PACK, 0 };
	const uint8_t folders[] = { 0, SEVEN_ID_UNPACK, SEVEN_ID_FOLDERS };

	sbuf_add(out, head, sizeof(head));
	seven_put_number(out, packed);
	sbuf_add_byte(out, SEVEN_ID_SIZES);
	for (size_t i = 0; i < packed; i++)
		seven_put_number(out, header->packed[i]);
	sbuf_add(out, folders, sizeof(folders));
	seven_put_number(out, header->folder_count);
	sbuf_add_byte(out, 0);
	for (size_t i = 0; i < header->folder_count; i++)
		seven_put_folder(out, &header->folders[i]);
	sbuf_add_byte(out, SEVEN_ID_UNPACK_SIZES);
	for (size_t i = 0; i < header->folder_count; i++)
		for (size_t k = 0; k < header->folders[i].out_count; k++)
			seven_put_number(out, header->folders[i].sizes[k]);
	sbuf_add_span(out, header->tail);
}

static void
seven_set_le(uint8_t *to, uint64_t value, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		to[i] = (uint8_t)(value >> (8 * i));
}

/* The start header, once all else is known. */
static void
seven_put_start(uint8_t *start, uint64_t header_at, struct span header)
{
	static const uint8_t head[] = {
		'7', 'z', 0xBC, 0xAF, 0x27, 0x1C, 0, 4
	};

	memcpy(start, head, sizeof(head));
	seven_set_le(start + 12, header_at, 8);
	seven_set_le(start + 20, header.len_bytes, 8);
	seven_set_le(start + 28, seven_crc(header), 4);
	seven_set_le(start + 8, seven_crc((struct span){ start + 12, 20 }), 4);
}

enum status
seven_write(struct span body, struct seven_header *header,
	    struct seven_keys *keys, struct sbuf *out, struct err *err)
{
	struct seven_writer writer = { body, header, keys, out,
				       header->pack_at };
	const size_t start = out->len_bytes;
	size_t packed = 0;
	enum status st = ST_OK;

	sbuf_expect(out, body.len_bytes + SEVEN_START_BYTES);
	if (sbuf_extend(out, SEVEN_START_BYTES) == NULL)
		return sbuf_status(out, "7z: archive", err);
	for (size_t i = 0; st == ST_OK && i < header->folder_count; i++) {
		st = seven_put_streams(&writer, &header->folders[i], err);
		packed += header->folders[i].packed_count;
	}
	if (st != ST_OK)
		return st;
	const size_t header_at = out->len_bytes;

	seven_put_header(out, header, packed);
	st = sbuf_status(out, "7z: archive", err);
	if (st == ST_OK)
		seven_put_start(out->bytes + start,
				header_at - start - SEVEN_START_BYTES,
				(struct span){ out->bytes + header_at,
					       out->len_bytes - header_at });
	return st;
}
