/* Steps of a window. */
#include "bill/course.h"

#include "bill/opcode.h"

const struct ledger_insn *course_insn(const struct course *course, size_t step)
{
	return &course->ledger->insns[course->steps[step].insn];
}

bool course_in_kernel(const struct course *course, size_t step)
{
	return ledger_in_kernel(course_insn(course, step));
}

bool course_faults(const struct course *course, size_t step)
{
	const struct ledger_insn *insn = course_insn(course, step);

	return !course_in_kernel(course, step) && course_in_kernel(course, step + 1) &&
	       !opcode_of(insn->bytes, insn->size).enters;
}

bool course_counts(const struct course *course, size_t step)
{
	return !(course->faults && course_faults(course, step));
}

bool course_same(const struct course *a, const struct course *b)
{
	for (size_t i = 0; a->count == b->count && i < a->count; i++)
		if (a->steps[i].insn != b->steps[i].insn)
			return false;
	return a->count == b->count;
}
