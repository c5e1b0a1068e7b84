/* The matrix of variants as bars, grouped by a feature, with the delta to the reference written on them. */
#include "report/figure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/format.h"
#include "report/table.h"

#define PLOT_PIXELS	 700.0 /* about the width of the bars' panel in plots/matrix.gp */
#define CHARACTER_PIXELS 7.2   /* about the width of a character written on a bar */

/* "118  +14 (+13.5 %)", or why there is no number. */
static char *bar_text(const struct row *row)
{
	struct row_texts texts = table_texts(row);
	bool bare = !row->reference;
	char *text;

	if (!row->boots)
		text = memory_copy(row->notes);
	else if (*row->notes)
		text = memory_format("%s  %s  %s", texts.estimate, bare ? "" : texts.delta,
				     row->notes);
	else
		text = memory_format("%s  %s", texts.estimate, bare ? "" : texts.delta);
	table_texts_free(&texts);
	if (strlen(text) > 80)
		strcpy(text + 78, "..");
	return text;
}

static void put_bar(FILE *data, double y, const struct row *row, size_t colour, bool by_bench,
		    double *right)
{
	const struct interval *cost = &row->cell->summary.round_trip;
	char *label = figure_label(row, by_bench), *text = bar_text(row);
	double text_at = isfinite(cost->estimate) ? fmax(cost->estimate, cost->high) : 0;
	double room = 1 - (double)format_width(text) * CHARACTER_PIXELS / PLOT_PIXELS;

	figure_put_number(data, y);
	figure_put_number(data, cost->estimate);
	figure_put_number(data, (double)colour + 1);
	figure_put_text(data, label);
	figure_put_text(data, text);
	figure_put_number(data, text_at);
	fputc('\n', data);
	/* Text starts where the bar ends, and must end before the panel does. */
	*right = fmax(*right, text_at / fmax(room, 0.2));
	free(label);
	free(text);
}

/* Bars group by group, a heading above each; returns the rows used. */
static size_t put_bars(struct figure *figure, const struct selection *selection,
		       const struct look *look, bool by_bench, double *right)
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
					by_bench, right);
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
			const struct selection *selection)
{
	char *versus = table_delta_title(context->rows, context->machine);

	if (isfinite(reference_cost(selection)))
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

static void matrix_of(const struct figure_context *context, const char *group, const char *suffix)
{
	struct selection selection = selection_of(context->rows, context->machine, group);
	char *title = group ? memory_format("Round trip of %s, by variant", group)
			    : memory_copy("Round trips, by benchmark");
	struct figure *figure;
	struct look look;
	double right = 0;

	look_fill(&look, &selection, "kpti");
	figure = figure_start(context, "matrix", suffix, title);
	figure_set_number(figure, "rows",
			  (double)put_bars(figure, &selection, &look, !group, &right));
	put_groups(figure, &selection, &look);
	figure_set_number(figure, "whiskers", (double)put_whiskers(figure, &selection, &look));
	put_colours(figure, &look);
	figure_set_number(figure, "right", right);
	figure_set_number(figure, "reference", reference_cost(&selection));
	figure_set_number(figure, "label_characters", (double)longest_label(&selection, !group));
	say_caption(figure, context, &selection);
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
