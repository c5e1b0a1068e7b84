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

/* Features in any order, machine and benchmark; absent features are nothing. */
static guint path_hash(const void *key)
{
	const struct cell *cell = key;
	guint hash = g_str_hash(cell->machine) * 31 + g_str_hash(cell->bench);

	for_each(const struct pair, pair, cell->features.at, cell->features.count)
		if (!is_absent(pair->name, pair->value))
			hash += g_str_hash(pair->name) * 33 + g_str_hash(pair->value);
	return hash;
}

static bool has_all(const struct pairs *all, const struct pairs *features)
{
	for (size_t i = 0; i < features->count; i++)
		if (!same_value(features->at[i].name, features->at[i].value,
				pairs_get(all, features->at[i].name)))
			return false;
	return true;
}

static gboolean path_equal(const void *left, const void *right)
{
	const struct cell *a = left, *b = right;

	return !strcmp(a->bench, b->bench) && !strcmp(a->machine, b->machine) &&
	       has_all(&a->features, &b->features) && has_all(&b->features, &a->features);
}

/* The first cell of each path; found out when first asked, until the run changes. */
static GHashTable *paths_of(const struct run *run)
{
	GHashTable **paths = (GHashTable **)&run->paths;

	if (!*paths) {
		*paths = g_hash_table_new(path_hash, path_equal);
		for (size_t i = run->cell_count; i-- > 0;)
			g_hash_table_replace(*paths, &run->cells[i], &run->cells[i]);
	}
	return *paths;
}

/* The path of the cell without one of its features. */
static const struct cell *find_less(const struct run *run, const struct cell *cell, size_t feature)
{
	g_autofree struct pair *rest =
	    g_memdup2(cell->features.at, cell->features.count * sizeof(*rest));
	struct cell less = *cell;

	rest[feature] = rest[cell->features.count - 1];
	less.features = (struct pairs){rest, cell->features.count - 1};
	return g_hash_table_lookup(paths_of(run), &less);
}

const struct cell *run_without(const struct run *run, const struct cell *cell, const char *feature)
{
	const struct cell *found = NULL;
	int best = -1;

	if (!feature && !cell->features.count) {
		found = g_hash_table_lookup(paths_of(run), cell);
		return found && !found->features.count ? found : NULL;
	}
	for (size_t i = 0; i < cell->features.count; i++) {
		const struct pair *pair = &cell->features.at[i];
		const struct cell *other;
		int rank = rank_of(&cell->features, pair->name);

		if (is_absent(pair->name, pair->value) || rank <= best ||
		    (feature && strcmp(pair->name, feature) != 0))
			continue;
		other = find_less(run, cell, i);
		if (other) {
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
