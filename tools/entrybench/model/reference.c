/* References by feature. */
#include "model/model.h"

static bool is_absent(const char *feature, const char *value)
{
	return !value || !strcmp(value, "off") ||
	       (!strcmp(feature, "exit") && !strcmp(value, "iret"));
}

static bool same_value(const char *feature, const char *a, const char *b)
{
	return (is_absent(feature, a) && is_absent(feature, b)) || !g_strcmp0(a, b);
}

const char *feature_added(const struct pairs *without, const struct pairs *with)
{
	const char *added = NULL;

	for (size_t i = 0; i < with->count; i++) {
		const char *feature = with->at[i].name;
		const char *before = pairs_get(without, feature);

		if (same_value(feature, before, with->at[i].value))
			continue;
		if (added || !is_absent(feature, before))
			return NULL;
		added = feature;
	}
	for (size_t i = 0; i < without->count; i++)
		if (!same_value(without->at[i].name, without->at[i].value,
				pairs_get(with, without->at[i].name)) &&
		    g_strcmp0(added, without->at[i].name))
			return NULL;
	return added;
}

/* Which of two features is rather taken away: one further down the list, the exit's choice last. */
static int rank_of(const struct pairs *features, const char *feature)
{
	for (size_t i = 0; i < features->count; i++)
		if (!strcmp(features->at[i].name, feature))
			return strcmp(feature, "exit") ? (int)i + 1 : 0;
	return -1;
}

const struct cell *run_without(const struct run *run, const struct cell *cell, const char *feature)
{
	const struct cell *found = NULL;
	int best = -1;

	for (size_t i = 0; i < run->cell_count; i++) {
		const struct cell *other = &run->cells[i];
		const char *added;
		int rank;

		if (strcmp(other->bench, cell->bench) || strcmp(other->machine, cell->machine))
			continue;
		if (!feature && !cell->features.count && !other->features.count)
			return other;
		added = feature_added(&other->features, &cell->features);
		rank = added ? rank_of(&cell->features, added) : -1;
		if (rank > best && (!feature || !strcmp(added, feature))) {
			best = rank;
			found = other;
		}
	}
	return found;
}

const struct cell *run_reference_of(const struct run *run, const struct cell *cell)
{
	if (cell->reference_case[0])
		return run_find_cell(run, cell->machine, cell->variant, cell->reference_case);
	if (run->reference[0])
		return run_find_cell(run, cell->machine, run->reference, cell->bench);
	return run_without(run, cell, NULL);
}
