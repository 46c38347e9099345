#include "courier/notices/picture.h"

#include <stdio.h>
#include <string.h>

#include "lib/base/parse.h"
#include "lib/config/logo.h"

/* The largest that it is shown; screens have two or three dots for one. */
enum { PICTURE_WIDTH = 240, PICTURE_HEIGHT = 48 };

void
picture_init(struct picture *picture)
{
	*picture = (struct picture){ .content_type = NULL };
	sbuf_init(&picture->bytes, LOGO_MAX_BYTES);
}

void
picture_done(struct picture *picture)
{
	sbuf_done(&picture->bytes);
}

bool
picture_is_there(const struct picture *picture)
{
	return picture->content_type != NULL;
}

/* Into the room that it has, never larger than it is. */
static void
picture_fit(struct picture *picture, const struct logo *logo)
{
	uint64_t width = logo->width;
	uint64_t height = logo->height;

	if (height > PICTURE_HEIGHT) {
		width = width * PICTURE_HEIGHT / height;
		height = PICTURE_HEIGHT;
	}
	if (width > PICTURE_WIDTH) {
		height = height * PICTURE_WIDTH / width;
		width = PICTURE_WIDTH;
	}
	picture->width = width > 0 ? (uint32_t)width : 1;
	picture->height = height > 0 ? (uint32_t)height : 1;
}

enum status
picture_load(struct picture *picture, const char *path, const char *host,
	     struct err *err)
{
	struct err why = { .st = ST_OK };
	struct logo logo;
	enum status st = ST_OK;

	if (path[0] == '\0')
		return ST_OK;
	st = logo_read(path, &picture->bytes, &logo, &why);
	if (st != ST_OK)
		return err_set(err, st, "portal.logo: %.300s: %.200s", path,
			       why.text);
	if (!logo.mail)
		return ST_OK;
	picture_fit(picture, &logo);
	(void)snprintf(picture->id, sizeof(picture->id), "logo@%s", host);
	picture->content_type = logo.content_type;
	return ST_OK;
}

void
picture_put_into(const struct picture *picture, const char *html,
		 struct sbuf *out)
{
	char url[PICTURE_ID_BYTES + 4];
	const char *at = NULL;

	(void)snprintf(url, sizeof(url), "cid:%s", picture->id);
	at = picture_is_there(picture) ? strstr(html, url) : NULL;
	if (at == NULL) {
		sbuf_add_text(out, html);
		return;
	}
	sbuf_add(out, html, (size_t)(at - html));
	sbuf_addf(out, "data:%s;base64,", picture->content_type);
	format_base64(out, sbuf_span(&picture->bytes));
	sbuf_add_text(out, at + strlen(url));
}
