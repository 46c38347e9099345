/* Tests of quarantine-ui/html: escaping, and templates checked whole. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "quarantine-ui/html/escape.h"
#include "quarantine-ui/html/template.h"
#include "tests/harness/check.h"

struct item {
	const char *name;
	uint64_t count;
};
struct values {
	const char *text, *empty;
	uint64_t number;
	bool yes, no;
	const struct item *items;
	size_t item_count;
	const struct item *none;
	size_t none_count;
};

static const struct template_field item_fields[] = {
	TEMPLATE_TEXT_F(struct item, name),
	TEMPLATE_NUMBER_F(struct item, count),
};
static const struct template_shape item_shape =
	TEMPLATE_SHAPE(item, item_fields);
static const struct template_field values_fields[] = {
	TEMPLATE_TEXT_F(struct values, text),
	TEMPLATE_TEXT_F(struct values, empty),
	TEMPLATE_NUMBER_F(struct values, number),
	TEMPLATE_FLAG_F(struct values, yes),
	TEMPLATE_FLAG_F(struct values, no),
	TEMPLATE_LIST_F(struct values, items, item_count, item_shape),
	TEMPLATE_LIST_F(struct values, none, none_count, item_shape),
};
static const struct template_shape shape =
	TEMPLATE_SHAPE(values, values_fields);

static const struct item two_items[] = { { "a<b", 1 }, { "c&d", 2 } };

/* Compile source in a heap block of exact size. */
static enum status
compile(const char *source, struct template **template, struct err *err)
{
	const size_t len = strlen(source);
	uint8_t *block = malloc(len > 0 ? len : 1);
	enum status st = ST_OK;

	assert_non_null(block);
	/* NOLINTNEXTLINE(bugprone-not-null-terminated-result): exact size */
	memcpy(block, source, len);
	st = template_compile("t.html", (struct span){ block, len }, &shape,
			      NULL, template, err);
	free(block);
	return st;
}

static void
check_render(const char *source, const char *text, const char *want)
{
	const struct values values = { .text = text,
				       .empty = NULL,
				       .number = 7,
				       .yes = true,
				       .items = two_items,
				       .item_count = ARRAY_LEN(two_items) };
	AUTO(template_free) struct template *template = NULL;
	AUTO(sbuf_done) struct sbuf out;
	struct err err = { .st = ST_OK };

	sbuf_init(&out, 10000);
	check_status(ST_OK, compile(source, &template, &err), &err);
	template_render(template, &values, NULL, I18N_LANGUAGE_EN, &out);
	assert_string_equal(sbuf_text(&out), want);
}

static void
check_refused(const char *source, const char *reason)
{
	AUTO(template_free) struct template *template = NULL;
	struct err err = { .st = ST_OK };

	check_status(ST_FORMAT, compile(source, &template, &err), &err);
	if (strstr(err.text, reason) == NULL)
		fail_msg("%s: got \"%s\", want \"%s\"", source, err.text,
			 reason);
	assert_null(template);
}

static void
text_cannot_leave_element_content(void **state)
{
	(void)state;
	check_render("<p>{{text}}</p>", "<script>alert('1')&\"</script>",
		     "<p>&lt;script&gt;alert(&#39;1&#39;)&amp;&quot;"
		     "&lt;/script&gt;</p>");
}

static void
text_cannot_leave_an_attribute(void **state)
{
	(void)state;
	check_render("<a title=\"{{text}}\">", "\" onclick=\"x' >",
		     "<a title=\"&quot; onclick=&quot;x&#39; &gt;\">");
}

static void
text_in_an_address_is_percent_encoded(void **state)
{
	(void)state;
	check_render("<a href=\"/c/{{text}}?n={{number}}\">",
		     "../x?a=b#\"<\xe3\x81\x82",
		     "<a href=\"/c/..%2Fx%3Fa%3Db%23%22%3C%E3%81%82?n=7\">");
}

static void
an_address_must_begin_on_this_site(void **state)
{
	(void)state;
	check_refused("<a href=\"{{text}}\">", "nothing may be put in");
	check_refused("<a href=\"//{{text}}\">", "nothing may be put in");
	check_refused("<a href=\"javascript:{{text}}\">",
		      "nothing may be put in");
	check_refused("<form action=\"{{text}}\">", "nothing may be put in");
	check_refused("<img src=\"{{_ words}}\">", "no words");
}

static void
places_without_a_safe_escaping_are_refused(void **state)
{
	(void)state;
	check_refused("<{{text}}>", "nothing may be put in");
	check_refused("<p {{text}}>", "nothing may be put in");
	check_refused("<p class={{text}}>", "nothing may be put in");
	check_refused("<p class='{{text}}'>", "double quotes");
	check_refused("<p class=x>", "double quotes");
	check_refused("<p onclick=\"x\">", "attribute may not");
	check_refused("<p style=\"x\">", "attribute may not");
	check_refused("<script>alert(1)</script>", "file of its own");
	check_refused("<script>{{text}}</script>", "");
	check_refused("<script><b></b></script>", "file of its own");
	check_refused("<script src=\"//x.test/a.js\">{{text}}</script>", "");
	check_refused("<svg><use href=\"/a\"/></svg>", "element may not");
	check_render("<script src=\"/a.js\" defer></script>{{text}}", "x",
		     "<script src=\"/a.js\" defer></script>x");
	check_refused("<style>", "element may not");
	check_refused("<!-- {{text}} -->", "comments");
	check_refused("<p", "middle of a tag");
	check_refused("a < b", "begins no tag");
	check_refused("<P>", "begins no tag");
	check_refused("<p title=\"<\">", "in a value");
}

/* NOLINTBEGIN(misc-misleading-bidirectional): that is the point */
static void
what_lies_to_the_reader_becomes_visible(void **state)
{
	(void)state;
	check_render("{{text}}", "a\x80z\x01\xc2\x85",
		     "a\xef\xbf\xbdz"
		     "\xef\xbf\xbd\xef\xbf\xbd");
	check_render("{{text}}", "x\xe2\x80\xaegpj.exe",
		     "x\xef\xbf\xbdgpj.exe");
	check_render("{{text}}", "\xe2\x81\xa6\xe2\x80\x8f\xd8\x9c",
		     "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
	check_render("{{text}}", "\xed\xa0\x80",
		     "\xef\xbf\xbd\xef\xbf\xbd"
		     "\xef\xbf\xbd");
	check_render("{{text}}", "\xe6\x97\xa5\tb\n\xe3\x80\x80",
		     "\xe6\x97\xa5\tb\n\xe3\x80\x80");
}
/* NOLINTEND(misc-misleading-bidirectional) */

static void
blocks_show_repeat_and_hide(void **state)
{
	(void)state;
	check_render("{{?yes}}y{{/yes}}{{?no}}n{{/no}}{{!no}}m{{/no}}", "",
		     "ym");
	check_render("{{?text}}t{{/text}}{{?empty}}e{{/empty}}"
		     "{{?number}}7{{/number}}{{?none}}l{{/none}}",
		     "", "7");
	check_render("{{#items}}[{{name}}:{{count}}:{{number}}:{{text}}]"
		     "{{/items}}",
		     "T", "[a&lt;b:1:7:T][c&amp;d:2:7:T]");
	check_render("a{{#none}}x{{/none}}{{!none}}nothing{{/none}}", "",
		     "anothing");
	check_render("{{#items}}{{#items}}{{count}}{{/items}};{{/items}}", "",
		     "12;12;");
	check_render("<p {{?yes}}class=\"{{?no}}a{{/no}}b\"{{/yes}}>", "",
		     "<p class=\"b\">");
}

static void
words_take_members_in_and_escape_everything(void **state)
{
	(void)state;
	check_render("{{_ Only {number} & {text}}}", "<i>",
		     "Only 7 &amp; &lt;i&gt;");
	check_render("<p title=\"{{_ say \"{text}\"}}\">", "x",
		     "<p title=\"say &quot;x&quot;\">");
}

static void
a_wrong_name_stops_the_start(void **state)
{
	(void)state;
	check_refused("\n\n{{nmae}}", "t.html:3: unknown name: nmae");
	check_refused("{{?nmae}}x{{/nmae}}", "unknown name");
	check_refused("{{_ some {nmae} here}}", "unknown name");
	check_refused("{{name}}", "unknown name");
	check_refused("{{yes}}", "is not a text");
	check_refused("{{items}}", "is not a text");
	check_refused("{{#text}}x{{/text}}", "no list");
	check_refused("{{}}", "unknown name");
	check_refused("{{text", "without }}");
	check_refused("{{?yes}}x", "never closed");
	check_refused("{{?yes}}x{{/no}}", "closes no block");
	check_refused("x{{/no}}", "closes no block");
	check_refused("<p {{?yes}}class=\"{{/yes}}x\">", "elsewhere");
	check_refused("{{?yes}}<p{{/yes}}>", "elsewhere");
	check_refused("<ul {{#items}}a {{/items}}>", "no list that may repeat");
}

static void
every_prefix_of_a_template_compiles_or_is_refused(void **state)
{
	static const char whole[] =
		"<a href=\"/x/{{text}}\"{{?yes}} title=\"{{_ A {number}}}\""
		"{{/yes}}>{{#items}}{{name}}{{/items}}</a>";
	char part[sizeof(whole)];

	(void)state;
	for (size_t len = 0; len < sizeof(whole); len++) {
		AUTO(template_free) struct template *template = NULL;
		struct err err = { .st = ST_OK };
		enum status st = ST_OK;

		memcpy(part, whole, len);
		part[len] = '\0';
		st = compile(part, &template, &err);
		assert_true(st == ST_OK || st == ST_FORMAT);
		assert_true((st == ST_OK) == (template != NULL));
	}
}

static void
blocks_too_deep_are_refused(void **state)
{
	AUTO(template_free) struct template *template = NULL;
	AUTO(sbuf_done) struct sbuf source;
	struct err err = { .st = ST_OK };

	(void)state;
	sbuf_init(&source, 1000);
	for (size_t i = 0; i < 9; i++)
		sbuf_add_text(&source, "{{?yes}}");
	check_status(ST_LIMIT, compile(sbuf_text(&source), &template, &err),
		     &err);
}

static void
output_ends_at_the_maximum_of_its_buffer(void **state)
{
	const struct values values = { .text = "0123456789" };
	AUTO(template_free) struct template *template = NULL;
	AUTO(sbuf_done) struct sbuf out;
	struct err err = { .st = ST_OK };

	(void)state;
	sbuf_init(&out, 25);
	check_status(
		ST_OK,
		compile("{{text}}{{text}}{{text}}{{text}}", &template, &err),
		&err);
	template_render(template, &values, NULL, I18N_LANGUAGE_EN, &out);
	check_status(ST_LIMIT, sbuf_status(&out, "page", &err), &err);
	assert_true(out.len_bytes <= 25);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_cannot_leave_element_content),
		cmocka_unit_test(text_cannot_leave_an_attribute),
		cmocka_unit_test(text_in_an_address_is_percent_encoded),
		cmocka_unit_test(an_address_must_begin_on_this_site),
		cmocka_unit_test(places_without_a_safe_escaping_are_refused),
		cmocka_unit_test(what_lies_to_the_reader_becomes_visible),
		cmocka_unit_test(blocks_show_repeat_and_hide),
		cmocka_unit_test(words_take_members_in_and_escape_everything),
		cmocka_unit_test(a_wrong_name_stops_the_start),
		cmocka_unit_test(
			every_prefix_of_a_template_compiles_or_is_refused),
		cmocka_unit_test(blocks_too_deep_are_refused),
		cmocka_unit_test(output_ends_at_the_maximum_of_its_buffer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
