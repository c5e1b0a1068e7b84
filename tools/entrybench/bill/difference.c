/* Matches the lines of two bills, under another name where the instructions say so. */
#include "bill/bill.h"

/* So much of two symbols' instructions must be alike for one to be the other under a new name. */
#define ALIKE 0.75

static const struct bill_line *line_at(const struct bill *bill, size_t i)
{
	return &g_array_index(bill->lines, struct bill_line, i);
}

static bool has_symbol(const struct bill *bill, const char *symbol)
{
	for (size_t i = 0; i < bill->lines->len; i++)
		if (strcmp(line_at(bill, i)->symbol, symbol) == 0)
			return true;
	return false;
}

/* Kinds of instructions that the symbol executes, each in its phase, and how many. */
static GHashTable *profile_of(const struct bill *bill, const char *symbol)
{
	GHashTable *profile = g_hash_table_new(g_direct_hash, g_direct_equal);

	for (size_t i = 0; i < bill->steps->len; i++) {
		const struct bill_step *step = &g_array_index(bill->steps, struct bill_step, i);
		size_t kind;

		if (!step->insn || !step->counted || strcmp(step->symbol, symbol) != 0)
			continue;
		kind = (size_t)g_quark_from_string(step->phase) << 32 | step->insn->shape;
		g_hash_table_insert(profile, GSIZE_TO_POINTER(kind),
				    (char *)g_hash_table_lookup(profile, GSIZE_TO_POINTER(kind)) +
					step->sign);
	}
	return profile;
}

static double size_of(GHashTable *profile)
{
	GHashTableIter iter;
	void *count;
	double sum = 0;

	g_hash_table_iter_init(&iter, profile);
	while (g_hash_table_iter_next(&iter, NULL, &count))
		sum += (double)(gssize)count;
	return sum;
}

/* The part of both that they have in common, 0 to 1. */
static double likeness(GHashTable *a, GHashTable *b)
{
	double common = 0, all = size_of(a) + size_of(b);
	GHashTableIter iter;
	void *kind, *count;

	g_hash_table_iter_init(&iter, a);
	while (g_hash_table_iter_next(&iter, &kind, &count))
		common += (double)MIN((gssize)count, (gssize)g_hash_table_lookup(b, kind));
	return all > 0 ? 2 * common / all : 0;
}

/*
 * The symbol of the second bill that is most like this one of the first, of those that have no
 * counterpart yet.
 */
static const char *best_match(const struct bill *const bills[2], const char *symbol,
			      GHashTable *taken)
{
	g_autoptr(GHashTable) profile = profile_of(bills[0], symbol);
	const char *best = NULL;
	double most = ALIKE;

	for (size_t i = 0; i < bills[1]->lines->len; i++) {
		const char *other = line_at(bills[1], i)->symbol;
		g_autoptr(GHashTable) candidate = NULL;
		double alike;

		if (has_symbol(bills[0], other) || g_hash_table_contains(taken, other))
			continue;
		candidate = profile_of(bills[1], other);
		alike = likeness(profile, candidate);
		if (alike >= most && (alike > most || !best)) {
			best = other;
			most = alike;
		}
	}
	return best;
}

/* The first bill's symbols and the names that the second has for them, where those are others. */
static GHashTable *find_renamed(const struct bill *const bills[2])
{
	GHashTable *names = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GHashTable) taken = g_hash_table_new(g_str_hash, g_str_equal);

	for (size_t i = 0; i < bills[0]->lines->len; i++) {
		const char *symbol = line_at(bills[0], i)->symbol, *other;

		if (has_symbol(bills[1], symbol) || g_hash_table_contains(names, symbol))
			continue;
		other = best_match(bills, symbol, taken);
		if (other) {
			g_hash_table_insert(names, (void *)symbol, (void *)other);
			g_hash_table_add(taken, (void *)other);
		}
	}
	return names;
}

struct pairing {
	const struct bill *first, *second;
	GHashTable *names; /* from the first's to the second's */
	GArray *pairs;
};

static const char *second_name(const struct pairing *pairing, const char *symbol)
{
	const char *other = g_hash_table_lookup(pairing->names, symbol);

	return other ? other : symbol;
}

/* The first's line that is this one of the second; NULL: there is none. */
static const struct bill_line *counterpart(const struct pairing *pairing,
					   const struct bill_line *line)
{
	for (size_t i = 0; i < pairing->first->lines->len; i++) {
		const struct bill_line *old = line_at(pairing->first, i);

		if (strcmp(old->phase, line->phase) == 0 &&
		    strcmp(second_name(pairing, old->symbol), line->symbol) == 0)
			return old;
	}
	return NULL;
}

/* Either may be NULL. */
static void add_pair(struct pairing *pairing, const struct bill_line *old,
		     const struct bill_line *line)
{
	const struct bill_line *named = line ? line : old;
	struct bill_pair pair = {
	    .phase = named->phase,
	    .symbol = second_name(pairing, named->symbol),
	    .renamed =
		old && g_hash_table_contains(pairing->names, old->symbol) ? old->symbol : NULL,
	    .counts = {old ? old->sums.count : 0, line ? line->sums.count : 0},
	};

	pair.delta = pair.counts[1] - pair.counts[0];
	g_array_append_val(pairing->pairs, pair);
}

/* The first's lines from *next on to `until` that the second lacks. */
static void add_missing(struct pairing *pairing, size_t *next, size_t until)
{
	for (; *next < until; (*next)++) {
		const struct bill_line *old = line_at(pairing->first, *next);

		if (!bill_find_line(pairing->second, old->phase, second_name(pairing, old->symbol)))
			add_pair(pairing, old, NULL);
	}
}

GArray *bill_pair_lines(const struct bill *const bills[2])
{
	g_autoptr(GHashTable) names = find_renamed(bills);
	struct pairing pairing = {bills[0], bills[1], names,
				  g_array_new(false, false, sizeof(struct bill_pair))};
	size_t next = 0;

	for (size_t i = 0; i < bills[1]->lines->len; i++) {
		const struct bill_line *line = line_at(bills[1], i);
		const struct bill_line *old = counterpart(&pairing, line);

		if (old)
			add_missing(&pairing, &next, (size_t)(old - line_at(bills[0], 0)));
		add_pair(&pairing, old, line);
	}
	add_missing(&pairing, &next, bills[0]->lines->len);
	return pairing.pairs;
}

GArray *bill_pair_phases(const GArray *lines)
{
	GArray *phases = g_array_new(false, false, sizeof(struct bill_pair));

	for (guint i = 0; i < lines->len; i++) {
		const struct bill_pair *line = PAIR(lines, i);
		const struct bill_pair fresh = {.phase = line->phase};
		guint at = 0;

		while (at < phases->len && strcmp(PAIR(phases, at)->phase, line->phase) != 0)
			at++;
		if (at == phases->len)
			g_array_append_val(phases, fresh);
		PAIR(phases, at)->counts[0] += line->counts[0];
		PAIR(phases, at)->counts[1] += line->counts[1];
		PAIR(phases, at)->delta += line->delta;
		PAIR(phases, at)->differing += line->delta != 0;
	}
	return phases;
}

static int larger_first(const void *a, const void *b)
{
	double x = fabs(((const struct bill_pair *)a)->delta);
	double y = fabs(((const struct bill_pair *)b)->delta);

	return (x < y) - (x > y);
}

GArray *bill_phase_differences(const GArray *lines, const char *phase)
{
	GArray *found = g_array_new(false, false, sizeof(struct bill_pair));

	for (guint i = 0; i < lines->len; i++)
		if (strcmp(PAIR(lines, i)->phase, phase) == 0 && PAIR(lines, i)->delta != 0)
			g_array_append_val(found, *PAIR(lines, i));
	g_array_sort(found, larger_first);
	return found;
}

struct bill_sums bill_sums_more(const struct bill *const bills[2])
{
	struct bill_sums more = bills[1]->sums;

	bill_add_sums(&more, &bills[0]->sums, -1);
	return more;
}

GTree *bill_specials_more(const struct bill *const bills[2])
{
	GTree *more = bill_specials_new();

	for (int i = 0; i < 2; i++)
		for (GTreeNode *node = g_tree_node_first(bills[i]->specials); node;
		     node = g_tree_node_next(node))
			bill_add_special(more, g_tree_node_key(node),
					 (i ? 1 : -1) *
					     (int64_t)GPOINTER_TO_SIZE(g_tree_node_value(node)));
	return more;
}
