/* The table of a run on a terminal, and as JSON. */
#ifndef REPORT_TABLE_H
#define REPORT_TABLE_H

#include <stdbool.h>
#include <stdio.h>

#include "model/run.h"
#include "model/row.h"
#include "table/words.h"

#define TABLE_WIDTH 100

/* A row a cell, grouped by machine and benchmark, each machine with its class and unit; then what the reader must know. */
void table_print(const struct run *run, const struct rows *rows, FILE *out, bool color);

/* {"run": {...}, "rows": [...]}: the same facts, numbers unrounded. */
void table_print_json(const struct run *run, const struct rows *rows, FILE *out);

#endif
