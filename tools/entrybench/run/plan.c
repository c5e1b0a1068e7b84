/* The shuffled order of boots: see plan.h. */
#include "run/plan.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

static void add_boot(struct plan *plan, const struct plan_pair *pairs, size_t pair, unsigned number,
		     gsl_rng *random)
{
	const struct plan_pair *from = &pairs[pair];
	struct plan_boot *boot;

	plan->boots = memory_grow(plan->boots, plan->boot_count, sizeof(*plan->boots));
	boot = &plan->boots[plan->boot_count++];
	boot->pair = pair;
	boot->number = number;
	boot->case_count = from->case_count;
	boot->cases = memory_new(from->case_count, sizeof(*boot->cases));
	memcpy(boot->cases, from->cases, from->case_count * sizeof(*boot->cases));
	gsl_ran_shuffle(random, boot->cases, boot->case_count, sizeof(*boot->cases));
}

void plan_make(struct plan *plan, const struct plan_pair *pairs, size_t pair_count, uint64_t seed)
{
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
	size_t *order = memory_new(pair_count, sizeof(*order));
	unsigned rounds = 0;

	*plan = (struct plan){0};
	gsl_rng_set(random, seed);
	for (size_t i = 0; i < pair_count; i++) {
		order[i] = i;
		if (pairs[i].boots > rounds)
			rounds = pairs[i].boots;
	}
	for (unsigned round = 0; round < rounds; round++) {
		gsl_ran_shuffle(random, order, pair_count, sizeof(*order));
		for (size_t i = 0; i < pair_count; i++)
			if (round < pairs[order[i]].boots)
				add_boot(plan, pairs, order[i], round, random);
	}
	free(order);
	gsl_rng_free(random);
}

void plan_free(struct plan *plan)
{
	for (size_t i = 0; i < plan->boot_count; i++)
		free(plan->boots[i].cases);
	free(plan->boots);
	*plan = (struct plan){0};
}

uint64_t plan_fresh_seed(void)
{
	uint32_t seed;

	if (getrandom(&seed, sizeof(seed), GRND_NONBLOCK) != sizeof(seed))
		seed = (uint32_t)time(NULL);
	return seed;
}
