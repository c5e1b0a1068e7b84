/* Holds the two loops against each other and against the clock. */
#include "bill/body.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

/* Past a number in a disassembly, if the text begins with one: "$-0x10". */
static const char *skip_number(const char *text)
{
	if (*text == '$')
		text++;
	if (*text == '-')
		text++;
	if (isdigit((unsigned char)*text))
		while (isxdigit((unsigned char)*text) || *text == 'x')
			text++;
	return text;
}

/* The same operation on the same registers; displacements and immediates may differ. */
static bool same_shape(const char *a, const char *b)
{
	bool name = false; /* inside of a word: "%r13", "movq" */

	for (;;) {
		if (!name) {
			a = skip_number(a);
			b = skip_number(b);
		}
		if (*a != *b || !*a)
			return *a == *b;
		name = isalnum((unsigned char)*a);
		a++;
		b++;
	}
}

/* Both loops are made from the same text, and lie at different places: in ring 3, but for those that time ring 0. */
static bool same_step(const struct course *a, size_t i, const struct course *b, size_t k)
{
	bool loops = course_in_kernel(a, i) == course_in_kernel(a, 0) &&
		     course_in_kernel(b, k) == course_in_kernel(a, 0);

	return a->steps[i].insn == b->steps[k].insn ||
	       (loops && same_shape(course_insn(a, i)->text, course_insn(b, k)->text));
}

static void align(struct body *body)
{
	const struct course *crossing = &body->crossing, *bare = &body->bare;
	size_t shorter = crossing->count < bare->count ? crossing->count : bare->count;

	while (body->before < shorter && same_step(crossing, body->before, bare, body->before))
		body->before++;
	while (body->after < shorter - body->before &&
	       same_step(crossing, crossing->count - body->after - 1, bare,
			 bare->count - body->after - 1))
		body->after++;
}

static int64_t count_steps(const struct body *body, const struct course *course)
{
	int64_t count = 0;

	for (size_t i = body->before; i < course->count - body->after; i++)
		count += course_counts(course, i);
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
