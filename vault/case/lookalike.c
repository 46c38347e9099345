#include "vault/case/lookalike.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/attr.h"

enum {
	/* Shorter names are one letter apart by nature. */
	LOOKALIKE_MIN_EDIT = 5,
	LOOKALIKE_MIN_NAME = 4,
	LOOKALIKE_MAX_POINTS = 64
};

/* --- suffixes ---------------------------------------------------------- */

static bool
is_second_level(const char *label, size_t len_bytes)
{
	static const char *const labels[] = { "co",  "or",  "ne",  "ac", "go",
					      "ed",  "gr",  "lg",  "ad", "com",
					      "net", "org", "gov", "edu" };

	for (size_t i = 0; i < ARRAY_LEN(labels); i++)
		if (strlen(labels[i]) == len_bytes &&
		    memcmp(labels[i], label, len_bytes) == 0)
			return true;
	return false;
}

/* Last dot before end, or NULL. */
static const char *
dot_before(const char *domain, const char *end)
{
	while (end > domain) {
		end--;
		if (*end == '.')
			return end;
	}
	return NULL;
}

/* Where the suffix starts, behind its dot: "co.jp" of "a.example.co.jp".
 * NULL: there is no name before it. */
static const char *
find_suffix(const char *domain)
{
	const char *end = domain + strlen(domain);
	const char *last = dot_before(domain, end);
	const char *second = last != NULL ? dot_before(domain, last) : NULL;

	if (last == NULL)
		return NULL;
	if (end - last == 3 && second != NULL &&
	    is_second_level(second + 1, (size_t)(last - second - 1)))
		return second + 1;
	return last + 1;
}

/* --- international letters (RFC 3492) ---------------------------------- */

static uint32_t
adapt(uint32_t delta, uint32_t count, bool first)
{
	uint32_t k = 0;

	delta = first ? delta / 700 : delta / 2;
	delta += delta / count;
	for (; delta > 455; k += 36)
		delta /= 35;
	return k + 36 * delta / (delta + 38);
}

static uint32_t
digit_of(char c)
{
	if (c >= 'a' && c <= 'z')
		return (uint32_t)(c - 'a');
	return c >= '0' && c <= '9' ? (uint32_t)(c - '0' + 26) : 36;
}

struct points {
	uint32_t at[LOOKALIKE_MAX_POINTS];
	uint32_t count;
};

/* One delta of the text at *at. False: it is none. */
static bool
read_delta(const char **at, uint32_t bias, uint32_t *i)
{
	uint32_t weight = 1;

	for (uint32_t k = 36;; k += 36) {
		const uint32_t digit = digit_of(**at);
		const uint32_t t = k <= bias        ? 1
				   : k >= bias + 26 ? 26
						    : k - bias;

		if (digit >= 36 || digit > (UINT32_MAX / 4 - *i) / weight)
			return false;
		(*at)++;
		*i += digit * weight;
		if (digit < t)
			return true;
		if (weight > UINT32_MAX / 4 / (36 - t))
			return false;
		weight *= 36 - t;
	}
}

static void
insert_point(struct points *points, uint32_t place, uint32_t point)
{
	memmove(&points->at[place + 1], &points->at[place],
		(points->count - place) * sizeof(points->at[0]));
	points->at[place] = point;
	points->count++;
}

/* text: what stands behind "xn--". */
static bool
decode(const char *text, struct points *points)
{
	const char *hyphen = strrchr(text, '-');
	const char *at = hyphen != NULL ? hyphen + 1 : text;
	uint32_t point = 128;
	uint32_t bias = 72;
	uint32_t i = 0;

	points->count = 0;
	for (const char *p = text; hyphen != NULL && p < hyphen; p++) {
		if (points->count == LOOKALIKE_MAX_POINTS - 1)
			return false;
		points->at[points->count++] = (uint8_t)*p;
	}
	while (*at != '\0') {
		const uint32_t before = i;
		const uint32_t count = points->count + 1;

		if (count >= LOOKALIKE_MAX_POINTS || !read_delta(&at, bias, &i))
			return false;
		bias = adapt(i - before, count, before == 0);
		if (i / count > 0x10ffff - point)
			return false;
		point += i / count;
		i %= count;
		insert_point(points, i++, point);
	}
	return true;
}

/* Letters that look like one of ours. */
static const struct {
	uint32_t first, last;
	char letter;
} like[] = {
	/* Latin with marks. */
	{ 0xe0, 0xe6, 'a' },
	{ 0xe7, 0xe7, 'c' },
	{ 0xe8, 0xeb, 'e' },
	{ 0xec, 0xef, 'i' },
	{ 0xf0, 0xf0, 'd' },
	{ 0xf1, 0xf1, 'n' },
	{ 0xf2, 0xf6, 'o' },
	{ 0xf8, 0xf8, 'o' },
	{ 0xf9, 0xfc, 'u' },
	{ 0xfd, 0xfd, 'y' },
	{ 0xfe, 0xfe, 'p' },
	{ 0xff, 0xff, 'y' },
	{ 0x100, 0x105, 'a' },
	{ 0x106, 0x10d, 'c' },
	{ 0x10e, 0x111, 'd' },
	{ 0x112, 0x11b, 'e' },
	{ 0x11c, 0x123, 'g' },
	{ 0x124, 0x127, 'h' },
	{ 0x128, 0x131, 'i' },
	{ 0x134, 0x135, 'j' },
	{ 0x136, 0x138, 'k' },
	{ 0x139, 0x142, 'l' },
	{ 0x143, 0x14b, 'n' },
	{ 0x14c, 0x151, 'o' },
	{ 0x154, 0x159, 'r' },
	{ 0x15a, 0x161, 's' },
	{ 0x162, 0x167, 't' },
	{ 0x168, 0x173, 'u' },
	{ 0x174, 0x175, 'w' },
	{ 0x176, 0x178, 'y' },
	{ 0x179, 0x17e, 'z' },
	{ 0x251, 0x251, 'a' },
	{ 0x261, 0x261, 'g' },
	/* Greek. */
	{ 0x3b1, 0x3b1, 'a' },
	{ 0x3b9, 0x3b9, 'i' },
	{ 0x3ba, 0x3ba, 'k' },
	{ 0x3bd, 0x3bd, 'v' },
	{ 0x3bf, 0x3bf, 'o' },
	{ 0x3c1, 0x3c1, 'p' },
	{ 0x3c5, 0x3c5, 'u' },
	{ 0x3c9, 0x3c9, 'w' },
	/* Cyrillic. */
	{ 0x430, 0x430, 'a' },
	{ 0x435, 0x435, 'e' },
	{ 0x43a, 0x43a, 'k' },
	{ 0x43c, 0x43c, 'm' },
	{ 0x43d, 0x43d, 'h' },
	{ 0x43e, 0x43e, 'o' },
	{ 0x440, 0x440, 'p' },
	{ 0x441, 0x441, 'c' },
	{ 0x442, 0x442, 't' },
	{ 0x443, 0x443, 'y' },
	{ 0x445, 0x445, 'x' },
	{ 0x451, 0x451, 'e' },
	{ 0x455, 0x455, 's' },
	{ 0x456, 0x457, 'i' },
	{ 0x458, 0x458, 'j' },
	{ 0x4bb, 0x4bb, 'h' },
	{ 0x4cf, 0x4cf, 'l' },
	{ 0x501, 0x501, 'd' },
	{ 0x51b, 0x51b, 'q' },
	{ 0x51d, 0x51d, 'w' },
	/* Dashes. */
	{ 0x2010, 0x2015, '-' },
	{ 0x30fc, 0x30fc, '-' },
};

/* The letter of ours that a point looks like; 0: none. */
static char
latin_of(uint32_t point)
{
	if (point < 128)
		return (char)point;
	for (size_t i = 0; i < ARRAY_LEN(like); i++)
		if (point >= like[i].first && point <= like[i].last)
			return like[i].letter;
	return 0;
}

/* The name as ASCII, as far as it looks like it. */
static void
latin_name(const char *name, char out[LOOKALIKE_LABEL_BYTES])
{
	struct points points = { .count = 0 };
	size_t used = 0;

	(void)snprintf(out, LOOKALIKE_LABEL_BYTES, "%s", name);
	if (strncmp(name, "xn--", 4) != 0 || !decode(name + 4, &points))
		return;
	for (uint32_t i = 0; i < points.count; i++) {
		const char letter = latin_of(points.at[i]);

		if (letter != 0)
			out[used++] = letter;
	}
	out[used] = '\0';
}

/* --- skeletons --------------------------------------------------------- */

/* One letter of the skeleton; *used_out of the text. 0: it leaves none. */
static char
skeleton_letter(const char *at, size_t *used_out)
{
	static const struct {
		char pair[3];
		char letter;
	} pairs[] = { { "rn", 'm' }, { "vv", 'w' }, { "cl", 'd' } };

	for (size_t i = 0; i < ARRAY_LEN(pairs); i++)
		if (strncmp(at, pairs[i].pair, 2) == 0) {
			*used_out = 2;
			return pairs[i].letter;
		}
	*used_out = 1;
	switch (*at) {
	case '0':
		return 'o';
	case '1':
	case 'i':
		return 'l';
	case '-':
		return 0;
	default:
		return *at;
	}
}

static void
make_skeleton(const char *name, char out[LOOKALIKE_LABEL_BYTES])
{
	size_t used = 0;
	size_t step = 0;

	for (; *name != '\0'; name += step) {
		const char letter = skeleton_letter(name, &step);

		if (letter != 0)
			out[used++] = letter;
	}
	out[used] = '\0';
}

static void
make_joined(const char *name, const char *suffix,
	    char out[2 * LOOKALIKE_LABEL_BYTES])
{
	const char *const both[] = { name, suffix };
	size_t used = 0;

	for (size_t i = 0; i < ARRAY_LEN(both); i++)
		for (const char *p = both[i]; *p != '\0'; p++)
			if (*p != '.' && *p != '-')
				out[used++] = *p;
	out[used] = '\0';
}

bool
lookalike_take(const char *domain, struct lookalike *out)
{
	const char *suffix = NULL;
	const char *dot = NULL;
	const char *start = NULL;
	char latin[LOOKALIKE_LABEL_BYTES];

	if (strlen(domain) >= LOOKALIKE_DOMAIN_BYTES)
		return false;
	suffix = find_suffix(domain);
	if (suffix == NULL || suffix == domain || *suffix == '\0')
		return false;
	dot = dot_before(domain, suffix - 1);
	start = dot != NULL ? dot + 1 : domain;
	out->length = (unsigned)(suffix - 1 - start);
	if (out->length == 0 || out->length >= LOOKALIKE_LABEL_BYTES ||
	    strlen(suffix) >= LOOKALIKE_LABEL_BYTES)
		return false;
	memcpy(out->name, start, out->length);
	out->name[out->length] = '\0';
	(void)snprintf(out->suffix, sizeof(out->suffix), "%s", suffix);
	latin_name(out->name, latin);
	make_skeleton(latin, out->skeleton);
	make_joined(latin, out->suffix, out->joined);
	return true;
}

/* --- comparing --------------------------------------------------------- */

/* One letter changed, or two neighbours swapped. Equal lengths. */
static bool
is_changed_once(const char *a, const char *b)
{
	while (*a != '\0' && *a == *b) {
		a++;
		b++;
	}
	if (*a == '\0')
		return false;
	if (strcmp(a + 1, b + 1) == 0)
		return true;
	return a[0] == b[1] && a[1] == b[0] && strcmp(a + 2, b + 2) == 0;
}

/* shorter with one letter more is longer. */
static bool
is_one_longer(const char *shorter, const char *longer)
{
	while (*shorter != '\0' && *shorter == *longer) {
		shorter++;
		longer++;
	}
	return strcmp(shorter, longer + 1) == 0;
}

static bool
is_one_apart(const struct lookalike *a, const struct lookalike *b)
{
	if (a->length < LOOKALIKE_MIN_EDIT || b->length < LOOKALIKE_MIN_EDIT)
		return false;
	if (a->length == b->length)
		return is_changed_once(a->name, b->name);
	if (a->length + 1 == b->length)
		return is_one_longer(a->name, b->name);
	return b->length + 1 == a->length && is_one_longer(b->name, a->name);
}

bool
lookalike_is(const struct lookalike *a, const struct lookalike *b)
{
	const bool same_suffix = strcmp(a->suffix, b->suffix) == 0;

	if (same_suffix && strcmp(a->name, b->name) == 0)
		return false;
	if (strcmp(a->joined, b->joined) == 0)
		return true;
	if (same_suffix && strcmp(a->skeleton, b->skeleton) == 0)
		return true;
	if (strlen(a->skeleton) >= LOOKALIKE_MIN_NAME &&
	    strcmp(a->skeleton, b->skeleton) == 0)
		return true;
	return same_suffix && is_one_apart(a, b);
}
