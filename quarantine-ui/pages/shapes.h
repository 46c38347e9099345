/*
 * shapes.h - the shapes that templates.def names; each page defines its own.
 *
 * Layer:    quarantine-ui/pages
 * Threads:  constant
 */
#ifndef QUARANTINE_UI_PAGES_SHAPES_H
#define QUARANTINE_UI_PAGES_SHAPES_H

#include "quarantine-ui/html/template.h"

extern const struct template_shape shape_account;
extern const struct template_shape shape_audit;
extern const struct template_shape shape_case;
extern const struct template_shape shape_entry;
extern const struct template_shape shape_error;
extern const struct template_shape shape_factor;
extern const struct template_shape shape_hop;
extern const struct template_shape shape_inbox;
extern const struct template_shape shape_layout;
extern const struct template_shape shape_link_record;
extern const struct template_shape shape_links;
extern const struct template_shape shape_password;
extern const struct template_shape shape_people;
extern const struct template_shape shape_person;
extern const struct template_shape shape_report;
extern const struct template_shape shape_reveal;
extern const struct template_shape shape_sign_in;

#endif
