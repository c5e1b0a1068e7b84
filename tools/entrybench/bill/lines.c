/* Sums over phases, and lines of two bills side by side. */
#include "bill/lines.h"

#include <string.h>

size_t bill_phases(const struct bill *bill, struct phase_sums *phases)
{
	size_t count = 0;

	for (size_t i = 0; i < bill->line_count; i++) {
		const struct bill_line *line = &bill->lines[i];
		size_t at = 0;

		while (at < count && strcmp(phases[at].phase, line->phase) != 0)
			at++;
		if (at == count)
			phases[count++] = (struct phase_sums){.phase = line->phase};
		phases[at].symbols++;
		phases[at].count += line->sums.count;
	}
	return count;
}

static size_t add_pair(struct line_pair *pairs, size_t count, const struct bill *const bills[2],
		       const struct bill_line *line)
{
	struct line_pair pair = {.phase = line->phase, .symbol = line->symbol};

	for (int i = 0; i < 2; i++) {
		const struct bill_line *same = bill_find_line(bills[i], line->phase, line->symbol);

		pair.counts[i] = same ? same->sums.count : 0;
	}
	pairs[count] = pair;
	return count + 1;
}

size_t bill_pair_lines(const struct bill *const bills[2], struct line_pair *pairs)
{
	size_t count = 0, next = 0;

	/* Before each line that both have go the lines of the first that stand before it there and nowhere else. */
	for (size_t i = 0; i <= bills[1]->line_count; i++) {
		const struct bill_line *line =
		    i < bills[1]->line_count ? &bills[1]->lines[i] : NULL;
		const struct bill_line *shared =
		    line ? bill_find_line(bills[0], line->phase, line->symbol) : NULL;
		size_t until = !line	? bills[0]->line_count
			       : shared ? (size_t)(shared - bills[0]->lines)
					: 0;

		for (; next < until; next++) {
			const struct bill_line *old = &bills[0]->lines[next];

			if (!bill_find_line(bills[1], old->phase, old->symbol))
				count = add_pair(pairs, count, bills, old);
		}
		if (line)
			count = add_pair(pairs, count, bills, line);
	}
	return count;
}

size_t bill_pair_specials(const struct bill *const bills[2], struct special_pair *pairs)
{
	size_t at[2] = {0, 0}, count = 0;

	while (at[0] < bills[0]->special_count || at[1] < bills[1]->special_count) {
		const struct bill_special *next[2];
		struct special_pair pair = {0};
		int order;

		for (int i = 0; i < 2; i++)
			next[i] =
			    at[i] < bills[i]->special_count ? &bills[i]->specials[at[i]] : NULL;
		order = !next[0] ? 1 : !next[1] ? -1 : strcmp(next[0]->name, next[1]->name);
		for (int i = 0; i < 2; i++)
			if (i ? order >= 0 : order <= 0) {
				pair.name = next[i]->name;
				pair.counts[i] = next[i]->count;
				at[i]++;
			}
		if (pair.counts[0] != pair.counts[1])
			pairs[count++] = pair;
	}
	return count;
}

struct bill_sums bill_sums_more(const struct bill *const bills[2])
{
	const struct bill_sums *first = &bills[0]->sums, *second = &bills[1]->sums;

	return (struct bill_sums){
	    .count = second->count - first->count,
	    .loads = second->loads - first->loads,
	    .stores = second->stores - first->stores,
	    .bytes_loaded = second->bytes_loaded - first->bytes_loaded,
	    .bytes_stored = second->bytes_stored - first->bytes_stored,
	    .taken = second->taken - first->taken,
	};
}
