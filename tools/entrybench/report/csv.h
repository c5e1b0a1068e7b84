/* summary.csv: one row a cell, everything there is to know of it (columns: results/README.md). */
#ifndef REPORT_CSV_H
#define REPORT_CSV_H

#include <stdio.h>

#include "model/row.h"

/* Quoted as RFC 4180 says where a field needs it; lines end with LF; a number that is not known is an empty field. */
void csv_print(const struct run *run, const struct rows *rows, FILE *out);

/* One field, quoted where it holds a comma, a quote or a line break. */
void csv_put_field(FILE *out, const char *text);

#endif
