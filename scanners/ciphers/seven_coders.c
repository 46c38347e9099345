#include "scanners/ciphers/seven_coders.h"

#include <string.h>

#include "lib/base/attr.h"
#include "lib/base/parse.h"
#include "scanners/ciphers/seven_cipher.h"

enum {
	SEVEN_AES_BYTES = 2, /* of properties, before salt and vector */
	SEVEN_RAW_KEY = 0x3F /* the password itself is the key */
};

enum seven_method
seven_method_of(const struct seven_coder *coder)
{
	static const struct {
		uint8_t id[4];
		uint8_t len;
		enum seven_method method;
	} all[] = {
		{ { 0x00 }, 1, SEVEN_METHOD_COPY },
		{ { 0x21 }, 1, SEVEN_METHOD_LZMA2 },
		{ { 0x03, 0x01, 0x01 }, 3, SEVEN_METHOD_LZMA },
		{ { 0x06, 0xF1, 0x07, 0x01 }, 4, SEVEN_METHOD_AES },
	};

	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		if (span_equal(coder->id,
			       (struct span){ all[i].id, all[i].len }))
			return all[i].method;
	return SEVEN_METHOD_OTHER;
}

static enum status
seven_aes_of(const struct seven_coder *coder, struct seven_aes *aes,
	     struct err *err)
{
	const struct span props = coder->props;

	*aes = (struct seven_aes){ .power = 0 };
	if (coder->ins != 1 || coder->outs != 1 || props.len_bytes == 0)
		return err_set(err, ST_FORMAT, "7z: damaged coder");
	const uint8_t first = props.ptr[0];
	const uint8_t second = props.len_bytes > 1 ? props.ptr[1] : 0;
	const size_t vector_bytes = (first >> 6 & 1) + (size_t)(second & 15);

	aes->power = first & 0x3F;
	aes->salt_bytes = (first >> 7 & 1) + (size_t)(second >> 4);
	if ((first & 0xC0) == 0)
		aes->salt_bytes = 0;
	else if (props.len_bytes <
		 SEVEN_AES_BYTES + aes->salt_bytes + vector_bytes)
		return err_set(err, ST_FORMAT, "7z: damaged coder");
	if (aes->power == SEVEN_RAW_KEY)
		return err_set(err, ST_UNSUPPORTED, "7z: key without rounds");
	if (aes->power > SEVEN_CIPHER_MAX_POWER)
		return err_set(err, ST_LIMIT, "limit rounds");
	if ((first & 0xC0) == 0)
		return ST_OK;
	memcpy(aes->salt, props.ptr + SEVEN_AES_BYTES, aes->salt_bytes);
	memcpy(aes->vector, props.ptr + SEVEN_AES_BYTES + aes->salt_bytes,
	       vector_bytes);
	return ST_OK;
}

/* Who reads output out: the coder with that input, or nobody. */
static void
seven_find_next(const struct seven_folder *folder, struct seven_place *place)
{
	uint32_t in = 0;
	uint32_t out = 0;
	size_t pair = 0;

	while (pair < folder->pair_count &&
	       folder->pairs[pair].out != place->out)
		pair++;
	place->next = NULL;
	for (size_t i = 0; pair < folder->pair_count && i < folder->coder_count;
	     i++) {
		const struct seven_coder *coder = &folder->coders[i];

		if (folder->pairs[pair].in >= in &&
		    folder->pairs[pair].in < in + coder->ins) {
			place->next = coder;
			place->next_bytes =
				out < SEVEN_STREAMS ? folder->sizes[out] : 0;
			return;
		}
		in += coder->ins;
		out += coder->outs;
	}
}

enum status
seven_find_aes(const struct seven_folder *folder, struct seven_place *place_out,
	       struct err *err)
{
	struct seven_place place = { .coder = 0 };

	while (place.coder < folder->coder_count &&
	       seven_method_of(&folder->coders[place.coder]) !=
		       SEVEN_METHOD_AES) {
		place.in += folder->coders[place.coder].ins;
		place.out += folder->coders[place.coder].outs;
		place.coder++;
	}
	if (place.coder == folder->coder_count)
		return err_set(err, ST_NOT_FOUND, "7z: not encrypted");
	const enum status st =
		seven_aes_of(&folder->coders[place.coder], &place.aes, err);

	if (st != ST_OK)
		return st;
	while (place.packed < folder->packed_count &&
	       folder->packed[place.packed] != place.in)
		place.packed++;
	if (place.packed == folder->packed_count ||
	    place.out >= folder->out_count)
		return err_set(err, ST_UNSUPPORTED,
			       "7z: encrypted before it is packed");
	place.size_bytes = folder->sizes[place.out];
	seven_find_next(folder, &place);
	*place_out = place;
	return ST_OK;
}

static uint32_t
seven_behind(uint32_t index, uint32_t gone)
{
	return index > gone ? index - 1 : index;
}

/* The numbers of what came behind. */
static void
seven_renumber(struct seven_folder *folder, const struct seven_place *place)
{
	for (size_t i = 0; i < folder->pair_count; i++) {
		struct seven_pair *pair = &folder->pairs[i];

		pair->in = seven_behind(pair->in, place->in);
		pair->out = seven_behind(pair->out, place->out);
	}
	for (size_t i = 0; i < folder->packed_count; i++)
		folder->packed[i] = seven_behind(folder->packed[i], place->in);
	folder->out_count--;
	for (size_t i = place->out; i < folder->out_count; i++)
		folder->sizes[i] = folder->sizes[i + 1];
	folder->coder_count--;
	for (size_t i = place->coder; i < folder->coder_count; i++)
		folder->coders[i] = folder->coders[i + 1];
}

enum status
seven_take_out(struct seven_folder *folder, const struct seven_place *place,
	       struct err *err)
{
	static const uint8_t copy = 0;
	size_t pair = 0;

	if (folder->coder_count == 1) {
		folder->coders[0] = (struct seven_coder){ .id = { &copy, 1 },
							  .ins = 1,
							  .outs = 1 };
		return ST_OK;
	}
	while (pair < folder->pair_count &&
	       folder->pairs[pair].out != place->out)
		pair++;
	if (pair == folder->pair_count)
		return err_set(err, ST_UNSUPPORTED,
			       "7z: encrypted before it is packed");
	folder->packed[place->packed] = folder->pairs[pair].in;
	folder->pair_count--;
	for (; pair < folder->pair_count; pair++)
		folder->pairs[pair] = folder->pairs[pair + 1];
	seven_renumber(folder, place);
	return ST_OK;
}

void
seven_put_number(struct sbuf *out, uint64_t value)
{
	uint8_t first = 0;
	uint8_t mask = 0x80;
	size_t count = 0;

	while (count < 8 && value >= (uint64_t)1 << (7 * (count + 1))) {
		first |= mask;
		mask >>= 1;
		count++;
	}
	if (count < 8)
		first |= (uint8_t)(value >> (8 * count));
	sbuf_add_byte(out, first);
	for (size_t i = 0; i < count; i++)
		sbuf_add_byte(out, (uint8_t)(value >> (8 * i)));
}

void
seven_put_folder(struct sbuf *out, const struct seven_folder *folder)
{
	seven_put_number(out, folder->coder_count);
	for (size_t i = 0; i < folder->coder_count; i++) {
		const struct seven_coder *coder = &folder->coders[i];
		const bool complex = coder->ins != 1 || coder->outs != 1;

		sbuf_add_byte(out, (uint8_t)(coder->id.len_bytes |
					     (complex ? 0x10U : 0) |
					     (coder->has_props ? 0x20U : 0)));
		sbuf_add_span(out, coder->id);
		if (complex) {
			seven_put_number(out, coder->ins);
			seven_put_number(out, coder->outs);
		}
		if (coder->has_props) {
			seven_put_number(out, coder->props.len_bytes);
			sbuf_add_span(out, coder->props);
		}
	}
	for (size_t i = 0; i < folder->pair_count; i++) {
		seven_put_number(out, folder->pairs[i].in);
		seven_put_number(out, folder->pairs[i].out);
	}
	for (size_t i = 0; folder->packed_count > 1 && i < folder->packed_count;
	     i++)
		seven_put_number(out, folder->packed[i]);
}
