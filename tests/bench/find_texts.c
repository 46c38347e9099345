#include "tests/bench/find_texts.h"

#include <inttypes.h>
#include <stdio.h>

#include "lib/base/attr.h"

/* xorshift */
static uint64_t
next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state >> 16;
}

/* Twelve digits from text, in one of the forms people use. */
static void
add_twelve(struct sbuf *out, uint64_t *state)
{
	static const char *const joins[] = { "", "-", " " };
	const uint64_t pick = next_random(state) % 4;
	const uint64_t number =
		next_random(state) % 900000000000 + 100000000000;
	char digits[16];

	(void)snprintf(digits, sizeof(digits), "%012" PRIu64, number);
	for (size_t i = 0; i < 12; i++) {
		if (i == 4 || i == 8)
			sbuf_add_text(out, pick < ARRAY_LEN(joins) ? joins[pick]
								   : "－");
		if (pick == ARRAY_LEN(joins)) {
			sbuf_add_text(out, "\xEF\xBC");
			sbuf_add_byte(out, (uint8_t)(digits[i] + 0x60));
		} else {
			sbuf_add_byte(out, (uint8_t)digits[i]);
		}
	}
}

static void
add_digits(struct sbuf *out, size_t count, uint64_t *state)
{
	for (size_t i = 0; i < count; i++)
		sbuf_add_byte(out, (uint8_t)('0' + next_random(state) % 10));
}

/* A line; # becomes a digit, % twelve of them, $ a number of twelve. */
static void
add_line(struct sbuf *out, const char *line, uint64_t *state)
{
	for (; *line != '\0'; line++) {
		if (*line == '#' || *line == '%')
			add_digits(out, *line == '#' ? 1 : 12, state);
		else if (*line == '$')
			add_twelve(out, state);
		else
			sbuf_add_byte(out, (uint8_t)*line);
	}
}

static void
add_lines(struct sbuf *out, const char *const *lines, size_t count,
	  size_t len_bytes)
{
	uint64_t state = 88172645463325252;

	while (out->len_bytes < len_bytes)
		add_line(out, lines[next_random(&state) % count], &state);
}

void
find_text_mail(struct sbuf *out, size_t len_bytes)
{
	static const char *const lines[] = {
		"TEL 03-####-#### / FAX 03-####-####（内線 ###）\r\n",
		"請求書番号 26-00###、金額 #,###,###円（税込）\r\n",
		"打合せは11月2#日1#時3#分から、第#会議室です。\r\n",
		"ご注文番号：A#######、数量 ##個、単価 #,###円\r\n",
		"いつも大変お世話になっております。標題の件、ご連絡します。\r\n",
		"〒###-#### 東京都千代田区霞が関#-#-# ビル#階\r\n",
		"次の担当者の番号は $ です。ご確認をお願いします。\r\n",
		"昨年度の売上は ##,###,###円で前年比 1##.#％でした。\r\n",
		"携帯 090-####-####、メール user##@example.co.jp まで\r\n",
	};

	add_lines(out, lines, ARRAY_LEN(lines), len_bytes);
}

void
find_text_table(struct sbuf *out, size_t len_bytes)
{
	static const char *const lines[] = {
		"######,2026-##-##,03-####-####,160-####,%,#######,1###,"
		"##.##,######,A#\r\n",
	};

	add_lines(out, lines, ARRAY_LEN(lines), len_bytes);
}

void
find_text_prose(struct sbuf *out, size_t len_bytes)
{
	static const char *const lines[] = {
		"いつも大変お世話になっております（営業部の山田です）。\r\n",
		"資料を添付いたしますので、ご確認のほどよろしくお願いします。\r\n",
		"件名：新製品の発表会について！　会場：東京（本社）\r\n",
		"なお、来週の会議では新しい製品の計画についてご相談いたします。\r\n",
		"ご不明な点がございましたら、お気軽にお問い合わせください。\r\n",
		"東京本社と大阪支社の双方から、担当者が一名ずつ参加いたします。\r\n",
		"── 以上、取り急ぎご連絡まで。今後ともよろしくお願いします。\r\n",
	};

	add_lines(out, lines, ARRAY_LEN(lines), len_bytes);
}
