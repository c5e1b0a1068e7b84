/* summary.csv: one row a cell. */
#include "report/csv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static const char header[] =
    "machine,class,unit,cpu,variant,features,safe,bench,param,status,reason,boots_ok,boots_wanted,"
    "estimate,ci95_low,ci95_high,estimate_ns,core_cycles,core_cycles_low,core_cycles_high,boots_"
    "used,windows,window_min,window_p50,window_p90,window_p99,"
    "window_p999,window_max,empty_window,reference_variant,reference_bench,delta,delta_ci95_low,"
    "delta_ci95_high,delta_percent,p_value,verdict,flags\n";

void csv_put_field(FILE *out, const char *text)
{
	if (!strpbrk(text, ",\"\r\n")) {
		fputs(text, out);
		return;
	}
	fputc('"', out);
	for (; *text; text++) {
		if (*text == '"')
			fputc('"', out);
		fputc(*text, out);
	}
	fputc('"', out);
}

static void put_text(FILE *out, const char *text)
{
	csv_put_field(out, text);
	fputc(',', out);
}

/* 15 digits: what a double holds of a decimal number. */
static void put_number(FILE *out, double value)
{
	if (isfinite(value))
		fprintf(out, "%.15g", value);
	fputc(',', out);
}

static void put_features(FILE *out, const struct pairs *features)
{
	struct text text;
	FILE *list = text_open(&text);

	for (size_t i = 0; i < features->count; i++)
		fprintf(list, "%s%s=%s", i ? " " : "", features->at[i].name, features->at[i].value);
	char *joined = text_take(&text);

	put_text(out, joined);
	free(joined);
}

static void put_cell(FILE *out, const struct run *run, const struct row *row)
{
	const struct cell *cell = row->cell;
	const struct run_machine *machine = run_find_machine(run, cell->machine);

	put_text(out, cell->machine);
	put_text(out, class_name(cell->class));
	put_text(out, class_unit(cell->class));
	put_text(out, machine ? machine->cpu : "");
	put_text(out, cell->variant);
	put_features(out, &cell->features);
	put_text(out, cell->safe ? "yes" : "no");
	put_text(out, cell->bench);
	put_text(out, bench_param(cell->bench));
	put_text(out, status_name(cell->status));
	put_text(out, cell->reason);
	fprintf(out, "%zu,%u,", row->boots, cell->boots_wanted);
}

static void put_costs(FILE *out, const struct row *row)
{
	const struct interval *round_trip = &row->cell->summary.round_trip;
	const struct interval *core = &row->cell->summary.core_cycles;
	const struct row_windows *w = &row->windows;

	put_number(out, round_trip->estimate);
	put_number(out, round_trip->low);
	put_number(out, round_trip->high);
	put_number(out, row->ns);
	put_number(out, core->estimate);
	put_number(out, core->low);
	put_number(out, core->high);
	fprintf(out, "%zu,", row->cell->summary.boots_used);
	put_number(out, w->n);
	put_number(out, w->min);
	put_number(out, w->p50);
	put_number(out, w->p90);
	put_number(out, w->p99);
	put_number(out, w->p999);
	put_number(out, w->max);
	put_number(out, w->empty_window);
}

static void put_difference(FILE *out, const struct row *row)
{
	const struct summary *s = &row->cell->summary;
	const struct cell *reference = row->reference;
	double base = reference ? reference->summary.round_trip.estimate : NAN;

	put_text(out, reference ? reference->variant : "");
	put_text(out, reference ? reference->bench : "");
	put_number(out, s->vs_reference.estimate);
	put_number(out, s->vs_reference.low);
	put_number(out, s->vs_reference.high);
	put_number(out, base == 0 ? NAN : 100 * s->vs_reference.estimate / fabs(base));
	put_number(out, s->p_value);
	put_text(out, s->verdict);
}

/* All flags, also those that the table says once for all rows. */
static void put_flags(FILE *out, const struct cell *cell)
{
	struct text text;
	FILE *list = text_open(&text);

	if (!cell->safe)
		fputs("unsafe", list);
	for (size_t i = 0; i < cell->flags.count; i++) {
		const struct flag *flag = &cell->flags.at[i];

		if (strcmp(flag->name, "unsafe"))
			fprintf(list, "%s%s=%llu", ftell(list) ? " " : "", flag->name,
				(unsigned long long)flag->count);
	}
	char *joined = text_take(&text);

	csv_put_field(out, joined);
	free(joined);
}

void csv_print(const struct run *run, const struct rows *rows, FILE *out)
{
	fputs(header, out);
	for (size_t i = 0; i < rows->count; i++) {
		const struct row *row = &rows->at[i];

		put_cell(out, run, row);
		put_costs(out, row);
		put_difference(out, row);
		put_flags(out, row->cell);
		fputc('\n', out);
	}
}
