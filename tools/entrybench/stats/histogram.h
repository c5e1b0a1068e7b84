/*
 * Log-linear histogram of signed 64-bit readings in bounded memory.
 *
 * Values of magnitude below HISTOGRAM_EXACT have a slot each. Above, every power of two is divided into
 * HISTOGRAM_STEPS slots of equal width, so a quantile is off by at most 1 / HISTOGRAM_ERROR of its value.
 * (The layout is that of G. Tene's HdrHistogram, mirrored for negative values.) n, min and max are exact.
 * Slots are allocated in blocks when first hit; whatever is added, one histogram never exceeds 1.8 MB, and
 * with readings of one machine it typically takes a few tens of kB.
 */
#ifndef STATS_HISTOGRAM_H
#define STATS_HISTOGRAM_H

#include <stdbool.h>
#include <stdint.h>

#define HISTOGRAM_STEPS 2048 /* slots in each power of two */
#define HISTOGRAM_EXACT (2 * HISTOGRAM_STEPS)
#define HISTOGRAM_ERROR (2 * HISTOGRAM_STEPS)

struct histogram;

/* An empty histogram; NULL where memory is out. */
struct histogram *histogram_new(void);
void histogram_free(struct histogram *h);

/*
 * Counts `value` `count` times. False, and nothing changed, where memory is out or the total would pass INT64_MAX.
 */
bool histogram_add(struct histogram *h, int64_t value, uint64_t count);

uint64_t histogram_n(const struct histogram *h);
int64_t histogram_min(const struct histogram *h); /* 0 where empty */
int64_t histogram_max(const struct histogram *h); /* 0 where empty */

/*
 * Gives back exact extremes that slots have lost. False, and nothing changed, where they lie in other slots than the
 * present ones.
 */
bool histogram_set_range(struct histogram *h, int64_t min, int64_t max);

/* Readings below zero. */
uint64_t histogram_negative(const struct histogram *h);

/*
 * The q-quantile, 0 <= q <= 1: the smallest reading that at least q * n readings do not exceed (inverse of the
 * empirical distribution function, definition 1 in Hyndman and Fan, "Sample Quantiles in Statistical Packages",
 * The American Statistician 50 (1996)). 0 where empty.
 */
int64_t histogram_quantile(const struct histogram *h, double q);

/* Calls `each` for every slot hit, in ascending order; stops and returns false when `each` does. */
typedef bool histogram_visit(void *context, int64_t value, uint64_t count);
bool histogram_each(const struct histogram *h, histogram_visit *each, void *context);

#endif
