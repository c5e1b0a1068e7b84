/* Whether other threads use a core. */
#include "host/host.h"

#include "adds.h"

#define ROUNDS	64
#define REPEATS 3

/* A look that is worse than the calmest by more than the clock's steps make of it. */
#define TOLERANCE 0.03

/* 4 ms, in which a thread that comes in bursts pauses once. */
#define LOOKS_LEAST 16

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

struct core_share core_share_of(const double *looks, size_t count)
{
	double calmest =
	    sample_quantile((struct sample){.values = looks, .n = count}, SHARING_CALMEST);
	size_t worse = 0;

	for (size_t i = 0; i < count; i++)
		worse += looks[i] > calmest * (1 + TOLERANCE);
	return (struct core_share){1 / calmest, count ? (double)worse / (double)count : NAN};
}

/* Core cycles of an independent add, in a quarter of a millisecond. */
static double look(void)
{
	return cost_of(independent_adds) / cost_of(dependent_adds);
}

double core_share_wait(int cpu, double seconds)
{
	double start = clock_seconds(), spent = 0, last = INFINITY, least = INFINITY;
	cpu_set_t before;

	if (seconds <= 0 || !cpu_pin(0, cpu, &before))
		return 0;
	for (int looks = 0;
	     spent < seconds && (looks < LOOKS_LEAST || last > least * (1 + TOLERANCE)); looks++) {
		last = look();
		least = fmin(least, last);
		spent = clock_seconds() - start;
	}
	sched_setaffinity(0, sizeof(before), &before);
	return spent;
}

void core_share_read(struct core_share *share, int cpu, double seconds)
{
	double end = clock_seconds() + seconds;
	g_autoptr(GArray) looks = g_array_new(FALSE, FALSE, sizeof(double));
	cpu_set_t before;

	*share = (struct core_share){NAN, NAN};
	if (!cpu_pin(0, cpu, &before))
		return;
	while (clock_seconds() < end) {
		double one = look();

		if (one > 0 && isfinite(one))
			g_array_append_val(looks, one);
	}
	sched_setaffinity(0, sizeof(before), &before);
	*share = core_share_of((const double *)(void *)looks->data, looks->len);
}
