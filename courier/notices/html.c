#include "courier/notices/html.h"

#include <inttypes.h>
#include <string.h>

enum { HTML_WORDS_BYTES = 64 * 1024 };

/* Fonts of the reader's system only. */
#define HTML_FONT                                                    \
	"font-family:'Segoe UI','Hiragino Sans','Noto Sans CJK JP'," \
	"Meiryo,Arial,sans-serif;"
#define HTML_INK "color:#1f2937;"
#define HTML_DIM "color:#57606a;"
#define HTML_TABLE \
	"role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\""

/* Programs that know no style in the head see the light colours, which stand
 * at each element. */
static const char html_style[] =
	"<style>\n"
	":root{color-scheme:light dark;supported-color-schemes:light dark}\n"
	"@media (prefers-color-scheme:dark){\n"
	".page{background:#111827!important}\n"
	".card{background:#1f2733!important;"
	"border-color:#3b4656!important}\n"
	".ink{color:#f3f4f6!important}\n"
	".dim{color:#b9c1cd!important}\n"
	".line{border-color:#3b4656!important}\n"
	".box{background:#2a3443!important;border-color:#6b7788!important}\n"
	"}\n"
	"@media (max-width:480px){\n"
	".page-pad{padding:0!important}\n"
	".pad{padding:22px 18px!important}\n"
	".button{width:100%!important}\n"
	".button a{display:block!important}\n"
	"}\n"
	"</style>\n";

struct html {
	const struct html_page *page; /* at hand */
	const struct html_look *look;
	struct sbuf *words; /* of the block at hand */
	struct sbuf *out;
	enum layout_kind open; /* FACT, ITEM: a table or list is open */
};

static const char *
html_tone_colour(enum html_tone tone)
{
	static const char *const colours[] = {
		[HTML_TONE_NONE] = "#57606a", [HTML_TONE_WAIT] = "#b45309",
		[HTML_TONE_ASK] = "#1d4ed8",  [HTML_TONE_GOOD] = "#15803d",
		[HTML_TONE_BACK] = "#57606a", [HTML_TONE_BAD] = "#b91c1c",
	};

	return colours[(size_t)tone < ARRAY_LEN(colours) ? tone : 0];
}

static void
html_add_byte(char byte, struct sbuf *out)
{
	static const struct {
		char byte;
		const char *name;
	} names[] = {
		{ '&', "&amp;" },  { '<', "&lt;" },   { '>', "&gt;" },
		{ '"', "&quot;" }, { '\'', "&#39;" },
	};

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (names[i].byte == byte) {
			sbuf_add_text(out, names[i].name);
			return;
		}
	}
	sbuf_add_byte(out, (uint8_t)byte);
}

static void
html_add_escaped(const char *text, struct sbuf *out)
{
	for (; *text != '\0'; text++)
		html_add_byte(*text, out);
}

/* U+3000 and above: text of people who put no blanks between words. */
static bool
html_is_wide(const char *at)
{
	return (unsigned char)*at >= 0xe3;
}

/* A line end of the template is a blank, but none in Japanese text. */
static bool
html_needs_blank(const char *start, const char *end, const char *next)
{
	if (*next == '\0' || end == start)
		return false;
	do {
		end--;
	} while (end > start && ((unsigned char)*end & 0xc0) == 0x80);
	return !html_is_wide(end) && !html_is_wide(next);
}

/* The words of the block at hand as running text. */
static void
html_add_running(const struct html *html)
{
	const char *start = sbuf_text(html->words);

	for (const char *p = start; *p != '\0';) {
		const char *next = p + 1;

		if (*p != '\n') {
			html_add_byte(*p, html->out);
		} else {
			next += strspn(next, " \n");
			if (html_needs_blank(start, p, next))
				sbuf_add_byte(html->out, ' ');
		}
		p = next;
	}
}

/* The words of the block at hand line by line. */
static void
html_add_lines(const struct html *html)
{
	for (const char *p = sbuf_text(html->words); *p != '\0'; p++) {
		if (*p == '\n')
			sbuf_add_text(html->out, "<br/>");
		else
			html_add_byte(*p, html->out);
	}
}

static void
html_close(struct html *html, enum layout_kind next)
{
	if (html->open == LAYOUT_FACT && next != LAYOUT_FACT)
		sbuf_add_text(html->out, "</table>\n");
	if (html->open == LAYOUT_ITEM && next != LAYOUT_ITEM)
		sbuf_add_text(html->out, "</ul>\n");
	if (html->open != next)
		html->open = LAYOUT_NONE;
}

static void
html_add_fact(struct html *html, const struct layout_block *block)
{
	if (html->open != LAYOUT_FACT)
		sbuf_add_text(html->out,
			      "<table width=\"100%\" cellpadding=\"0\" "
			      "cellspacing=\"0\" border=\"0\" "
			      "style=\"margin:0 0 20px;\">\n");
	html->open = LAYOUT_FACT;
	sbuf_add_text(html->out,
		      "<tr><th class=\"dim line\" scope=\"row\" "
		      "align=\"left\" valign=\"top\" width=\"88\" "
		      "style=\"" HTML_FONT HTML_DIM
		      "font-size:13px;line-height:24px;font-weight:normal;"
		      "padding:8px 12px 8px 0;"
		      "border-bottom:1px solid #e2e6eb;\">");
	html_add_escaped(block->label, html->out);
	sbuf_add_text(html->out,
		      "</th><td class=\"ink line\" align=\"left\" "
		      "valign=\"top\" style=\"" HTML_FONT HTML_INK
		      "font-size:15px;line-height:24px;padding:8px 0;"
		      "border-bottom:1px solid #e2e6eb;"
		      "word-break:break-word;overflow-wrap:anywhere;\">");
	html_add_lines(html);
	sbuf_add_text(html->out, "</td></tr>\n");
}

static void
html_add_item(struct html *html)
{
	if (html->open != LAYOUT_ITEM)
		sbuf_add_text(html->out,
			      "<ul class=\"ink\" style=\"" HTML_FONT HTML_INK
			      "font-size:15px;line-height:1.7;"
			      "margin:0 0 16px;padding:0 0 0 22px;\">\n");
	html->open = LAYOUT_ITEM;
	sbuf_add_text(html->out, "<li style=\"margin:0 0 6px;\">");
	html_add_running(html);
	sbuf_add_text(html->out, "</li>\n");
}

/* Word, which draws the mails of Outlook, takes the padding from the cell. */
static void
html_add_button(struct html *html, const struct layout_block *block)
{
	sbuf_add_text(html->out, "<table " HTML_TABLE " class=\"button\" "
				 "style=\"margin:4px 0 20px;\"><tr>"
				 "<td align=\"center\" bgcolor=\"#1d4ed8\" "
				 "style=\"background:#1d4ed8;border-radius:6px;"
				 "mso-padding-alt:13px 28px;\"><a href=\"");
	html_add_escaped(sbuf_text(html->words), html->out);
	sbuf_add_text(html->out,
		      "\" style=\"" HTML_FONT "display:inline-block;"
		      "padding:13px 28px;color:#ffffff;background:#1d4ed8;"
		      "font-size:16px;line-height:1.3;font-weight:bold;"
		      "text-decoration:none;border-radius:6px;"
		      "mso-padding-alt:0;\">");
	html_add_escaped(block->label, html->out);
	sbuf_add_text(html->out, "</a></td></tr></table>\n");
}

struct html_frame {
	const char *before;
	const char *after;
	bool lines; /* keep line ends */
};

static const struct html_frame html_frames[] = {
	[LAYOUT_TITLE] = { "<h1 class=\"ink\" style=\"" HTML_FONT HTML_INK
			   "font-size:21px;line-height:1.4;font-weight:bold;"
			   "margin:0 0 18px;\">",
			   "</h1>\n", false },
	[LAYOUT_HEADING] = { "<h2 class=\"ink\" style=\"" HTML_FONT HTML_INK
			     "font-size:16px;line-height:1.5;"
			     "font-weight:bold;margin:24px 0 8px;\">",
			     "</h2>\n", false },
	[LAYOUT_QUOTE] = { "<table " HTML_TABLE " width=\"100%\" "
			   "style=\"margin:0 0 20px;\"><tr>"
			   "<td class=\"box ink\" style=\"" HTML_FONT HTML_INK
			   "background:#f3f5f8;border-left:4px solid #8c96a3;"
			   "padding:10px 14px;font-size:15px;line-height:1.7;"
			   "word-break:break-word;overflow-wrap:anywhere;\">",
			   "</td></tr></table>\n", true },
	[LAYOUT_CODE] = { "<table " HTML_TABLE " width=\"100%\" "
			  "style=\"margin:0 0 20px;\"><tr>"
			  "<td class=\"box ink\" align=\"center\" "
			  "style=\"font-family:Consolas,Menlo,'Courier New',"
			  "monospace;" HTML_INK "background:#f3f5f8;"
			  "border:1px solid #8c96a3;padding:12px 8px;"
			  "font-size:20px;line-height:1.4;font-weight:bold;"
			  "letter-spacing:1px;word-break:break-word;"
			  "overflow-wrap:anywhere;\">",
			  "</td></tr></table>\n", true },
	[LAYOUT_PARAGRAPH] = { "<p class=\"ink\" style=\"" HTML_FONT HTML_INK
			       "font-size:15px;line-height:1.7;"
			       "margin:0 0 16px;word-break:break-word;"
			       "overflow-wrap:anywhere;\">",
			       "</p>\n", false },
};

static void
html_add_block(struct html *html, const struct layout_block *block)
{
	const struct html_frame *frame = NULL;

	html_close(html, block->kind);
	switch (block->kind) {
	case LAYOUT_FACT:
		html_add_fact(html, block);
		return;
	case LAYOUT_ITEM:
		html_add_item(html);
		return;
	case LAYOUT_BUTTON:
		html_add_button(html, block);
		return;
	case LAYOUT_TITLE:
	case LAYOUT_HEADING:
	case LAYOUT_QUOTE:
	case LAYOUT_CODE:
	case LAYOUT_PARAGRAPH:
		break;
	case LAYOUT_NONE:
	default:
		return;
	}
	frame = &html_frames[block->kind];
	sbuf_add_text(html->out, frame->before);
	if (frame->lines)
		html_add_lines(html);
	else
		html_add_running(html);
	sbuf_add_text(html->out, frame->after);
}

/* With the subject of the first page. */
static void
html_open_document(struct html *html)
{
	sbuf_addf(html->out,
		  "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n"
		  "<meta charset=\"utf-8\"/>\n"
		  "<meta name=\"viewport\" "
		  "content=\"width=device-width, initial-scale=1\"/>\n"
		  "<meta name=\"color-scheme\" content=\"light dark\"/>\n"
		  "<meta name=\"supported-color-schemes\" "
		  "content=\"light dark\"/>\n"
		  "<meta name=\"format-detection\" content=\"telephone=no, "
		  "date=no, address=no, email=no\"/>\n<title>",
		  html->page->language);
	layout_render(html->page->layout->subject, html->page->values,
		      html->words);
	html_add_escaped(sbuf_text(html->words), html->out);
	sbuf_add_text(html->out, "</title>\n");
	sbuf_add_text(html->out, html_style);
	sbuf_add_text(html->out,
		      "</head>\n<body class=\"page\" style=\"margin:0;"
		      "padding:0;background:#eef0f3;\">\n");
}

/* White around it, because logos are made for paper. Word takes the size from
 * the attributes. */
static void
html_add_picture(struct html *html)
{
	const struct picture *picture = html->look->picture;

	sbuf_add_text(html->out, "<p style=\"margin:0 0 14px;\">"
				 "<img src=\"cid:");
	html_add_escaped(picture->id, html->out);
	sbuf_addf(html->out,
		  "\" width=\"%" PRIu32 "\" height=\"%" PRIu32 "\" alt=\"\" "
		  "style=\"display:inline-block;border:0;max-width:100%%;"
		  "background:#ffffff;\"/></p>\n",
		  picture->width, picture->height);
}

/* The first one has the picture. */
static void
html_open_page(struct html *html, bool first)
{
	sbuf_addf(html->out,
		  "<div role=\"article\" aria-roledescription=\"email\" "
		  "lang=\"%s\">\n"
		  "<table " HTML_TABLE " class=\"page\" width=\"100%%\" "
		  "style=\"background:#eef0f3;\"><tr>"
		  "<td class=\"page-pad\" align=\"center\" "
		  "style=\"padding:24px 12px;\">\n"
		  "<!--[if mso]><table width=\"600\"><tr><td>"
		  "<![endif]-->\n"
		  "<table " HTML_TABLE " class=\"card\" width=\"100%%\" "
		  "style=\"max-width:600px;background:#ffffff;"
		  "border:1px solid #d5dae1;\">\n"
		  "<tr><td height=\"5\" bgcolor=\"%s\" style=\"height:5px;"
		  "font-size:1px;line-height:1px;background:%s;\">&#160;"
		  "</td></tr>\n"
		  "<tr><td class=\"pad\" align=\"left\" "
		  "style=\"padding:26px 32px;\">\n",
		  html->page->language, html_tone_colour(html->look->tone),
		  html_tone_colour(html->look->tone));
	if (first && html->look->picture != NULL)
		html_add_picture(html);
	sbuf_add_text(html->out,
		      "<p class=\"dim\" style=\"" HTML_FONT HTML_DIM
		      "font-size:13px;line-height:1.4;margin:0 0 6px;\">");
	html_add_escaped(html->look->name, html->out);
	sbuf_add_text(html->out, "</p>\n");
}

static void
html_close_page(struct html *html)
{
	html_close(html, LAYOUT_NONE);
	sbuf_clear(html->words);
	layout_render(html->page->footer, html->page->values, html->words);
	sbuf_add_text(html->out,
		      "<p class=\"dim line\" style=\"" HTML_FONT HTML_DIM
		      "font-size:12px;line-height:1.6;margin:24px 0 0;"
		      "padding:14px 0 0;border-top:1px solid #e2e6eb;\">");
	html_add_lines(html);
	sbuf_add_text(html->out, "</p>\n</td></tr></table>\n"
				 "<!--[if mso]></td></tr></table><![endif]-->\n"
				 "</td></tr></table>\n</div>\n");
}

static enum status
html_add_page(struct html *html, bool first, struct err *err)
{
	const struct html_page *page = html->page;
	const struct layout_block *block = NULL;
	size_t at = 0;
	enum status st = ST_OK;

	html_open_page(html, first);
	while (st == ST_OK &&
	       (block = layout_next(page->layout, page->values, &at)) != NULL) {
		sbuf_clear(html->words);
		layout_render(block->words, page->values, html->words);
		html_add_block(html, block);
		st = sbuf_status(html->words, "notices: words", err);
	}
	if (st != ST_OK)
		return st;
	html_close_page(html);
	return sbuf_status(html->words, "notices: words", err);
}

enum status
html_write(const struct html_page *pages, size_t page_count,
	   const struct html_look *look, struct sbuf *out, struct err *err)
{
	AUTO(sbuf_done) struct sbuf words;
	struct html html = {
		.page = pages, .look = look, .words = &words, .out = out
	};
	enum status st = ST_OK;

	/* They may be a link with its secret. */
	sbuf_init_secret(&words, HTML_WORDS_BYTES);
	html_open_document(&html);
	st = sbuf_status(&words, "notices: words", err);
	for (size_t i = 0; i < page_count && st == ST_OK; i++) {
		html.page = &pages[i];
		st = html_add_page(&html, i == 0, err);
	}
	if (st != ST_OK)
		return st;
	sbuf_add_text(out, "</body>\n</html>\n");
	return sbuf_status(out, "notices: HTML", err);
}
