/* Finds the windows of both loops, cuts an iteration out of each, and checks them by the clock. */
#include "bill/bill.h"

/* One of the two loops. */
struct loop {
	const char *name; /* "crossing", "bare" */
	struct loop_ticks ticks;
	const struct symbol *other;  /* a loop that it is not; NULL: any may be */
	const struct symbol *symbol; /* of the window found last */
};

static int64_t fault_count(const struct trace *window)
{
	int64_t count = 0;

	/* A window's last step reads the clock. */
	for (size_t i = 0; i + 1 < window->count; i++)
		count += trace_faults(window, i);
	return count;
}

/* The window's first loop of that name: the program's in ring 3, the kernel's copies in ring 0. */
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

/*
 * The loop's next window of so many ticks, from number *next on. Whether the clock counts an
 * instruction that faults it says itself: one of the two lengths is what it reported.
 */
static bool next_window(const struct bill *bill, struct loop *loop, int64_t ticks, guint *next,
			struct trace *found)
{
	const struct ledger *ledger = &bill->ledger;

	while (*next < ledger->windows->len) {
		const struct ledger_window *window =
		    &g_array_index(ledger->windows, struct ledger_window, (*next)++);

		if (!window->traced || window->length == 0)
			continue;
		*found = (struct trace){
		    .ledger = ledger,
		    .steps = &g_array_index(ledger->steps, struct ledger_step, window->first),
		    .count = window->length,
		    .faults = (int64_t)window->length != ticks,
		};
		if (found->faults && (int64_t)window->length - fault_count(found) != ticks)
			continue;
		loop->symbol = symbol_of(bill, loop, found);
		if (loop->symbol)
			return true;
	}
	return false;
}

/* The same instruction; in ring 0 at another place as well. */
static bool is_copy(const struct trace *trace, size_t a, size_t b)
{
	const struct ledger_insn *x = trace_insn(trace, a), *y = trace_insn(trace, b);

	return x == y || (trace_in_kernel(trace, 0) && x->size == y->size &&
			  memcmp(x->bytes, y->bytes, x->size) == 0);
}

/*
 * Both windows agree up to where the smaller one leaves the loop, or enters its copies at a later
 * one; what follows there is the end of the larger one. In between, the larger one has n iterations
 * more, which with the n others must be alike: from where it repeats itself for the first time to
 * where it does for the last.
 */
static bool cut(const struct trace *once, const struct trace *twice, uint64_t n,
		struct trace *iteration)
{
	size_t more = twice->count > once->count ? twice->count - once->count : 0;
	size_t head = 0, length = more / n, first, last;

	if (twice->count < once->count || more % n != 0)
		return false;
	while (more && head < once->count && once->steps[head].insn == twice->steps[head].insn)
		head++;
	for (size_t i = head; i < once->count; i++)
		if (once->steps[i].insn != twice->steps[i + more].insn)
			return false;
	for (first = head; first > 0 && is_copy(twice, first - 1, first - 1 + length);)
		first--;
	for (last = head; last + length < twice->count && is_copy(twice, last, last + length);)
		last++;
	*iteration = *twice;
	iteration->steps += head;
	iteration->count = length;
	return last + length - first >= 2 * more;
}

static int find_loop(const struct bill *bill, struct loop *loop, uint64_t n,
		     struct trace *iteration, struct error *error)
{
	const struct loop_ticks ticks = loop->ticks;
	bool have_twice = false, have_both = false;
	struct trace once, twice;

	for (guint i = 0; next_window(bill, loop, ticks.twice, &i, &twice);) {
		const struct symbol *symbol = loop->symbol;

		have_twice = true;
		for (guint k = 0; next_window(bill, loop, ticks.once, &k, &once);) {
			if (loop->symbol == symbol && cut(&once, &twice, n, iteration))
				return 0;
			have_both = true;
		}
	}
	if (have_both)
		return error_set(error,
				 "the windows of %" PRId64 " and %" PRId64
				 " instructions of loop \"%s\" are not %" PRIu64 " and %" PRIu64
				 " iterations of the same instructions",
				 ticks.once, ticks.twice, loop->name, n, 2 * n);
	return error_set(
	    error,
	    "the ledger has no window of %" PRId64 " instructions round %" PRIu64
	    " iterations of a loop \"%s\", which the records report: plugin and clock disagree",
	    have_twice ? ticks.once : ticks.twice, have_twice ? n : 2 * n, loop->name);
}

/* The window's n iterations, one after the other from the label on, are alike. */
static bool cut_alike(const struct bill *bill, const struct loop *loop, const struct trace *window,
		      uint64_t n, struct trace *iteration)
{
	g_autofree char *label = g_strconcat(loop->symbol->name, ".body", NULL);
	const struct symbol *body = symbols_by_name(&bill->program, label);
	size_t first = 0, length = 0, starts = 0;

	for (size_t i = 0; body && i < window->count; i++) {
		if (trace_insn(window, i)->address != body->address)
			continue;
		first = starts ? first : i;
		length = starts == 1 ? i - first : length;
		starts++;
	}
	if (starts < 2 || starts != n || first + n * length > window->count)
		return false;
	for (size_t i = first; i < first + (n - 1) * length; i++)
		if (!is_copy(window, i, i + length))
			return false;
	*iteration = *window;
	iteration->steps += first;
	iteration->count = length;
	return true;
}

static int find_shortest(const struct bill *bill, struct loop *loop, uint64_t n,
			 struct trace *iteration, struct error *error)
{
	struct trace window;

	for (guint i = 0; next_window(bill, loop, loop->ticks.once, &i, &window);)
		if (cut_alike(bill, loop, &window, n, iteration))
			return 0;
	return error_set(error,
			 "crossings differ: no two windows of %" PRId64
			 " instructions are the same %" PRIu64 " crossings, all alike",
			 loop->ticks.once, n);
}

static int find_loops(struct bill *bill, const struct measured *measured, struct error *error)
{
	struct loop crossing = {.name = "crossing", .ticks = measured->crossing};
	struct loop bare = {.name = "bare", .ticks = measured->bare}, other;

	if (find_loop(bill, &crossing, measured->n, &bill->body.crossing, error) != 0) {
		if (!measured->shortest.n ||
		    find_shortest(bill, &crossing, measured->n, &bill->body.crossing, error) != 0)
			return -1;
		bill->shortest = measured->shortest;
	}
	if (find_loop(bill, &bare, measured->n, &bill->body.bare, error) == 0)
		return 0;
	/* What is taken off may be the crossing of another text. */
	other =
	    (struct loop){.name = "crossing", .ticks = measured->bare, .other = crossing.symbol};
	return find_loop(bill, &other, measured->n, &bill->body.bare, NULL);
}

/* Both loops are built from one text but lie at different addresses. */
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
	double clock = measured->round_trip;

	*body = (struct body){0};
	if (measured->n == 0 || measured->n > INT32_MAX)
		return error_set(error, "the records speak of windows with %" PRIu64 " crossings",
				 measured->n);
	if (find_loops(bill, measured, error) != 0)
		return -1;
	align(body);
	body->total = count_steps(body, &body->crossing) - count_steps(body, &body->bare);
	bill->clock = clock;
	if (bill->shortest.n)
		clock =
		    (double)(measured->crossing.once - measured->bare.once) / (double)measured->n;
	if ((double)body->total != clock)
		return error_set(error,
				 "the bill sums to %" PRId64
				 " instructions, but the clock reported a round trip of %g",
				 body->total, clock);
	return 0;
}
