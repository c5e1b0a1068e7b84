/*
 * Steps of a window. No memory access of the ledger tells of the frames that the CPU pushes, so
 * they follow from what is seen round them: that the next step is not where the last one leads, and
 * where the first push behind it goes.
 */
#include "bill/ledger.h"

/* Handlers begin with a push, or return at once. */
#define SEARCHED 8

#define WORD	   8u
#define FRAME	   (5 * WORD)
#define ERROR_CODE WORD

const struct ledger_insn *trace_insn(const struct trace *trace, size_t step)
{
	return &g_array_index(trace->ledger->insns, struct ledger_insn, trace->steps[step].insn);
}

bool trace_in_kernel(const struct trace *trace, size_t step)
{
	return insn_in_kernel(trace_insn(trace, step));
}

bool trace_faults(const struct trace *trace, size_t step)
{
	return !trace_in_kernel(trace, step) && trace_in_kernel(trace, step + 1) &&
	       !trace_insn(trace, step)->enters;
}

bool trace_counts(const struct trace *trace, size_t step)
{
	return !(trace->faults && trace_faults(trace, step));
}

static uint64_t behind(const struct ledger_insn *insn)
{
	return insn->address + insn->size;
}

/* The IRET leads to the next instruction, or back to where kernel code was interrupted. */
static bool resumes(const struct trace *trace, size_t iret)
{
	uint64_t to = trace_insn(trace, iret + 1)->address;

	for (size_t i = 0; i <= iret; i++) {
		const struct ledger_insn *insn = trace_insn(trace, i);

		if (insn_in_kernel(insn) && (insn->address == to || behind(insn) == to) &&
		    (i == iret || trace_insn(trace, i + 1)->address != behind(insn)))
			return true;
	}
	return false;
}

static bool is_delivery(const struct trace *trace, size_t step)
{
	const struct ledger_insn *insn = trace_insn(trace, step),
				 *next = trace_insn(trace, step + 1);

	if (!insn_in_kernel(next))
		return false;
	if (insn->by_gate)
		return true;
	if (!insn_in_kernel(insn))
		return !insn->enters;
	if (insn->sysret) /* it leads to ring 3, and there the interrupt came */
		return true;
	if (insn->iret)
		return !resumes(trace, step);
	/* A REP repeats itself. */
	return !insn->branch && next->address != behind(insn) && next->address != insn->address;
}

/* RSP at the step, where it pushes or returns from the interrupt; 0 where it does neither. */
static uint64_t stack_pointer(const struct trace *trace, size_t step)
{
	const struct ledger_access *access = &g_array_index(
	    trace->ledger->accesses, struct ledger_access, trace->steps[step].access_first);
	const struct ledger_insn *insn = trace_insn(trace, step);

	/* PUSH (MEMORY) loads first. */
	for (uint32_t i = 0; i < trace->steps[step].access_count; i++, access++) {
		if (insn->push && access->store)
			return access->address + access->size;
		if (insn->iret)
			return access->address;
	}
	return 0;
}

/* The CPU aligns RSP to 16 bytes before it pushes (SDM 3A 6.14.2), which tells of an error code. */
struct cpu_frame trace_frame(const struct trace *trace, size_t step)
{
	uint64_t rsp = 0;

	if (!is_delivery(trace, step))
		return (struct cpu_frame){0};
	for (size_t i = step + 1; rsp == 0 && i < trace->count && i <= step + SEARCHED; i++)
		rsp = stack_pointer(trace, i);
	if (rsp == 0)
		return (struct cpu_frame){0};
	return (struct cpu_frame){rsp, rsp % 16 ? FRAME : FRAME + ERROR_CODE};
}
