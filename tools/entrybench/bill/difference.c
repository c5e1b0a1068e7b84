/* Matches the lines of two bills, under another name where the instructions say so. */
#include "bill/bill.h"

/* So much of two symbols' instructions must be alike for one to be the other under a new name. */
#define ALIKE 0.75

static bool has_symbol(const struct bill *bill, const char *symbol)
{
	for (size_t i = 0; i < bill->lines->len; i++)
		if (strcmp(LINE(bill->lines, i)->symbol, symbol) == 0)
			return true;
	return false;
}

/* How often the symbol executes each kind of instruction in each phase; under NULL, their sum. */
static GHashTable *profile_of(const struct bill *bill, const char *symbol)
{
	GHashTable *profile = g_hash_table_new(NULL, NULL);

	for_each_in(const struct bill_step, step, bill->steps) {
		size_t kinds[2] = {0};

		if (!step->insn || !step->counted || strcmp(step->symbol, symbol) != 0)
			continue;
		kinds[1] = (size_t)g_quark_from_string(step->phase) << 32 | step->insn->shape;
		for (int k = 0; k < 2; k++)
			g_hash_table_insert(
			    profile, GSIZE_TO_POINTER(kinds[k]),
			    (char *)g_hash_table_lookup(profile, GSIZE_TO_POINTER(kinds[k])) +
				step->sign);
	}
	return profile;
}

/* The part of both that they have in common, 0 to 1. */
static double likeness(GHashTable *a, GHashTable *b)
{
	double all =
	    (double)((gssize)g_hash_table_lookup(a, NULL) + (gssize)g_hash_table_lookup(b, NULL));
	GHashTableIter iter;
	void *kind, *count;
	double common = 0;

	g_hash_table_iter_init(&iter, a);
	while (g_hash_table_iter_next(&iter, &kind, &count))
		if (kind)
			common += (double)MIN((gssize)count, (gssize)g_hash_table_lookup(b, kind));
	return all > 0 ? 2 * common / all : 0;
}

/* The second bill's symbol that is most like this one of the first, if still unmatched. */
static const char *best_match(const struct bill *const bills[2], const char *symbol,
			      GHashTable *taken)
{
	g_autoptr(GHashTable) profile = profile_of(bills[0], symbol);
	const char *best = NULL;
	double most = ALIKE;

	for (size_t i = 0; i < bills[1]->lines->len; i++) {
		const char *other = LINE(bills[1]->lines, i)->symbol;
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
		const char *symbol = LINE(bills[0]->lines, i)->symbol, *other;

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

static guint find_pair(const GArray *pairs, const char *phase, const char *symbol)
{
	guint at = 0;

	while (at < pairs->len && (strcmp(PAIR(pairs, at)->phase, phase) != 0 ||
				   strcmp(PAIR(pairs, at)->symbol, symbol) != 0))
		at++;
	return at;
}

/* The first's lines, with the names that the second has for their symbols. */
static GArray *first_lines(const struct bill *const bills[2])
{
	g_autoptr(GHashTable) names = find_renamed(bills);
	GArray *pairs = g_array_new(false, false, sizeof(struct bill_pair));

	for_each_in(const struct bill_line, line, bills[0]->lines) {
		const char *other = g_hash_table_lookup(names, line->symbol);
		const double count = line->sums[BILL_COUNT];
		const struct bill_pair pair = {line->phase, other ? other : line->symbol,
					       other ? line->symbol : NULL, .counts = {count},
					       .delta = -count};

		g_array_append_val(pairs, pair);
	}
	return pairs;
}

GArray *bill_pair_lines(const struct bill *const bills[2])
{
	g_autoptr(GArray) first = first_lines(bills);
	GArray *pairs = g_array_new(false, false, sizeof(struct bill_pair));
	guint next = 0;

	for (guint i = 0; i <= bills[1]->lines->len; i++) {
		bool end = i == bills[1]->lines->len;
		const struct bill_line *line = end ? NULL : LINE(bills[1]->lines, i);
		guint at = end ? first->len : find_pair(first, line->phase, line->symbol);
		struct bill_pair pair = {0};

		/* What only the first has, up to where it has this line. */
		for (; (end || at < first->len) && next < at; next++)
			if (!bill_find_line(bills[1]->lines, PAIR(first, next)->phase,
					    PAIR(first, next)->symbol))
				g_array_append_val(pairs, *PAIR(first, next));
		if (end)
			break;
		if (at < first->len)
			pair = *PAIR(first, at);
		pair.phase = line->phase;
		pair.symbol = line->symbol;
		pair.counts[1] = line->sums[BILL_COUNT];
		pair.delta = pair.counts[1] - pair.counts[0];
		g_array_append_val(pairs, pair);
	}
	return pairs;
}

GArray *bill_pair_phases(const GArray *lines)
{
	GArray *phases = g_array_new(false, false, sizeof(struct bill_pair));

	for_each_in(const struct bill_pair, line, lines) {
		const struct bill_pair fresh = {.phase = line->phase, .symbol = ""};
		guint at = find_pair(phases, line->phase, "");

		if (at == phases->len)
			g_array_append_val(phases, fresh);
		PAIR(phases, at)->counts[0] += line->counts[0];
		PAIR(phases, at)->counts[1] += line->counts[1];
		PAIR(phases, at)->delta += line->delta;
	}
	return phases;
}

static int larger_first(const void *a, const void *b)
{
	double x = fabs(((const struct bill_pair *)a)->delta);
	double y = fabs(((const struct bill_pair *)b)->delta);

	return (x < y) - (x > y);
}

void bill_sort_pairs(GArray *pairs)
{
	g_array_sort(pairs, larger_first);
}

void bill_subtract(struct bill *more, const struct bill *const bills[2])
{
	bill_init(more);
	for (int i = 0, sign = -1; i < 2; i++, sign = 1) {
		bill_add_sums(more->sums, bills[i]->sums, sign);
		more->stack_bytes += sign * bills[i]->stack_bytes;
		more->unexplained += sign * bills[i]->unexplained;
		for_each_in(const struct bill_line, special, bills[i]->specials)
			bill_add_sums(bill_line(more->specials, "", special->symbol)->sums,
				      special->sums, sign);
	}
	bill_end_specials(more);
}
