/* Takes the stamps' own cost off and adds up what is left. */
#include "bill/stamped.h"

#include <stdlib.h>
#include <string.h>

#define ENTER "enter"
#define LEAVE "leave"
#define PROBE "probe"

static const struct stamped_pair *find(const struct stamped_pairs *pairs, const char *from,
				       const char *to)
{
	for (size_t i = 0; i < pairs->count; i++)
		if (!strcmp(pairs->at[i].from, from) && (!to || !strcmp(pairs->at[i].to, to)))
			return &pairs->at[i];
	return NULL;
}

bool stamped_take(struct stamped_pairs *pairs, const char *from, const char *to, int64_t ticks)
{
	const struct stamped_pair *known = find(pairs, from, to);

	if (known) {
		if (ticks < known->ticks)
			pairs->at[known - pairs->at].ticks = ticks;
		return true;
	}
	if (pairs->count == STAMPED_PAIRS || strlen(from) >= STAMPED_NAME ||
	    strlen(to) >= STAMPED_NAME)
		return false;
	strcpy(pairs->at[pairs->count].from, from);
	strcpy(pairs->at[pairs->count].to, to);
	pairs->at[pairs->count++].ticks = ticks;
	return true;
}

static int compare_doubles(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *values, size_t count)
{
	qsort(values, count, sizeof(values[0]), compare_doubles);
	return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

/* The pair of the crossing that starts at `from`: the probe's own start at "enter" as well. */
static const struct stamped_pair *step(const struct stamped_pairs *pairs, const char *from)
{
	for (size_t i = 0; i < pairs->count; i++)
		if (!strcmp(pairs->at[i].from, from) && strcmp(pairs->at[i].to, PROBE) != 0)
			return &pairs->at[i];
	return NULL;
}

/* What stamps and clock cost inside that step; the three pairs of the probe are there. */
static int64_t own_cost(const struct stamped_pairs *pairs, const struct stamped_pair *step)
{
	if (!strcmp(step->from, ENTER))
		return find(pairs, ENTER, PROBE)->ticks;
	return find(pairs, PROBE, !strcmp(step->to, LEAVE) ? LEAVE : PROBE)->ticks;
}

/* Goes from "enter" to "leave" through the first boot; every other boot must have gone the same way. */
static const char *follow(struct stamped_bill *bill, const struct stamped_pairs *pairs,
			  size_t boots, double *values)
{
	const char *at = ENTER;

	while (strcmp(at, LEAVE) != 0) {
		const struct stamped_pair *first = step(&pairs[0], at);
		struct stamped_line *line = &bill->lines[bill->line_count];

		if (!first || bill->line_count == STAMPED_PAIRS)
			return "the stamps do not lead from the entry to the exit";
		if (!strcmp(first->from, ENTER) && !strcmp(first->to, LEAVE))
			return "no phase of its path takes a stamp";
		for (size_t i = 0; i < boots; i++) {
			const struct stamped_pair *same = find(&pairs[i], first->from, first->to);

			if (!same)
				return "the boots took different phases";
			values[i] = (double)(same->ticks - own_cost(&pairs[i], same));
		}
		strcpy(line->phase, first->from);
		line->ticks = median(values, boots);
		bill->sum += line->ticks;
		bill->line_count++;
		at = first->to;
	}
	return NULL;
}

const char *stamped_make(struct stamped_bill *bill, const struct stamped_pairs *pairs,
			 const double *totals, size_t boots)
{
	double *values = calloc(boots, sizeof(*values));
	const char *problem = values ? NULL : "out of memory";

	*bill = (struct stamped_bill){0};
	for (size_t i = 0; i < boots && !problem; i++)
		if (!find(&pairs[i], ENTER, PROBE) || !find(&pairs[i], PROBE, PROBE) ||
		    !find(&pairs[i], PROBE, LEAVE))
			problem = "the records lack the stamps' own cost";
	if (!problem)
		problem = follow(bill, pairs, boots, values);
	if (!problem) {
		for (size_t i = 0; i < boots; i++)
			values[i] = (double)find(&pairs[i], PROBE, PROBE)->ticks;
		bill->probe = median(values, boots);
		memcpy(values, totals, boots * sizeof(*values));
		bill->total = median(values, boots);
		bill->unexplained = bill->total - bill->sum;
	}
	free(values);
	return problem;
}

/* "syscall.stack" is what the plugin's bill calls "stack". */
static const char *short_name(const char *phase)
{
	const char *dot = strchr(phase, '.');

	return dot ? dot + 1 : phase;
}

static void print_title(FILE *out, const struct bill_title *title, const struct stamped_bill *bill)
{
	fprintf(out, "%s, %s on %s: %g %s a round trip of the bare image; phases by time stamps\n",
		title->variant, title->bench, title->machine, bill->total, title->unit);
	if (!title->safe)
		fprintf(out, "unsafe: for measurement only\n");
}

static void put_row(struct stamped_row *rows, size_t *count, const char *phase, int bill,
		    double ticks)
{
	size_t at = 0;

	while (at < *count && strcmp(rows[at].phase, phase) != 0)
		at++;
	if (at == *count)
		rows[(*count)++] = (struct stamped_row){.phase = phase};
	rows[at].ticks[bill] += ticks;
}

static bool has_phase(const struct stamped_bill *bill, const char *phase)
{
	for (size_t i = 0; i < bill->line_count; i++)
		if (strcmp(short_name(bill->lines[i].phase), phase) == 0)
			return true;
	return false;
}

size_t stamped_pair_lines(const struct stamped_bill *first, const struct stamped_bill *second,
			  struct stamped_row *rows)
{
	size_t count = 0, next = 0;

	for (size_t i = 0; i < first->line_count; i++) {
		const char *phase = short_name(first->lines[i].phase);

		/* What only the second has goes before the phase that stands behind it there, too. */
		while (second && has_phase(second, phase) && next < second->line_count) {
			const struct stamped_line *line = &second->lines[next++];

			put_row(rows, &count, short_name(line->phase), 1, line->ticks);
			if (strcmp(short_name(line->phase), phase) == 0)
				break;
		}
		put_row(rows, &count, phase, 0, first->lines[i].ticks);
	}
	for (; second && next < second->line_count; next++)
		put_row(rows, &count, short_name(second->lines[next].phase), 1,
			second->lines[next].ticks);
	put_row(rows, &count, "unexplained", 0, first->unexplained);
	if (second)
		put_row(rows, &count, "unexplained", 1, second->unexplained);
	return count;
}

void stamped_print_difference(FILE *out, const struct bill_title titles[2],
			      const struct stamped_bill bills[2], bool lines_only)
{
	struct stamped_row rows[STAMPED_ROWS];
	size_t count = stamped_pair_lines(&bills[0], &bills[1], rows);

	for (int i = 0; i < 2 && !lines_only; i++)
		print_title(out, &titles[i], &bills[i]);
	fprintf(out, "%s%-32s %12s %12s %12s\n", lines_only ? "" : "\n", "phase", "first", "second",
		"more");
	for (size_t i = 0; i < count; i++)
		if (rows[i].ticks[0] != rows[i].ticks[1])
			fprintf(out, "%-32s %12g %12g %+12g\n", rows[i].phase, rows[i].ticks[0],
				rows[i].ticks[1], rows[i].ticks[1] - rows[i].ticks[0]);
	fprintf(out, "-----------------------------------------------------------------------\n");
	fprintf(out, "%-32s %12g %12g %+12g\n", "total", bills[0].total, bills[1].total,
		bills[1].total - bills[0].total);
}

void stamped_print(FILE *out, const struct bill_title *title, const struct stamped_bill *bill,
		   bool lines_only)
{
	if (!lines_only) {
		print_title(out, title, bill);
		fputc('\n', out);
	}
	fprintf(out, "%-32s %12s %8s\n", "phase", title->unit, "share");
	for (size_t i = 0; i < bill->line_count; i++)
		fprintf(out, "%-32s %12g %6.1f %%\n", short_name(bill->lines[i].phase),
			bill->lines[i].ticks, 100 * bill->lines[i].ticks / bill->total);
	fprintf(out, "%-32s %12g %6.1f %%\n", "unexplained", bill->unexplained,
		100 * bill->unexplained / bill->total);
	fprintf(out, "------------------------------------------------------\n");
	fprintf(out, "%-32s %12g  100.0 %%\n", "total", bill->total);
	if (!lines_only)
		fprintf(out,
			"\nstamps took %g %s each; that is taken off. A phase goes from its stamp "
			"to the "
			"next, %s up to the first.\n",
			bill->probe, title->unit, ENTER);
}

json_t *stamped_json(const struct bill_title *title, const struct stamped_bill *bill)
{
	json_t *lines = json_array();

	for (size_t i = 0; i < bill->line_count; i++)
		json_array_append_new(lines, json_pack("{s:s, s:s, s:f}", "phase",
						       short_name(bill->lines[i].phase), "symbol",
						       "", "count", bill->lines[i].ticks));
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:f, s:f, s:f, s:o}", "machine",
			 title->machine, "class", title->class, "unit", title->unit, "cpu",
			 title->cpu, "variant", title->variant, "bench", title->bench, "safe",
			 title->safe, "total", bill->total, "unexplained", bill->unexplained,
			 "probe", bill->probe, "lines", lines);
}

json_t *stamped_difference_json(const struct bill_title titles[2],
				const struct stamped_bill bills[2])
{
	struct stamped_row rows[STAMPED_ROWS];
	size_t count = stamped_pair_lines(&bills[0], &bills[1], rows);
	json_t *lines = json_array();

	for (size_t i = 0; i + 1 < count; i++)
		json_array_append_new(
		    lines, json_pack("{s:s, s:s, s:f, s:f, s:f}", "phase", rows[i].phase, "symbol",
				     "", "first", rows[i].ticks[0], "second", rows[i].ticks[1],
				     "delta", rows[i].ticks[1] - rows[i].ticks[0]));
	return json_pack("{s:[o, o], s:{s:f, s:f, s:o}}", "bills",
			 stamped_json(&titles[0], &bills[0]), stamped_json(&titles[1], &bills[1]),
			 "difference", "total", bills[1].total - bills[0].total, "unexplained",
			 bills[1].unexplained - bills[0].unexplained, "lines", lines);
}
