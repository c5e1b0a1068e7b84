/* Finds windows by loop, length and number of iterations. */
#include "bill/loop.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* What is looked for, and what has been found. */
struct search {
	const struct loop_request *request;
	const struct symbol *loop;
	uint64_t start;		   /* of an iteration in ring 3 */
	struct course once, twice; /* windows */
};

static int64_t fault_count(const struct course *window)
{
	int64_t count = 0;

	/* A window's last step reads the clock. */
	for (size_t i = 0; i + 1 < window->count; i++)
		count += course_faults(window, i);
	return count;
}

/* Loops of ring 3 are the program's; of ring 0, where there is no loop but copies one behind the other, the kernel's. */
static const struct symbol *symbol_at(const struct loop_request *request,
				      const struct course *course, size_t step)
{
	const struct ledger_insn *insn = course_insn(course, step);

	return symbols_find(ledger_in_kernel(insn) ? request->kernel : request->program,
			    insn->address);
}

/* The first loop of that name that the window goes through. */
static const struct symbol *loop_of(const struct loop_request *request, const struct course *window)
{
	char ending[32];

	snprintf(ending, sizeof(ending), ".%s", request->name);
	for (size_t i = 0; i < window->count; i++) {
		const struct symbol *symbol = symbol_at(request, window, i);

		if (symbol && symbol != request->other && symbol_ends(symbol, ending))
			return symbol;
	}
	return NULL;
}

/* The label "LOOP.body"; 0 where the loop has none. */
static uint64_t start_of(const struct loop_request *request, const struct symbol *loop)
{
	char name[256];
	const struct symbol *body;

	snprintf(name, sizeof(name), "%s.body", loop->name);
	body = symbols_by_name(request->program, name);
	return body ? body->address : 0;
}

static bool starts_iteration(const struct search *search, const struct course *course, size_t step)
{
	return course_insn(course, step)->address == search->start;
}

static uint64_t iteration_count(const struct search *search, const struct course *window)
{
	uint64_t count = 0;

	for (size_t i = 0; i < window->count; i++)
		count += starts_iteration(search, window, i);
	return count;
}

/*
 * The loop's window of so many ticks round n iterations. Whether the clock counts an instruction that faults it says
 * itself: one of the two lengths is what it reported.
 */
static bool find_window(struct search *search, uint64_t n, int64_t ticks, struct course *found)
{
	const struct ledger *ledger = search->request->ledger;

	for (size_t i = 0; i < ledger->window_count; i++) {
		const struct ledger_window *window = &ledger->windows[i];
		struct course course = {.ledger = ledger,
					.steps = ledger->steps + window->first,
					.count = window->length};
		const struct symbol *loop;

		if (!window->traced || window->length == 0)
			continue;
		course.faults = (int64_t)window->length != ticks;
		if (course.faults && (int64_t)window->length - fault_count(&course) != ticks)
			continue;
		loop = loop_of(search->request, &course);
		if (!loop || (search->loop && loop != search->loop))
			continue;
		search->start = start_of(search->request, loop);
		if (!course_in_kernel(&course, 0) && iteration_count(search, &course) != n)
			continue;
		search->loop = loop;
		*found = course;
		return true;
	}
	return false;
}

/* From the first iteration's start to the second's; the window has more than one. */
static struct course first_iteration(const struct search *search)
{
	const struct course *window = &search->twice;
	struct course first = *window;
	size_t start = 0, end;

	while (!starts_iteration(search, window, start))
		start++;
	for (end = start + 1; !starts_iteration(search, window, end);)
		end++;
	first.steps += start;
	first.count = end - start;
	return first;
}

/* How many iterations of the window differ from this one. */
static uint64_t count_different(const struct search *search, const struct course *window,
				const struct course *iteration)
{
	uint64_t different = 0;

	for (size_t i = 0; i < window->count; i++) {
		struct course one = *window;

		if (!starts_iteration(search, window, i))
			continue;
		one.steps += i;
		one.count =
		    window->count - i < iteration->count ? window->count - i : iteration->count;
		different += !course_same(&one, iteration);
	}
	return different;
}

static int different(const struct loop_request *request, uint64_t count, uint64_t of,
		     struct error *error)
{
	return error_set(error,
			 "%" PRIu64 " of %" PRIu64
			 " iterations of loop \"%s\" took another course than the first",
			 count, of, request->name);
}

static int cut_loop(const struct search *search, struct course *iteration, struct error *error)
{
	const struct loop_request *request = search->request;
	const struct course *windows[2] = {&search->twice, &search->once};

	*iteration = first_iteration(search);
	for (int i = 0; i < 2; i++) {
		uint64_t count = count_different(search, windows[i], iteration);

		if (count)
			return different(request, count, (2 - (uint64_t)i) * request->n, error);
	}
	return 0;
}

/* The same instruction at another place. */
static bool is_copy(const struct course *course, size_t a, size_t b)
{
	const struct ledger_insn *x = course_insn(course, a), *y = course_insn(course, b);

	return x->size == y->size && memcmp(x->bytes, y->bytes, x->size) == 0;
}

/*
 * Copies one behind the other, of which the larger window enters at an earlier one: so both agree up to the entry, and what
 * follows in the smaller one is the end of the larger one. In between are n copies more.
 */
static int cut_copies(const struct search *search, struct course *iteration, struct error *error)
{
	const struct loop_request *request = search->request;
	const struct course *once = &search->once, *twice = &search->twice;
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
	return alike ? 0
		     : error_set(error,
				 "the windows of %zu and %zu instructions are not %" PRIu64
				 " and %" PRIu64 " copies of the same",
				 once->count, twice->count, request->n, 2 * request->n);
}

int loop_find(const struct loop_request *request, struct course *iteration,
	      const struct symbol **loop, struct error *error)
{
	struct search search = {.request = request};
	const int64_t ticks[2] = {request->ticks.twice, request->ticks.once};

	for (int i = 0; i < 2; i++) {
		uint64_t n = (2 - (uint64_t)i) * request->n;

		if (!find_window(&search, n, ticks[i], i ? &search.once : &search.twice))
			return error_set(
			    error,
			    "the ledger has no window of %" PRId64 " instructions round %" PRIu64
			    " iterations of a loop \"%s\", which the records report: plugin and "
			    "clock disagree",
			    ticks[i], n, request->name);
	}
	*loop = search.loop;
	if (course_in_kernel(&search.twice, 0))
		return cut_copies(&search, iteration, error);
	return cut_loop(&search, iteration, error);
}
