/* What a report says of one cell, and the order in which cells show. */
#include "model/row.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/flags.h"
#include "model/reference.h"
#include "base/text.h"
#include "stats/sample.h"

#define UNSAFE "unsafe: for measurement only"

size_t bench_base(const char *bench)
{
	return strcspn(bench, ":");
}

const char *bench_param(const char *bench)
{
	const char *colon = strchr(bench, ':');

	return colon ? colon + 1 : "";
}

static bool same_base(const char *a, const char *b)
{
	return bench_base(a) == bench_base(b) && !strncmp(a, b, bench_base(a));
}

static bool is_usable(const struct boot *boot)
{
	return boot->status == STATUS_OK && isfinite(boot->round_trip);
}

/* The median over boots of the member at `offset` of their windows. */
static double median_over_boots(const struct cell *cell, size_t offset)
{
	double *values = memory_new(cell->boot_count + 1, sizeof(*values));
	struct sample sample = {.values = values, .n = 0};

	for (size_t i = 0; i < cell->boot_count; i++) {
		const struct boot *boot = &cell->boots[i];
		int64_t value;

		if (!is_usable(boot) || !boot->window.n)
			continue;
		memcpy(&value, (const char *)&boot->window + offset, sizeof(value));
		values[sample.n++] = (double)value;
	}
	double median = sample_median(sample);

	free(values);
	return median;
}

static double empty_window_of(const struct cell *cell)
{
	double *values = memory_new(cell->boot_count + 1, sizeof(*values));
	struct sample sample = {.values = values, .n = 0};

	for (size_t i = 0; i < cell->boot_count; i++)
		if (is_usable(&cell->boots[i]) && isfinite(cell->boots[i].controls.empty_window))
			values[sample.n++] = cell->boots[i].controls.empty_window;
	double median = sample_median(sample);

	free(values);
	return median;
}

static struct row_windows windows_of(const struct cell *cell)
{
	struct row_windows w = {
	    .n = 0,
	    .min = INFINITY,
	    .p50 = median_over_boots(cell, offsetof(struct quantiles, p50)),
	    .p90 = median_over_boots(cell, offsetof(struct quantiles, p90)),
	    .p99 = median_over_boots(cell, offsetof(struct quantiles, p99)),
	    .p999 = median_over_boots(cell, offsetof(struct quantiles, p999)),
	    .max = -INFINITY,
	    .empty_window = empty_window_of(cell),
	};

	for (size_t i = 0; i < cell->boot_count; i++) {
		const struct quantiles *q = &cell->boots[i].window;

		if (!is_usable(&cell->boots[i]) || !q->n)
			continue;
		w.n += (double)q->n;
		w.min = fmin(w.min, (double)q->min);
		w.max = fmax(w.max, (double)q->max);
	}
	if (w.n == 0)
		w.min = w.max = NAN;
	return w;
}

static void put_note(FILE *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Appends after "; " unless it is the first. */
static void put_note(FILE *out, const char *format, ...)
{
	va_list arguments;

	if (ftell(out) > 0)
		fputs("; ", out);
	va_start(arguments, format);
	vfprintf(out, format, arguments);
	va_end(arguments);
}

bool row_flag_is_common(const struct run *run, const char *machine, const char *flag)
{
	size_t carriers = 0;

	for (size_t i = 0; i < run->cell_count; i++) {
		const struct cell *cell = &run->cells[i];

		if (strcmp(cell->machine, machine) || !isfinite(cell->summary.round_trip.estimate))
			continue;
		if (!flags_get(&cell->flags, flag))
			return false;
		carriers++;
	}
	return carriers > 1;
}

bool row_flag_is_moot(const struct cell *cell, const char *flag)
{
	return cell->summary.calm && (!strcmp(flag, "disturbed") || !strcmp(flag, "unstable"));
}

static void put_flags(FILE *out, const struct run *run, const struct row *row)
{
	const struct cell *cell = row->cell;

	for (size_t i = 0; i < cell->flags.count; i++) {
		const struct flag *flag = &cell->flags.at[i];
		const char *about = flag_about(flag->name);

		/* These two are said below, from the facts themselves. */
		if (!strcmp(flag->name, "unsafe") || !strcmp(flag->name, "few_boots"))
			continue;
		if (row_flag_is_common(run, cell->machine, flag->name) ||
		    row_flag_is_moot(cell, flag->name))
			continue;
		put_note(out, "%s", flag->name);
		/* A flag of every boot needs no number. */
		if (flag->count > 1 && flag->count != row->boots)
			fprintf(out, " (%llu)", (unsigned long long)flag->count);
		if (!about && *flag->text)
			fprintf(out, ": %s", flag->text);
	}
}

static char *notes_of(const struct run *run, const struct row *row)
{
	const struct cell *cell = row->cell;
	struct text text;
	FILE *out = text_open(&text);

	if (cell->status != STATUS_OK)
		put_note(out, "%s: %s", status_name(cell->status),
			 *cell->reason ? cell->reason : "no reason given");
	else if (cell->boot_count && isfinite(cell->boots[0].exit_status) && !row->boots)
		put_note(out, "ok: the program ended with status %g", cell->boots[0].exit_status);
	if (!cell->safe)
		put_note(out, UNSAFE);
	put_flags(out, run, row);
	if (row->boots && !cell->summary.calm)
		put_note(out, "not calm");
	if (row->boots && row->boots < cell->boots_wanted)
		put_note(out, "%zu of %u boots", row->boots, cell->boots_wanted);
	/* Without a number of boots it is for want of any interval, which the caveats say once. */
	if (!strncmp(cell->summary.verdict, "inconclusive,", 13))
		put_note(out, "%s", cell->summary.verdict);
	return text_take(&text);
}

/* Only one variant on this machine has cases of this benchmark: then the cases are the rows. */
static bool is_case(const struct run *run, const struct cell *cell)
{
	if (!*bench_param(cell->bench))
		return false;
	for (size_t i = 0; i < run->cell_count; i++) {
		const struct cell *other = &run->cells[i];

		if (!strcmp(other->machine, cell->machine) &&
		    same_base(other->bench, cell->bench) && strcmp(other->variant, cell->variant))
			return false;
	}
	return true;
}

static bool is_reference(const struct run *run, const struct cell *cell)
{
	if (run_reference_of(run, cell) == cell)
		return true;
	for (size_t i = 0; i < run->cell_count; i++)
		if (run->cells[i].reference_case[0] &&
		    run_reference_of(run, &run->cells[i]) == cell)
			return true;
	return false;
}

static void fill_row(struct row *row, const struct run *run, const struct cell *cell)
{
	bool cases = is_case(run, cell);
	const char *param = bench_param(cell->bench);

	row->cell = cell;
	row->reference = is_reference(run, cell) ? cell : run_reference_of(run, cell);
	row->windows = windows_of(cell);
	for (size_t i = 0; i < cell->boot_count; i++)
		row->boots += is_usable(&cell->boots[i]);
	row->ns = cell->class == CLASS_SILICON
		      ? cell->summary.round_trip.estimate / run->host.tsc_hz * 1e9
		      : NAN;
	row->group = g_strdup(cell->bench);
	if (cases)
		row->group[bench_base(cell->bench)] = 0;
	row->label =
	    cases ? g_strdup_printf("%s:%s", cell->variant, param) : g_strdup(cell->variant);
	row->notes = notes_of(run, row);
}

/* Appends the rows of one machine and group. */
static void take_group(struct rows *rows, struct row *all, bool *taken, size_t first, size_t count)
{
	for (size_t i = first; i < count; i++) {
		if (taken[i] || strcmp(all[i].cell->machine, all[first].cell->machine) ||
		    strcmp(all[i].group, all[first].group))
			continue;
		taken[i] = true;
		all[i].starts_group = i == first;
		rows->at[rows->count++] = all[i];
	}
}

static void take_machine(struct rows *rows, struct row *all, bool *taken, size_t first,
			 size_t count)
{
	size_t start = rows->count;

	for (size_t i = first; i < count; i++)
		if (!taken[i] && !strcmp(all[i].cell->machine, all[first].cell->machine))
			take_group(rows, all, taken, i, count);
	rows->at[start].starts_machine = true;
}

void rows_fill(struct rows *rows, const struct run *run)
{
	size_t count = run->cell_count;
	struct row *all = memory_new(count + 1, sizeof(*all));
	bool *taken = memory_new(count + 1, sizeof(*taken));

	*rows = (struct rows){.at = memory_new(count + 1, sizeof(*rows->at))};
	for (size_t i = 0; i < count; i++)
		fill_row(&all[i], run, &run->cells[i]);
	/* Time before work: a reader who has both wants cycles first. */
	for (size_t i = 0; i < count; i++)
		if (!taken[i] && all[i].cell->class == CLASS_SILICON)
			take_machine(rows, all, taken, i, count);
	for (size_t i = 0; i < count; i++)
		if (!taken[i])
			take_machine(rows, all, taken, i, count);
	free(taken);
	free(all);
}

void rows_free(struct rows *rows)
{
	for (size_t i = 0; i < rows->count; i++) {
		free(rows->at[i].group);
		free(rows->at[i].label);
		free(rows->at[i].notes);
	}
	free(rows->at);
	*rows = (struct rows){0};
}
