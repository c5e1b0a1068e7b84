/* The small containers of a run, and the closed list of flags. */
#include "model/run.h"
#include "model/flags.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name, *about;
} known[] = {
    {"unstable", "minimum and 10th percentile of the batches differ by more than 2 %"},
    {"disturbed",
     "boots in which the median batch was 2 % off the best: something else ran; they count "
     "only where fewer than 5 others are there"},
    {"clock_step", "one window cannot resolve less than the clock's step"},
    {"clock_backwards", "the clock went back between two readings"},
    {"negative_window", "a window ended before it began"},
    {"negative_difference", "more crossings took less time"},
    {"no_kernel", "the entry returns at once: only the crossing itself is measured"},
    {"interrupted", "readings that the kernel's timer made longer"},
    {"unequal_boots", "boots of a deterministic machine differ"},
    {"few_boots", "too few boots for an interval"},
    {"unsafe", "leaves out a check that real kernels need: for measurement only"},
};

const char *flag_about(const char *name)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (!strcmp(known[i].name, name))
			return known[i].about;
	return NULL;
}

void flags_add(struct flags *flags, const char *name, uint64_t count, const char *text)
{
	struct flag *flag;

	flags->at = memory_grow(flags->at, flags->count, sizeof(*flags->at));
	flag = &flags->at[flags->count++];
	flag->name = memory_copy(name);
	flag->count = count;
	flag->text = memory_copy(text);
}

const struct flag *flags_get(const struct flags *flags, const char *name)
{
	for (size_t i = 0; i < flags->count; i++)
		if (!strcmp(flags->at[i].name, name))
			return &flags->at[i];
	return NULL;
}

void flags_free(struct flags *flags)
{
	for (size_t i = 0; i < flags->count; i++) {
		free(flags->at[i].name);
		free(flags->at[i].text);
	}
	free(flags->at);
	*flags = (struct flags){0};
}

void costs_add(struct costs *costs, const char *name, double value)
{
	costs->at = memory_grow(costs->at, costs->count, sizeof(*costs->at));
	costs->at[costs->count++] = (struct cost){memory_copy(name), value};
}

double costs_get(const struct costs *costs, const char *name)
{
	for (size_t i = 0; i < costs->count; i++)
		if (!strcmp(costs->at[i].name, name))
			return costs->at[i].value;
	return NAN;
}

void costs_free(struct costs *costs)
{
	for (size_t i = 0; i < costs->count; i++)
		free(costs->at[i].name);
	free(costs->at);
	*costs = (struct costs){0};
}

void pairs_add(struct pairs *pairs, const char *name, const char *value)
{
	struct pair *pair;

	pairs->at = memory_grow(pairs->at, pairs->count, sizeof(*pairs->at));
	pair = &pairs->at[pairs->count++];
	pair->name = memory_copy(name);
	pair->value = memory_copy(value);
}

const char *pairs_get(const struct pairs *pairs, const char *name)
{
	for (size_t i = 0; i < pairs->count; i++)
		if (!strcmp(pairs->at[i].name, name))
			return pairs->at[i].value;
	return NULL;
}

void pairs_free(struct pairs *pairs)
{
	for (size_t i = 0; i < pairs->count; i++) {
		free(pairs->at[i].name);
		free(pairs->at[i].value);
	}
	free(pairs->at);
	*pairs = (struct pairs){0};
}

void pairs_copy(struct pairs *to, const struct pairs *from)
{
	for (size_t i = 0; i < from->count; i++)
		pairs_add(to, from->at[i].name, from->at[i].value);
}
