/* Takes the stamps' own cost off and adds up what is left. */
#include "bill/bill.h"

#define ENTER PHASE_ENTER
#define LEAVE "leave"
#define PROBE "probe"

/* The pair between the two; `to` NULL: the crossing's, not the probe's, which also starts so. */
static struct stamped_pair *find(const GArray *pairs, const char *from, const char *to)
{
	for_each_in(struct stamped_pair, pair, pairs)
		if (strcmp(pair->from, from) == 0 &&
		    (to ? strcmp(pair->to, to) == 0 : strcmp(pair->to, PROBE) != 0))
			return pair;
	return NULL;
}

void stamped_take(GArray *pairs, const char *from, const char *to, int64_t ticks)
{
	const struct stamped_pair fresh = {intern(from), intern(to), ticks};
	struct stamped_pair *known = find(pairs, from, to);

	if (known)
		known->ticks = MIN(known->ticks, ticks);
	else
		g_array_append_val(pairs, fresh);
}

/* What stamps and clock cost inside that step; the three pairs of the probe are there. */
static int64_t own_cost(const GArray *pairs, const struct stamped_pair *step)
{
	if (strcmp(step->from, ENTER) == 0)
		return find(pairs, ENTER, PROBE)->ticks;
	return find(pairs, PROBE, strcmp(step->to, LEAVE) == 0 ? LEAVE : PROBE)->ticks;
}

/* "syscall.stack" is what the ledger's bill calls "stack". */
static const char *short_name(const char *phase)
{
	const char *dot = strchr(phase, '.');

	return dot ? dot + 1 : phase;
}

static void add_line(struct bill *bill, const char *phase, double ticks)
{
	bill_line(bill->lines, phase, "")->sums[BILL_COUNT] += ticks;
	bill->sums[BILL_COUNT] += ticks;
}

static double median(const double *values, size_t count)
{
	return sample_median((struct sample){.values = values, .n = count});
}

/* Follows the first boot from "enter" to "leave"; all others must have taken the same way. */
static const char *follow(struct bill *bill, const struct stamped_boot *boots, size_t count,
			  double *values)
{
	const char *at = ENTER;

	for (guint i = 0; strcmp(at, LEAVE) != 0; i++) {
		const struct stamped_pair *first = find(boots[0].pairs, at, NULL);

		if (!first || i == boots[0].pairs->len)
			return "the stamps do not lead from the entry to the exit";
		if (strcmp(first->from, ENTER) == 0 && strcmp(first->to, LEAVE) == 0)
			return "no phase of its path takes a stamp";
		for (size_t k = 0; k < count; k++) {
			const struct stamped_pair *same =
			    find(boots[k].pairs, first->from, first->to);

			if (!same)
				return "the boots took different phases";
			values[k] = (double)(same->ticks - own_cost(boots[k].pairs, same));
		}
		add_line(bill, short_name(first->from), median(values, count));
		at = first->to;
	}
	return NULL;
}

const char *bill_of_stamps(struct bill *bill, const struct stamped_boot *boots, size_t count)
{
	g_autofree double *values = g_new(double, count);
	const char *problem;

	bill->stamped = true;
	for (size_t i = 0; i < count; i++) {
		const struct stamped_pair *probe = find(boots[i].pairs, PROBE, PROBE);

		if (!probe || !find(boots[i].pairs, ENTER, PROBE) ||
		    !find(boots[i].pairs, PROBE, LEAVE))
			return "the records lack the stamps' own cost";
		values[i] = (double)probe->ticks;
	}
	bill->probe = median(values, count);
	problem = follow(bill, boots, count, values);
	for (size_t i = 0; i < count; i++)
		values[i] = boots[i].total;
	bill->unexplained = median(values, count) - bill->sums[BILL_COUNT];
	add_line(bill, PHASE_UNEXPLAINED, bill->unexplained);
	return problem;
}
