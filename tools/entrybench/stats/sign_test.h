/*
 * Sign test: do paired differences lie on both sides of zero as a fair coin falls?
 * (W. Dixon and A. Mood, "The Statistical Sign Test", JASA 41 (1946).)
 */
#ifndef STATS_SIGN_TEST_H
#define STATS_SIGN_TEST_H

#include "sample.h"

/* Two-sided p, exact; differences of zero say nothing and are left out. 1 where none is left. */
double sign_test(struct sample differences);

#endif
