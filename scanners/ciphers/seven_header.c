#include "scanners/ciphers/seven_header.h"

#include <stdlib.h>

struct seven_reader {
	struct span bytes;
	size_t at;
	bool failed; /* something was not there, or too much */
};

bool
seven_number(struct span bytes, size_t *at, uint64_t *value_out)
{
	uint64_t value = 0;

	if (*at >= bytes.len_bytes)
		return false;
	const uint8_t first = bytes.ptr[(*at)++];

	for (unsigned i = 0; i < 8; i++) {
		const unsigned mask = 0x80U >> i;

		if ((first & mask) == 0) {
			value |= (uint64_t)(first & (mask - 1)) << (8 * i);
			break;
		}
		if (*at >= bytes.len_bytes)
			return false;
		value |= (uint64_t)bytes.ptr[(*at)++] << (8 * i);
	}
	*value_out = value;
	return true;
}

static uint64_t
seven_read(struct seven_reader *reader)
{
	uint64_t value = 0;

	if (!seven_number(reader->bytes, &reader->at, &value))
		reader->failed = true;
	return value;
}

/* A count that may not be above max. */
static size_t
seven_count(struct seven_reader *reader, size_t max)
{
	const uint64_t value = seven_read(reader);

	if (value > max)
		reader->failed = true;
	return reader->failed ? 0 : (size_t)value;
}

static uint8_t
seven_byte(struct seven_reader *reader)
{
	if (reader->at < reader->bytes.len_bytes)
		return reader->bytes.ptr[reader->at++];
	reader->failed = true;
	return 0;
}

static struct span
seven_bytes(struct seven_reader *reader, uint64_t len)
{
	struct span part = { NULL, 0 };

	if (len > reader->bytes.len_bytes ||
	    !span_cut(reader->bytes, reader->at, (size_t)len, &part))
		reader->failed = true;
	else
		reader->at += (size_t)len;
	return part;
}

/* Pass over digests of count things. */
static void
seven_skip_digests(struct seven_reader *reader, size_t count)
{
	size_t defined = count;

	if (seven_byte(reader) == 0) {
		const struct span bits = seven_bytes(reader, (count + 7) / 8);

		defined = 0;
		for (size_t i = 0; !reader->failed && i < count; i++)
			defined += bits.ptr[i / 8] >> (7 - i % 8) & 1;
	}
	(void)seven_bytes(reader, (uint64_t)defined * 4);
}

static enum status
seven_read_pack(struct seven_reader *reader, struct seven_header *header,
		struct err *err)
{
	header->pack_at = seven_read(reader);
	header->packed_count = seven_count(reader, SEVEN_PACKED);
	header->packed =
		calloc(header->packed_count + 1, sizeof(header->packed[0]));
	if (header->packed == NULL)
		return err_set(err, ST_NO_MEMORY, "7z: no memory");
	while (!reader->failed) {
		const uint8_t id = seven_byte(reader);

		if (id == 0)
			break;
		if (id == SEVEN_ID_SIZES)
			for (size_t i = 0; i < header->packed_count; i++)
				header->packed[i] = seven_read(reader);
		else if (id == SEVEN_ID_DIGESTS)
			seven_skip_digests(reader, header->packed_count);
		else
			reader->failed = true;
	}
	return ST_OK;
}

static void
seven_read_coder(struct seven_reader *reader, struct seven_coder *coder)
{
	enum { SEVEN_COMPLEX = 0x10, SEVEN_PROPS = 0x20, SEVEN_ODD = 0xC0 };
	const uint8_t flags = seven_byte(reader);

	if ((flags & SEVEN_ODD) != 0)
		reader->failed = true;
	coder->id = seven_bytes(reader, flags & 0x0F);
	coder->ins = 1;
	coder->outs = 1;
	if ((flags & SEVEN_COMPLEX) != 0) {
		coder->ins = (uint32_t)seven_count(reader, SEVEN_STREAMS);
		coder->outs = (uint32_t)seven_count(reader, SEVEN_STREAMS);
	}
	coder->has_props = (flags & SEVEN_PROPS) != 0;
	if (coder->has_props)
		coder->props = seven_bytes(reader, seven_read(reader));
}

static bool
seven_is_bound(const struct seven_folder *folder, uint32_t in)
{
	for (size_t i = 0; i < folder->pair_count; i++)
		if (folder->pairs[i].in == in)
			return true;
	return false;
}

static void
seven_read_packed(struct seven_reader *reader, struct seven_folder *folder,
		  uint32_t ins)
{
	if (folder->packed_count != 1) {
		for (size_t i = 0; i < folder->packed_count; i++)
			folder->packed[i] =
				(uint32_t)seven_count(reader, SEVEN_STREAMS);
		return;
	}
	while (folder->packed[0] < ins &&
	       seven_is_bound(folder, folder->packed[0]))
		folder->packed[0]++;
}

static void
seven_read_folder(struct seven_reader *reader, struct seven_folder *folder)
{
	uint32_t ins = 0;
	uint32_t outs = 0;

	folder->coder_count = seven_count(reader, SEVEN_CODERS);
	for (size_t i = 0; !reader->failed && i < folder->coder_count; i++) {
		seven_read_coder(reader, &folder->coders[i]);
		ins += folder->coders[i].ins;
		outs += folder->coders[i].outs;
	}
	if (ins > SEVEN_STREAMS || outs > SEVEN_STREAMS || outs == 0 ||
	    ins + 1 < outs || reader->failed) {
		reader->failed = true;
		return;
	}
	folder->out_count = outs;
	folder->pair_count = outs - 1;
	for (size_t i = 0; i < folder->pair_count; i++) {
		folder->pairs[i].in = (uint32_t)seven_count(reader, ins);
		folder->pairs[i].out = (uint32_t)seven_count(reader, outs);
	}
	folder->packed_count = ins - folder->pair_count;
	seven_read_packed(reader, folder, ins);
}

static enum status
seven_read_folders(struct seven_reader *reader, struct seven_header *header,
		   struct err *err)
{
	size_t packed = 0;

	if (seven_byte(reader) != SEVEN_ID_FOLDERS)
		reader->failed = true;
	header->folder_count = seven_count(reader, SEVEN_FOLDERS);
	if (seven_byte(reader) != 0)
		reader->failed = true; /* they stand elsewhere */
	header->folders =
		calloc(header->folder_count + 1, sizeof(header->folders[0]));
	if (header->folders == NULL)
		return err_set(err, ST_NO_MEMORY, "7z: no memory");
	for (size_t i = 0; i < header->folder_count && !reader->failed; i++) {
		header->folders[i].first_packed = packed;
		seven_read_folder(reader, &header->folders[i]);
		packed += header->folders[i].packed_count;
	}
	if (packed > header->packed_count ||
	    seven_byte(reader) != SEVEN_ID_UNPACK_SIZES)
		reader->failed = true;
	for (size_t i = 0; i < header->folder_count && !reader->failed; i++)
		for (size_t k = 0; k < header->folders[i].out_count; k++)
			header->folders[i].sizes[k] = seven_read(reader);
	return ST_OK;
}

enum status
seven_header_parse(struct span bytes, struct seven_header *header,
		   struct err *err)
{
	struct seven_reader reader = { .bytes = bytes };
	const uint8_t id = seven_byte(&reader);
	enum status st = ST_OK;

	*header = (struct seven_header){ .encoded = id == SEVEN_ID_ENCODED };
	if (id != SEVEN_ID_HEADER && id != SEVEN_ID_ENCODED)
		return err_set(err, ST_FORMAT, "7z: damaged header");
	if (id == SEVEN_ID_HEADER) {
		const uint8_t next = seven_byte(&reader);

		/* Files without contents, or nothing. */
		if (next != SEVEN_ID_STREAMS)
			return next == 0 || next == 5
				       ? err_set(err, ST_NOT_FOUND,
						 "7z: no streams")
				       : err_set(err, ST_UNSUPPORTED,
						 "7z: unknown header");
	}
	if (seven_byte(&reader) != SEVEN_ID_PACK)
		return err_set(err, ST_FORMAT, "7z: damaged header");
	st = seven_read_pack(&reader, header, err);
	if (st == ST_OK && seven_byte(&reader) != SEVEN_ID_UNPACK)
		reader.failed = true;
	if (st == ST_OK && !reader.failed)
		st = seven_read_folders(&reader, header, err);
	if (st != ST_OK)
		return st;
	if (reader.failed)
		return err_set(err, ST_FORMAT, "7z: damaged header");
	(void)span_cut(bytes, reader.at, bytes.len_bytes - reader.at,
		       &header->tail);
	return ST_OK;
}

void
seven_header_done(struct seven_header *header)
{
	free(header->packed);
	free(header->folders);
	*header = (struct seven_header){ .encoded = false };
}

bool
seven_header_digest(const struct seven_header *header, uint32_t *digest_out)
{
	uint32_t id = 0;
	uint32_t all = 0;

	return header->folder_count == 1 &&
	       span_read_le(header->tail, 0, 1, &id) &&
	       id == SEVEN_ID_DIGESTS &&
	       span_read_le(header->tail, 1, 1, &all) && all == 1 &&
	       span_read_le(header->tail, 2, 4, digest_out);
}

/* How many substreams there are; sizes of all but the last of a folder stand
 * behind their counts. */
static void
seven_skip_substreams(struct seven_reader *reader, size_t folders)
{
	size_t sizes = 0;
	uint8_t id = seven_byte(reader);

	if (id == SEVEN_ID_COUNTS) {
		for (size_t i = 0; i < folders && !reader->failed; i++) {
			const size_t count =
				seven_count(reader, reader->bytes.len_bytes);

			sizes += count > 0 ? count - 1 : 0;
		}
		id = seven_byte(reader);
	}
	if (id == SEVEN_ID_SIZES) {
		for (size_t i = 0; i < sizes && !reader->failed; i++)
			(void)seven_read(reader);
		id = seven_byte(reader);
	}
	if (id != SEVEN_ID_DIGESTS)
		reader->failed = true;
}

bool
seven_header_is_checked(const struct seven_header *header)
{
	struct seven_reader reader = { .bytes = header->tail };
	uint8_t id = seven_byte(&reader);

	if (id == SEVEN_ID_DIGESTS) {
		const size_t at = reader.at;

		if (seven_byte(&reader) == 1)
			return true;
		reader.at = at;
		seven_skip_digests(&reader, header->folder_count);
		id = seven_byte(&reader);
	}
	if (id != 0 || seven_byte(&reader) != SEVEN_ID_SUBSTREAMS)
		return false;
	seven_skip_substreams(&reader, header->folder_count);
	return !reader.failed && seven_byte(&reader) == 1;
}
