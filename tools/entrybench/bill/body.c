/* Cuts windows into iterations, holds them against each other and against the clock, and takes the bare loop off. */
#include "bill/body.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bill/opcode.h"

/* Some steps of a ledger in a row. */
struct view {
	const struct ledger *ledger;
	const struct ledger_step *steps;
	size_t count;
};

/* What is looked for and looked at: one of the two loops. */
struct loop {
	const char *name; /* "crossing", "bare" */
	const struct ledger *ledger;
	const struct symbols *program;
	uint64_t n;
	struct loop_ticks ticks;
	bool faults;	       /* those who fault are not counted */
	struct view iteration; /* found: what all iterations execute */
};

static const struct ledger_insn *insn_at(const struct view *view, size_t step)
{
	return &view->ledger->insns[view->steps[step].insn];
}

static bool in_kernel(const struct view *view, size_t step)
{
	return ledger_in_kernel(insn_at(view, step));
}

/* Step enters the kernel although nothing in the instruction says so: by a fault. The view goes on behind it. */
static bool faults(const struct view *view, size_t step)
{
	const struct ledger_insn *insn = insn_at(view, step);

	return !in_kernel(view, step) && in_kernel(view, step + 1) &&
	       !opcode_of(insn->bytes, insn->size).enters;
}

static int64_t fault_count(const struct view *view)
{
	int64_t count = 0;

	/* A window's last step reads the clock. */
	for (size_t i = 0; i + 1 < view->count; i++)
		count += faults(view, i);
	return count;
}

/* The address is in a function "*.NAME"; or, where `start` is set, at its label "*.NAME.body". */
static bool in_loop(const struct loop *loop, uint64_t address, bool start)
{
	const struct symbol *symbol = symbols_find(loop->program, address);
	char ending[32];
	size_t length, cut;

	snprintf(ending, sizeof(ending), ".%s%s", loop->name, start ? ".body" : "");
	length = symbol ? strlen(symbol->name) : 0;
	cut = strlen(ending);
	return length >= cut && strcmp(symbol->name + length - cut, ending) == 0 &&
	       (!start || symbol->address == address);
}

static bool starts_iteration(const struct loop *loop, const struct view *view, size_t step)
{
	return !in_kernel(view, step) && in_loop(loop, insn_at(view, step)->address, true);
}

static uint64_t iteration_count(const struct loop *loop, const struct view *window)
{
	uint64_t count = 0;

	for (size_t i = 0; i < window->count; i++)
		count += starts_iteration(loop, window, i);
	return count;
}

/*
 * The loop's window of so many ticks round n iterations. Whether the clock counts an instruction that faults it says
 * itself: one of the two lengths is what it reported.
 */
static bool find_window(struct loop *loop, uint64_t n, int64_t ticks, struct view *found)
{
	for (size_t i = 0; i < loop->ledger->window_count; i++) {
		const struct ledger_window *window = &loop->ledger->windows[i];
		struct view view = {loop->ledger, loop->ledger->steps + window->first,
				    window->length};

		if (!window->traced || !in_loop(loop, insn_at(&view, 0)->address, false))
			continue;
		loop->faults = (int64_t)window->length != ticks;
		if (loop->faults && (int64_t)window->length - fault_count(&view) != ticks)
			continue;
		*found = view;
		if (iteration_count(loop, &view) == n)
			return true;
	}
	return false;
}

static bool same_steps(const struct view *a, const struct view *b)
{
	for (size_t i = 0; a->count == b->count && i < a->count; i++)
		if (a->steps[i].insn != b->steps[i].insn)
			return false;
	return a->count == b->count;
}

/* From the first iteration's start to the second's; the window has more than one. */
static struct view first_iteration(const struct loop *loop, const struct view *window)
{
	size_t start = 0, end;

	while (!starts_iteration(loop, window, start))
		start++;
	for (end = start + 1; !starts_iteration(loop, window, end);)
		end++;
	return (struct view){window->ledger, window->steps + start, end - start};
}

/* How many iterations of the window differ from the loop's. */
static uint64_t count_different(const struct loop *loop, const struct view *window)
{
	size_t length = loop->iteration.count;
	uint64_t different = 0;

	for (size_t i = 0; i < window->count; i++) {
		struct view one = {window->ledger, window->steps + i,
				   window->count - i < length ? window->count - i : length};

		if (starts_iteration(loop, window, i))
			different += !same_steps(&one, &loop->iteration);
	}
	return different;
}

static int read_loop(struct loop *loop, struct error *error)
{
	const int64_t ticks[2] = {loop->ticks.twice, loop->ticks.once};
	const uint64_t n[2] = {2 * loop->n, loop->n};

	for (int i = 0; i < 2; i++) {
		struct view window;
		uint64_t different;

		if (!find_window(loop, n[i], ticks[i], &window))
			return error_set(
			    error,
			    "the ledger has no window of %" PRId64 " instructions round %" PRIu64
			    " iterations of a loop \"%s\", which the records report: the "
			    "benchmark has no such loop, or plugin and clock disagree",
			    ticks[i], n[i], loop->name);
		if (i == 0)
			loop->iteration = first_iteration(loop, &window);
		different = count_different(loop, &window);
		if (different)
			return error_set(error,
					 "%" PRIu64 " of %" PRIu64
					 " iterations of loop \"%s\" took another course than the "
					 "first",
					 different, n[i], loop->name);
	}
	return 0;
}

/* Both loops are assembled from the same text, but displacements differ: the same operation of the same size. */
static bool same_operation(const struct ledger_insn *a, const struct ledger_insn *b)
{
	size_t word = strcspn(a->text, " \t");

	return a->size == b->size && word == strcspn(b->text, " \t") &&
	       strncmp(a->text, b->text, word) == 0;
}

/* Takes off what the bare loop has too: its beginning as far as both agree, and the rest of it at the end. */
static bool take_off(struct body *body, const struct view *crossing, const struct view *bare)
{
	size_t before = 0, after;

	if (bare->count > crossing->count)
		return false;
	while (before < bare->count &&
	       same_operation(insn_at(crossing, before), insn_at(bare, before)))
		before++;
	after = bare->count - before;
	for (size_t i = crossing->count - after; i < crossing->count; i++)
		if (in_kernel(crossing, i))
			return false;
	body->steps = crossing->steps + before;
	body->count = crossing->count - before - after;
	return true;
}

int body_find(struct body *body, const struct ledger *ledger, const struct symbols *program,
	      const struct measured *measured, struct error *error)
{
	struct loop crossing = {.name = "crossing",
				.ledger = ledger,
				.program = program,
				.n = measured->n,
				.ticks = measured->crossing};
	struct loop bare = crossing;

	*body = (struct body){.ledger = ledger};
	bare.name = "bare";
	bare.ticks = measured->bare;
	if (measured->n == 0 || measured->n > INT32_MAX)
		return error_set(error, "the records speak of windows with %" PRIu64 " crossings",
				 measured->n);
	if (read_loop(&crossing, error) != 0 || read_loop(&bare, error) != 0)
		return -1;
	if (!take_off(body, &crossing.iteration, &bare.iteration))
		return error_set(error, "loop \"bare\" is no part of loop \"crossing\"");
	body->faults = crossing.faults;
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
