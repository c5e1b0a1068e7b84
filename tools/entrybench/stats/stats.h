/* Statistics: pure functions over numbers (docs/statistics.md). */
#ifndef STATS_STATS_H
#define STATS_STATS_H

#include <math.h>

#include "base/base.h"

/*
 * Location and spread of a few replicates. Values are in any one unit, in any order, and are never
 * changed; n >= 1 unless a comment says otherwise.
 */
struct sample {
	const double *values;
	size_t n;
	double resolution; /* values no further apart may be equal: the clock cannot tell */
	double drift; /* part by which runs at other times may lie apart; 0: no others are meant */
};

/* The mean of the two middle values where n is even; NAN where n is 0. */
double sample_median(struct sample sample);

/*
 * The lower of the two middle values where n is even: always one of the values. NAN where n is 0.
 */
double sample_middle(struct sample sample);

/*
 * 0 <= q <= 1, interpolated between neighbours (GSL's gsl_stats_quantile_from_sorted_data). NAN
 * where n is 0.
 */
double sample_quantile(struct sample sample, double q);

/* The k-th smallest, from 1; the largest where k > n; NAN where n is 0. */
double sample_smallest(struct sample sample, size_t k);

/*
 * Standard deviation as a robust estimate: 1.4826 times the median absolute deviation from the
 * median (F. Hampel, "The Influence Curve and its Role in Robust Estimation", JASA 69 (1974)).
 * Where that is 0 although values differ (more than half are equal), the ordinary standard
 * deviation. NAN where n < 2.
 */
double sample_spread(struct sample sample);

/*
 * 95 % intervals for a median and for a difference of two medians, by bootstrap over replicates.
 *
 * Percentile method (B. Efron and R. Tibshirani, "An Introduction to the Bootstrap" (1993), chapter
 * 13): draw n of the n replicates with replacement and take the lower median; the interval reaches
 * from the 2.5 % to the 97.5 % quantile of that. For an order statistic the distribution is known
 * (ibid., problem 2.4), so nothing is drawn. BCa is not used: its acceleration comes from the
 * jackknife, which is inconsistent for the median (ibid., section 11.6).
 */
enum confidence_kind {
	CONFIDENCE_NONE, /* fewer than two replicates say nothing of their spread: bounds are NAN */
	CONFIDENCE_EXACT,     /* the values carry no sampling error: the bounds are what was seen */
	CONFIDENCE_BOOTSTRAP, /* as above */
};

struct confidence {
	double low, high;
	enum confidence_kind kind;
};

/*
 * What the values of a sample are: draws from a distribution, or exact counts, of which one says
 * all (a deterministic machine). Exact values that differ nevertheless give the range that was
 * seen.
 */
enum sampling { SAMPLING_RANDOM, SAMPLING_EXACT };

struct confidence median_confidence(struct sample sample, enum sampling sampling);

/*
 * An interval that is to hold for the same thing measured again, with drift in another run. values
 * are in order of time. What median_confidence() says of the boots is widened, in quadrature, by
 * how much consecutive groups of them differ beyond what boots differ (one-way random effects: the
 * variance of the groups' medians less pi/2 * spread^2 / size, Cramer, section 28.5) and by half of
 * the drift: no run can see in itself where the next will lie. It is never narrower than its
 * resolution to both sides of the middle: what the clock cannot tell apart. Fewer than 9 values
 * have no groups.
 */
struct confidence repeatable_confidence(struct sample sample);

/*
 * Of middle(a) - middle(b), from the intervals above of the two (method of variance estimates
 * recovery: G. Zou and A. Donner, Statistics in Medicine 27 (2008)).
 */
struct confidence difference_confidence(struct sample a, struct sample b, enum sampling sampling);

/*
 * The most that any interval within the range of n replicates can cover: the median lies outside of
 * all n with probability 2^(1-n) (W. Thompson, Annals of Mathematical Statistics 7 (1936)). Below
 * 0.95 for n < 6.
 */
double coverage_limit(size_t n);

/*
 * Judgement over two samples: is one cost different from another, and if it stays open, how many
 * replicates would tell?
 */
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
	    /* where inconclusive: replicates of each that would probably tell; NAN unknown */
	    needs;
};

/*
 * threshold: the least difference worth a name, in the unit of the values, >= 0. A change is called
 * only if the interval excludes zero, the difference exceeds the threshold, and Mann-Whitney p <
 * 0.05 (without the last, two or three replicates would raise false alarms: no interval from so few
 * covers 95 %). Exact values differ or do not.
 */
struct difference difference_of(struct sample a, struct sample b, enum sampling sampling,
				double threshold);

/*
 * The same for differences measured pair by pair: delta is their lower median, p that of the sign
 * test. `needs` stays NAN. Only for values that carry sampling errors.
 */
struct difference paired_difference_of(struct sample differences, double threshold);

/*
 * Replicates of each of two samples with which a two-sided test at 5 % finds a shift of `effect`
 * with a chance of 80 %, when medians are compared: n = (z(0.975) + z(0.8))^2 * 2 * (pi / 2) *
 * (spread / effect)^2, since the variance of a median tends to pi / 2 * sigma^2 / n (H. Cramer,
 * "Mathematical Methods of Statistics" (1946), section 28.5). The spread is the larger of the two.
 * At least 4, below which p < 0.05 cannot be reached. NAN where it is unknown.
 */
double replicates_needed(struct sample a, struct sample b, double effect);

/*
 * Many tests at once: which p-values may be called significant when, of all that are called, at
 * most a part alpha is to be false (Y. Benjamini and Y. Hochberg, Journal of the Royal Statistical
 * Society B 57 (1995)).
 */

/*
 * Replaces each p by its adjusted value: the least alpha at which it would be called, p(i) * m / i
 * with the running minimum from the largest on. NAN is no test: it stays, and does not count.
 */
void discovery_adjust(double *p, size_t count);

/*
 * Log-linear histogram of signed 64-bit readings in bounded memory.
 *
 * Values of magnitude below HISTOGRAM_EXACT have a slot each. Above, every power of two is divided
 * into HISTOGRAM_STEPS slots of equal width, so a quantile is off by at most 1 / HISTOGRAM_ERROR of
 * its value. (The layout is that of G. Tene's HdrHistogram, mirrored for negative values.) n, min
 * and max are exact. Slots are allocated in blocks when first hit; whatever is added, one histogram
 * never exceeds 1.8 MB, and with readings of one machine it typically takes a few tens of kB.
 */
#define HISTOGRAM_STEPS	 2048 /* slots in each power of two */
#define HISTOGRAM_EXACT	 (2 * HISTOGRAM_STEPS)
#define HISTOGRAM_ERROR	 (2 * HISTOGRAM_STEPS)
#define HISTOGRAM_BLOCK	 512 /* slots allocated at a time */
#define HISTOGRAM_BLOCKS 432

struct histogram {
	uint64_t n;
	int64_t min, max;		    /* 0 where empty */
	uint64_t least;			    /* how often exactly min was read */
	uint64_t *blocks[HISTOGRAM_BLOCKS]; /* counts of the slots, ascending by their readings */
};

struct histogram *histogram_new(void);
void histogram_free(struct histogram *h);

/*
 * Counts `value` `count` times. False, and nothing changed, where the total would pass INT64_MAX.
 */
bool histogram_add(struct histogram *h, int64_t value, uint64_t count);

/*
 * The q-quantile, 0 <= q <= 1: the smallest reading that at least q * n readings do not exceed
 * (inverse of the empirical distribution function, definition 1 in Hyndman and Fan, "Sample
 * Quantiles in Statistical Packages", The American Statistician 50 (1996)). 0 where empty.
 */
int64_t histogram_quantile(const struct histogram *h, double q);

/* Calls `each` for every slot hit, in ascending order; stops and returns false when `each` does. */
typedef bool histogram_visit(void *context, int64_t value, uint64_t count);
bool histogram_each(const struct histogram *h, histogram_visit *each, void *context);

/*
 * Levels: a process can lie on one of a few distinct costs and stay there (docs/method.md,
 * "Levels"). Replicates are then no draws from one distribution, and no figure between two levels
 * was ever measured.
 */
#define LEVELS_MAX 3

/*
 * A gap between levels is at least this part of the lowest value (the second where there are fewer
 * than LEVELS_FEW),
 */
#define LEVELS_APART	 0.02
#define LEVELS_APART_FEW 0.10
#define LEVELS_FEW	 6

/* and this many times the width of the densest third of all values. */
#define LEVELS_CLEAR 10

/* Fewer replicates than this part, or than two, are outliers of the level below them. */
#define LEVELS_SHARE 0.2

struct level {
	double estimate;  /* sample_middle() of its replicates */
	double low, high; /* the least and the largest of them */
	size_t n;
};

struct levels {
	struct level at[LEVELS_MAX]; /* ascending */
	size_t count;
};

/*
 * Each replicate belongs to one level; outliers count to a neighbour, so that none is dropped.
 * count is 0 only where n is.
 *
 * The criterion is a gap: sorted values are parted where a gap exceeds LEVELS_APART, LEVELS_CLEAR
 * and the resolution. The densest third lies within one level as long as there are at most three of
 * equal share.
 */
void levels_find(struct sample sample, struct levels *levels);

/*
 * Mann-Whitney test: do two independent samples come from the same distribution?
 * (H. Mann and D. Whitney, Annals of Mathematical Statistics 18 (1947).)
 */

/*
 * Up to this many values in both samples together p is exact: the counts of subsets still fit a
 * double exactly.
 */
#define MANN_WHITNEY_EXACT 50

struct mann_whitney {
	double u; /* pairs in which the value of a is the greater one; a tie counts one half */
	double p; /* two-sided */
	bool exact;
};

/*
 * Exact: the permutation distribution of the sum of mid-ranks given the ties, by the shift
 * algorithm (B. Streitberg and J. Roehmel, Statistical Software Newsletter 12 (1986)); two-sided p
 * is the probability of a rank sum at least as far from its expectation as the one seen. Beyond
 * MANN_WHITNEY_EXACT values: normal approximation with continuity correction and the variance for
 * ties (E. Lehmann, "Nonparametrics" (1975), section 1.4). All NAN where a sample is empty; p = 1
 * where all values are equal.
 */
struct mann_whitney mann_whitney(struct sample a, struct sample b);

/*
 * The round trip of one boot from batched windows (docs/statistics.md, "Round trip").
 *
 * D(T) = (T(2n) - T(n)) / n cancels whatever a window costs besides its crossings, and
 * round trip = D(crossing) - D(bare) cancels what the loop body does besides the crossing.
 */

/* Windows with n and with 2n crossings inside, in ticks. */
struct batch {
	int64_t n;
	const struct histogram *once;
	const struct histogram *twice;
};

struct round_trip {
	double estimate; /* from the minima, in ticks */
	double p10;	 /* the same from the 10th percentiles */
	double p50;	 /* the same from the medians */
	bool unstable;	 /* estimate and p10 differ by more than the tolerance */
	bool disturbed;	 /* estimate and p50 do: half of the batches had to bear something else */
	bool negative; /* a window of 2n was shorter than one of n, or the estimate is below zero */
};

/*
 * Part of the estimate by which figures of one boot may differ. Where the clock advances in steps,
 * each of the two costs is off by up to a step in n crossings: that much is never held against a
 * boot.
 */
#define ROUND_TRIP_TOLERANCE 0.02

/*
 * D with the q-quantile as T (q = 0: the minimum), in ticks. NAN where n < 1 or either histogram is
 * empty.
 */
double batch_cost(const struct batch *batch, double q);

/*
 * step: the clock's, in ticks. False, and *out untouched, where batch_cost() of either would be
 * NAN.
 */
bool round_trip(const struct batch *crossing, const struct batch *bare, double step,
		struct round_trip *out);

/*
 * Sign test: do paired differences lie on both sides of zero as a fair coin falls?
 * (W. Dixon and A. Mood, "The Statistical Sign Test", JASA 41 (1946).)
 */

/* Two-sided p, exact; differences of zero say nothing and are left out. 1 where none is left. */
double sign_test(struct sample differences);

#endif
