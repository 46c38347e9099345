/*
 * office_places.h - samples of packages with a number in each place.
 */
#ifndef TESTS_SCANNERS_OFFICE_PLACES_H
#define TESTS_SCANNERS_OFFICE_PLACES_H

#include "tests/scanners/recording_sink.h"

/* Read the sample at path (below tests/data), which reader_ooxml must claim,
 * and the packages in it. */
void office_read(struct sink *sink, const char *path);

/* Every number of folder/places.tsv is found in its file, and nothing but a
 * file that ends in except (NULL: none) is opaque. */
void office_check_places(const char *folder, const char *except);

/* Every truncation of the sample ends in an error, a report or all of it;
 * every wrong byte in ST_OK or ST_FORMAT. */
void office_check_damage(const char *path);

/* Fails the test unless part is in the record. */
void office_has(const struct sink *sink, const char *part);

#endif
