/* The matrix of variants as bars, grouped by a feature, with the delta to the reference written on them. */
#include "figure/figure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "table/format.h"
#include "table/words.h"

#define PLOT_PIXELS	 700.0 /* about the width of the bars' panel in plots/matrix.gp */
#define CHARACTER_PIXELS 7.2   /* about the width of a character written on a bar */

/* "118  +14 (+13.5 %)", or why there is no number. */
static char *bar_text(const struct row *row)
{
	struct row_texts texts = table_texts(row);
	struct text text;
	FILE *out = text_open(&text);

	if (row->boots)
		fputs(texts.estimate, out);
	if (row->boots && row->reference)
		fprintf(out, "  %s", texts.delta);
	if (*row->notes)
		fprintf(out, "%s%s", row->boots ? "  " : "", row->notes);
	table_texts_free(&texts);
	char *whole = text_take(&text);

	if (strlen(whole) > 80)
		strcpy(whole + 78, "..");
	return whole;
}

#define LOG_RATIO                                                                                  \
	50.0 /* from this ratio of longest to shortest on, bars are on a logarithmic scale */
#define BARS_LOST 12 /* without result; more than these are only counted */

/* The x axis: from base to right, on which every text behind its bar ends before the panel does. */
struct axis {
	double base, right;
	bool logarithmic;
};

static void stretch(struct axis *axis, double bar, size_t characters)
{
	double room = 1 - (double)characters * CHARACTER_PIXELS / PLOT_PIXELS;

	room = fmax(room, 0.2);
	if (axis->logarithmic)
		axis->right = fmax(axis->right, axis->base * pow(bar / axis->base, 1 / room));
	else
		axis->right = fmax(axis->right, bar / room);
}

static void put_bar(FILE *data, double y, const struct row *row, size_t colour, bool by_bench,
		    struct axis *axis)
{
	const struct interval *cost = &row->cell->summary.round_trip;
	char *label = figure_label(row, by_bench), *text = bar_text(row);
	double text_at = isfinite(cost->estimate) ? fmax(cost->estimate, cost->high) : axis->base;

	figure_put_number(data, y);
	figure_put_number(data, cost->estimate);
	figure_put_number(data, (double)colour + 1);
	figure_put_text(data, label);
	figure_put_text(data, text);
	figure_put_number(data, text_at);
	fputc('\n', data);
	stretch(axis, text_at, format_width(text));
	free(label);
	free(text);
}

/* Bars group by group, a heading above each; returns the rows used. */
static size_t put_bars(struct figure *figure, const struct selection *selection,
		       const struct look *look, bool by_bench, struct axis *axis)
{
	FILE *data = figure->data.out;
	size_t y = 0;

	fputs("# y, value, colour, label, text, where it stands\n", data);
	for (size_t group = 0; group < look->groups.count; group++) {
		y += look->groups.count > 1;
		for (size_t i = 0; i < selection->count; i++) {
			const struct row *row = selection->at[i];

			if (look_group(look, row->cell) == group)
				put_bar(data, (double)y++, row, look_colour(look, row->cell),
					by_bench, axis);
		}
	}
	return y;
}

static void put_groups(struct figure *figure, const struct selection *selection,
		       const struct look *look)
{
	FILE *data = figure->data.out;
	size_t y = 0;

	fputs("\n\n# y, group\n", data);
	for (size_t group = 0; group < look->groups.count; group++) {
		figure_put_number(data, (double)y);
		figure_put_text(data, look->groups.count > 1 ? look->groups.at[group] : "");
		fputc('\n', data);
		y += look->groups.count > 1;
		for (size_t i = 0; i < selection->count; i++)
			y += look_group(look, selection->at[i]->cell) == group;
	}
}

/* Intervals that have a width; returns their number. */
static size_t put_whiskers(struct figure *figure, const struct selection *selection,
			   const struct look *look)
{
	FILE *data = figure->data.out;
	size_t y = 0, count = 0;

	fputs("\n\n# y, value, 95 % low, 95 % high\n", data);
	for (size_t group = 0; group < look->groups.count; group++) {
		y += look->groups.count > 1;
		for (size_t i = 0; i < selection->count; i++) {
			const struct interval *cost = &selection->at[i]->cell->summary.round_trip;

			if (look_group(look, selection->at[i]->cell) != group)
				continue;
			if (cost->low < cost->high) {
				fprintf(data, "%zu\t%.15g\t%.15g\t%.15g\n", y, cost->estimate,
					cost->low, cost->high);
				count++;
			}
			y++;
		}
	}
	return count;
}

static void put_colours(struct figure *figure, const struct look *look)
{
	for (size_t i = 0; i < look->colours.count; i++) {
		char *name = memory_format("key_%zu", i + 1);

		figure_set_text(figure, name, look->colours.at[i]);
		free(name);
	}
	figure_set_number(figure, "keys",
			  look->colours.count > 8 ? 0 : (double)look->colours.count);
}

static double reference_cost(const struct selection *selection)
{
	double cost = NAN;

	for (size_t i = 0; i < selection->count; i++)
		if (selection->at[i]->reference == selection->at[i]->cell) {
			/* Several references have no one line to draw. */
			if (isfinite(cost))
				return NAN;
			cost = selection->at[i]->cell->summary.round_trip.estimate;
		}
	return cost;
}

static size_t longest_label(const struct selection *selection, bool by_bench)
{
	size_t longest = 8;

	for (size_t i = 0; i < selection->count; i++) {
		char *label = figure_label(selection->at[i], by_bench);

		if (format_width(label) > longest)
			longest = format_width(label);
		free(label);
	}
	return longest;
}

static void say_caption(struct figure *figure, const struct figure_context *context,
			const struct selection *selection, bool by_bench)
{
	char *versus = table_delta_title(context->rows, context->machine);

	if (by_bench)
		figure_say(
		    figure,
		    "Beside each bar: round trip, then the difference %s, where there is one.",
		    versus);
	else if (isfinite(reference_cost(selection)))
		figure_say(figure,
			   "Beside each bar: round trip, then the difference %s (dashed line).",
			   versus);
	else
		figure_say(figure, "Beside each bar: round trip, then the difference %s.", versus);
	if (context->class == CLASS_DETERMINISTIC)
		figure_say(figure, "Instructions are not time: they say how much work, not how "
				   "long; one IRETQ and one ADD count the same.");
	else
		figure_say(figure,
			   "Whiskers, where boots are enough: 95 %% interval, bootstrap over "
			   "boots. ~: no difference shown.");
	free(versus);
}

/* Benchmarks of one variant cost from a few cycles to thousands, variants of one benchmark do not. */
static void axis_fill(struct axis *axis, const struct selection *selection, bool by_bench)
{
	double least = INFINITY, most = 0;

	for (size_t i = 0; i < selection->count; i++) {
		double cost = selection->at[i]->cell->summary.round_trip.estimate;

		least = fmin(least, isfinite(cost) ? cost : INFINITY);
		most = fmax(most, isfinite(cost) ? cost : 0);
	}
	*axis = (struct axis){0};
	if (by_bench && least > 0 && most > LOG_RATIO * least)
		*axis = (struct axis){least / 2, most, true};
}

/* Takes out the rows without result where there are many; returns how many. */
static size_t drop_lost(struct selection *selection)
{
	size_t kept = 0, lost = 0;

	for (size_t i = 0; i < selection->count; i++)
		lost += !selection->at[i]->boots;
	if (lost <= BARS_LOST)
		return 0;
	for (size_t i = 0; i < selection->count; i++)
		if (selection->at[i]->boots)
			selection->at[kept++] = selection->at[i];
	selection->count = kept;
	return lost;
}

static void matrix_of(const struct figure_context *context, const char *group, const char *suffix)
{
	struct selection selection = selection_of(context->rows, context->machine, group);
	char *title = group ? memory_format("Round trip of %s, by variant", group)
			    : memory_copy("Round trips, by benchmark");
	struct figure *figure;
	struct look look;
	struct axis axis;

	size_t lost = drop_lost(&selection);

	axis_fill(&axis, &selection, !group);
	look_fill(&look, &selection, "kpti");
	figure = figure_start(context, "matrix", suffix, title);
	figure_set_number(figure, "rows",
			  (double)put_bars(figure, &selection, &look, !group, &axis));
	put_groups(figure, &selection, &look);
	figure_set_number(figure, "whiskers", (double)put_whiskers(figure, &selection, &look));
	put_colours(figure, &look);
	figure_set_number(figure, "base", axis.base);
	figure_set_number(figure, "right", axis.right);
	figure_set_number(figure, "logarithmic", axis.logarithmic);
	/* Benchmarks have no reference in common. */
	figure_set_number(figure, "reference", group ? reference_cost(&selection) : NAN);
	figure_set_number(figure, "label_characters", (double)longest_label(&selection, !group));
	say_caption(figure, context, &selection, !group);
	if (lost)
		figure_say(figure, "%zu without result are not shown.", lost);
	if (axis.logarithmic)
		figure_say(figure,
			   "Logarithmic: the length of a bar is not in proportion to its cost.");
	figure_end(figure);
	look_free(&look);
	free(title);
	free(selection.at);
}

static bool has_cost(const struct selection *selection)
{
	for (size_t i = 0; i < selection->count; i++)
		if (selection->at[i]->boots)
			return true;
	return false;
}

static bool one_variant(const struct selection *selection)
{
	for (size_t i = 1; i < selection->count; i++)
		if (strcmp(selection->at[i]->cell->variant, selection->at[0]->cell->variant))
			return false;
	return true;
}

void figure_matrix(const struct figure_context *context)
{
	struct selection all = selection_of(context->rows, context->machine, NULL);
	size_t before = context->figures->count;

	if (has_cost(&all) && one_variant(&all)) {
		matrix_of(context, NULL, "");
	} else {
		for (size_t i = 0; i < all.count; i++) {
			/* A sweep has a figure of its own. */
			if (!all.at[i]->starts_group || *bench_param(all.at[i]->group))
				continue;
			struct selection group =
			    selection_of(context->rows, context->machine, all.at[i]->group);

			if (has_cost(&group))
				matrix_of(context, all.at[i]->group, all.at[i]->group);
			free(group.at);
		}
	}
	if (context->figures->count == before)
		figure_absent(context, "matrix",
			      "no cell of a benchmark without parameter has a result");
	free(all.at);
}
