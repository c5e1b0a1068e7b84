/* Log-linear histogram: slots and quantiles. */
#include "stats/stats.h"

#define STEP_BITS  11 /* log2(HISTOGRAM_STEPS) */
#define SIGN_SLOTS (HISTOGRAM_BLOCKS / 2 * HISTOGRAM_BLOCK)

_Static_assert(1 << STEP_BITS == HISTOGRAM_STEPS, "STEP_BITS and HISTOGRAM_STEPS disagree");
_Static_assert(SIGN_SLOTS == HISTOGRAM_EXACT + (63 - STEP_BITS) * HISTOGRAM_STEPS,
	       "blocks must tile the slots");

struct histogram *histogram_new(void)
{
	return g_new0(struct histogram, 1);
}

void histogram_free(struct histogram *h)
{
	for (int i = 0; h && i < HISTOGRAM_BLOCKS; i++)
		g_free(h->blocks[i]);
	g_free(h);
}

/* From 0 for INT64_MIN; zero's is SIGN_SLOTS. */
static unsigned slot_of(int64_t value)
{
	/* As unsigned, so that INT64_MIN has a magnitude too. */
	uint64_t magnitude = value < 0 ? -(uint64_t)value : (uint64_t)value;
	unsigned slot = (unsigned)magnitude;

	if (magnitude >= HISTOGRAM_EXACT) {
		unsigned shift = 63u - (unsigned)__builtin_clzll(magnitude) - STEP_BITS;

		slot = shift * HISTOGRAM_STEPS + (unsigned)(magnitude >> shift);
	}
	return value < 0 ? SIGN_SLOTS - slot : SIGN_SLOTS + slot;
}

/*
 * The middle of a slot, the one nearer to zero where its width is even; never outside of what was
 * read.
 */
static int64_t reading_of(const struct histogram *h, unsigned at)
{
	unsigned slot = at < SIGN_SLOTS ? SIGN_SLOTS - at : at - SIGN_SLOTS;
	uint64_t middle = slot;
	int64_t value;

	if (slot >= HISTOGRAM_EXACT) {
		unsigned shift = slot / HISTOGRAM_STEPS - 1;

		middle = ((uint64_t)(slot - shift * HISTOGRAM_STEPS) << shift) +
			 ((UINT64_C(1) << shift) - 1) / 2;
	}
	value = (int64_t)middle;
	/* INT64_MIN's slot reaches below it. */
	if (at < SIGN_SLOTS)
		value = middle > (uint64_t)INT64_MAX ? INT64_MIN : -value;
	return CLAMP(value, h->min, h->max);
}

bool histogram_add(struct histogram *h, int64_t value, uint64_t count)
{
	unsigned slot = slot_of(value);
	uint64_t **block = &h->blocks[slot / HISTOGRAM_BLOCK];

	if (count > (uint64_t)INT64_MAX - h->n)
		return false;
	if (!count)
		return true;
	if (!*block)
		*block = g_new0(uint64_t, HISTOGRAM_BLOCK);
	(*block)[slot % HISTOGRAM_BLOCK] += count;
	if (!h->n || value < h->min)
		h->least = 0;
	h->min = h->n ? MIN(h->min, value) : value;
	h->max = h->n ? MAX(h->max, value) : value;
	h->least += value == h->min ? count : 0;
	h->n += count;
	return true;
}

bool histogram_each(const struct histogram *h, histogram_visit *each, void *context)
{
	for (unsigned block = 0; block < HISTOGRAM_BLOCKS; block++)
		for (unsigned i = 0; h->blocks[block] && i < HISTOGRAM_BLOCK; i++) {
			uint64_t count = h->blocks[block][i];

			if (count &&
			    !each(context, reading_of(h, block * HISTOGRAM_BLOCK + i), count))
				return false;
		}
	return true;
}

struct rank_search {
	uint64_t left; /* readings still to pass */
	int64_t value;
};

static bool pass_slot(void *context, int64_t value, uint64_t count)
{
	struct rank_search *search = context;

	search->value = value;
	if (count >= search->left)
		return false;
	search->left -= count;
	return true;
}

int64_t histogram_quantile(const struct histogram *h, double q)
{
	/*
	 * 0.4 as a double lies above 0.4: without the slack, 0.4 of 5 readings would be the third.
	 */
	long double rank = ceill((long double)q * (long double)h->n * (1 - 0x1p-52L));
	struct rank_search search = {.left = rank > 1 ? (uint64_t)rank : 1};

	if (!(rank > 1))
		return h->min;
	if (q >= 1)
		return h->max;
	histogram_each(h, pass_slot, &search);
	return search.value;
}
