/* report.html: one file that needs no network and no script, with the figures inside. */
#ifndef REPORT_HTML_H
#define REPORT_HTML_H

#include "figure/figure.h"

/*
 * The page of a run. Figures are taken from DIR/plots/NAME.svg; where one is missing, `why` says why (NULL: they are
 * all there). Free it.
 */
char *html_page(const struct run *run, const struct rows *rows, const struct figures *figures,
		const char *dir, const char *why);

/* ---- for html.c and html_table.c ---- */

/* Text with <, >, & and quotes as entities. */
void html_put(FILE *out, const char *text);

/* "<TAG>text</TAG>\n" */
void html_put_element(FILE *out, const char *tag, const char *text);

/* A list of texts, nothing where it is empty. */
void html_put_list(FILE *out, const struct strings *list);

/* Table of the rows of one machine, a body a benchmark. */
void html_put_table(FILE *out, const struct rows *rows, const char *machine);

#endif
