/* From boots to a cell's summary. */
#include "summary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "util/memory.h"

/* Beyond this many boots the number only says "far too many". */
#define BOOTS_CREDIBLE 10000

static double round_trip_of(const struct boot *boot)
{
	return boot->round_trip;
}

static double over_reference_of(const struct boot *boot)
{
	return boot->over_reference;
}

/* How much of a boot was not its own: 0, nothing that shows; 1, half of its batches; 2, nine tenths of them. */
enum { UNDISTURBED, DISTURBED, UNSTABLE };

static int trouble_of(const struct boot *boot)
{
	if (flags_get(&boot->flags, "unstable"))
		return UNSTABLE;
	return flags_get(&boot->flags, "disturbed") ? DISTURBED : UNDISTURBED;
}

static bool counts(const struct boot *boot, double (*figure)(const struct boot *), int trouble)
{
	return boot->status == STATUS_OK && isfinite(figure(boot)) && trouble_of(boot) <= trouble;
}

/*
 * A figure of the boots that are ok; free .values. Disturbed boots, which are so by their own spread and not by their
 * figure, are set aside where enough others are there (docs/method.md).
 */
static struct sample sample_of(const struct cell *cell, double (*figure)(const struct boot *))
{
	double *values = memory_new(cell->boot_count + 1, sizeof(*values));
	size_t n = 0;

	for (int trouble = UNDISTURBED; trouble <= UNSTABLE && n < SUMMARY_QUIET_LEAST; trouble++) {
		n = 0;
		for (size_t i = 0; i < cell->boot_count; i++)
			if (counts(&cell->boots[i], figure, trouble))
				values[n++] = figure(&cell->boots[i]);
	}
	return (struct sample){values, n};
}

/* b is the reference case of a, and a's programs have timed it in turn with their own. */
static bool is_paired(const struct cell *a, const struct cell *b)
{
	bool any = false;

	for (size_t i = 0; i < a->boot_count; i++)
		any |= isfinite(a->boots[i].over_reference);
	return any && a->class == CLASS_SILICON && !strcmp(a->reference_case, b->bench) &&
	       !strcmp(a->variant, b->variant) && !strcmp(a->machine, b->machine);
}

static enum sampling sampling_of(const struct cell *cell)
{
	return cell->class == CLASS_DETERMINISTIC ? SAMPLING_EXACT : SAMPLING_RANDOM;
}

static void set_verdict(struct cell *cell, const struct difference *d)
{
	bool silicon = cell->class == CLASS_SILICON;
	char *text = NULL;

	switch (d->change) {
	case CHANGE_NONE:
		text = memory_copy("same");
		break;
	case CHANGE_LESS:
		text = memory_copy(silicon ? "faster" : "fewer");
		break;
	case CHANGE_MORE:
		text = memory_copy(silicon ? "slower" : "more");
		break;
	case CHANGE_INCONCLUSIVE:
		if (d->needs <= BOOTS_CREDIBLE)
			text = memory_format("inconclusive, needs about %.0f boots", d->needs);
		else
			text = memory_copy("inconclusive");
		break;
	}
	run_set(&cell->summary.verdict, text);
	free(text);
}

struct difference summary_difference(const struct cell *a, const struct cell *b, uint64_t seed)
{
	struct sample left = sample_of(a, round_trip_of), right = sample_of(b, round_trip_of);
	struct sample pairs = sample_of(a, over_reference_of);
	double threshold =
	    a->class == CLASS_SILICON ? SUMMARY_THRESHOLD * fabs(sample_median(right)) : 0;
	struct difference d = {.delta = NAN, .confidence = {NAN, NAN, CONFIDENCE_NONE}, .p = NAN};

	if (pairs.n && is_paired(a, b))
		d = paired_difference_of(pairs, threshold, seed);
	else if (left.n && right.n && a->class == b->class)
		d = difference_of(left, right, sampling_of(a), threshold, seed);
	free((void *)left.values);
	free((void *)right.values);
	free((void *)pairs.values);
	return d;
}

static void compare(struct cell *cell, const struct cell *reference, uint64_t seed)
{
	struct difference d = summary_difference(cell, reference, seed);

	if (isnan(d.delta))
		return;
	cell->summary.vs_reference =
	    (struct interval){d.delta, d.confidence.low, d.confidence.high};
	cell->summary.p_value = d.p;
	set_verdict(cell, &d);
}

static void fill_cell(const struct run *run, struct cell *cell)
{
	const struct cell *reference = run_reference_of(run, cell);
	struct sample sample = sample_of(cell, round_trip_of);
	struct confidence c = median_confidence(sample, sampling_of(cell), run->seed);

	cell->summary.round_trip = (struct interval){sample_median(sample), c.low, c.high};
	cell->summary.vs_reference = (struct interval){NAN, NAN, NAN};
	cell->summary.p_value = NAN;
	run_set(&cell->summary.verdict, "");
	if (reference && reference != cell)
		compare(cell, reference, run->seed);
	free((void *)sample.values);
}

void summary_fill(struct run *run)
{
	for (size_t i = 0; i < run->cell_count; i++)
		fill_cell(run, &run->cells[i]);
}
