/* report.html: one file that needs no network, with figures, style and script inside. */
#ifndef REPORT_HTML_H
#define REPORT_HTML_H

#include "figure/figure.h"

/*
 * The page of a run. Figures are taken from DIR/plots/NAME.svg; where one is missing, `why` says
 * why (NULL: they are all there). Free it.
 */
char *html_page(const struct run *run, const struct rows *rows, const struct figures *figures,
		const char *dir, const char *why);

#endif
