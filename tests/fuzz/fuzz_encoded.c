/* Any bytes as a text with files in printable letters. */
#include "scanners/readers/encoded_file.h"

#include "tests/fuzz/fuzz.h"
#include "tests/scanners/recording_sink.h"

/* Files follow each other and lie inside the text. */
static void
fuzz_files(struct span text)
{
	struct encoded_file file;
	enum encoded_kind kind = ENCODED_NONE;
	struct encoded_search search = { .text = text };

	encoded_file_init(&file);
	while ((kind = encoded_find(&search)) != ENCODED_NONE) {
		const size_t start_at = search.at;

		FUZZ_PROMISE(start_at < text.len_bytes);
		encoded_file_clear(&file);
		if ((kind == ENCODED_UU &&
		     encoded_uu_read(text, start_at, ENCODED_XX, &file)) ||
		    (kind == ENCODED_YENC &&
		     encoded_yenc_read(text, start_at, &file))) {
			FUZZ_PROMISE(file.end_at > start_at);
			FUZZ_PROMISE(file.end_at <= text.len_bytes);
			FUZZ_PROMISE(file.bytes.len_bytes <= text.len_bytes);
		}
		encoded_skip_line(&search);
		FUZZ_PROMISE(search.at > start_at);
		FUZZ_PROMISE(search.at <= text.len_bytes);
	}
	encoded_file_done(&file);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct child hints[] = {
		{ .name = "", .content_type = "text/plain", .charset = "" },
		{ .name = "", .content_type = "", .charset = "" },
	};
	const struct span bytes = { data, size };

	fuzz_files(bytes);
	for (size_t i = 0; i < ARRAY_LEN(hints); i++) {
		struct sink sink;
		struct err err = { 0 };
		enum status st = ST_OK;

		recording_sink_init(&sink);
		st = reader_encoded.read(&sink, bytes, &hints[i], &err);
		FUZZ_PROMISE(st == ST_OK);
		recording_sink_done(&sink);
	}
	return 0;
}
