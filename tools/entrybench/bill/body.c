/* Cuts windows into round trips and holds them against each other and against the clock. */
#include "bill/body.h"

#include <inttypes.h>

#include "bill/opcode.h"

/* A view of one traced window. */
struct view {
	const struct ledger *ledger;
	const struct ledger_step *steps;
	size_t count;
};

static const struct ledger_insn *insn_at(const struct view *view, size_t step)
{
	return &view->ledger->insns[view->steps[step].insn];
}

/* Step leaves ring 3: the next one is the kernel's. */
static bool leaves(const struct view *view, size_t step)
{
	return step + 1 < view->count && !ledger_in_kernel(insn_at(view, step)) &&
	       ledger_in_kernel(insn_at(view, step + 1));
}

/* Step enters the kernel although nothing in the instruction says so: by a fault. */
static bool faults(const struct view *view, size_t step)
{
	const struct ledger_insn *insn = insn_at(view, step);

	return leaves(view, step) && !opcode_of(insn->bytes, insn->size).enters;
}

static int64_t fault_count(const struct view *view)
{
	int64_t count = 0;

	for (size_t i = 0; i < view->count; i++)
		count += faults(view, i);
	return count;
}

static struct view view_of(const struct ledger *ledger, const struct ledger_window *window)
{
	return (struct view){ledger, ledger->steps + window->first, window->length};
}

/*
 * The window of so many ticks round `n` times the same number of crossings. The clock itself says whether it counts an
 * instruction that faults: one of the two lengths is what it reported.
 */
static const struct ledger_window *window_find(const struct ledger *ledger, uint64_t n,
					       int64_t ticks, bool *without_faults)
{
	for (size_t i = 0; i < ledger->window_count; i++) {
		const struct ledger_window *window = &ledger->windows[i];
		struct view view = view_of(ledger, window);

		if (!window->traced || window->crossings == 0 || window->crossings % n != 0)
			continue;
		*without_faults = (int64_t)window->length != ticks;
		if (!*without_faults || (int64_t)window->length - fault_count(&view) == ticks)
			return window;
	}
	return NULL;
}

/* The step that begins crossing `number` (from 0), or the window's length where it has no such crossing. */
static size_t crossing_start(const struct view *view, uint64_t number)
{
	size_t step = 0;

	for (;; step++) {
		if (step >= view->count)
			return view->count;
		if (leaves(view, step) && number-- == 0)
			return step;
	}
}

/* One past the last kernel step of the crossing that begins at `step`. */
static size_t crossing_end(const struct view *view, size_t step)
{
	for (step++; step < view->count && ledger_in_kernel(insn_at(view, step));)
		step++;
	return step;
}

static bool same_steps(const struct ledger_step *a, const struct ledger_step *b, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (a[i].insn != b[i].insn)
			return false;
	return true;
}

/* Round trip `number` of a view, each of so many crossings. */
static struct view trip_of(const struct view *view, uint64_t number, uint64_t crossings)
{
	size_t start = crossing_start(view, number * crossings);
	size_t end = crossing_end(view, crossing_start(view, number * crossings + crossings - 1));

	return (struct view){view->ledger, view->steps + start, end - start};
}

/* How many of the view's round trips take another course than `model`. */
static uint64_t count_different(const struct view *view, uint64_t trips, uint64_t crossings,
				const struct view *model)
{
	uint64_t different = 0;

	for (uint64_t i = 0; i < trips; i++) {
		struct view trip = trip_of(view, i, crossings);

		different +=
		    trip.count != model->count || !same_steps(trip.steps, model->steps, trip.count);
	}
	return different;
}

static int find_windows(const struct ledger *ledger, const struct measured *measured,
			const struct ledger_window *windows[2], bool *without_faults,
			struct error *error)
{
	const int64_t ticks[2] = {measured->once, measured->twice};

	for (int i = 0; i < 2; i++) {
		uint64_t n = measured->n << i;

		windows[i] = window_find(ledger, n, ticks[i], without_faults);
		if (!windows[i])
			return error_set(error,
					 "the ledger has no window of %" PRId64
					 " instructions round %" PRIu64
					 " round trips, which the records report: plugin and clock "
					 "disagree",
					 ticks[i], n);
	}
	if (windows[0]->crossings * 2 != windows[1]->crossings)
		return error_set(error,
				 "%" PRIu64 " round trips leave ring 3 %" PRIu64
				 " times, but twice as many %" PRIu64 " times",
				 measured->n, windows[0]->crossings, windows[1]->crossings);
	return 0;
}

int body_find(struct body *body, const struct ledger *ledger, const struct measured *measured,
	      struct error *error)
{
	const struct ledger_window *windows[2];
	struct view model, views[2];
	uint64_t different = 0;

	*body = (struct body){.ledger = ledger};
	if (measured->n == 0)
		return error_set(error, "the records speak of windows with no round trip in them");
	if (find_windows(ledger, measured, windows, &body->faults, error) != 0)
		return -1;
	body->crossings = windows[0]->crossings / measured->n;
	for (int i = 0; i < 2; i++)
		views[i] = view_of(ledger, windows[i]);
	model = trip_of(&views[1], 2 * measured->n - 1, body->crossings);
	for (int i = 0; i < 2; i++)
		different += count_different(&views[i], measured->n << i, body->crossings, &model);
	if (different)
		return error_set(error,
				 "%" PRIu64 " of %" PRIu64
				 " round trips took another course than the last one",
				 different, 3 * measured->n);
	body->steps = model.steps;
	body->count = model.count;
	for (size_t i = 0; i < body->count; i++)
		body->total += body_counts(body, i);
	if (body->total != measured->round_trip)
		return error_set(error,
				 "the bill sums to %" PRId64
				 " instructions, but the clock reported a round trip of %" PRId64,
				 body->total, measured->round_trip);
	return 0;
}

bool body_counts(const struct body *body, size_t step)
{
	struct view view = {body->ledger, body->steps, body->count};

	return !(body->faults && faults(&view, step));
}

const struct ledger_insn *body_insn(const struct body *body, size_t step)
{
	return &body->ledger->insns[body->steps[step].insn];
}
