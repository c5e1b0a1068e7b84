/*
 * Signal frames: what ring 3's stack holds while a handler runs, and the way back. The layout is
 * Linux' (its arch/x86/include/uapi/asm/sigcontext.h and ucontext.h), all of it: handlers read and
 * change it.
 */
#include "cpu/cpu.h"
#include "cpu/selectors.h"
#include "entry/erase.h"
#include "lib/lib.h"
#include "mm/mm.h"
#include "signal/signal.h"
#include "syscall/syscall.h"
#include "task/fpu.h"
#include "task/task.h"

struct sigcontext {
	u64 r8, r9, r10, r11, r12, r13, r14, r15;
	u64 di, si, bp, bx, dx, ax, cx, sp, ip, flags;
	u16 cs, gs, fs, ss;
	u64 err, trapno, oldmask, cr2;
	u64 fpstate; /* 0: none */
	u64 reserved[8];
};

#define UC_FP_XSTATE	     1
#define UC_SIGCONTEXT_SS     2
#define UC_STRICT_RESTORE_SS 4

struct ucontext {
	u64 flags, link;
	struct signal_stack stack;
	struct sigcontext mcontext;
	sigset_t mask;
};

struct frame {
	u64 return_address;
	struct ucontext context;
	struct signal_info info;
};
_Static_assert(sizeof(struct frame) == 440, "Linux' struct rt_sigframe");

#define RED_ZONE 128

/*
 * What a frame may give back in RFLAGS: ring 3's own arithmetic and control flags, never IF, IOPL,
 * NT.
 */
#define FRAME_FLAGS                                                                                \
	(FLAG_AC | FLAG_OF | FLAG_DF | FLAG_TF | FLAG_SF | FLAG_ZF | FLAG_AF | FLAG_PF | FLAG_CF | \
	 FLAG_RF)

/* One frame at a time; not on the stack, where it would be the erase's to find. */
static struct frame frame;

u64 signal_frame_size(void)
{
	return sizeof(struct frame) + RED_ZONE + fpu_frame_size() + 64;
}

static bool on_signal_stack(u64 sp)
{
	const struct signal_stack *stack = &current->signal_stack;
	return stack->size && sp > stack->sp && sp - stack->sp <= stack->size;
}

u32 signal_stack_flags(u64 sp)
{
	const struct signal_stack *stack = &current->signal_stack;
	if (!stack->size)
		return SS_DISABLE;
	if (!(stack->flags & SS_AUTODISARM) && on_signal_stack(sp))
		return SS_ONSTACK;
	return 0;
}

static void save_registers(struct sigcontext *to, const struct pt_regs *regs)
{
	*to = (struct sigcontext){
	    .r8 = regs->r8,
	    .r9 = regs->r9,
	    .r10 = regs->r10,
	    .r11 = regs->r11,
	    .r12 = regs->r12,
	    .r13 = regs->r13,
	    .r14 = regs->r14,
	    .r15 = regs->r15,
	    .di = regs->di,
	    .si = regs->si,
	    .bp = regs->bp,
	    .bx = regs->bx,
	    .dx = regs->dx,
	    .ax = regs->ax,
	    .cx = regs->cx,
	    .sp = regs->sp,
	    .ip = regs->ip,
	    .flags = regs->flags,
	    .cs = regs->cs,
	    .ss = regs->ss,
	    .err = current->fault.error_code,
	    .trapno = current->fault.vector,
	    .cr2 = current->fault.cr2,
	};
}

/*
 * Where the frame goes, below what the interrupted code has on its stack; 0: it would run out of
 * the signal stack.
 */
static u64 frame_place(const struct pt_regs *regs, u64 action_flags, u64 *fpstate)
{
	const struct signal_stack *stack = &current->signal_stack;
	u64 sp = regs->sp - RED_ZONE;
	bool nested = signal_stack_flags(sp) == SS_ONSTACK;
	bool entering = action_flags & SA_ONSTACK && stack->size && !nested;
	if (entering)
		sp = stack->sp + stack->size;
	sp = ALIGN_DOWN(sp - fpu_frame_size(), 64);
	*fpstate = sp;
	sp = ALIGN_DOWN(sp - sizeof(frame), 16) - 8; /* as after a CALL (System V ABI 3.2.2) */
	if ((entering || nested) && !on_signal_stack(sp))
		return 0;
	return sp;
}

/* 64-bit code runs on any stack segment that can be loaded at all. */
static void mend_ss(struct pt_regs *regs)
{
	if (regs->ss != USER_DS && !segment_is_stack(regs->ss))
		regs->ss = USER_DS;
}

BIG_FRAME_BEGIN
bool signal_frame_make(struct pt_regs *regs, const struct signal_action *action,
		       const struct signal_info *info, sigset_t mask)
{
	u64 fpstate, sp = frame_place(regs, action->flags, &fpstate);
	stack_mark();
	if (!sp || !(action->flags & SA_RESTORER) || !fpu_frame_save(fpstate))
		return false;
	frame.return_address = action->restorer;
	frame.context.flags = UC_SIGCONTEXT_SS | (regs->cs == USER_CS ? UC_STRICT_RESTORE_SS : 0) |
			      (fpu.features ? UC_FP_XSTATE : 0);
	frame.context.link = 0;
	save_registers(&frame.context.mcontext, regs);
	frame.context.mcontext.oldmask = mask;
	frame.context.mcontext.fpstate = fpstate;
	frame.context.mask = mask;
	frame.info = *info;
	frame.context.stack = current->signal_stack;
	if (!copy_to_user(sp, &frame, sizeof(frame)))
		return false;
	if (current->shstk.features && !shstk_push_frame(action->restorer))
		return false;
	if (current->signal_stack.flags & SS_AUTODISARM)
		current->signal_stack = NO_SIGNAL_STACK;
	fpu_reset();
	regs->di = info->signal;
	regs->ax = 0;
	regs->si = sp + offsetof(struct frame, info);
	regs->dx = sp + offsetof(struct frame, context);
	regs->ip = action->handler;
	regs->sp = sp;
	regs->cs = USER_CS;
	mend_ss(regs);
	regs->flags &= ~(u64)(FLAG_DF | FLAG_RF | FLAG_TF);
	return true;
}
BIG_FRAME_END

/* ---- the way back: ring 3 may have written anything into the frame ---- */

/*
 * Selectors of ring 3 and harmless flags; whether CS, SS and RIP can be loaded, IRET finds out and
 * ring 3 is told.
 */
static void restore_registers(struct pt_regs *regs, const struct sigcontext *from)
{
	regs->r8 = from->r8;
	regs->r9 = from->r9;
	regs->r10 = from->r10;
	regs->r11 = from->r11;
	regs->r12 = from->r12;
	regs->r13 = from->r13;
	regs->r14 = from->r14;
	regs->r15 = from->r15;
	regs->di = from->di;
	regs->si = from->si;
	regs->bp = from->bp;
	regs->bx = from->bx;
	regs->dx = from->dx;
	regs->ax = from->ax;
	regs->cx = from->cx;
	regs->sp = from->sp;
	regs->ip = from->ip;
	regs->cs = from->cs | 3;
	regs->ss_alone = from->ss | 3; /* FRED: rt_sigreturn itself is not stepped */
	regs->flags = (regs->flags & ~(u64)FRAME_FLAGS) | (from->flags & FRAME_FLAGS);
	regs->orig_ax = -1; /* no system call to restart */
}

/*
 * In the order of Linux 6.12 and later: the signal stack before the registers, so that a handler on
 * it cannot give another one by its frame (-EPERM, which nobody hears of). Before 6.12 it came
 * last.
 */
static bool restore(struct pt_regs *regs)
{
	if (!copy_from_user(&frame.context, regs->sp, sizeof(frame.context)))
		return false;
	signal_set_blocked(frame.context.mask);
	if (!signal_stack_check(&frame.context.stack, regs->sp))
		signal_stack_set(&frame.context.stack);
	restore_registers(regs, &frame.context.mcontext);
	/* a program that knows nothing of SS in frames gets one that works */
	if (!(frame.context.flags & UC_STRICT_RESTORE_SS) && regs->cs == USER_CS)
		mend_ss(regs);
	return fpu_frame_restore(frame.context.mcontext.fpstate) &&
	       (!current->shstk.features || shstk_pop_frame());
}

s64 sys_rt_sigreturn(struct pt_regs *regs)
{
	if (restore(regs))
		return regs->ax;
	regs->orig_ax = -1; /* no system call to restart */
	signal_force(SIGSEGV, SI_KERNEL, 0);
	return 0;
}
