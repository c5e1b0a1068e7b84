/* Whether other threads use a core: see core_share.h. */
#include "native/core_share.h"
#include "adds.h"
#include "stats/sample.h"
#include "stats/sharing.h"
#include "util/memory.h"

#include <math.h>
#include <sched.h>
#include <stdlib.h>
#include <time.h>

#define ROUNDS	64
#define REPEATS 3

/* A look that is worse than the calmest by more than the clock's steps make of it. */
#define TOLERANCE 0.03

/* What the loops leave there is of no interest here. */
uint64_t timed_result;

/* Ticks of a round, from the shortest windows of n and of 2n. */
static double cost_of(window_fn *window)
{
	uint64_t once = UINT64_MAX, twice = UINT64_MAX;

	for (int i = 0; i < REPEATS; i++) {
		uint64_t n = window(ROUNDS, NULL), n2 = window(2 * ROUNDS, NULL);

		once = n < once ? n : once;
		twice = n2 < twice ? n2 : twice;
	}
	return ((double)twice - (double)once) / ROUNDS;
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

struct core_share core_share_of(const double *looks, size_t count)
{
	double calmest = sample_quantile((struct sample){looks, count}, SHARING_CALMEST);
	size_t worse = 0;

	for (size_t i = 0; i < count; i++)
		worse += looks[i] > calmest * (1 + TOLERANCE);
	return (struct core_share){1 / calmest, count ? (double)worse / (double)count : NAN};
}

void core_share_read(struct core_share *share, int cpu, double seconds)
{
	double end = now() + seconds, *looks = NULL;
	cpu_set_t before, only;
	size_t count = 0;

	*share = (struct core_share){NAN, NAN};
	CPU_ZERO(&only);
	CPU_SET(cpu, &only);
	if (sched_getaffinity(0, sizeof(before), &before) ||
	    sched_setaffinity(0, sizeof(only), &only))
		return;
	while (now() < end) {
		double look = cost_of(independent_adds) / cost_of(dependent_adds);

		if (!(look > 0) || !isfinite(look))
			continue;
		looks = memory_grow(looks, count, sizeof(*looks));
		looks[count++] = look;
	}
	sched_setaffinity(0, sizeof(before), &before);
	*share = core_share_of(looks, count);
	free(looks);
}
