/* Judgement over two samples: is one cost different from another, and if it stays open, how many replicates would tell? */
#ifndef STATS_CHANGE_H
#define STATS_CHANGE_H

#include "bootstrap.h"

enum change {
	CHANGE_NONE, /* no difference beyond the threshold: the whole interval lies within it */
	CHANGE_LESS, /* a costs less than b */
	CHANGE_MORE, /* a costs more than b */
	CHANGE_INCONCLUSIVE, /* could be either */
};

struct difference {
	double delta; /* middle(a) - middle(b) */
	struct confidence confidence;
	double p; /* Mann-Whitney or sign test, two-sided; NAN for exact values */
	enum change change;
	double
	    needs; /* where inconclusive: replicates of each that would probably tell; NAN unknown */
};

/*
 * threshold: the least difference worth a name, in the unit of the values, >= 0. A change is called only if the
 * interval excludes zero, the difference exceeds the threshold, and Mann-Whitney p < 0.05 (without the last, two or
 * three replicates would raise false alarms: no interval from so few covers 95 %). Exact values differ or do not.
 */
struct difference difference_of(struct sample a, struct sample b, enum sampling sampling,
				double threshold);

/*
 * The same for differences measured pair by pair: delta is their lower median, p that of the sign test. `needs` stays NAN.
 * Only for values that carry sampling errors.
 */
struct difference paired_difference_of(struct sample differences, double threshold);

/*
 * Replicates of each of two samples with which a two-sided test at 5 % finds a shift of `effect` with a chance of 80 %,
 * when medians are compared: n = (z(0.975) + z(0.8))^2 * 2 * (pi / 2) * (spread / effect)^2, since the variance of a
 * median tends to pi / 2 * sigma^2 / n (H. Cramer, "Mathematical Methods of Statistics" (1946), section 28.5). The
 * spread is the larger of the two. At least 4, below which p < 0.05 cannot be reached. NAN where it is unknown.
 */
double replicates_needed(struct sample a, struct sample b, double effect);

#endif
