/* The closed list of flags. */
#include "model/model.h"

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
	for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
		if (!strcmp(known[i].name, name))
			return known[i].about;
	return NULL;
}
