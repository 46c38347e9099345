#include "scanners/locks/pdf_encrypt.h"

#include <string.h>

#include "lib/base/parse.h"
#include "scanners/locks/pdf_token.h"

enum {
	PDF_TRAILER_BYTES = 65536, /* of a dictionary, at most */
	PDF_LOOKED = 64,           /* places that may name an encryption */
	PDF_RC4_40 = 5,
	PDF_KEY_128 = 16,
	PDF_RC4_SHORT_BYTES = 32
};

/* The place of the last text before end; SIZE_MAX: none. */
static size_t
pdf_rfind(struct span file, size_t end, const char *text)
{
	const size_t len = strlen(text);

	for (size_t at = end; at >= len; at--)
		if (file.ptr[at - len] == (uint8_t)text[0] &&
		    memcmp(file.ptr + at - len, text, len) == 0)
			return at - len;
	return SIZE_MAX;
}

/* Where the dictionary starts that the key at at is in: behind its "<<". */
static size_t
pdf_dictionary_start(struct span file, size_t at)
{
	const size_t least =
		at > PDF_TRAILER_BYTES ? at - PDF_TRAILER_BYTES : 0;
	size_t depth = 0;

	while (at > least + 1) {
		at--;
		if (file.ptr[at] == '>' && file.ptr[at - 1] == '>') {
			depth++;
			at--;
		} else if (file.ptr[at] == '<' && file.ptr[at - 1] == '<') {
			if (depth == 0)
				return at + 1;
			depth--;
			at--;
		}
	}
	return SIZE_MAX;
}

/* No dictionary goes on for longer; so looks at many cost little. */
static struct span
pdf_until(struct span file, size_t at)
{
	if (at < file.len_bytes && file.len_bytes - at > PDF_TRAILER_BYTES)
		file.len_bytes = at + PDF_TRAILER_BYTES;
	return file;
}

static bool
pdf_number(struct span bytes, size_t at, uint32_t *value_out)
{
	struct pdf_token token;
	struct span text = { NULL, 0 };
	uint64_t value = 0;

	if (!pdf_token_next(bytes, &at, &token) || token.kind != PDF_TOKEN_WORD)
		return false;
	text = token.text;
	const bool negative = text.ptr[0] == '-';

	if (negative)
		(void)span_cut(text, 1, text.len_bytes - 1, &text);
	if (!parse_u64(text, UINT32_MAX, &value))
		return false;
	*value_out = negative ? 0U - (uint32_t)value : (uint32_t)value;
	return true;
}

/* A number that a dictionary has, or what it is without. */
static uint32_t
pdf_value(struct span file, size_t dictionary, const char *key,
	  uint32_t otherwise)
{
	struct pdf_token token;
	size_t at = 0;
	uint32_t value = otherwise;

	if (pdf_dictionary_find(file, dictionary, key, &at, &token))
		(void)pdf_number(file, at, &value);
	return value;
}

/* Object number: behind the "<<" of its dictionary. SIZE_MAX: none. */
static size_t
pdf_object(struct span file, uint32_t number)
{
	char text[32];
	struct pdf_token token;
	size_t end = file.len_bytes;

	(void)snprintf(text, sizeof(text), "%u 0 obj", (unsigned)number);
	for (;;) {
		size_t at = pdf_rfind(file, end, text);

		if (at == SIZE_MAX)
			return SIZE_MAX;
		end = at + strlen(text) - 1;
		if (at > 0 && file.ptr[at - 1] >= '0' &&
		    file.ptr[at - 1] <= '9')
			continue;
		at += strlen(text);
		if (pdf_token_next(pdf_until(file, at), &at, &token) &&
		    token.kind == PDF_TOKEN_OPEN)
			return at;
	}
}

/* The encryption dictionary that the key at at names, or is followed by. */
static size_t
pdf_encrypt_at(struct span file, size_t at)
{
	struct pdf_token token;
	uint32_t number = 0;
	size_t value_at = at + strlen("/Encrypt");
	const size_t number_at = value_at;

	if (!pdf_token_next(pdf_until(file, value_at), &value_at, &token))
		return SIZE_MAX;
	if (token.kind == PDF_TOKEN_OPEN)
		return value_at;
	return pdf_number(file, number_at, &number) ? pdf_object(file, number)
						    : SIZE_MAX;
}

static bool
pdf_find_string(struct span file, size_t dictionary, const char *key,
		struct pdf_string *out)
{
	struct pdf_token token;
	size_t at = 0;

	return pdf_dictionary_find(file, dictionary, key, &at, &token) &&
	       pdf_string_bytes(&token, out->bytes, sizeof(out->bytes),
				&out->len_bytes);
}

/* The first identifier of the dictionary that has it. */
static void
pdf_find_id(struct span file, size_t encrypt_key_at, struct pdf_string *id)
{
	const size_t trailer = pdf_dictionary_start(file, encrypt_key_at);
	struct pdf_token token;
	size_t at = 0;

	if (trailer != SIZE_MAX &&
	    pdf_dictionary_find(pdf_until(file, trailer), trailer, "ID", &at,
				&token) &&
	    token.kind == PDF_TOKEN_OPEN && pdf_token_next(file, &at, &token) &&
	    pdf_token_next(file, &at, &token) &&
	    !pdf_string_bytes(&token, id->bytes, sizeof(id->bytes),
			      &id->len_bytes))
		id->len_bytes = 0;
}

/* What version 4 and 5 say: the method of the filter for streams. */
static bool
pdf_is_aes(struct span file, size_t dictionary)
{
	struct pdf_token token;
	size_t at = 0;

	if (!pdf_dictionary_find(file, dictionary, "CF", &at, &token))
		return false;
	/* All filters say the same, or one of them is AES. */
	for (size_t i = 0, depth = 0;
	     i < 64 && pdf_token_next(file, &at, &token); i++) {
		depth += token.kind == PDF_TOKEN_OPEN ? 1 : 0;
		depth -= token.kind == PDF_TOKEN_CLOSE ? 1 : 0;
		if (token.kind == PDF_TOKEN_NAME && token.text.len_bytes >= 4 &&
		    memcmp(token.text.ptr, "AESV", 4) == 0)
			return true;
		if (depth == 0)
			break;
	}
	return false;
}

static enum status
pdf_take(struct span file, size_t dictionary, struct pdf_encrypt *encrypt,
	 struct err *err)
{
	const uint32_t version = pdf_value(file, dictionary, "V", 0);
	const uint32_t bits = pdf_value(file, dictionary, "Length", 40);
	struct pdf_token token;
	size_t at = 0;
	const bool is_long = version == 5;
	const size_t least = is_long ? PDF_LONG_BYTES : PDF_RC4_SHORT_BYTES;

	encrypt->revision = pdf_value(file, dictionary, "R", 0);
	encrypt->permission = pdf_value(file, dictionary, "P", 0);
	encrypt->metadata =
		!pdf_dictionary_find(file, dictionary, "EncryptMetadata", &at,
				     &token) ||
		!span_equal(token.text, span_of("false"));
	if (version < 1 || version > 5 || version == 3 ||
	    encrypt->revision < 2 || encrypt->revision > 6 ||
	    is_long != (encrypt->revision >= 5))
		return err_set(err, ST_UNSUPPORTED,
			       "pdf: unknown kind of encryption");
	encrypt->key_bytes = version == 4 ? (size_t)PDF_KEY_128 : bits / 8;
	if (version == 1)
		encrypt->key_bytes = PDF_RC4_40;
	if (!is_long && (encrypt->key_bytes < PDF_RC4_40 ||
			 encrypt->key_bytes > PDF_KEY_128))
		return err_set(err, ST_FORMAT, "pdf: damaged encryption");
	if (is_long)
		encrypt->name = "pdf: AES-256";
	else if (version == 4 && pdf_is_aes(file, dictionary))
		encrypt->name = "pdf: AES-128";
	else
		encrypt->name = encrypt->key_bytes == PDF_RC4_40
					? "pdf: RC4-40"
					: "pdf: RC4-128";
	if (!pdf_find_string(file, dictionary, "O", &encrypt->owner) ||
	    !pdf_find_string(file, dictionary, "U", &encrypt->user) ||
	    encrypt->owner.len_bytes < least || encrypt->user.len_bytes < least)
		return err_set(err, ST_FORMAT, "pdf: damaged encryption");
	return ST_OK;
}

enum status
pdf_encrypt_find(struct span file, struct pdf_encrypt *encrypt_out,
		 struct err *err)
{
	struct pdf_encrypt encrypt = { .revision = 0 };
	struct pdf_token token;
	size_t end = file.len_bytes;
	size_t key_at = 0;
	size_t dictionary = SIZE_MAX;
	size_t at = 0;

	for (size_t i = 0; dictionary == SIZE_MAX; i++) {
		key_at = i < PDF_LOOKED ? pdf_rfind(file, end, "/Encrypt")
					: SIZE_MAX;
		if (key_at == SIZE_MAX)
			return err_set(err, ST_NOT_FOUND, "pdf: not encrypted");
		end = key_at + strlen("/Encrypt") - 1;
		/* Other keys begin so, too. */
		dictionary = pdf_encrypt_at(file, key_at);
		if (dictionary != SIZE_MAX &&
		    !pdf_dictionary_find(pdf_until(file, dictionary),
					 dictionary, "Filter", &at, &token))
			dictionary = SIZE_MAX;
	}
	if (!span_equal(token.text, span_of("Standard")))
		return err_set(err, ST_UNSUPPORTED, "pdf: certificate");
	pdf_find_id(file, key_at, &encrypt.id);
	const enum status st = pdf_take(pdf_until(file, dictionary), dictionary,
					&encrypt, err);

	if (st == ST_OK)
		*encrypt_out = encrypt;
	return st;
}
