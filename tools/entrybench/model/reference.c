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

/* variants: cells of one machine, one for each of its variants. NULL: none is its reference. */
static const char *reference_among(const GPtrArray *variants, const struct cell *cell)
{
	const char *name = NULL;
	int best = -1;

	for (guint i = 0; i < variants->len; i++) {
		const struct cell *other = g_ptr_array_index(variants, i);
		const char *feature;

		if (!cell->features.count && !other->features.count)
			return other->variant;
		feature = feature_added(&other->features, &cell->features);
		if (feature && rank_of(&cell->features, feature) > best) {
			best = rank_of(&cell->features, feature);
			name = other->variant;
		}
	}
	return name;
}

static char *variant_key(const struct cell *cell)
{
	return g_strjoin("\n", cell->machine, cell->variant, NULL);
}

static void free_list(void *list)
{
	g_ptr_array_unref(list);
}

/* "MACHINE\nVARIANT" to the name of its reference, NULL where it has none. */
static GHashTable *references_of(const struct run *run)
{
	GHashTable *references = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_autoptr(GHashTable) machines =
	    g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_list);
	GHashTableIter iter;
	void *list;

	for (size_t i = 0; i < run->cell_count; i++) {
		struct cell *cell = &run->cells[i];
		char *key = variant_key(cell);

		if (!g_hash_table_insert(references, key, NULL))
			continue;
		list = g_hash_table_lookup(machines, cell->machine);
		if (!list) {
			list = g_ptr_array_new();
			g_hash_table_insert(machines, cell->machine, list);
		}
		g_ptr_array_add(list, cell);
	}
	g_hash_table_iter_init(&iter, machines);
	while (g_hash_table_iter_next(&iter, NULL, &list))
		for (guint i = 0; i < ((GPtrArray *)list)->len; i++) {
			const struct cell *cell = g_ptr_array_index((GPtrArray *)list, i);

			g_hash_table_insert(references, variant_key(cell),
					    g_strdup(reference_among(list, cell)));
		}
	return references;
}

/* Made at the first question after the run has got cells. */
static const char *reference_variant(const struct run *run, const struct cell *cell)
{
	struct run *cache = (struct run *)run;
	g_autofree char *key = variant_key(cell);

	if (run->referenced != run->cell_count)
		g_clear_pointer(&cache->references, g_hash_table_unref);
	if (!run->references)
		cache->references = references_of(run);
	cache->referenced = run->cell_count;
	return g_hash_table_lookup(run->references, key);
}

const struct cell *run_reference_of(const struct run *run, const struct cell *cell)
{
	const char *variant = cell->variant, *bench = cell->bench;

	if (cell->reference_case[0])
		bench = cell->reference_case;
	else if (run->reference[0])
		variant = run->reference;
	else
		variant = reference_variant(run, cell);
	return variant ? run_find_cell(run, cell->machine, variant, bench) : NULL;
}
