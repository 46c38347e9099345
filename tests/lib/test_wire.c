/* Tests of lib/wire/table.h and lib/wire/channel.h. */
#include "lib/wire/channel.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/parse.h"
#include "tests/harness/check.h"

enum colour { COLOUR_NONE = 0, COLOUR_RED, COLOUR_BLUE };

struct leaf {
	const char *word;
	uint64_t number;
};
struct branch {
	const char *name;
	const struct leaf *leaves;
	size_t leaf_count;
};
struct tree {
	bool flag;
	enum colour colour;
	uint32_t small;
	uint64_t large;
	int64_t negative;
	const char *text;
	const char *utf8;
	struct span bytes;
	uint8_t fixed[3];
	const struct branch *branches;
	size_t branch_count;
	uint32_t after;
};

static const struct wire_field leaf_fields[] = {
	WIRE_TEXT_F(struct leaf, word, 1, 5),
	WIRE_U64_F(struct leaf, number, 0, 9),
};
static WIRE_TABLE(leaf_table, 0, 1, leaf, leaf_fields);
static const struct wire_field branch_fields[] = {
	WIRE_UTF8_F(struct branch, name, 0, 20),
	WIRE_LIST_F(struct branch, leaves, leaf_count, 0, 3, leaf_table),
};
static WIRE_TABLE(branch_table, 0, 1, branch, branch_fields);
static const struct wire_field tree_fields[] = {
	WIRE_BOOL_F(struct tree, flag),
	WIRE_ENUM_F(struct tree, colour, 1, 2),
	WIRE_U32_F(struct tree, small, 5, 10),
	WIRE_U64_F(struct tree, large, 0, UINT64_MAX),
	WIRE_I64_F(struct tree, negative),
	WIRE_TEXT_F(struct tree, text, 0, 10),
	WIRE_UTF8_F(struct tree, utf8, 0, 30),
	WIRE_BYTES_F(struct tree, bytes, 0, 4),
	WIRE_FIXED_F(struct tree, fixed),
	WIRE_LIST_F(struct tree, branches, branch_count, 0, 4, branch_table),
	WIRE_U32_F(struct tree, after, 0, UINT32_MAX),
};
static WIRE_TABLE(tree_table, 77, 2, tree, tree_fields);

static const struct leaf two_leaves[] = { { "a", 1 }, { "bcdef", 9 } };
static const struct branch three_branches[] = {
	{ "first", two_leaves, 2 },
	{ "空", NULL, 0 },
	{ "third", two_leaves, 1 },
};
static const struct tree sample = {
	.flag = true,
	.colour = COLOUR_BLUE,
	.small = 7,
	.large = UINT64_MAX,
	.negative = -5,
	.text = "raw\xff",
	.utf8 = "番号\n",
	.bytes = { (const uint8_t *)"\0\1\2", 3 },
	.fixed = { 9, 8, 7 },
	.branches = three_branches,
	.branch_count = 3,
	.after = 0xdeadbeef,
};

static void
encode(const struct tree *tree, enum status want, const char *want_text,
       struct sbuf *buf)
{
	struct err err = { 0 };

	sbuf_init(buf, 1000);
	check_status(want, wire_encode(&tree_table, tree, buf, &err), &err);
	if (want_text != NULL)
		assert_string_equal(err.text, want_text);
}

static void
a_message_comes_back_as_it_was(void **state)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct tree back;
	struct sbuf buf;
	struct err err = { 0 };

	(void)state;
	encode(&sample, ST_OK, NULL, &buf);
	check_status(
		ST_OK,
		wire_decode(&tree_table, sbuf_span(&buf), &back, &arena, &err),
		&err);
	sbuf_done(&buf);
	assert_true(back.flag);
	assert_int_equal(back.colour, COLOUR_BLUE);
	assert_int_equal(back.small, 7);
	assert_true(back.large == UINT64_MAX);
	assert_int_equal(back.negative, -5);
	assert_string_equal(back.text, "raw\xff");
	assert_string_equal(back.utf8, "番号\n");
	assert_int_equal(back.bytes.len_bytes, 3);
	assert_memory_equal(back.bytes.ptr, "\0\1\2", 3);
	assert_memory_equal(back.fixed, "\11\10\7", 3);
	assert_int_equal(back.branch_count, 3);
	assert_int_equal(back.branches[0].leaf_count, 2);
	assert_string_equal(back.branches[0].leaves[1].word, "bcdef");
	assert_string_equal(back.branches[1].name, "空");
	assert_int_equal(back.branches[1].leaf_count, 0);
	assert_int_equal(back.branches[2].leaves[0].number, 1);
	assert_true(back.after == 0xdeadbeef);
}

static void
values_out_of_range_do_not_leave(void **state)
{
	struct tree tree = sample;
	struct sbuf buf;

	(void)state;
	tree.small = 11;
	encode(&tree, ST_LIMIT, "wire: tree_table.small is 11, allowed 5 to 10",
	       &buf);
	sbuf_done(&buf);
	tree = sample;
	tree.colour = COLOUR_NONE;
	encode(&tree, ST_LIMIT, NULL, &buf);
	sbuf_done(&buf);
	tree = sample;
	tree.text = "longer than ten";
	encode(&tree, ST_LIMIT, NULL, &buf);
	sbuf_done(&buf);
	tree = sample;
	tree.utf8 = "bell\a";
	encode(&tree, ST_FORMAT, NULL, &buf);
	sbuf_done(&buf);
	tree.utf8 = "c1 \xc2\x85";
	encode(&tree, ST_FORMAT, NULL, &buf);
	sbuf_done(&buf);
	tree.utf8 = "\xff";
	encode(&tree, ST_FORMAT, NULL, &buf);
	sbuf_done(&buf);
}

/* Every prefix fails, and no single damaged byte is read out of bounds. */
static void
every_prefix_and_every_damage_is_safe(void **state)
{
	struct sbuf buf;
	struct err err = { 0 };

	(void)state;
	encode(&sample, ST_OK, NULL, &buf);
	for (size_t len = 0; len <= buf.len_bytes + 1; len++) {
		AUTO(wire_arena_free) struct wire_arena *arena = NULL;
		struct tree back;
		uint8_t *copy = calloc(1, len > 0 ? len : 1);

		assert_non_null(copy);
		memcpy(copy, buf.bytes,
		       len < buf.len_bytes ? len : buf.len_bytes);
		const enum status st =
			wire_decode(&tree_table, (struct span){ copy, len },
				    &back, &arena, &err);
		free(copy);
		if (len == buf.len_bytes)
			check_status(ST_OK, st, &err);
		else
			check_status(ST_FORMAT, st, &err);
	}
	for (size_t at = 0; at < buf.len_bytes; at++) {
		AUTO(wire_arena_free) struct wire_arena *arena = NULL;
		struct tree back;

		buf.bytes[at] ^= 0x80;
		NEGLECT(wire_decode(&tree_table, sbuf_span(&buf), &back, &arena,
				    &err));
		buf.bytes[at] ^= 0x80;
	}
	sbuf_done(&buf);
}

static void
frames_carry_descriptors(void **state)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct channel left;
	struct channel right;
	struct frame frame;
	struct tree back;
	struct err err = { 0 };
	struct sbuf got;
	int pair[2];
	int memory = FD_NONE;

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	check_status(ST_OK, channel_open(pair[0], &left, &err), &err);
	check_status(ST_OK, channel_open(pair[1], &right, &err), &err);
	assert_int_equal(left.peer.uid, getuid());
	check_status(ST_OK, fd_memory("test", &memory, &err), &err);
	check_status(ST_OK, fd_write_all(memory, span_of("hello"), &err), &err);
	const int64_t soon = clock_mono_ms() + 5000;

	check_status(ST_OK,
		     channel_send(&left, &tree_table, &sample, &memory, 1, soon,
				  &err),
		     &err);
	frame_init(&frame);
	check_status(ST_OK, channel_receive(&right, &frame, soon, &err), &err);
	check_status(ST_OK,
		     frame_decode(&frame, &tree_table, &back, &arena, &err),
		     &err);
	assert_int_equal(frame.fd_count, 1);
	assert_int_not_equal(frame.fds[0], memory);
	sbuf_init(&got, 100);
	assert_int_equal(lseek(frame.fds[0], 0, SEEK_SET), 0);
	check_status(ST_OK, fd_slurp(frame.fds[0], &got, &err), &err);
	assert_string_equal(sbuf_text(&got), "hello");
	sbuf_done(&got);
	frame_done(&frame);
	check_status(ST_LIMIT, channel_wait(&right, clock_mono_ms() + 20, &err),
		     &err);
	channel_close(&left);
	check_status(ST_END, channel_receive(&right, &frame, soon, &err), &err);
	check_status(ST_IO, channel_receive(&right, &frame, soon, &err), &err);
	channel_close(&right);
	fd_close(&memory);
}

static void
a_bad_frame_breaks_the_channel(void **state)
{
	static const uint8_t huge[8] = { 0x7f, 0xff, 0xff, 0xff, 0, 77, 0, 2 };
	static const uint8_t cut[10] = { 0, 0, 0, 9, 0, 77, 0, 2, 1, 2 };
	static const struct {
		struct span bytes;
		enum status want;
	} cases[] = {
		{ { huge, sizeof(huge) }, ST_LIMIT },
		{ { cut, sizeof(cut) }, ST_FORMAT },
		{ { cut, 3 }, ST_FORMAT },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct channel right;
		struct frame frame;
		struct err err = { 0 };
		int pair[2];

		assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
		check_status(ST_OK, channel_open(pair[1], &right, &err), &err);
		check_status(ST_OK, fd_write_all(pair[0], cases[i].bytes, &err),
			     &err);
		fd_close(&pair[0]);
		frame_init(&frame);
		check_status(cases[i].want,
			     channel_receive(&right, &frame,
					     clock_mono_ms() + 5000, &err),
			     &err);
		assert_true(right.broken);
		channel_close(&right);
	}
}

static void
only_sealed_memory_is_mapped(void **state)
{
	struct span map = { NULL, 0 };
	struct err err = { 0 };
	int memory = FD_NONE;

	(void)state;
	check_status(ST_OK, fd_memory("test", &memory, &err), &err);
	check_status(ST_OK, fd_write_all(memory, span_of("hello"), &err), &err);
	check_status(ST_DENIED, fd_map_sealed(memory, 100, &map, &err), &err);
	check_status(ST_OK, fd_seal(memory, &err), &err);
	assert_int_equal(write(memory, "x", 1), -1);
	check_status(ST_LIMIT, fd_map_sealed(memory, 4, &map, &err), &err);
	check_status(ST_OK, fd_map_sealed(memory, 5, &map, &err), &err);
	assert_memory_equal(map.ptr, "hello", 5);
	fd_unmap(&map);
	fd_close(&memory);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_message_comes_back_as_it_was),
		cmocka_unit_test(values_out_of_range_do_not_leave),
		cmocka_unit_test(every_prefix_and_every_damage_is_safe),
		cmocka_unit_test(frames_carry_descriptors),
		cmocka_unit_test(a_bad_frame_breaks_the_channel),
		cmocka_unit_test(only_sealed_memory_is_mapped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
