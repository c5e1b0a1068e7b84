/* Data and words of the waterfall; plots/waterfall.gp draws it. */
#include "cli/bill_figure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bill/lines.h"
#include "figure/figure.h"

/* What a bar shows: of one bill, or of two the same line. */
struct bar {
	char *label;
	double values[2];
};

struct bars {
	struct bar *at;
	size_t count;
};

/* What is drawn. */
struct drawn {
	const struct bill_title *titles[2]; /* the second may be NULL */
	double totals[2];
	struct bars rows[2]; /* of each bill */
	struct bars pairs;   /* of both; empty where there is one */
};

static void bars_add(struct bars *rows, char *label, double first, double second)
{
	rows->at = memory_grow(rows->at, rows->count, sizeof(*rows->at));
	rows->at[rows->count++] = (struct bar){label, {first, second}};
}

static void bars_free(struct bars *rows)
{
	for (size_t i = 0; i < rows->count; i++)
		free(rows->at[i].label);
	free(rows->at);
}

static void put_bar(struct figure *figure, const char *label, double value, const char *kind)
{
	table_row(figure->data);
	table_put(figure->data, "label", "%s", label);
	table_put_number(figure->data, "value", value);
	table_put(figure->data, "kind", "%s", kind);
}

static struct figure *waterfall_new(struct figures *figures, const struct figure_source *source,
				    const char *suffix, const char *title)
{
	return figure_new(figures, "waterfall", source, suffix, title, "label kind", "value");
}

/* As the command line names it. */
static char *words_of(const struct bill_title *title)
{
	bool own = strcmp(title->machine, "linux") == 0;

	return memory_format("%s%s%s", own ? title->machine : "", own ? ":" : "", title->variant);
}

static bool is_deterministic(const struct bill_title *title)
{
	return strcmp(title->class, class_name(CLASS_DETERMINISTIC)) == 0;
}

static const char *warning(bool safe)
{
	return safe ? "" : " (unsafe: for measurement only)";
}

static void plan_bill(struct figures *figures, const struct figure_source *source,
		      const struct drawn *drawn, int which)
{
	const struct bill_title *bill = drawn->titles[which];
	const struct bars *rows = &drawn->rows[which];
	g_autofree char *words = words_of(bill);
	g_autofree char *title =
	    g_strdup_printf("Bill of %s, %s%s", words, bill->bench, warning(bill->safe));
	g_autofree char *suffix = g_strdup_printf("%s-%s", bill->variant, bill->bench);
	struct figure *figure = waterfall_new(figures, source, suffix, title);
	double sum = 0;

	for (size_t i = 0; i < rows->count; i++) {
		put_bar(figure, rows->at[i].label, rows->at[i].values[0], "part");
		sum += rows->at[i].values[0];
	}
	put_bar(figure, "round trip", sum, "total");
}

/* One bar for each line that differs, between the two totals. */
static void plan_difference(struct figures *figures, const struct figure_source *source,
			    const struct drawn *drawn)
{
	const struct bill_title *first = drawn->titles[0], *second = drawn->titles[1];
	g_autofree char *from = words_of(first), *to = words_of(second);
	g_autofree char *title = g_strdup_printf("From %s to %s, %s%s", from, to, first->bench,
						 warning(first->safe && second->safe));
	g_autofree char *suffix =
	    g_strdup_printf("%s-to-%s-%s", first->variant, second->variant, first->bench);
	struct figure *figure = waterfall_new(figures, source, suffix, title);

	put_bar(figure, from, drawn->totals[0], "total");
	for (size_t i = 0; i < drawn->pairs.count; i++) {
		const struct bar *row = &drawn->pairs.at[i];

		if (row->values[1] != row->values[0])
			put_bar(figure, row->label, row->values[1] - row->values[0], "change");
	}
	put_bar(figure, to, drawn->totals[1], "total");
}

/* Whose figures they are; both where they are not of one machine. */
static char *machine_of(const struct drawn *drawn)
{
	const char *first = drawn->titles[0]->machine, *second = drawn->titles[1]->machine;

	return strcmp(first, second) == 0 ? memory_copy(first)
					  : memory_format("%s+%s", first, second);
}

static int draw(const struct drawn *drawn, const char *dir, struct error *error)
{
	g_autofree char *scripts = figure_scripts(NULL, error), *machine = NULL;
	struct figure_source source = {
	    .class = is_deterministic(drawn->titles[0]) ? CLASS_DETERMINISTIC : CLASS_SILICON};
	struct figures figures = {0};
	int status;

	if (!scripts)
		return -1;
	for (int i = 0; i < 2 && drawn->titles[i]; i++) {
		source.machine = drawn->titles[i]->machine;
		source.cpu = drawn->titles[i]->cpu;
		plan_bill(&figures, &source, drawn, i);
	}
	if (drawn->titles[1]) {
		source.machine = machine = machine_of(drawn);
		plan_difference(&figures, &source, drawn);
	}
	status = figures_draw(&figures, dir, scripts, error);
	figures_free(&figures);
	return status;
}

/* A row a phase; a phase without labels has its functions instead. */
static void bars_of_bill(struct bars *rows, const struct bill *bill)
{
	struct phase_sums *phases = memory_new(bill->line_count + 1, sizeof(*phases));
	size_t count = bill_phases(bill, phases);

	for (size_t i = 0; i < count; i++) {
		bool functions = strcmp(phases[i].phase, PHASE_KERNEL) == 0;

		if (!functions)
			bars_add(rows, memory_copy(phases[i].phase), (double)phases[i].count, 0);
		for (size_t k = 0; functions && k < bill->line_count; k++)
			if (strcmp(bill->lines[k].phase, PHASE_KERNEL) == 0)
				bars_add(rows, memory_copy(bill->lines[k].symbol),
					 (double)bill->lines[k].sums.count, 0);
	}
	free(phases);
}

static void pair_bills(struct bars *rows, const struct bill *const bills[2])
{
	struct line_pair *pairs =
	    memory_new(bills[0]->line_count + bills[1]->line_count + 1, sizeof(*pairs));
	size_t count = bill_pair_lines(bills, pairs);

	for (size_t i = 0; i < count; i++)
		bars_add(rows, memory_format("%s: %s", pairs[i].phase, pairs[i].symbol),
			 (double)pairs[i].counts[0], (double)pairs[i].counts[1]);
	free(pairs);
}

static void drawn_free(struct drawn *drawn)
{
	bars_free(&drawn->rows[0]);
	bars_free(&drawn->rows[1]);
	bars_free(&drawn->pairs);
}

int bill_draw(const struct billed *const bills[2], const char *dir, struct error *error)
{
	struct drawn drawn = {0};
	int status;

	for (int i = 0; i < 2 && bills[i]; i++) {
		drawn.titles[i] = &bills[i]->title;
		drawn.totals[i] = (double)bills[i]->bill.sums.count;
		bars_of_bill(&drawn.rows[i], &bills[i]->bill);
	}
	if (bills[1]) {
		const struct bill *const both[2] = {&bills[0]->bill, &bills[1]->bill};

		pair_bills(&drawn.pairs, both);
	}
	status = draw(&drawn, dir, error);
	drawn_free(&drawn);
	return status;
}

int bill_draw_stamped(const struct bill_title *titles, const struct stamped_bill *bills,
		      size_t count, const char *dir, struct error *error)
{
	struct drawn drawn = {0};
	struct stamped_row rows[STAMPED_ROWS];
	int status;

	for (size_t i = 0; i < count; i++) {
		size_t phases = stamped_pair_lines(&bills[i], NULL, rows);

		drawn.titles[i] = &titles[i];
		drawn.totals[i] = bills[i].total;
		for (size_t k = 0; k < phases; k++)
			if (rows[k].ticks[0] != 0)
				bars_add(&drawn.rows[i], memory_copy(rows[k].phase),
					 rows[k].ticks[0], 0);
	}
	for (size_t k = 0, pairs = count > 1 ? stamped_pair_lines(&bills[0], &bills[1], rows) : 0;
	     k < pairs; k++)
		bars_add(&drawn.pairs, memory_copy(rows[k].phase), rows[k].ticks[0],
			 rows[k].ticks[1]);
	status = draw(&drawn, dir, error);
	drawn_free(&drawn);
	return status;
}
