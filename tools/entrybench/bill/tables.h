/* Bills as tables, for readers and programs. Free each with table_free(). */
#ifndef BILL_TABLES_H
#define BILL_TABLES_H

#include "bill/output.h"

/* For readers: with sums and what they mean below, unless quiet. */
struct table *bill_table_of_one(const struct bill *bill, bool quiet);
struct table *bill_table_of_two(const struct bill_view *view);

/* For programs: a row a line; one row for all; a row a struct bill_pair. */
struct table *bill_table_of_lines(const struct bill *bill);
struct table *bill_table_of_sums(const struct bill *bill, const struct bill_sums *sums);
struct table *bill_table_of_pairs(const GArray *pairs);

/* Every step in order of execution. */
struct table *bill_table_of_steps(const struct bill *bill);

#endif
