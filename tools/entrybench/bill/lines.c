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
