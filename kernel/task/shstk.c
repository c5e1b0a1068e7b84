/*
 * User shadow stacks (CET), as Linux since 6.6 serves them (Documentation/arch/x86/shstk.rst;
 * SDM 1 chapter 17): a second stack that CALL pushes to and RET compares with, in memory that
 * nothing else can write.
 *
 * Entries and exits have no part in it. The CPU keeps ring 3's pointer in IA32_PL3_SSP on any way
 * into ring 0 (SYSCALL, SYSENTER, gates alike) and takes it from there on any way out, so here it
 * is in that register; ring 0 itself has no shadow stack.
 */
#include "task/shstk.h"
#include "cpu/cpu.h"
#include "entry/variant.h"
#include "memory/vm.h"
#include "mm/mm.h"
#include "syscall/syscall.h"
#include "task/process.h"
#include "task/task.h"

#define WORD	      sizeof(u64)
#define LOWEST	      (1ull << 32) /* 32-bit code cannot run with a pointer from here on */
#define FRAME_TOKEN   (1ull << 63) /* no return address looks so */
#define RESTORE_TOKEN 1ull	   /* RSTORSSP's, of 64-bit code */
#define SET_TOKEN     1u	   /* map_shadow_stack's flag */
#define STACK_PROT    (VM_READ | VM_WRITE | VM_SHADOW_STACK)

/* The address, or a negative errno. A page below stays free, so no stack runs into another one. */
static s64 map(u64 address, u64 size)
{
	s64 error;
	if (!size)
		return -EINVAL;
	if (!address) {
		address = vm_find_gap(size + PAGE_SIZE, USER_MMAP_TOP);
		if (address < LOWEST)
			return -ENOMEM;
		address += PAGE_SIZE;
	}
	error = vm_choose_fixed(address, size, false);
	if (!error)
		error = vm_map(address, size, STACK_PROT);
	return error ? error : (s64)address;
}

s64 sys_map_shadow_stack(const struct syscall_args *regs)
{
	u64 address = regs->di, size = regs->si, whole = ALIGN_UP(size, PAGE_SIZE);
	u32 flags = regs->dx;
	if (!entry_variant.shstk)
		return sys_missing(regs);
	if (!cpu.shstk)
		return -ENOTSUP;
	if (flags & ~SET_TOKEN)
		return -EINVAL;
	if (flags && size < WORD)
		return -ENOSPC;
	if (address && address < LOWEST)
		return -ERANGE;
	if (whole < size)
		return -EOVERFLOW;
	s64 base = map(address, whole);
	u64 top = base + size;
	if (base < 0 || !flags)
		return base;
	if (!(top % WORD) && user_store_shadow(top - WORD, top | RESTORE_TOKEN))
		return base;
	vm_unmap(base, whole);
	return -EINVAL;
}

/* ---- a task's own ---- */

static s64 map_own(struct shstk *shstk, u64 size)
{
	u64 limit = process.limits[RLIMIT_STACK].now;
	if (!size)
		size = limit < LOWEST ? limit : LOWEST;
	size = ALIGN_UP(size, PAGE_SIZE);
	s64 base = map(0, size);
	if (base < 0)
		return base;
	shstk->base = base;
	shstk->size = size;
	shstk->ssp = base + size;
	return 0;
}

static void load(const struct shstk *shstk)
{
	wrmsr(MSR_U_CET, shstk->features);
	wrmsr(MSR_PL3_SSP, shstk->ssp);
}

static s64 enable(struct shstk *shstk)
{
	s64 error = map_own(shstk, 0);
	if (error)
		return error;
	shstk->features = SHSTK_ON;
	load(shstk);
	return 0;
}

static void disable(struct shstk *shstk)
{
	vm_unmap(shstk->base, shstk->size);
	*shstk = (struct shstk){.locked = shstk->locked};
	load(shstk);
}

static s64 set_wrss(struct shstk *shstk, bool on)
{
	if (!shstk->features)
		return -EPERM;
	shstk->features = on ? SHSTK_ON | SHSTK_WRSS : SHSTK_ON;
	wrmsr(MSR_U_CET, shstk->features);
	return 0;
}

/* One feature on or off. */
static s64 change(u64 feature, bool on)
{
	struct shstk *shstk = &current->shstk;
	if (feature & shstk->locked)
		return -EPERM;
	if (feature != SHSTK_ON && feature != SHSTK_WRSS)
		return -EINVAL;
	if (!cpu.shstk)
		return -ENOTSUP;
	if (feature == SHSTK_WRSS)
		return set_wrss(shstk, on);
	if (on && !shstk->features)
		return enable(shstk);
	if (!on && shstk->features)
		disable(shstk);
	return 0;
}

/* As on Linux, unlocking is for tracers, and a task's own request is taken for another one. */
s64 shstk_prctl(u32 option, u64 argument)
{
	if (!entry_variant.shstk)
		return -EINVAL;
	switch (option) {
	case ARCH_SHSTK_ENABLE:
	case ARCH_SHSTK_UNLOCK:
		return change(argument, true);
	case ARCH_SHSTK_DISABLE:
		return change(argument, false);
	case ARCH_SHSTK_LOCK:
		current->shstk.locked |= argument;
		return 0;
	case ARCH_SHSTK_STATUS:
		return copy_to_user(argument, &current->shstk.features, sizeof(u64)) ? 0 : -EFAULT;
	}
	return -EINVAL;
}

void shstk_switch(struct shstk *before, const struct shstk *next)
{
	before->ssp = rdmsr(MSR_PL3_SSP);
	load(next);
}

s64 shstk_inherit(struct shstk *child, u64 stack_size)
{
	*child =
	    (struct shstk){.features = current->shstk.features, .locked = current->shstk.locked};
	return child->features ? map_own(child, stack_size) : 0;
}

void shstk_exit(void)
{
	if (current->shstk.features)
		vm_unmap(current->shstk.base, current->shstk.size);
}

void shstk_reset(void)
{
	if (cpu.shstk)
		load(&current->shstk);
}

/* ---- signals ---- */

/*
 * Behind the place where the handler returns to lies where the pointer was: only such a token lets
 * rt_sigreturn change it.
 */
bool shstk_push_frame(u64 restorer)
{
	u64 ssp = rdmsr(MSR_PL3_SSP);
	if (ssp % WORD || !user_store_shadow(ssp - WORD, ssp | FRAME_TOKEN) ||
	    !user_store_shadow(ssp - 2 * WORD, restorer))
		return false;
	wrmsr(MSR_PL3_SSP, ssp - 2 * WORD);
	return true;
}

/*
 * The CPU has left the pointer where it can be, on a shadow stack; but behind the last word of one,
 * at the start of a page, anything may lie.
 */
static bool may_hold_token(u64 ssp)
{
	if (ssp % WORD)
		return false;
	if (ssp % PAGE_SIZE)
		return true;
	const struct vm_area *area = vm_area_at(ssp);
	return area && area->prot & VM_SHADOW_STACK;
}

bool shstk_pop_frame(void)
{
	u64 ssp = rdmsr(MSR_PL3_SSP), token;
	if (!may_hold_token(ssp) || !copy_from_user(&token, ssp, sizeof(token)))
		return false;
	token ^= FRAME_TOKEN;
	if (token % WORD || token >= USER_END)
		return false;
	wrmsr(MSR_PL3_SSP, token);
	return true;
}
