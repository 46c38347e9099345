/* Is it text at all, and what does it say: readings.h. */
#include "scanners/text/readings.h"

enum { PLAUSIBLE_LOOK_BYTES = 4096, PLAUSIBLE_ESC = 0x1B };

bool
text_is_plausible(struct span bytes)
{
	struct span sample = bytes;
	struct text_readings readings;
	size_t controls = 0;

	if (bytes.len_bytes > PLAUSIBLE_LOOK_BYTES)
		(void)span_cut(bytes, 0, PLAUSIBLE_LOOK_BYTES, &sample);
	for (size_t i = 0; i < sample.len_bytes; i++) {
		const uint8_t c = sample.ptr[i];

		controls += c < 0x20 && c != '\n' && c != '\r' && c != '\t' &&
			    c != '\f' && c != PLAUSIBLE_ESC && c != 0x0E &&
			    c != 0x0F;
	}
	/* Counting is cheap, trying sets is not: nearly all text ends here. */
	if (controls * 50 <= sample.len_bytes)
		return true;
	text_find_readings(sample, (struct span){ 0 }, &readings);
	return readings.charsets[0] >= CHARSET_UTF16LE &&
	       readings.charsets[0] <= CHARSET_UTF32BE;
}

void
text_decode_best(struct span bytes, struct span declared, struct sbuf *out)
{
	struct text_readings readings;

	text_find_readings(bytes, declared, &readings);
	charset_decode(readings.charsets[0], bytes, out);
}
