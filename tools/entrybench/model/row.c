/* What a report says of one cell, and the order in which cells show. */
#include "model/model.h"

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

double cell_median(const struct cell *cell, boot_figure_fn *figure, const void *context)
{
	g_autofree double *values = g_new(double, cell->boot_count + 1);
	struct sample sample = {.values = values, .n = 0};

	for (size_t i = 0; i < cell->boot_count; i++)
		if (cell->boots[i].status == STATUS_OK) {
			values[sample.n] = figure(&cell->boots[i], context);
			sample.n += !isnan(values[sample.n]);
		}
	return sample_median(sample);
}

/* Of the boot's windows, at an offset in struct quantiles. */
static double quantile(const struct boot *boot, const void *offset)
{
	const char *windows = (const char *)&boot->window;

	return is_usable(boot) && boot->window.n
		   ? (double)*(const int64_t *)(windows + GPOINTER_TO_SIZE(offset))
		   : NAN;
}

#define MEDIAN(cell, name)                                                                         \
	cell_median(cell, quantile, GSIZE_TO_POINTER(offsetof(struct quantiles, name)))

static double empty_window(const struct boot *boot, G_GNUC_UNUSED const void *unused)
{
	return is_usable(boot) ? boot->controls.empty_window : NAN;
}

/* bench/spike.c: how many of the parameter's adds were found, by the time of 64. */
static double adds_found(const struct boot *boot, G_GNUC_UNUSED const void *unused)
{
	return 64 * boot->over_reference / costs_get(&boot->loops, "adds");
}

static struct row_windows windows_of(const struct cell *cell)
{
	struct row_windows w = {
	    .n = 0,
	    .min = INFINITY,
	    .p50 = MEDIAN(cell, p50),
	    .p90 = MEDIAN(cell, p90),
	    .p99 = MEDIAN(cell, p99),
	    .p999 = MEDIAN(cell, p999),
	    .max = -INFINITY,
	    .empty_window = cell_median(cell, empty_window, NULL),
	};

	for_each(const struct boot, boot, cell->boots, cell->boot_count) {
		if (!is_usable(boot) || !boot->window.n)
			continue;
		w.n += (double)boot->window.n;
		w.min = fmin(w.min, (double)boot->window.min);
		w.max = fmax(w.max, (double)boot->window.max);
	}
	if (w.n == 0)
		w.min = w.max = NAN;
	return w;
}

/* Appends after "; " unless it is the first. */
__attribute__((format(printf, 2, 3))) static void put_note(GString *notes, const char *format, ...)
{
	va_list arguments;

	if (notes->len)
		g_string_append(notes, "; ");
	va_start(arguments, format);
	g_string_append_vprintf(notes, format, arguments);
	va_end(arguments);
}

static bool is_common(const struct rows *rows, const char *machine, const char *flag)
{
	size_t carriers = 0;

	for (size_t i = 0; i < rows->count; i++) {
		const struct cell *cell = rows->at[i].cell;

		if (strcmp(cell->machine, machine) || !isfinite(cell->summary.round_trip.estimate))
			continue;
		if (!flags_get(&cell->flags, flag))
			return false;
		carriers++;
	}
	return carriers > 1;
}

bool row_flag_is_common(const struct rows *rows, const char *machine, const char *flag)
{
	g_autofree char *key = g_strjoin("\n", machine, flag, NULL);
	void *known;

	if (!g_hash_table_lookup_extended(rows->common, key, NULL, &known)) {
		known = GUINT_TO_POINTER(is_common(rows, machine, flag));
		g_hash_table_insert(rows->common, g_steal_pointer(&key), known);
	}
	return known;
}

bool row_flag_is_moot(const struct cell *cell, const char *flag)
{
	return cell->summary.calm && (!strcmp(flag, "disturbed") || !strcmp(flag, "unstable"));
}

static void put_flags(GString *notes, const struct rows *rows, const struct row *row)
{
	const struct cell *cell = row->cell;

	for_each(const struct flag, flag, cell->flags.at, cell->flags.count) {
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
	double found = cell_median(cell, adds_found, NULL);
	GString *notes = g_string_new("");

	if (cell->status != STATUS_OK)
		put_note(notes, "%s: %s", status_name(cell->status),
			 *cell->reason ? cell->reason : "no reason given");
	else if (cell->boot_count && isfinite(cell->boots[0].exit_status) && !row->boots)
		put_note(notes, "ok: the program ended with status %g", cell->boots[0].exit_status);
	/* The reason is all there is to say of a cell that did not run. */
	if (cell->status == STATUS_SKIPPED)
		return g_string_free(notes, FALSE);
	if (!cell->safe)
		put_note(notes, UNSAFE);
	if (isfinite(found))
		put_note(notes, "%s adds: found %.1f", bench_param(cell->bench), found);
	put_levels(notes, &cell->summary);
	if (cell->summary.higher >= ROW_HIGHER_LEAST)
		put_note(notes, "%.0f %% of stretches higher", 100 * cell->summary.higher);
	if (isfinite(cell->summary.layout_spread))
		put_note(notes,
			 "medians of %" PRIu64
			 " layouts differ by %.4g, of as many groups of boots by %.4g",
			 cell->summary.layouts, cell->summary.layout_spread,
			 cell->summary.boot_spread);
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

static char *base_key(const struct cell *cell)
{
	return g_strdup_printf("%s\n%.*s", cell->machine, (int)bench_base(cell->bench),
			       cell->bench);
}

/* What must be known of all cells before a row can be filled. */
struct overview {
	GHashTable *variants; /* "MACHINE\nBENCH": the variant that has cases of it; "": several */
	GHashTable *named;    /* cells that others name as theirs: reference cases, --reference */
};

static void look_over(struct overview *overview, const struct run *run)
{
	overview->variants = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	overview->named = g_hash_table_new(NULL, NULL);
	for_each(struct cell, cell, run->cells, run->cell_count) {
		bool names = cell->reference_case[0] || run->reference[0];
		const struct cell *named = names ? run_reference_of(run, cell) : NULL;
		char *key = base_key(cell);
		const char *known = g_hash_table_lookup(overview->variants, key);
		bool other = known && strcmp(known, cell->variant);

		g_hash_table_replace(overview->variants, key, other ? "" : cell->variant);
		if (named != cell)
			g_hash_table_add(overview->named, (void *)named);
	}
}

static void fill_row(struct row *row, const struct overview *overview, const struct run *run,
		     const struct cell *cell)
{
	g_autofree char *key = base_key(cell);
	const char *param = bench_param(cell->bench);
	/* Only one variant of this machine has cases of this benchmark: the cases are the rows. */
	bool cases = *param && *(char *)g_hash_table_lookup(overview->variants, key);

	row->cell = cell;
	row->reference = run_reference_of(run, cell);
	if (g_hash_table_contains(overview->named, cell))
		row->reference = cell;
	else if (row->reference == cell)
		row->reference = NULL;
	row->windows = windows_of(cell);
	for (size_t i = 0; i < cell->boot_count; i++)
		row->boots += is_usable(&cell->boots[i]);
	row->ns = cell->class == CLASS_SILICON
		      ? cell->summary.round_trip.estimate / run->host.tsc_hz * 1e9
		      : NAN;
	row->group = g_strndup(cell->bench, cases ? bench_base(cell->bench) : strlen(cell->bench));
	row->label = g_strconcat(cell->variant, cases ? ":" : "", cases ? param : "", NULL);
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

/* Silicon first, then by first appearance of machine, group and cell. */
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

	*rows = (struct rows){g_new0(struct row, run->cell_count + 1), run->cell_count,
			      g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};
	look_over(&overview, run);
	for (size_t i = 0; i < run->cell_count; i++) {
		struct row *row = &rows->at[i];
		const char *machine = run->cells[i].machine;

		fill_row(row, &overview, run, &run->cells[i]);
		row->order[0] = run->cells[i].class != CLASS_SILICON;
		row->order[1] = first_seen(seen, g_strdup(machine), i);
		row->order[2] = first_seen(seen, g_strjoin("\n", machine, row->group, NULL), i);
		row->order[3] = i;
	}
	qsort(rows->at, rows->count, sizeof(*rows->at), compare_rows);
	for (size_t i = 0; i < rows->count; i++) {
		struct row *row = &rows->at[i];

		row->starts_machine = !i || row->order[1] != row[-1].order[1];
		row->starts_group = !i || row->order[2] != row[-1].order[2];
		row->notes = notes_of(rows, row);
	}
	g_hash_table_unref(overview.variants);
	g_hash_table_unref(overview.named);
}

void rows_free(struct rows *rows)
{
	for (size_t i = 0; i < rows->count; i++) {
		g_free(rows->at[i].group);
		g_free(rows->at[i].label);
		g_free(rows->at[i].notes);
	}
	g_free(rows->at);
	g_clear_pointer(&rows->common, g_hash_table_unref);
	*rows = (struct rows){0};
}
