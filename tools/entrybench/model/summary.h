/*
 * From boots to a cell's summary: the bridge between a run and the statistics (docs/statistics.md, "Summary of a
 * cell"). Everything is computed from the boots alone, so a run read back from disk gives the same summaries.
 */
#ifndef MODEL_SUMMARY_H
#define MODEL_SUMMARY_H

#include "model/run.h"
#include "stats/change.h"

/* A difference on silicon below this part of the reference's round trip is not worth a name. */
#define SUMMARY_THRESHOLD 0.01

/* With so many others, boots that were disturbed, or had to share the core, do not count. */
#define SUMMARY_QUIET_LEAST 5

/*
 * Fills the summary of every cell: estimate and interval from its boots that are ok, difference, p and verdict
 * against run_reference_of(); pair by pair where the programs have timed their reference case in turn. Where a cell has no
 * reference, is its own, or the reference counts another unit, vs_reference is NAN and the verdict "".
 *
 * Where the boots lie on several levels the estimate is that of the lowest, and there is no difference and no verdict but
 * "levels", unless pairs were timed in turn.
 * Verdicts: silicon "faster", "slower"; deterministic "fewer", "more" (instructions are not time); both "same",
 * and "inconclusive" or "inconclusive, needs about N boots".
 */
void summary_fill(struct run *run);

/*
 * a minus b, two cells of one run: pair by pair where a's programs have timed b in turn, else as below.
 */
struct difference summary_difference(const struct cell *a, const struct cell *b);

/*
 * a minus b from their boots, which may be of two runs. delta is NAN where either has none that is ok or lies on several
 * levels, or where they count another unit.
 */
struct difference summary_change(const struct cell *a, const struct cell *b);

#endif
