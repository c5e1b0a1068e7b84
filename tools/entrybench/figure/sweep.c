/* Sweeps over a parameter, by a feature: erase cost against stack depth, TLB cost of KPTI against pages. */
#include "figure/curves.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_fit.h>

#include "model/summary.h"

/* A slope that over the whole sweep comes to less than this part of the start is no slope worth a name. */
#define FLAT 0.03

/* Characters of a variant's name beside which its line's figures still fit. */
#define LABEL 26

static const struct sweep sweeps[] = {
    {"deep_syscall", "erase", "off", "erase_depth", "Erasing the kernel stack, by its depth",
     "erase cost against stack depth", "byte", false},
    {"touch_pages", "kpti", "off", "tlb_pages", "KPTI and the TLB, by pages touched",
     "TLB cost of KPTI against pages", "page", true},
};

static void set_indexed_text(struct figure *figure, const char *name, size_t i, const char *text)
{
	char *variable = memory_format("%s_%zu", name, i);

	figure_set_text(figure, variable, text);
	free(variable);
}

static void put_heading(struct figure *figure, size_t block, const char *label, const char *what)
{
	fprintf(figure->data.out, "%s# %s: parameter, %s, 95 %% low, 95 %% high\n",
		block ? "\n\n" : "", label, what);
}

static void put_point(FILE *data, double param, double value, double low, double high)
{
	figure_put_number(data, param);
	figure_put_number(data, value);
	figure_put_number(data, low);
	figure_put_number(data, high);
	fputc('\n', data);
}
/* Blocks of full costs, one a value of the feature; returns their number. */
static size_t put_costs(struct figure *figure, const struct curves *curves, const char *family)
{
	size_t block = 0;

	for (size_t i = 0; i < curves->count; i++) {
		const struct curve *curve = &curves->at[i];

		if (strcmp(curve->family, family))
			continue;
		put_heading(figure, block, curve->label, "round trip");
		for (size_t p = 0; p < curves->param_count; p++)
			if (curve->at[p]) {
				const struct interval *cost =
				    &curve->at[p]->cell->summary.round_trip;

				put_point(figure->data.out, curves->params[p], cost->estimate,
					  cost->low, cost->high);
			}
		set_indexed_text(figure, "cost", ++block, curve->label);
	}
	return block;
}

/* What a curve adds to its family's base, a difference for each parameter; delta NAN where one is missing. */
static struct difference *differences_of(const struct curves *curves, const struct curve *curve,
					 const struct curve *base, uint64_t seed)
{
	struct difference *d = memory_new(curves->param_count, sizeof(*d));

	for (size_t p = 0; p < curves->param_count; p++) {
		d[p].delta = NAN;
		if (curve->at[p] && base->at[p])
			d[p] = summary_difference(curve->at[p]->cell, base->at[p]->cell, seed);
	}
	return d;
}

static bool same_deltas(const struct difference *a, const struct difference *b, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (a[i].delta != b[i].delta && !(isnan(a[i].delta) && isnan(b[i].delta)))
			return false;
	return true;
}

struct added {
	struct difference *differences;
	const char *label;
	size_t alike; /* further curves with the same differences, which one line stands for */
};

/* A straight line through the differences, by least squares: "52 + 0.25 a byte". Free it. */
static char *line_through(const struct curves *curves, const struct difference *d, const char *one)
{
	double *x = memory_new(curves->param_count, sizeof(*x));
	double *y = memory_new(curves->param_count, sizeof(*y));
	double start, slope, c00, c01, c11, sum;
	size_t n = 0;

	for (size_t p = 0; p < curves->param_count; p++)
		if (isfinite(d[p].delta)) {
			x[n] = curves->params[p];
			y[n++] = d[p].delta;
		}
	char *text = memory_copy("");

	if (n > 1) {
		gsl_fit_linear(x, 1, y, 1, n, &start, &slope, &c00, &c01, &c11, &sum);
		free(text);
		if (fabs(slope * (x[n - 1] - x[0])) < FLAT * fabs(start))
			text = memory_format(": %.3g", start);
		else
			text = memory_format(": %.3g %c %.3g a %s", start, slope < 0 ? '-' : '+',
					     fabs(slope), one);
	}
	free(x);
	free(y);
	return text;
}

static char *added_name(const struct curves *curves, const struct added *added, const char *one)
{
	char *line = line_through(curves, added->differences, one);
	const char *cut = strlen(added->label) > LABEL ? ".." : "";
	char *name = added->alike ? memory_format("%.*s%s (and %zu equal)%s", LABEL, added->label,
						  cut, added->alike, line)
				  : memory_format("%.*s%s%s", LABEL, added->label, cut, line);

	free(line);
	return name;
}

static void put_added(struct figure *figure, size_t block, const struct curves *curves,
		      const struct added *added, const char *name)
{
	put_heading(figure, block, name, "added");
	for (size_t p = 0; p < curves->param_count; p++)
		if (isfinite(added->differences[p].delta))
			put_point(figure->data.out, curves->params[p], added->differences[p].delta,
				  added->differences[p].confidence.low,
				  added->differences[p].confidence.high);
}

/* Differences of all families, equal ones once; returns the number of blocks written. */
static size_t put_differences(struct figure *figure, const struct curves *curves,
			      const struct sweep *sweep, size_t first, uint64_t seed)
{
	struct added *list = memory_new(curves->count + 1, sizeof(*list));
	size_t count = 0;

	for (size_t i = 0; i < curves->count; i++) {
		const struct curve *curve = &curves->at[i];
		const struct curve *base = curves_base(curves, curve, sweep->base);
		struct added added = {.label = curve->label};
		size_t same = 0;

		if (!base || base == curve)
			continue;
		added.differences = differences_of(curves, curve, base, seed);
		while (same < count &&
		       !same_deltas(list[same].differences, added.differences, curves->param_count))
			same++;
		if (same < count) {
			list[same].alike++;
			free(added.differences);
		} else {
			list[count++] = added;
		}
	}
	for (size_t i = 0; i < count; i++) {
		char *name = added_name(curves, &list[i], sweep->one);

		put_added(figure, first + i, curves, &list[i], name);
		set_indexed_text(figure, "added", i + 1, name);
		free(name);
		free(list[i].differences);
	}
	free(list);
	return count;
}

static void say_caption(struct figure *figure, const struct figure_context *context,
			const struct sweep *sweep)
{
	figure_say(figure,
		   "Left: round trips of %s. Right: what %s adds to the same variant with %s %s; "
		   "line by least squares.",
		   sweep->bench, sweep->feature, sweep->feature, sweep->base);
	if (context->class == CLASS_SILICON) {
		figure_say(figure, "Whiskers: 95 %% interval, bootstrap over boots.");
		return;
	}
	figure_say(figure, "Instructions are not time: they say how much work, not how long.");
	if (sweep->silicon_only)
		figure_say(figure, "They cannot show TLB misses: on this machine no difference by "
				   "pages is to be expected.");
}

static void plan_sweep(const struct figure_context *context, const struct sweep *sweep,
		       const struct curves *curves, const char *family)
{
	struct figure *figure = figure_start(context, sweep->script, "", sweep->title);
	size_t costs = put_costs(figure, curves, family);

	figure_set_number(figure, "costs", (double)costs);
	figure_set_number(
	    figure, "added",
	    (double)put_differences(figure, curves, sweep, costs, context->run->seed));
	figure_set_number(figure, "first_param", curves->params[0]);
	figure_set_number(figure, "last_param", curves->params[curves->param_count - 1]);
	say_caption(figure, context, sweep);
	figure_end(figure);
}

/* Why a sweep has no figure: its cells' own reason where they have one. */
static void say_absent(const struct figure_context *context, const struct sweep *sweep,
		       const struct curves *curves)
{
	const char *reason = NULL;
	char *why;

	for (size_t i = 0; i < context->rows->count && !reason; i++)
		if (curves_hold(&context->rows->at[i], context, sweep) &&
		    !context->rows->at[i].boots)
			reason = context->rows->at[i].notes;
	if (curves->param_count == 1)
		why = memory_format("%s ran with one parameter only", sweep->bench);
	else if (curves->param_count)
		why = memory_format("no two variants differ in %s only", sweep->feature);
	else if (reason)
		why = memory_format("%s has no result (%s)", sweep->bench, reason);
	else if (sweep->silicon_only && context->class == CLASS_DETERMINISTIC)
		why = memory_format("%s was not run: instruction counts cannot show TLB misses",
				    sweep->bench);
	else
		why = memory_format("%s was not run", sweep->bench);
	figure_absent(context, sweep->what, why);
	free(why);
}

void figure_sweeps(const struct figure_context *context)
{
	for (size_t i = 0; i < sizeof(sweeps) / sizeof(*sweeps); i++) {
		const char *family;
		struct curves curves;

		curves_fill(&curves, context, &sweeps[i]);
		family = curves_main_family(&curves, context, sweeps[i].base);
		if (curves.param_count > 1 && family)
			plan_sweep(context, &sweeps[i], &curves, family);
		else
			say_absent(context, &sweeps[i], &curves);
		curves_free(&curves);
	}
}
