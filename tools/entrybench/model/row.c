/* What a report says of one cell, and the order in which cells show. */
#include "model/model.h"

#include <stdarg.h>

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

static bool is_usable(const struct boot *boot)
{
	return boot->status == STATUS_OK && isfinite(boot->round_trip);
}

/* The median over boots of a figure of their windows; NAN where none were taken. */
static double median_over_boots(const struct cell *cell, double (*figure)(const struct boot *))
{
	g_autofree double *values = g_new(double, cell->boot_count + 1);
	struct sample sample = {.values = values, .n = 0};

	for (size_t i = 0; i < cell->boot_count; i++)
		if (is_usable(&cell->boots[i]) && isfinite(figure(&cell->boots[i])))
			values[sample.n++] = figure(&cell->boots[i]);
	return sample_median(sample);
}

#define WINDOW_FIGURE(name)                                                                        \
	static double name##_of(const struct boot *boot)                                           \
	{                                                                                          \
		return boot->window.n ? (double)boot->window.name : NAN;                           \
	}
WINDOW_FIGURE(p50)
WINDOW_FIGURE(p90)
WINDOW_FIGURE(p99)
WINDOW_FIGURE(p999)

static double empty_window_of(const struct boot *boot)
{
	return boot->controls.empty_window;
}

static struct row_windows windows_of(const struct cell *cell)
{
	struct row_windows w = {
	    .n = 0,
	    .min = INFINITY,
	    .p50 = median_over_boots(cell, p50_of),
	    .p90 = median_over_boots(cell, p90_of),
	    .p99 = median_over_boots(cell, p99_of),
	    .p999 = median_over_boots(cell, p999_of),
	    .max = -INFINITY,
	    .empty_window = median_over_boots(cell, empty_window_of),
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

/* Appends after "; " unless it is the first. */
static void put_note(GString *notes, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void put_note(GString *notes, const char *format, ...)
{
	va_list arguments;

	if (notes->len)
		g_string_append(notes, "; ");
	va_start(arguments, format);
	g_string_append_vprintf(notes, format, arguments);
	va_end(arguments);
}

bool row_flag_is_common(const struct rows *rows, const char *machine, const char *flag)
{
	g_autofree char *key = g_strjoin("\n", machine, flag, NULL);
	guint carriers = GPOINTER_TO_UINT(g_hash_table_lookup(rows->counts, key));

	return carriers > 1 &&
	       carriers == GPOINTER_TO_UINT(g_hash_table_lookup(rows->counts, machine));
}

bool row_flag_is_moot(const struct cell *cell, const char *flag)
{
	return cell->summary.calm && (!strcmp(flag, "disturbed") || !strcmp(flag, "unstable"));
}

static void put_flags(GString *notes, const struct rows *rows, const struct row *row)
{
	const struct cell *cell = row->cell;

	for (size_t i = 0; i < cell->flags.count; i++) {
		const struct flag *flag = &cell->flags.at[i];

		/* These two are said below, from the facts themselves. */
		if (!strcmp(flag->name, "unsafe") || !strcmp(flag->name, "few_boots"))
			continue;
		if (row_flag_is_common(rows, cell->machine, flag->name) ||
		    row_flag_is_moot(cell, flag->name))
			continue;
		put_note(notes, "%s", flag->name);
		/* A flag of every boot needs no number. */
		if (flag->count > 1 && flag->count != row->boots)
			g_string_append_printf(notes, " (%" PRIu64 ")", flag->count);
		if (!flag_about(flag->name) && *flag->text)
			g_string_append_printf(notes, ": %s", flag->text);
	}
}

/* "2 levels: 299.2 (72 %), 397.1 (28 %)" */
static void put_levels(GString *notes, const struct summary *summary)
{
	if (summary->level_count < 2)
		return;
	put_note(notes, "%zu levels:", summary->level_count);
	for (size_t i = 0; i < summary->level_count; i++)
		g_string_append_printf(
		    notes, "%s %.1f (%.0f %%)", i ? "," : "", summary->levels[i].estimate,
		    100. * (double)summary->levels[i].boots / (double)summary->boots_used);
}

static char *notes_of(const struct rows *rows, const struct row *row)
{
	const struct cell *cell = row->cell;
	GString *notes = g_string_new("");

	if (cell->status != STATUS_OK)
		put_note(notes, "%s: %s", status_name(cell->status),
			 *cell->reason ? cell->reason : "no reason given");
	else if (cell->boot_count && isfinite(cell->boots[0].exit_status) && !row->boots)
		put_note(notes, "ok: the program ended with status %g", cell->boots[0].exit_status);
	if (!cell->safe)
		put_note(notes, UNSAFE);
	put_levels(notes, &cell->summary);
	if (cell->summary.higher >= ROW_HIGHER_LEAST)
		put_note(notes, "%.0f %% of stretches higher", 100 * cell->summary.higher);
	put_flags(notes, rows, row);
	if (row->boots && !cell->summary.calm)
		put_note(notes, "not calm");
	if (row->boots && row->boots < cell->boots_wanted)
		put_note(notes, "%zu of %u boots", row->boots, cell->boots_wanted);
	/* Without a number of boots it is for want of any interval, which the caveats say once. */
	if (g_str_has_prefix(cell->summary.verdict, "inconclusive,"))
		put_note(notes, "%s", cell->summary.verdict);
	return g_string_free(notes, FALSE);
}

/* What must be known of all cells before a row can be filled. */
struct overview {
	GHashTable *several; /* "MACHINE\nBENCH": several variants have cases of that benchmark */
	GHashTable *cases;   /* cells that others name as their reference case */
};

static char *base_key(const struct cell *cell)
{
	return g_strdup_printf("%s\n%.*s", cell->machine, (int)bench_base(cell->bench),
			       cell->bench);
}

static void count_one(GHashTable *counts, char *key)
{
	guint count = GPOINTER_TO_UINT(g_hash_table_lookup(counts, key));

	g_hash_table_insert(counts, key, GUINT_TO_POINTER(count + 1));
}

static void look_over(struct overview *overview, struct rows *rows, const struct run *run)
{
	g_autoptr(GHashTable) first = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	overview->several = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	overview->cases = g_hash_table_new(NULL, NULL);
	for (size_t i = 0; i < run->cell_count; i++) {
		struct cell *cell = &run->cells[i];
		char *key = base_key(cell);
		const struct cell *earlier = g_hash_table_lookup(first, key);

		if (earlier && strcmp(earlier->variant, cell->variant))
			g_hash_table_add(overview->several, g_strdup(key));
		g_hash_table_insert(first, key, cell);
		if (cell->reference_case[0])
			g_hash_table_add(overview->cases, (void *)run_reference_of(run, cell));
		if (!isfinite(cell->summary.round_trip.estimate))
			continue;
		count_one(rows->counts, g_strdup(cell->machine));
		for (size_t f = 0; f < cell->flags.count; f++)
			count_one(rows->counts,
				  g_strjoin("\n", cell->machine, cell->flags.at[f].name, NULL));
	}
}

static void fill_row(struct row *row, const struct rows *rows, const struct overview *overview,
		     const struct run *run, const struct cell *cell)
{
	g_autofree char *key = base_key(cell);
	const char *param = bench_param(cell->bench);
	/* Only one variant on this machine has cases of this benchmark: then the cases are the rows. */
	bool cases = *param && !g_hash_table_contains(overview->several, key);

	row->cell = cell;
	row->reference =
	    g_hash_table_contains(overview->cases, cell) ? cell : run_reference_of(run, cell);
	row->windows = windows_of(cell);
	for (size_t i = 0; i < cell->boot_count; i++)
		row->boots += is_usable(&cell->boots[i]);
	row->ns = cell->class == CLASS_SILICON
		      ? cell->summary.round_trip.estimate / run->host.tsc_hz * 1e9
		      : NAN;
	row->group =
	    cases ? g_strndup(cell->bench, bench_base(cell->bench)) : g_strdup(cell->bench);
	row->label =
	    cases ? g_strdup_printf("%s:%s", cell->variant, param) : g_strdup(cell->variant);
	row->notes = notes_of(rows, row);
}

/* Where the first cell with that key stands. */
static size_t first_seen(GHashTable *seen, char *key, size_t at)
{
	void *first;

	if (g_hash_table_lookup_extended(seen, key, NULL, &first)) {
		g_free(key);
		return GPOINTER_TO_SIZE(first);
	}
	g_hash_table_insert(seen, key, GSIZE_TO_POINTER(at));
	return at;
}

/* Time before work, a reader who has both wants cycles first; then by first appearance of machine, group and cell. */
static int compare_rows(const void *left, const void *right)
{
	const struct row *a = left, *b = right;

	for (size_t i = 0; i < G_N_ELEMENTS(a->order); i++)
		if (a->order[i] != b->order[i])
			return a->order[i] < b->order[i] ? -1 : 1;
	return 0;
}

void rows_fill(struct rows *rows, const struct run *run)
{
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	struct overview overview;

	*rows = (struct rows){
	    .at = g_new0(struct row, run->cell_count + 1),
	    .count = run->cell_count,
	    .counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
	};
	look_over(&overview, rows, run);
	for (size_t i = 0; i < run->cell_count; i++) {
		struct row *row = &rows->at[i];
		const char *machine = run->cells[i].machine;

		fill_row(row, rows, &overview, run, &run->cells[i]);
		row->order[0] = run->cells[i].class != CLASS_SILICON;
		row->order[1] = first_seen(seen, g_strdup(machine), i);
		row->order[2] = first_seen(seen, g_strjoin("\n", machine, row->group, NULL), i);
		row->order[3] = i;
	}
	qsort(rows->at, rows->count, sizeof(*rows->at), compare_rows);
	for (size_t i = 0; i < rows->count; i++) {
		rows->at[i].starts_machine = !i || rows->at[i].order[1] != rows->at[i - 1].order[1];
		rows->at[i].starts_group = !i || rows->at[i].order[2] != rows->at[i - 1].order[2];
	}
	g_hash_table_unref(overview.several);
	g_hash_table_unref(overview.cases);
}

void rows_free(struct rows *rows)
{
	for (size_t i = 0; i < rows->count; i++) {
		g_free(rows->at[i].group);
		g_free(rows->at[i].label);
		g_free(rows->at[i].notes);
	}
	g_free(rows->at);
	g_clear_pointer(&rows->counts, g_hash_table_unref);
	*rows = (struct rows){0};
}
