/* What every way in is held to (mechanism_check.h). */
#include "mechanism_check.h"

enum { FLAGS_KEPT = CF | PF | ZF | DF | ID };

void prepare(uint64_t number)
{
	fill(&cross_in);
	cross_in.ax = number;
	cross_in.flags |= FLAGS_KEPT;
}

void judge(struct eb_regs *want, const char *when)
{
	want->ip = cross_out.ip;
	want->cs = cross_out.cs;
	want->ss = cross_out.ss;
	want->orig_ax = cross_out.orig_ax;
	same_regs(&cross_out, want, 0, when);
}

/* ---- what the kernel runs with ---- */

struct eb_state inside;

/* eb_audit by a 32-bit call: operation in ebx, its argument in ecx, or for SYSCALL in ebp. */
void ask_state(void)
{
	cross_in.ax = EB_AUDIT_NUMBER;
	cross_in.bx = EB_AUDIT_STATE;
	cross_in.cx = (uint64_t)&inside;
	cross_in.flags |= AC | NT;
	inside.flags = ~0ull;
}

void check_inside(const char *name)
{
	EXPECT(!(inside.flags & (AC | NT | DF | TF)), "%s: rflags inside are %lx", name,
	       inside.flags);
	EXPECT_EQUAL(inside.gs_base, inside.percpu, "gs base");
	EXPECT(inside.sp >= inside.stack_bottom && inside.sp < inside.stack_top,
	       "%s: stack pointer inside is %lx", name, inside.sp);
	EXPECT_EQUAL(inside.cr3 & ~0xfffull, inside.kernel_root, "cr3");
}

/* ---- a single step ---- */

static void (*stepped)(void);

static void step(void)
{
	cross_in.flags |= TF;
	stepped();
}

void check_step(void (*cross)(void), const char *name)
{
	stepped = cross;
	audit(EB_AUDIT_BREAK, 0, 0, 0);
	audit(EB_AUDIT_BREAK, 1, 0, 0);
	EXPECT(catch_in(step), "%s: did not trap", name);
	EXPECT(caught_count == 1, "%s: %d traps", name, (int)caught_count);
	EXPECT(caught[0].vector == VECTOR_DB && caught[0].dr6 & TF << 6, "%s: vector %d, dr6 %lx",
	       name, (int)caught[0].vector, caught[0].dr6);
	EXPECT(caught[0].regs.cs & 3, "%s: the kernel itself was stepped", name);
}
