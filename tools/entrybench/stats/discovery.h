/*
 * Many tests at once: which p-values may be called significant when, of all that are called, at most a part alpha is to be
 * false (Y. Benjamini and Y. Hochberg, Journal of the Royal Statistical Society B 57 (1995)).
 */
#ifndef STATS_DISCOVERY_H
#define STATS_DISCOVERY_H

#include <stddef.h>

/*
 * Replaces each p by its adjusted value: the least alpha at which it would be called, p(i) * m / i with the running minimum
 * from the largest on. NAN is no test: it stays, and does not count.
 */
void discovery_adjust(double *p, size_t count);

#endif
