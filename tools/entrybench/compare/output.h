/* A comparison as a table, and in the forms that CI services read. */
#ifndef COMPARE_OUTPUT_H
#define COMPARE_OUTPUT_H

#include "compare/compare.h"
#include "table/table.h"

/* A row a cell, a group a machine and benchmark; what the verdicts mean below. */
struct table *compared_table(const struct comparison *comparison);

/* JUnit's XML: a test case a cell, failed where it is a regression, skipped where nothing can be said. */
void compared_print_junit(const struct comparison *comparison, FILE *out);

/* Workflow commands of GitHub Actions: an error a regression, a warning for what cannot be told. */
void compared_print_github(const struct comparison *comparison, FILE *out);

#endif
