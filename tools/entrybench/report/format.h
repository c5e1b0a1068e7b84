/* Numbers and texts of a run as a reader sees them. */
#ifndef REPORT_FORMAT_H
#define REPORT_FORMAT_H

#include "model/run.h"

/* All return a new string; free it. A number that is NAN gives "-". */

/* Whole where it is whole or where counting is (instructions), else one decimal. */
char *format_cost(double cost, enum machine_class class);

/* "+12 (+10.7 %)": of `base`; without the part in parentheses where base is 0 or NAN. */
char *format_delta(double delta, double base, enum machine_class class);

/* "exact", "[10.0, 12.0]", "-" */
char *format_interval(const struct interval *interval, enum machine_class class);

/* Command line as one could type it again: words with blanks or quotes in single quotes. */
char *format_command(const struct strings *words);

#endif
