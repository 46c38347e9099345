/* Texts, fields, notes and links of one page. */
#include <cairo.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/pdf/pdf_read.h"

enum {
	PDF_LOOK_PIXELS = 200, /* the page, made small, to see if it is empty */
	PDF_LEAST_CHARACTERS = 20, /* fewer on a page that shows a picture */
	PDF_PICTURE_PERCENT = 50,  /* of the page */
	PDF_PICTURE_POINTS = 8,    /* lower, no digit can be read in it */
	PDF_NUMBER_BYTES = 16
};

char *
pdf_field_text(PopplerFormField *field)
{
	switch (poppler_form_field_get_field_type(field)) {
	case POPPLER_FORM_FIELD_TEXT:
		return poppler_form_field_text_get_text(field);
	case POPPLER_FORM_FIELD_CHOICE:
		return poppler_form_field_choice_get_text(field);
	case POPPLER_FORM_FIELD_UNKNOWN:
	case POPPLER_FORM_FIELD_BUTTON:
	case POPPLER_FORM_FIELD_SIGNATURE:
	default:
		return NULL;
	}
}

/* What can be chosen, though only one of them is: a list of employees. */
static void
page_give_choices(struct pdf_sink *sink, PopplerFormField *field,
		  const char *name, unsigned number)
{
	const gint count = poppler_form_field_choice_get_n_items(field);

	for (gint i = 0; i < count && !pdf_sink_is_over(sink); i++) {
		char *item = poppler_form_field_choice_get_item(field, i);

		pdf_element(sink, name, number, item);
		g_free(item);
	}
}

static void
page_give_script(struct pdf_sink *sink, const PopplerAction *action,
		 unsigned number)
{
	if (action != NULL && action->type == POPPLER_ACTION_JAVASCRIPT)
		pdf_element(sink, "script", number, action->javascript.script);
	if (action != NULL && action->type == POPPLER_ACTION_URI)
		pdf_element(sink, "Link", number, action->uri.uri);
}

/* The actions are the field's. */
static void
page_give_scripts(struct pdf_sink *sink, PopplerFormField *field,
		  unsigned number)
{
	static const PopplerAdditionalActionType types[] = {
		POPPLER_ADDITIONAL_ACTION_FIELD_MODIFIED,
		POPPLER_ADDITIONAL_ACTION_FORMAT_FIELD,
		POPPLER_ADDITIONAL_ACTION_VALIDATE_FIELD,
		POPPLER_ADDITIONAL_ACTION_CALCULATE_FIELD,
	};

	page_give_script(sink, poppler_form_field_get_action(field), number);
	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		page_give_script(sink,
				 poppler_form_field_get_additional_action(
					 field, types[i]),
				 number);
}

/* "vii" or "A-3"; most pages have their number alone. */
static void
page_give_label(struct pdf_sink *sink, PopplerPage *page, unsigned number)
{
	char *label = poppler_page_get_label(page);
	char own[PDF_NUMBER_BYTES];

	(void)snprintf(own, sizeof(own), "%u", number);
	if (label != NULL && strcmp(label, own) != 0)
		pdf_element(sink, "Label", number, label);
	g_free(label);
}

static void
page_give_field(struct pdf_sink *sink, PopplerFormField *field,
		const char *text, unsigned number)
{
	char *name = poppler_form_field_get_name(field);
	char *shown = poppler_form_field_get_alternate_ui_name(field);

	pdf_element(sink, name != NULL ? name : "Field", number, text);
	if (shown != NULL)
		pdf_element(sink, shown, number, text);
	/* Names are text as well. */
	pdf_element(sink, "Field", number, name);
	pdf_element(sink, "Field", number, shown);
	if (poppler_form_field_get_field_type(field) ==
	    POPPLER_FORM_FIELD_CHOICE)
		page_give_choices(sink, field, name != NULL ? name : "Field",
				  number);
	page_give_scripts(sink, field, number);
	g_free(shown);
	g_free(name);
}

static void
page_fields(struct pdf_sink *sink, PopplerPage *page, unsigned number)
{
	GList *all = poppler_page_get_form_field_mapping(page);

	for (GList *at = all; at != NULL && !pdf_sink_is_over(sink);
	     at = at->next) {
		const PopplerFormFieldMapping *mapping = at->data;
		char *text = pdf_field_text(mapping->field);

		page_give_field(sink, mapping->field, text, number);
		g_free(text);
	}
	poppler_page_free_form_field_mapping(all);
}

static void
page_take(struct pdf_sink *sink, const char *name, unsigned number, char *text)
{
	pdf_element(sink, name, number, text);
	g_free(text);
}

static void
page_note(struct pdf_sink *sink, PopplerAnnot *annot, unsigned number)
{
	page_take(sink, "Note", number, poppler_annot_get_contents(annot));
	page_take(sink, "Note", number, poppler_annot_get_name(annot));
	if (POPPLER_IS_ANNOT_MARKUP(annot)) {
		page_take(sink, "Note", number,
			  poppler_annot_markup_get_label(
				  POPPLER_ANNOT_MARKUP(annot)));
		page_take(sink, "Note", number,
			  poppler_annot_markup_get_subject(
				  POPPLER_ANNOT_MARKUP(annot)));
	}
	if (POPPLER_IS_ANNOT_FILE_ATTACHMENT(annot)) {
		PopplerAttachment *attachment =
			poppler_annot_file_attachment_get_attachment(
				POPPLER_ANNOT_FILE_ATTACHMENT(annot));

		if (attachment != NULL)
			pdf_attachment_read(sink, attachment);
		g_clear_object(&attachment);
	}
}

static void
page_notes(struct pdf_sink *sink, PopplerPage *page, unsigned number)
{
	GList *all = poppler_page_get_annot_mapping(page);

	for (GList *at = all; at != NULL && !pdf_sink_is_over(sink);
	     at = at->next) {
		const PopplerAnnotMapping *mapping = at->data;

		page_note(sink, mapping->annot, number);
	}
	poppler_page_free_annot_mapping(all);
}

static void
page_links(struct pdf_sink *sink, PopplerPage *page, unsigned number)
{
	GList *all = poppler_page_get_link_mapping(page);

	for (GList *at = all; at != NULL && !pdf_sink_is_over(sink);
	     at = at->next) {
		const PopplerLinkMapping *mapping = at->data;

		page_give_script(sink, mapping->action, number);
	}
	poppler_page_free_link_mapping(all);
}

/* Is it more than a line, a dot or a shade? */
static bool
page_area_shows(const PopplerRectangle *area)
{
	return area->x2 - area->x1 >= PDF_PICTURE_POINTS &&
	       area->y2 - area->y1 >= PDF_PICTURE_POINTS;
}

/* Does a picture cover most of it? *any_out: is there one at all? */
static bool
page_is_picture(PopplerPage *page, bool *any_out)
{
	GList *all = poppler_page_get_image_mapping(page);
	double width = 0;
	double height = 0;
	double covered = 0;

	poppler_page_get_size(page, &width, &height);
	for (GList *at = all; at != NULL; at = at->next) {
		const PopplerRectangle *area =
			&((PopplerImageMapping *)at->data)->area;

		covered += (area->x2 - area->x1) * (area->y2 - area->y1);
		*any_out |= page_area_shows(area);
	}
	poppler_page_free_image_mapping(all);
	return covered * 100 > width * height * PDF_PICTURE_PERCENT;
}

/* Is anything drawn on it? Without memory for the look: yes. */
static bool
page_has_marks(PopplerPage *page)
{
	double width = 0;
	double height = 0;
	bool marks = false;
	cairo_surface_t *surface = cairo_image_surface_create(
		CAIRO_FORMAT_RGB24, PDF_LOOK_PIXELS, PDF_LOOK_PIXELS);
	cairo_t *cairo = cairo_create(surface);

	poppler_page_get_size(page, &width, &height);
	cairo_set_source_rgb(cairo, 1, 1, 1);
	cairo_paint(cairo);
	if (width > 0 && height > 0)
		cairo_scale(cairo, PDF_LOOK_PIXELS / width,
			    PDF_LOOK_PIXELS / height);
	poppler_page_render(page, cairo);
	cairo_surface_flush(surface);
	marks = cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS ||
		cairo_status(cairo) != CAIRO_STATUS_SUCCESS;
	for (int y = 0; y < PDF_LOOK_PIXELS && !marks; y++) {
		const unsigned char *row =
			cairo_image_surface_get_data(surface) +
			(ptrdiff_t)y * cairo_image_surface_get_stride(surface);
		for (int x = 0; x < PDF_LOOK_PIXELS && !marks; x++)
			marks = row[4 * x] != 0xFF || row[4 * x + 1] != 0xFF ||
				row[4 * x + 2] != 0xFF;
	}
	cairo_destroy(cairo);
	cairo_surface_destroy(surface);
	return marks;
}

/* Characters that a reader could read, and those that mean nothing: a font
 * without a map to Unicode gives U+FFFD, controls or private ones. */
static void
page_count(const char *text, size_t *usable, size_t *junk)
{
	*usable = 0;
	*junk = 0;
	for (const char *at = text; *at != '\0';
	     at = g_utf8_find_next_char(at, NULL)) {
		const gunichar cp = g_utf8_get_char(at);

		if (g_unichar_isspace(cp))
			continue;
		if (cp == 0xFFFD || g_unichar_iscntrl(cp) ||
		    g_unichar_type(cp) == G_UNICODE_PRIVATE_USE)
			(*junk)++;
		else
			(*usable)++;
	}
}

/* Asking poppler for pictures is as much work as asking for text. */
static bool
page_needs_ocr(struct pdf_file *file, PopplerPage *page, const char *text,
	       bool *any_picture_out)
{
	size_t usable = 0;
	size_t junk = 0;
	bool is_picture = false;

	page_count(text, &usable, &junk);
	file->shown += usable;
	if (junk > usable)
		return true;
	if (pdf_file_may_have_pictures(file) &&
	    (usable < PDF_LEAST_CHARACTERS || !file->sink->has_picture))
		is_picture = page_is_picture(page, any_picture_out);
	if (usable >= PDF_LEAST_CHARACTERS)
		return false;
	return is_picture ||
	       (usable == 0 && (*any_picture_out || page_has_marks(page)));
}

/* A page without usable text is said by its number; that there are pictures
 * beside the text, once. */
static void
page_pictures(struct pdf_file *file, PopplerPage *page, const char *text,
	      unsigned number)
{
	struct pdf_sink *sink = file->sink;
	char detail[REMOTE_DETAIL_BYTES];
	bool has_picture = false;
	const bool needs_ocr = page_needs_ocr(file, page, text, &has_picture);

	if (!needs_ocr && (!has_picture || sink->has_picture))
		return;
	sink->has_picture |= !needs_ocr;
	(void)snprintf(detail, sizeof(detail),
		       needs_ocr ? "pdf page %u needs ocr"
				 : "pdf page %u has a picture",
		       number);
	pdf_sink_opaque(sink, REPORT_REASON_IMAGE, detail);
}

static void
page_text(struct pdf_file *file, PopplerPage *page, unsigned number,
	  GHashTable *fonts)
{
	struct pdf_sink *sink = file->sink;
	const struct place place = { PLACE_PAGE, number, NULL };
	char *text = poppler_page_get_text(page);

	if (text == NULL || !g_utf8_validate(text, -1, NULL)) {
		pdf_sink_opaque(sink, REPORT_REASON_DAMAGED, "pdf page");
	} else {
		pdf_sink_text(sink, &place, text);
		if (pdf_file_lacks_font(file, fonts))
			pdf_fonts_note(page, text, fonts);
		page_pictures(file, page, text, number);
		pdf_layout_read(sink, page, text, number);
	}
	g_free(text);
}

void
pdf_page_read(struct pdf_file *file, PopplerPage *page, unsigned number,
	      GHashTable *fonts)
{
	struct pdf_sink *sink = file->sink;

	pdf_sink_break(sink);
	page_text(file, page, number, fonts);
	page_fields(sink, page, number);
	page_notes(sink, page, number);
	page_links(sink, page, number);
	page_give_label(sink, page, number);
	pdf_sink_break(sink);
}
