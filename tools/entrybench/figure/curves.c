/* Curves of a sweep: the cells of one benchmark over its parameter, by the value of one feature. */
#include "figure/curves.h"

#include <stdlib.h>
#include <string.h>

static int ascending(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return (left > right) - (left < right);
}

bool curves_hold(const struct row *row, const struct figure_context *context,
		 const struct sweep *sweep)
{
	const char *bench = row->cell->bench;

	/* An unsafe variant leaves out more than its features say. */
	return row->cell->safe && !strcmp(row->cell->machine, context->machine) &&
	       bench_base(bench) == strlen(sweep->bench) &&
	       !strncmp(bench, sweep->bench, strlen(sweep->bench)) && *bench_param(bench);
}

static size_t index_of(const struct curves *curves, double param)
{
	size_t i = 0;

	while (i < curves->param_count && curves->params[i] != param)
		i++;
	return i;
}

static void find_params(struct curves *curves, const struct figure_context *context,
			const struct sweep *sweep)
{
	for (size_t i = 0; i < context->rows->count; i++) {
		const struct row *row = &context->rows->at[i];
		double param = atof(bench_param(row->cell->bench));

		if (!curves_hold(row, context, sweep) || !row->boots ||
		    index_of(curves, param) < curves->param_count)
			continue;
		curves->params = memory_grow(curves->params, curves->param_count, sizeof(double));
		curves->params[curves->param_count++] = param;
	}
	if (curves->param_count)
		qsort(curves->params, curves->param_count, sizeof(double), ascending);
}

static struct curve *curve_of(struct curves *curves, const struct row *row, const char *feature)
{
	const char *value = pairs_get(&row->cell->features, feature);
	char *family = look_others(row->cell, feature);

	for (size_t i = 0; i < curves->count; i++)
		if (!strcmp(curves->at[i].family, family) && !strcmp(curves->at[i].value, value)) {
			free(family);
			return &curves->at[i];
		}
	curves->at = memory_grow(curves->at, curves->count, sizeof(*curves->at));
	struct curve *curve = &curves->at[curves->count++];

	curve->family = family;
	curve->value = value;
	curve->label = row->label;
	curve->at = memory_new(curves->param_count, sizeof(*curve->at));
	return curve;
}

void curves_fill(struct curves *curves, const struct figure_context *context,
		 const struct sweep *sweep)
{
	*curves = (struct curves){0};
	find_params(curves, context, sweep);
	for (size_t i = 0; i < context->rows->count; i++) {
		const struct row *row = &context->rows->at[i];

		if (!curves_hold(row, context, sweep) || !row->boots ||
		    !pairs_get(&row->cell->features, sweep->feature))
			continue;
		struct curve *curve = curve_of(curves, row, sweep->feature);

		curve->at[index_of(curves, atof(bench_param(row->cell->bench)))] = row;
	}
}

void curves_free(struct curves *curves)
{
	for (size_t i = 0; i < curves->count; i++) {
		free(curves->at[i].family);
		free(curves->at[i].at);
	}
	free(curves->at);
	free(curves->params);
}

const struct curve *curves_base(const struct curves *curves, const struct curve *curve,
				const char *base)
{
	for (size_t i = 0; i < curves->count; i++)
		if (!strcmp(curves->at[i].family, curve->family) &&
		    !strcmp(curves->at[i].value, base))
			return &curves->at[i];
	return NULL;
}

static bool has_partner(const struct curves *curves, const struct curve *curve, const char *base)
{
	for (size_t i = 0; i < curves->count; i++)
		if (strcmp(curves->at[i].value, base) &&
		    !strcmp(curves->at[i].family, curve->family))
			return true;
	return false;
}

const char *curves_main_family(const struct curves *curves, const struct figure_context *context,
			       const char *base)
{
	const char *family = NULL;

	for (size_t i = 0; i < curves->count; i++) {
		const struct curve *curve = &curves->at[i];

		if (strcmp(curve->value, base) || !has_partner(curves, curve, base))
			continue;
		if (!family || !strcmp(curve->label, context->run->reference))
			family = curve->family;
	}
	return family;
}
