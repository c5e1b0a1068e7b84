/*
 * Frames that the CPU pushes. No memory access of the ledger tells of them, so they follow from what is seen round them: that
 * the next step is not where the last one leads, and where the first push behind it goes.
 */
#include "bill/course.h"
#include "bill/opcode.h"

/* Handlers begin with a push, or return at once. */
#define SEARCHED 8

#define WORD	   8u
#define FRAME	   (5 * WORD)
#define ERROR_CODE WORD

/* An IRET that leads to the next instruction, or back to one that an interrupt or exception had kept from going on. */
static bool resumes(const struct course *course, size_t iret)
{
	uint64_t to = course_insn(course, iret + 1)->address;

	for (size_t i = 0; i <= iret; i++) {
		const struct ledger_insn *insn = course_insn(course, i);
		bool behind = insn->address + insn->size == to;

		if (ledger_in_kernel(insn) && (insn->address == to || behind) &&
		    (i == iret ||
		     course_insn(course, i + 1)->address != insn->address + insn->size))
			return true;
	}
	return false;
}

static bool is_delivery(const struct course *course, size_t step)
{
	const struct ledger_insn *insn = course_insn(course, step);
	const struct ledger_insn *next = course_insn(course, step + 1);
	struct opcode opcode = opcode_of(insn->bytes, insn->size);

	if (!ledger_in_kernel(next))
		return false;
	if (opcode.by_gate)
		return true;
	if (!ledger_in_kernel(insn))
		return !opcode.enters;
	if (opcode.sysret) /* it leads to ring 3, and there the interrupt came */
		return true;
	if (opcode.iret)
		return !resumes(course, step);
	/* A REP repeats itself. */
	return !opcode.branch && next->address != insn->address + insn->size &&
	       next->address != insn->address;
}

/* RSP at the step, where it pushes or returns from the interrupt; 0 where it does neither. */
static uint64_t stack_pointer(const struct course *course, size_t step)
{
	const struct ledger_insn *insn = course_insn(course, step);
	const struct ledger_step *at = &course->steps[step];
	struct opcode opcode = opcode_of(insn->bytes, insn->size);

	/* PUSH (MEMORY) loads first. */
	for (uint32_t i = 0; i < at->access_count; i++) {
		const struct ledger_access *access =
		    &course->ledger->accesses[at->access_first + i];

		if (opcode.push && access->store)
			return access->address + access->size;
		if (opcode.iret)
			return access->address;
	}
	return 0;
}

/* RSP was aligned to 16 bytes before the five words went down (SDM 3A 6.14.2): so it tells of an error code. */
struct cpu_frame course_frame(const struct course *course, size_t step)
{
	struct cpu_frame none = {0};
	uint64_t rsp = 0;

	if (!is_delivery(course, step))
		return none;
	for (size_t i = step + 1; rsp == 0 && i < course->count && i <= step + SEARCHED; i++)
		rsp = stack_pointer(course, i);
	if (rsp == 0)
		return none;
	return (struct cpu_frame){rsp, rsp % 16 ? FRAME : FRAME + ERROR_CODE};
}
