/* eb_audit: what the conformance tests ask the core from ring 3 (include/entrybench/audit.h). */
#include "audit/audit.h"
#include "boot/boot.h"
#include "cpu/cpu.h"
#include "cpu/kstack_offset.h"
#include "cpu/percpu.h"
#include "cpu/selectors.h"
#include "entry/variant.h"
#include "lib/lib.h"
#include "mm/mm.h"
#include "syscall/kcfi.h"
#include "syscall/syscall.h"
#include "task/task.h"
#include "cpu/traps.h"

_Static_assert(sizeof(struct eb_regs) == sizeof(struct pt_regs), "eb_regs is pt_regs");
_Static_assert(offsetof(struct eb_regs, sp) == offsetof(struct pt_regs, sp), "eb_regs is pt_regs");
_Static_assert((int)EB_AUDIT_NUMBER == (int)SYS_eb_audit, "one number, written twice");

/* Of RFLAGS: IF, IOPL and what is above AC except ID are not a test's to choose. */
#define CHOOSABLE_FLAGS 0x255dd5ull

static bool allowed;

/* Whether the kernel's command line has the word that makes this call exist. */
static bool is_allowed(void)
{
	return boot_option(EB_AUDIT_WORD);
}

static s64 features(u64 to, u64 size)
{
	size_t length = strlen(entry_variant.features);
	if (size < length + 1)
		return -EINVAL;
	return copy_to_user(to, entry_variant.features, length + 1) ? (s64)length : -EFAULT;
}

#define READ_REGISTER(name, to) __asm__ volatile("mov %%" #name ", %0" : "=r"(to))

static s64 state(const struct pt_regs *regs)
{
	static struct eb_state state;
	__asm__ volatile("pushfq; popq %0" : "=r"(state.flags));
	READ_REGISTER(rsp, state.sp);
	READ_REGISTER(cs, state.cs);
	READ_REGISTER(ss, state.ss);
	READ_REGISTER(ds, state.ds);
	READ_REGISTER(es, state.es);
	READ_REGISTER(fs, state.fs);
	READ_REGISTER(gs, state.gs);
	audit_copy_regs(&state.regs, regs);
	state.cr0 = read_cr0();
	state.cr3 = read_cr3();
	state.cr4 = read_cr4();
	state.gs_base = rdmsr(MSR_GS_BASE);
	state.kernel_gs_base = rdmsr(MSR_KERNEL_GS_BASE);
	state.fs_base = rdmsr(MSR_FS_BASE);
	state.percpu = (u64)this_cpu;
	state.kernel_root = kernel_table.root;
	state.user_root = user_table.root;
	state.stack_bottom = current->stack_bottom;
	state.stack_top = current->stack_top;
	state.levels = paging_levels;
	state.guest_ran = this_cpu->guest_ran;
	memcpy(state.kstack_random, kstack_random, sizeof(state.kstack_random));
	return copy_to_user(regs->si, &state, sizeof(state)) ? 0 : -EFAULT;
}

/*
 * By SYSCALL alone: INT 0x80 and the 32-bit calls put their own values into some of the registers
 * afterwards.
 */
static s64 exit_with(struct pt_regs *regs)
{
	static struct pt_regs wanted;
	if (!copy_from_user(&wanted, regs->si, sizeof(wanted)))
		return -EFAULT;
	if (!from_user(&wanted))
		return -EPERM; /* never to ring 0 */
	wanted.flags = (wanted.flags & CHOOSABLE_FLAGS) | FLAG_IF | FLAG_FIXED;
	memcpy(regs, &wanted, sizeof(*regs));
	return (s64)regs->ax; /* the dispatcher stores it there */
}

static s64 place(u64 what, u64 name)
{
	static char wanted[40];
	s64 length;
	switch (what) {
	case EB_PLACE_PHASE:
		length = copy_string_from_user(wanted, name, sizeof(wanted));
		return length < 0 ? length : (s64)phase_address(wanted);
	case EB_PLACE_SYSCALL_C:
		return (s64)entry_variant.syscall_c;
	case EB_PLACE_TRAP_C:
		return entry_variant.fred ? (s64)entry_variant.syscall_c : (s64)do_exception;
	}
	return -EINVAL;
}

void audit_reset(void)
{
	allowed = is_allowed();
	audit_stop();
	audit_interrupt_stop();
}

/* No tail call: the caller's frame must still stand, or its own saved registers would count. */
static s64 stack_dirty(void)
{
	s64 dirty = audit_stack_dirty();
	__asm__ volatile("" : "+r"(dirty));
	return dirty;
}

static s64 yield(void)
{
	u64 ss;
	schedule();
	READ_REGISTER(ss, ss);
	irq_enable();
	return (u16)ss;
}

static s64 call_with_hash(struct pt_regs *regs)
{
#if CORE_KCFI
	u64 number = regs->si;
	u32 hash = SYSCALL_HASH ^ (u32)regs->dx;
	if (number < SYSCALLS)
		return call_by_hash((const void *)syscall_table[number], syscall_args(regs), hash);
	if (number - SYS_PRIVATE < SYSCALLS_PRIVATE)
		return call_by_hash((const void *)private_syscall_table[number - SYS_PRIVATE], regs,
				    hash);
#else
	(void)regs;
#endif
	return -EINVAL;
}

s64 sys_eb_audit(struct pt_regs *regs)
{
	u64 a = regs->si, b = regs->dx, c = regs->r10;
	/*
	 * No call before the operation itself: what one left on the stack would be taken for
	 * another's.
	 */
	if (!allowed)
		return -ENOSYS;
	switch (regs->di) {
	case EB_AUDIT_FEATURES:
		return features(a, b);
	case EB_AUDIT_STATE:
		return state(regs);
	case EB_AUDIT_RANGE:
		return audit_range(a, b, c);
	case EB_AUDIT_STACK_DIRTY:
		return stack_dirty();
	case EB_AUDIT_STACK_FIND:
		return audit_stack_find(a);
	case EB_AUDIT_STACKS_FIND:
		return audit_stacks_find(a);
	case EB_AUDIT_STACK_PLANT:
		return audit_stack_plant(a, b, c);
	case EB_AUDIT_STACK_MARK:
		return audit_stack_mark();
	case EB_AUDIT_STACK_FILL:
		return audit_stack_fill();
	case EB_AUDIT_EXIT_WITH:
		return exit_with(regs);
	case EB_AUDIT_CATCH:
		return audit_catch(a, b);
	case EB_AUDIT_TRAPS:
		return audit_traps(a, b);
	case EB_AUDIT_BREAK:
		return audit_break(a, b);
	case EB_AUDIT_PLACE:
		return place(a, b);
	case EB_AUDIT_INTERRUPT:
		return audit_interrupt(a);
	case EB_AUDIT_INTERRUPTED:
		return audit_interrupted(a);
	case EB_AUDIT_DIVERT:
		return audit_divert(a, b);
	case EB_AUDIT_RAISE:
		return audit_raise(a, b);
	case EB_AUDIT_YIELD:
		return yield();
	case EB_AUDIT_GUEST:
		this_cpu->guest_ran = 1;
		return 0;
	case EB_AUDIT_CALL:
		return call_with_hash(regs);
	case EB_AUDIT_SPIN:
		for (;;)
			__builtin_ia32_pause();
	}
	return -EINVAL;
}
