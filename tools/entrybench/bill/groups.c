/* What the functions of a stock kernel are for, so that several kernels can be compared. */
#include "bill/bill.h"

#include <fnmatch.h>

enum part { ENTRY, DISPATCH, WORK, CALL, EXIT, PARTS, ASSEMBLY, THUNK };

static const char *const names[PARTS] = {"entry stub", "dispatch", "entry and exit work",
					 "the call", "exit"};

/* The first that fits; everything else is what the kernel was asked for. */
static const struct {
	const char *glob;
	enum part part;
} symbols[] = {
    {"entry_SYSCALL_64*", ASSEMBLY},
    {"entry_SYSRETQ*", ASSEMBLY},
    {"syscall_return_via_sysret", ASSEMBLY},
    {"clear_bhb_loop*", ASSEMBLY},
    {"asm_exc_*", ASSEMBLY},
    {"error_entry", ASSEMBLY},
    {"sync_regs", ASSEMBLY}, /* C, for the stub alone */
    {"error_return", ASSEMBLY},
    {"swapgs_restore_*", ASSEMBLY},
    {"common_interrupt_return", ASSEMBLY},
    {"native_i*ret*", ASSEMBLY},
    {"__x86_indirect_*", THUNK},
    {"__x86_return_thunk", THUNK},
    {"do_syscall_64", DISPATCH},
    {"x64_sys_call", DISPATCH},
    {"exc_*", DISPATCH},
    {"*enter_from_user_mode*", WORK},
    {"*exit_to_user_mode*", WORK},
    {"irqentry_*", WORK},
    {"fpregs_*", WORK},
    {"prandom_u32_state", WORK}, /* of the random stack offset */
    {"amd_clear_divider", WORK},
};

static enum part part_of(const char *symbol)
{
	for (size_t i = 0; i < G_N_ELEMENTS(symbols); i++)
		if (fnmatch(symbols[i].glob, symbol, 0) == 0)
			return symbols[i].part;
	return CALL;
}

/*
 * Assembly is the stub before any C, and the exit after it. What the dispatcher does once the call
 * is over is exit work, which some compilers inline there.
 */
static void sum_parts(const struct bill *bill, double *sums)
{
	enum part now = ENTRY;
	bool called = false;

	for_each_in(const struct bill_step, step, bill->steps) {
		enum part part = step->insn ? part_of(step->symbol) : now;

		if (strcmp(step->phase, PHASE_ENTER) == 0) {
			part = ENTRY;
			called = false;
		} else if (strcmp(step->phase, PHASE_RING3) == 0) {
			part = CALL;
		} else if (part == ASSEMBLY) {
			part = now == ENTRY ? ENTRY : EXIT;
		} else if (part == THUNK) {
			part = now;
		} else if (part == DISPATCH && called) {
			part = WORK;
		}
		called |= part == CALL;
		now = part;
		sums[part] += step->counted * step->sign;
	}
}

void bill_put_groups(struct table *data, const struct bill *bill)
{
	double sums[PARTS] = {0};

	sum_parts(bill, sums);
	for (int i = 0; i < PARTS; i++) {
		table_row(data);
		table_put_text(data, "variant", bill->variant);
		table_put_text(data, "part", names[i]);
		table_put_number(data, "value", sums[i]);
	}
}
