/* Faults of the programs on shadow stacks, and what both ask the kernel. */
#include "shstk_cross.h"

struct fault fault;
unsigned fault_count;
uint64_t fault_resume;

const char *no_shadow_stack(void)
{
	if (!has("shstk=on"))
		return "no shadow stacks";
	return shadow_stack_pointer() ? NULL : "this CPU has no shadow stacks";
}

const char *shadow_stacks(void)
{
	return no_shadow_stack() ? NULL : "there are shadow stacks";
}

long shadow_stack_feature(long request, long feature)
{
	return sys_call(SYS_ARCH_PRCTL, request, feature, 0, 0, 0, 0);
}

uint64_t shadow_stack_features(void)
{
	uint64_t set = -1ull;

	EXPECT_EQUAL(shadow_stack_feature(ARCH_SHSTK_STATUS, (long)&set), 0, "status");
	return set;
}

long map_shadow_stack(uint64_t address, uint64_t size, long flags)
{
	return sys_call(SYS_MAP_SHADOW_STACK, (long)address, (long)size, flags, 0, 0, 0);
}

enum { ENDLESS = 100 };

/* siginfo_t's beginning. */
struct info {
	int signal, error, code, pad;
	uint64_t address;
};

static void note(int signal, void *told, struct signal_context *context)
{
	const struct info *info = told;

	fault = (struct fault){signal, info->code, info->address, context->trap, context->error};
	if (++fault_count > ENDLESS)
		sys_exit(1);
	if (fault_resume)
		context->rip = fault_resume;
	fault_resume = 0;
}

void faults_handled(void)
{
	fault_count = 0;
	fault_resume = 0;
	signal_handle(SIGNAL_SEGV, note);
	signal_handle(SIGNAL_ILL, note);
}

void expect_fault(int code, uint64_t trap, uint64_t error, uint64_t address, const char *what)
{
	EXPECT_EQUAL(fault_count, 1, what);
	EXPECT(fault.signal == SIGNAL_SEGV && fault.code == code,
	       "%s: signal %d, code %d, must be SIGSEGV, %d", what, fault.signal, fault.code, code);
	EXPECT(fault.trap == trap && fault.error == error,
	       "%s: vector %lx, error code %lx, must be %lx, %lx", what, fault.trap, fault.error,
	       trap, error);
	EXPECT(fault.address == address, "%s: address %lx, must be %lx", what, fault.address,
	       address);
	fault_count = 0;
}
