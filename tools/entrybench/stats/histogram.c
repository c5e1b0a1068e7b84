/* Log-linear histogram: slots, quantiles, merging. */
#include "stats/stats.h"

#define STEP_BITS 11  /* log2(HISTOGRAM_STEPS) */
#define BLOCK	  512 /* slots allocated at a time */
#define SLOTS	  (HISTOGRAM_EXACT + (63 - STEP_BITS) * HISTOGRAM_STEPS) /* of one sign */
#define BLOCKS	  (SLOTS / BLOCK)

_Static_assert(1 << STEP_BITS == HISTOGRAM_STEPS, "STEP_BITS and HISTOGRAM_STEPS disagree");
_Static_assert(SLOTS % BLOCK == 0, "blocks must tile the slots");

struct histogram {
	uint64_t n;
	uint64_t negative;
	int64_t min;
	int64_t max;
	uint64_t *below[BLOCKS]; /* by magnitude of a negative value */
	uint64_t *above[BLOCKS]; /* zero and up */
};

struct histogram *histogram_new(void)
{
	return calloc(1, sizeof(struct histogram));
}

void histogram_free(struct histogram *h)
{
	if (!h)
		return;
	for (int i = 0; i < BLOCKS; i++) {
		free(h->below[i]);
		free(h->above[i]);
	}
	free(h);
}

/* The magnitude as unsigned, so that INT64_MIN has one too. */
static uint64_t magnitude_of(int64_t value)
{
	return value < 0 ? -(uint64_t)value : (uint64_t)value;
}

static unsigned slot_of(uint64_t magnitude)
{
	if (magnitude < HISTOGRAM_EXACT)
		return (unsigned)magnitude;
	unsigned shift = 63u - (unsigned)__builtin_clzll(magnitude) - STEP_BITS;

	return shift * HISTOGRAM_STEPS + (unsigned)(magnitude >> shift);
}

/* The middle of a slot; the lower of two middles where its width is even. */
static uint64_t middle_of(unsigned slot)
{
	if (slot < HISTOGRAM_EXACT)
		return slot;
	unsigned shift = slot / HISTOGRAM_STEPS - 1;
	uint64_t low = (uint64_t)(slot - shift * HISTOGRAM_STEPS) << shift;

	return low + ((UINT64_C(1) << shift) - 1) / 2;
}

static uint64_t *slot_at(uint64_t **blocks, unsigned slot)
{
	uint64_t **block = &blocks[slot / BLOCK];

	if (!*block)
		*block = calloc(BLOCK, sizeof(**block));
	return *block ? *block + slot % BLOCK : NULL;
}

bool histogram_add(struct histogram *h, int64_t value, uint64_t count)
{
	if (!count)
		return true;
	if (count > (uint64_t)INT64_MAX - h->n)
		return false;
	uint64_t *slot = slot_at(value < 0 ? h->below : h->above, slot_of(magnitude_of(value)));

	if (!slot)
		return false;
	*slot += count;
	if (!h->n || value < h->min)
		h->min = value;
	if (!h->n || value > h->max)
		h->max = value;
	h->n += count;
	if (value < 0)
		h->negative += count;
	return true;
}

uint64_t histogram_n(const struct histogram *h)
{
	return h->n;
}

int64_t histogram_min(const struct histogram *h)
{
	return h->min;
}

int64_t histogram_max(const struct histogram *h)
{
	return h->max;
}

uint64_t histogram_negative(const struct histogram *h)
{
	return h->negative;
}

/* A slot's middle as a reading: never outside of what was read. */
static int64_t reading_of(const struct histogram *h, unsigned slot, bool negative)
{
	uint64_t middle = middle_of(slot);
	int64_t value = (int64_t)middle;

	/* INT64_MIN's slot reaches below it. */
	if (negative)
		value = middle > (uint64_t)INT64_MAX ? INT64_MIN : -value;
	if (value < h->min)
		return h->min;
	return value > h->max ? h->max : value;
}

static bool each_in_block(const struct histogram *h, bool negative, int block,
			  histogram_visit *each, void *context)
{
	const uint64_t *counts = (negative ? h->below : h->above)[block];

	for (int i = 0; counts && i < BLOCK; i++) {
		/* Negative values ascend as their magnitude falls. */
		int at = negative ? BLOCK - 1 - i : i;
		unsigned slot = (unsigned)(block * BLOCK + at);

		if (counts[at] && !each(context, reading_of(h, slot, negative), counts[at]))
			return false;
	}
	return true;
}

bool histogram_each(const struct histogram *h, histogram_visit *each, void *context)
{
	for (int block = BLOCKS - 1; block >= 0; block--)
		if (!each_in_block(h, true, block, each, context))
			return false;
	for (int block = 0; block < BLOCKS; block++)
		if (!each_in_block(h, false, block, each, context))
			return false;
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
	if (!h->n)
		return 0;
	/* 0.4 as a double lies above 0.4: without the slack, 0.4 of 5 readings would be the third. */
	long double rank = ceill((long double)q * (long double)h->n * (1 - 0x1p-52L));

	if (!(rank > 1))
		return h->min;
	if (q >= 1)
		return h->max;
	struct rank_search search = {.left = (uint64_t)rank};

	histogram_each(h, pass_slot, &search);
	return search.value;
}

static bool same_slot(int64_t a, int64_t b)
{
	return (a < 0) == (b < 0) && slot_of(magnitude_of(a)) == slot_of(magnitude_of(b));
}

bool histogram_set_range(struct histogram *h, int64_t min, int64_t max)
{
	if (!h->n || min > max || !same_slot(min, h->min) || !same_slot(max, h->max))
		return false;
	h->min = min;
	h->max = max;
	return true;
}
