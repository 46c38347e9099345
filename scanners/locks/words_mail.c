#include "scanners/locks/words_mail.h"

static const size_t mail_room_bytes[WORDS_PLACE_COUNT] = {
	[WORDS_PLACE_BODY] = 64 * 1024,  [WORDS_PLACE_SUBJECT] = 4 * 1024,
	[WORDS_PLACE_NAME] = 8 * 1024,   [WORDS_PLACE_INSIDE] = 64 * 1024,
	[WORDS_PLACE_FIELD] = 16 * 1024,
};

void
words_mail_init(struct words_mail *mail)
{
	for (size_t i = 0; i < WORDS_PLACE_COUNT; i++)
		sbuf_init_secret(&mail->texts[i], mail_room_bytes[i]);
}

void
words_mail_done(struct words_mail *mail)
{
	for (size_t i = 0; i < WORDS_PLACE_COUNT; i++)
		sbuf_done(&mail->texts[i]);
}

/* Whole characters only. */
static size_t
mail_cut(struct span utf8, size_t room_bytes)
{
	size_t at = utf8.len_bytes;

	if (at <= room_bytes)
		return at;
	at = room_bytes;
	while (at > 0 && (utf8.ptr[at] & 0xC0) == 0x80)
		at--;
	return at;
}

void
words_mail_add(struct words_mail *mail, enum words_place place,
	       struct span utf8)
{
	struct sbuf *text = &mail->texts[place];

	utf8.len_bytes = mail_cut(utf8, text->max_bytes - text->len_bytes);
	sbuf_add_span(text, utf8);
}

void
words_mail_end_line(struct words_mail *mail, enum words_place place)
{
	struct sbuf *text = &mail->texts[place];

	if (text->len_bytes > 0 && text->len_bytes < text->max_bytes &&
	    text->bytes[text->len_bytes - 1] != '\n')
		sbuf_add_byte(text, '\n');
}

struct span
words_mail_text(const struct words_mail *mail, enum words_place place)
{
	return sbuf_span(&mail->texts[place]);
}
