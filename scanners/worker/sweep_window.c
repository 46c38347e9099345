#include "scanners/worker/sweep_window.h"

#include <string.h>

enum {
	/* A few wide digits make a number that mixes both kinds plausible. */
	WINDOW_WIDE_DIGITS = 6,
	WINDOW_MARK_ASCII = 1,
	WINDOW_MARK_WIDE = 2
};

struct window {
	enum sweep_digits digits;
	size_t step; /* bytes of a unit */
	/* Marks of the last units, by their number modulo the size. */
	uint8_t marks[SWEEP_WIDE_BYTES];
	size_t units;
	unsigned narrow; /* ASCII digits within SWEEP_NARROW_BYTES */
	unsigned ascii;  /* and within the whole window */
	unsigned wide;
};

static bool
window_is_ascii(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool
window_is_in(uint8_t c, uint8_t first)
{
	return c >= first && c <= first + 9;
}

/* A digit of more than one byte at offset at. */
static bool
window_is_wide(enum sweep_digits digits, struct span bytes, size_t at)
{
	const uint8_t c = bytes.ptr[at];
	const uint8_t next = at + 1 < bytes.len_bytes ? bytes.ptr[at + 1] : 0;

	switch (digits) {
	case SWEEP_DIGITS_UTF16LE:
		return (next == 0x00 && window_is_ascii(c)) ||
		       (next == 0xff && window_is_in(c, 0x10));
	case SWEEP_DIGITS_UTF16BE:
		return (c == 0x00 && window_is_ascii(next)) ||
		       (c == 0xff && window_is_in(next, 0x10));
	case SWEEP_DIGITS_UTF8:
		return c == 0xef && next == 0xbc && at + 2 < bytes.len_bytes &&
		       window_is_in(bytes.ptr[at + 2], 0x90);
	case SWEEP_DIGITS_CP932:
		return c == 0x82 && window_is_in(next, 0x4f);
	case SWEEP_DIGITS_EUC:
		return c == 0xa3 && window_is_in(next, 0xb0);
	case SWEEP_DIGITS_JIS:
	case SWEEP_DIGITS_NONE:
	default:
		return false;
	}
}

/* What the unit at offset at is; the bytes behind it are looked at too. */
static uint8_t
window_mark(enum sweep_digits digits, struct span bytes, size_t at)
{
	if (window_is_wide(digits, bytes, at))
		return WINDOW_MARK_WIDE;
	/* In UTF-16 a byte alone is no digit. */
	if (digits == SWEEP_DIGITS_UTF16LE || digits == SWEEP_DIGITS_UTF16BE)
		return 0;
	return window_is_ascii(bytes.ptr[at]) ? WINDOW_MARK_ASCII : 0;
}

/* Let the mark of a unit that falls out of the window go. */
static void
window_forget(struct window *window)
{
	if (window->units >= SWEEP_NARROW_BYTES &&
	    window->marks[(window->units - SWEEP_NARROW_BYTES) %
			  SWEEP_WIDE_BYTES] == WINDOW_MARK_ASCII)
		window->narrow--;
	if (window->units < SWEEP_WIDE_BYTES)
		return;
	switch (window->marks[window->units % SWEEP_WIDE_BYTES]) {
	case WINDOW_MARK_ASCII:
		window->ascii--;
		break;
	case WINDOW_MARK_WIDE:
		window->wide--;
		break;
	default:
		break;
	}
}

/* Take the unit at offset at in; true when a number could stand here. */
static bool
window_slide(struct window *window, struct span bytes, size_t at)
{
	const uint8_t mark = window_mark(window->digits, bytes, at);

	window_forget(window);
	window->marks[window->units++ % SWEEP_WIDE_BYTES] = mark;
	if (mark == 0)
		return false;
	if (mark == WINDOW_MARK_ASCII) {
		window->narrow++;
		window->ascii++;
	} else {
		window->wide++;
	}
	return window->narrow >= SWEEP_NUMBER_DIGITS ||
	       (window->wide >= WINDOW_WIDE_DIGITS &&
		window->wide + window->ascii >= SWEEP_NUMBER_DIGITS);
}

/* Offset of the first hit from at on; the length of bytes when none is. */
static size_t
window_find(struct window *window, struct span bytes, size_t at)
{
	for (; at < bytes.len_bytes; at += window->step) {
		if (window_slide(window, bytes, at))
			return at;
	}
	return bytes.len_bytes;
}

bool
sweep_window_next(enum sweep_digits digits, struct span bytes, size_t *at,
		  struct span *part_out)
{
	const bool wide = digits == SWEEP_DIGITS_UTF16LE ||
			  digits == SWEEP_DIGITS_UTF16BE;
	struct window window = { .digits = digits, .step = wide ? 2 : 1 };
	/* The hit is at the last digit: its first one is a window before. */
	const size_t before =
		SWEEP_MARGIN_BYTES + SWEEP_WIDE_BYTES * window.step;
	const size_t first = window_find(&window, bytes, *at);
	size_t last = first;
	size_t next = first;

	if (first >= bytes.len_bytes)
		return false;
	/* Hits whose margins meet make one stretch. */
	while (next < bytes.len_bytes &&
	       next - last <= before + SWEEP_MARGIN_BYTES) {
		last = next;
		next = window_find(&window, bytes, next + window.step);
	}
	const size_t begin = first - *at > before ? first - before : *at;
	const size_t left = bytes.len_bytes - last;
	const size_t end = left > SWEEP_MARGIN_BYTES ? last + SWEEP_MARGIN_BYTES
						     : bytes.len_bytes;

	*at = begin;
	return span_cut(bytes, begin, end - begin, part_out);
}
