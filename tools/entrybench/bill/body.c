/*
 * Finds the windows of the two loops by loop, length and number of iterations, cuts an iteration
 * out of each, and holds the two against each other and against the clock.
 */
#include "bill/bill.h"

/* One of the two loops, and the windows round n and round 2n of its iterations. */
struct loop {
	const char *name; /* "crossing", "bare" */
	struct loop_ticks ticks;
	const struct symbol *other;  /* a loop that it is not; NULL: any may be */
	const struct symbol *symbol; /* NULL: not found yet */
	uint64_t start;		     /* of an iteration in ring 3 */
	struct trace once, twice;
};

static int64_t fault_count(const struct trace *window)
{
	int64_t count = 0;

	/* A window's last step reads the clock. */
	for (size_t i = 0; i + 1 < window->count; i++)
		count += trace_faults(window, i);
	return count;
}

/*
 * The first loop of that name that the window goes through. Loops of ring 3 are the program's; of
 * ring 0, where there is no loop but copies one behind the other, the kernel's.
 */
static const struct symbol *symbol_of(const struct bill *bill, const struct loop *loop,
				      const struct trace *window)
{
	g_autofree char *ending = g_strconcat(".", loop->name, NULL);

	for (size_t i = 0; i < window->count; i++) {
		const struct symbol *symbol =
		    symbols_find(trace_in_kernel(window, i) ? &bill->kernel : &bill->program,
				 trace_insn(window, i)->address);

		if (symbol && symbol != loop->other && g_str_has_suffix(symbol->name, ending))
			return symbol;
	}
	return NULL;
}

/* The label "LOOP.body"; 0 where the loop has none. */
static uint64_t start_of(const struct bill *bill, const struct symbol *symbol)
{
	g_autofree char *name = g_strconcat(symbol->name, ".body", NULL);
	const struct symbol *body = symbols_by_name(&bill->program, name);

	return body ? body->address : 0;
}

/*
 * The next step from `step` on with which an iteration starts; the window's end where there is
 * none.
 */
static size_t next_start(const struct loop *loop, const struct trace *window, size_t step)
{
	while (step < window->count && trace_insn(window, step)->address != loop->start)
		step++;
	return step;
}

/* The same instructions from there on, up to the end of the shorter one. */
static bool same(const struct trace *window, size_t start, const struct trace *iteration)
{
	bool alike = window->count - start >= iteration->count;

	for (size_t i = 0; alike && i < iteration->count; i++)
		alike = window->steps[start + i].insn == iteration->steps[i].insn;
	return alike;
}

/* Iterations of the window that differ from this one; NULL: all. */
static uint64_t count_iterations(const struct loop *loop, const struct trace *window,
				 const struct trace *but)
{
	uint64_t count = 0;

	for (size_t i = next_start(loop, window, 0); i < window->count;
	     i = next_start(loop, window, i + 1))
		count += !but || !same(window, i, but);
	return count;
}

/*
 * The loop's window of so many ticks round n iterations. Whether the clock counts an instruction
 * that faults it says itself: one of the two lengths is what it reported.
 */
static int find_window(const struct bill *bill, struct loop *loop, uint64_t n, int64_t ticks,
		       struct trace *found, struct error *error)
{
	const struct ledger *ledger = &bill->ledger;

	for (size_t i = 0; i < ledger->windows->len; i++) {
		const struct ledger_window *window =
		    &g_array_index(ledger->windows, struct ledger_window, i);
		struct trace trace = {.ledger = ledger, .count = window->length};
		const struct symbol *symbol;

		if (!window->traced || window->length == 0)
			continue;
		trace.steps = &g_array_index(ledger->steps, struct ledger_step, window->first);
		trace.faults = (int64_t)window->length != ticks;
		if (trace.faults && (int64_t)window->length - fault_count(&trace) != ticks)
			continue;
		symbol = symbol_of(bill, loop, &trace);
		if (!symbol || (loop->symbol && symbol != loop->symbol))
			continue;
		loop->start = start_of(bill, symbol);
		if (!trace_in_kernel(&trace, 0) && count_iterations(loop, &trace, NULL) != n)
			continue;
		loop->symbol = symbol;
		*found = trace;
		return 0;
	}
	return error_set(error,
			 "the ledger has no window of %" PRId64 " instructions round %" PRIu64
			 " iterations of a loop \"%s\", which the records report: plugin and "
			 "clock disagree",
			 ticks, n, loop->name);
}

/* An iteration goes from the first start to the second; the larger window has both. */
static int cut_loop(const struct loop *loop, uint64_t n, struct trace *iteration,
		    struct error *error)
{
	size_t start = next_start(loop, &loop->twice, 0);
	uint64_t in_twice, in_once;

	*iteration = loop->twice;
	iteration->steps += start;
	iteration->count = next_start(loop, &loop->twice, start + 1) - start;
	in_twice = count_iterations(loop, &loop->twice, iteration);
	in_once = count_iterations(loop, &loop->once, iteration);
	if (in_twice + in_once == 0)
		return 0;
	return error_set(error,
			 "%" PRIu64 " of %" PRIu64
			 " iterations of loop \"%s\" executed other instructions than the first",
			 in_twice ? in_twice : in_once, (in_twice ? 2 : 1) * n, loop->name);
}

/* The same instruction at another place. */
static bool is_copy(const struct trace *trace, size_t a, size_t b)
{
	const struct ledger_insn *x = trace_insn(trace, a), *y = trace_insn(trace, b);

	return x->size == y->size && memcmp(x->bytes, y->bytes, x->size) == 0;
}

/*
 * Copies one behind the other, of which the larger window enters at an earlier one: so both agree
 * up to the entry, and what follows in the smaller one is the end of the larger one. In between are
 * n copies more.
 */
static int cut_copies(const struct loop *loop, uint64_t n, struct trace *iteration,
		      struct error *error)
{
	const struct trace *once = &loop->once, *twice = &loop->twice;
	size_t more = twice->count > once->count ? twice->count - once->count : 0;
	size_t head = 0, length = more / n;
	bool alike = twice->count >= once->count && more % n == 0;

	while (more && head < once->count && once->steps[head].insn == twice->steps[head].insn)
		head++;
	for (size_t i = head; alike && i < once->count; i++)
		alike = once->steps[i].insn == twice->steps[i + more].insn;
	alike = alike && head + 2 * more <= twice->count;
	for (size_t i = head; alike && i + length < head + 2 * more; i++)
		alike = is_copy(twice, i, i + length);
	*iteration = *twice;
	iteration->steps += head;
	iteration->count = length;
	if (alike)
		return 0;
	return error_set(error,
			 "the windows of %zu and %zu instructions are not %" PRIu64 " and %" PRIu64
			 " copies of the same",
			 once->count, twice->count, n, 2 * n);
}

static int find_loop(const struct bill *bill, struct loop *loop, uint64_t n,
		     struct trace *iteration, struct error *error)
{
	if (find_window(bill, loop, 2 * n, loop->ticks.twice, &loop->twice, error) != 0 ||
	    find_window(bill, loop, n, loop->ticks.once, &loop->once, error) != 0)
		return -1;
	if (trace_in_kernel(&loop->twice, 0))
		return cut_copies(loop, n, iteration, error);
	return cut_loop(loop, n, iteration, error);
}

static int find_loops(struct bill *bill, const struct measured *measured, struct error *error)
{
	struct loop crossing = {.name = "crossing", .ticks = measured->crossing};
	struct loop bare = {.name = "bare", .ticks = measured->bare}, other;

	if (find_loop(bill, &crossing, measured->n, &bill->body.crossing, error) != 0)
		return -1;
	if (find_loop(bill, &bare, measured->n, &bill->body.bare, error) == 0)
		return 0;
	/* What is taken off may be the crossing of another text. */
	other =
	    (struct loop){.name = "crossing", .ticks = measured->bare, .other = crossing.symbol};
	return find_loop(bill, &other, measured->n, &bill->body.bare, NULL);
}

/*
 * Both loops are made from the same text, and lie at different places: in ring 3, but for those
 * that time ring 0.
 */
static bool same_step(const struct trace *a, size_t i, const struct trace *b, size_t k)
{
	bool loops = trace_in_kernel(a, i) == trace_in_kernel(a, 0) &&
		     trace_in_kernel(b, k) == trace_in_kernel(a, 0);

	return a->steps[i].insn == b->steps[k].insn ||
	       (loops && trace_insn(a, i)->shape == trace_insn(b, k)->shape);
}

static void align(struct body *body)
{
	const struct trace *crossing = &body->crossing, *bare = &body->bare;
	size_t shorter = MIN(crossing->count, bare->count);

	while (body->before < shorter && same_step(crossing, body->before, bare, body->before))
		body->before++;
	while (body->after < shorter - body->before &&
	       same_step(crossing, crossing->count - body->after - 1, bare,
			 bare->count - body->after - 1))
		body->after++;
}

static int64_t count_steps(const struct body *body, const struct trace *trace)
{
	int64_t count = 0;

	for (size_t i = body->before; i < trace->count - body->after; i++)
		count += trace_counts(trace, i);
	return count;
}

int body_find(struct bill *bill, const struct measured *measured, struct error *error)
{
	struct body *body = &bill->body;

	*body = (struct body){0};
	if (measured->n == 0 || measured->n > INT32_MAX)
		return error_set(error, "the records speak of windows with %" PRIu64 " crossings",
				 measured->n);
	if (find_loops(bill, measured, error) != 0)
		return -1;
	align(body);
	body->total = count_steps(body, &body->crossing) - count_steps(body, &body->bare);
	if (body->total != measured->round_trip)
		return error_set(error,
				 "the bill sums to %" PRId64
				 " instructions, but the clock reported a round trip of %" PRId64,
				 body->total, measured->round_trip);
	return 0;
}
