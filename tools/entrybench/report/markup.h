/* The parts that report.html is made of. All text is escaped. */
#ifndef REPORT_MARKUP_H
#define REPORT_MARKUP_H

#include <stdio.h>

#include "base/memory.h"

void markup_text(FILE *out, const char *text);

/* "<TAG>text</TAG>\n"; the tag may have attributes. */
void markup_element(FILE *out, const char *tag, const char *text);

/* A list of texts, a line of a list of facts: nothing where it is empty. */
void markup_list(FILE *out, const struct strings *list);
void markup_fact(FILE *out, const char *name, const char *value);
void markup_made_fact(FILE *out, const char *name, char *value); /* frees it */

/*
 * An SVG of gnuplot within a page: without its XML heading, and with ids of its own, for all its
 * SVGs call their marks alike.
 */
void markup_svg(FILE *out, const char *svg, size_t number);

#endif
