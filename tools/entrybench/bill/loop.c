/* Finds windows by loop, length and number of iterations. */
#include "bill/ledger.h"

/* What is looked for, and what has been found. */
struct search {
	const struct loop_request *request;
	const struct symbol *loop;
	uint64_t start;		  /* of an iteration in ring 3 */
	struct trace once, twice; /* windows */
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
static const struct symbol *loop_of(const struct loop_request *request, const struct trace *window)
{
	g_autofree char *ending = g_strconcat(".", request->name, NULL);

	for (size_t i = 0; i < window->count; i++) {
		const struct ledger_insn *insn = trace_insn(window, i);
		const struct symbol *symbol = symbols_find(
		    insn_in_kernel(insn) ? request->kernel : request->program, insn->address);

		if (symbol && symbol != request->other && g_str_has_suffix(symbol->name, ending))
			return symbol;
	}
	return NULL;
}

/* The label "LOOP.body"; 0 where the loop has none. */
static uint64_t start_of(const struct loop_request *request, const struct symbol *loop)
{
	g_autofree char *name = g_strconcat(loop->name, ".body", NULL);
	const struct symbol *body = symbols_by_name(request->program, name);

	return body ? body->address : 0;
}

/*
 * The next step from `step` on with which an iteration starts; the window's end where there is
 * none.
 */
static size_t next_start(const struct search *search, const struct trace *window, size_t step)
{
	while (step < window->count && trace_insn(window, step)->address != search->start)
		step++;
	return step;
}

static uint64_t iteration_count(const struct search *search, const struct trace *window)
{
	uint64_t count = 0;

	for (size_t i = next_start(search, window, 0); i < window->count;
	     i = next_start(search, window, i + 1))
		count++;
	return count;
}

/*
 * The loop's window of so many ticks round n iterations. Whether the clock counts an instruction
 * that faults it says itself: one of the two lengths is what it reported.
 */
static bool find_window(struct search *search, uint64_t n, int64_t ticks, struct trace *found)
{
	const struct ledger *ledger = search->request->ledger;

	for (size_t i = 0; i < ledger->windows->len; i++) {
		const struct ledger_window *window =
		    &g_array_index(ledger->windows, struct ledger_window, i);
		struct trace trace = {.ledger = ledger, .count = window->length};
		const struct symbol *loop;

		if (!window->traced || window->length == 0)
			continue;
		trace.steps = &g_array_index(ledger->steps, struct ledger_step, window->first);
		trace.faults = (int64_t)window->length != ticks;
		if (trace.faults && (int64_t)window->length - fault_count(&trace) != ticks)
			continue;
		loop = loop_of(search->request, &trace);
		if (!loop || (search->loop && loop != search->loop))
			continue;
		search->start = start_of(search->request, loop);
		if (!trace_in_kernel(&trace, 0) && iteration_count(search, &trace) != n)
			continue;
		search->loop = loop;
		*found = trace;
		return true;
	}
	return false;
}

/* How many iterations of the window differ from this one. */
static uint64_t count_different(const struct search *search, const struct trace *window,
				const struct trace *iteration)
{
	uint64_t different = 0;

	for (size_t i = next_start(search, window, 0); i < window->count;
	     i = next_start(search, window, i + 1)) {
		struct trace one = *window;

		one.steps += i;
		one.count = MIN(window->count - i, iteration->count);
		different += !trace_same(&one, iteration);
	}
	return different;
}

/* An iteration goes from the first start to the second; the larger window has both. */
static int cut_loop(const struct search *search, struct trace *iteration, struct error *error)
{
	const struct loop_request *request = search->request;
	size_t start = next_start(search, &search->twice, 0);
	uint64_t in_twice, in_once;

	*iteration = search->twice;
	iteration->steps += start;
	iteration->count = next_start(search, &search->twice, start + 1) - start;
	in_twice = count_different(search, &search->twice, iteration);
	in_once = count_different(search, &search->once, iteration);
	if (in_twice + in_once == 0)
		return 0;
	return error_set(error,
			 "%" PRIu64 " of %" PRIu64
			 " iterations of loop \"%s\" executed other instructions than the first",
			 in_twice ? in_twice : in_once, (in_twice ? 2 : 1) * request->n,
			 request->name);
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
static int cut_copies(const struct search *search, struct trace *iteration, struct error *error)
{
	const struct loop_request *request = search->request;
	const struct trace *once = &search->once, *twice = &search->twice;
	size_t more = twice->count > once->count ? twice->count - once->count : 0;
	size_t head = 0, length = more / request->n;
	bool alike = twice->count >= once->count && more % request->n == 0;

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
			 once->count, twice->count, request->n, 2 * request->n);
}

static int no_window(const struct loop_request *request, int64_t ticks, uint64_t n,
		     struct error *error)
{
	return error_set(error,
			 "the ledger has no window of %" PRId64 " instructions round %" PRIu64
			 " iterations of a loop \"%s\", which the records report: plugin and "
			 "clock disagree",
			 ticks, n, request->name);
}

int loop_find(const struct loop_request *request, struct trace *iteration,
	      const struct symbol **loop, struct error *error)
{
	struct search search = {.request = request};
	const struct loop_ticks ticks = request->ticks;

	if (!find_window(&search, 2 * request->n, ticks.twice, &search.twice))
		return no_window(request, ticks.twice, 2 * request->n, error);
	if (!find_window(&search, request->n, ticks.once, &search.once))
		return no_window(request, ticks.once, request->n, error);
	*loop = search.loop;
	if (trace_in_kernel(&search.twice, 0))
		return cut_copies(&search, iteration, error);
	return cut_loop(&search, iteration, error);
}
