/* Holds the two loops against each other and against the clock. */
#include "bill/ledger.h"

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
	size_t shorter = crossing->count < bare->count ? crossing->count : bare->count;

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

static int find_loops(struct body *body, struct loop_request request,
		      const struct measured *measured, struct error *error)
{
	const struct symbol *crossing, *bare;

	request.name = "crossing";
	request.ticks = measured->crossing;
	if (loop_find(&request, &body->crossing, &crossing, error) != 0)
		return -1;
	request.name = "bare";
	request.ticks = measured->bare;
	if (loop_find(&request, &body->bare, &bare, error) == 0)
		return 0;
	/* What is taken off may be the crossing of another text. */
	request.name = "crossing";
	request.other = crossing;
	return loop_find(&request, &body->bare, &bare, NULL);
}

int body_find(struct body *body, const struct ledger *ledger, const struct symbols *program,
	      const struct symbols *kernel, const struct measured *measured, struct error *error)
{
	const struct loop_request request = {
	    .ledger = ledger, .program = program, .kernel = kernel, .n = measured->n};

	*body = (struct body){0};
	if (measured->n == 0 || measured->n > INT32_MAX)
		return error_set(error, "the records speak of windows with %" PRIu64 " crossings",
				 measured->n);
	if (find_loops(body, request, measured, error) != 0)
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
