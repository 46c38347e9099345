#include "tests/bench/decode_rivals.h"

#include <errno.h>
#include <iconv.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"

static const char rival_digits[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

size_t
rival_iconv(const char *from, const char *to, struct span in, struct sbuf *out)
{
	iconv_t conversion = iconv_open(to, from);
	const size_t start = out->len_bytes;
	const size_t room = in.len_bytes * 3 + 64;
	uint8_t *place = sbuf_extend(out, room);
	/* iconv() takes a pointer to bytes that it does not change. */
	union {
		/* cppcheck-suppress unusedStructMember ; read as theirs */
		const uint8_t *in;
		char *theirs;
	} from_at = { .in = in.ptr };
	char *to_at = (char *)place;
	size_t from_left = in.len_bytes;
	size_t to_left = room;

	if (conversion == (iconv_t)-1 || place == NULL ||
	    iconv(conversion, &from_at.theirs, &from_left, &to_at, &to_left) ==
		    (size_t)-1 ||
	    iconv(conversion, NULL, NULL, &to_at, &to_left) == (size_t)-1) {
		(void)fprintf(stderr, "iconv: %s to %s: errno %d\n", from, to,
			      errno);
		abort();
	}
	(void)iconv_close(conversion);
	sbuf_truncate(out, start + room - to_left);
	return out->len_bytes;
}

size_t
rival_base64_bytewise(struct span in, struct sbuf *out)
{
	uint8_t *start = sbuf_extend(out, in.len_bytes);
	uint8_t *place = start;
	uint8_t values[256];
	uint32_t bits = 0;
	int count = 0;

	memset(values, 64, sizeof(values));
	for (int i = 0; i < 64; i++)
		values[(uint8_t)rival_digits[i]] = (uint8_t)i;
	for (size_t i = 0; i < in.len_bytes; i++) {
		const uint32_t value = values[in.ptr[i]];

		if (value > 63)
			continue;
		bits = bits << 6 | value;
		if (++count < 4)
			continue;
		*place++ = (uint8_t)(bits >> 16);
		*place++ = (uint8_t)(bits >> 8);
		*place++ = (uint8_t)bits;
		count = 0;
	}
	sbuf_truncate(out, (size_t)(place - start));
	return out->len_bytes;
}

size_t
rival_base64_tables(struct span in, struct sbuf *out)
{
	static uint32_t tables[4][256];
	uint8_t *start = sbuf_extend(out, in.len_bytes);
	uint8_t *place = start;
	size_t i = 0;

	for (size_t k = 0; k < 4; k++) {
		for (size_t c = 0; c < 256; c++)
			tables[k][c] = UINT32_C(1) << 24;
		for (uint32_t c = 0; c < 64; c++)
			tables[k][(uint8_t)rival_digits[c]] = c << (18 - 6 * k);
	}
	while (i + 4 <= in.len_bytes) {
		if (in.ptr[i] == '\r' || in.ptr[i] == '\n') {
			i++;
			continue;
		}
		const uint32_t bits =
			tables[0][in.ptr[i]] | tables[1][in.ptr[i + 1]] |
			tables[2][in.ptr[i + 2]] | tables[3][in.ptr[i + 3]];

		if (bits >> 24 != 0)
			break;
		place[0] = (uint8_t)(bits >> 16);
		place[1] = (uint8_t)(bits >> 8);
		place[2] = (uint8_t)bits;
		place += 3;
		i += 4;
	}
	sbuf_truncate(out, (size_t)(place - start));
	return out->len_bytes;
}

static int
rival_hex(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

size_t
rival_quoted(struct span in, struct sbuf *out)
{
	uint8_t *start = sbuf_extend(out, in.len_bytes);
	uint8_t *place = start;
	size_t i = 0;

	while (i < in.len_bytes) {
		if (in.ptr[i] != '=') {
			*place++ = in.ptr[i++];
		} else if (i + 2 < in.len_bytes && in.ptr[i + 1] == '\r') {
			i += 3;
		} else if (i + 2 < in.len_bytes) {
			*place++ = (uint8_t)(rival_hex(in.ptr[i + 1]) * 16 +
					     rival_hex(in.ptr[i + 2]));
			i += 3;
		} else {
			break;
		}
	}
	sbuf_truncate(out, (size_t)(place - start));
	return out->len_bytes;
}

void
rival_encode_base64(struct span in, struct sbuf *out)
{
	for (size_t at = 0; at + 57 <= in.len_bytes; at += 57) {
		struct span line = { 0 };

		(void)span_cut(in, at, 57, &line);
		format_base64(out, line);
		sbuf_add_text(out, "\r\n");
	}
}

void
rival_encode_quoted(struct span in, struct sbuf *out)
{
	size_t column = 0;

	for (size_t i = 0; i < in.len_bytes; i++) {
		const uint8_t c = in.ptr[i];

		if (column > 72 && c != '\r' && c != '\n') {
			sbuf_add_text(out, "=\r\n");
			column = 0;
		}
		if ((c >= 0x20 && c < 0x7F && c != '=') || c == '\r' ||
		    c == '\n') {
			sbuf_add_byte(out, c);
			column = c == '\n' ? 0 : column + 1;
		} else {
			sbuf_addf(out, "=%02X", c);
			column += 3;
		}
	}
}

static uint32_t
rival_next(uint32_t *seed)
{
	*seed = *seed * 1664525U + 1013904223U;
	return *seed >> 8;
}

void
rival_write_prose(struct sbuf *out, size_t len_bytes)
{
	static const char *const phrases[] = {
		"いつもお世話になっております。",
		"株式会社サンプルの山田でございます。",
		"先日ご依頼いただきました件につきまして、",
		"下記のとおりご報告申し上げます。",
		"添付の資料をご確認のうえ、",
		"ご不明な点がございましたらお知らせください。",
		"次回の打ち合わせは10月16日(金)14:00からでお願いいたします。",
		"見積書はPDFでお送りします。",
		"システムの更新作業は来週の予定です。",
		"請求番号は2026-10160001、金額は１２３，４５６円です。",
		"引き続きよろしくお願い申し上げます。",
	};
	uint32_t seed = 20261122;

	while (out->len_bytes < len_bytes) {
		for (int i = 0; i < 3; i++)
			sbuf_add_text(out, phrases[rival_next(&seed) %
						   ARRAY_LEN(phrases)]);
		sbuf_add_text(out, "\r\n");
	}
}

void
rival_write_table(struct sbuf *out, size_t len_bytes)
{
	static const char *const names[] = { "山田太郎", "山田花子",
					     "ヤマダ タロウ", "見本一郎",
					     "例示商店" };
	uint32_t seed = 20261122;

	sbuf_add_text(out, "番号,氏名,管理番号,金額,電話,備考\r\n");
	while (out->len_bytes < len_bytes) {
		sbuf_addf(out, "%06" PRIu32 ",", rival_next(&seed) % 1000000);
		sbuf_add_text(out, names[rival_next(&seed) % ARRAY_LEN(names)]);
		sbuf_addf(out, ",%06" PRIu32 "%06" PRIu32,
			  rival_next(&seed) % 1000000,
			  rival_next(&seed) % 1000000);
		sbuf_addf(out, ",%" PRIu32 ",03-%04" PRIu32 "-%04" PRIu32,
			  rival_next(&seed) % 10000000,
			  rival_next(&seed) % 10000, rival_next(&seed) % 10000);
		sbuf_add_text(out,
			      rival_next(&seed) % 4 == 0 ? ",済\r\n" : ",\r\n");
	}
}
