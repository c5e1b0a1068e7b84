/* The C half of cross.S: patterns, catching, comparing. */
#include "test.h"

_Static_assert(offsetof(struct eb_regs, ax) == 80 && offsetof(struct eb_regs, di) == 112 &&
		   offsetof(struct eb_regs, flags) == 144 && sizeof(struct eb_regs) == 168,
	       "cross.S types these offsets");

struct eb_trap caught[CAUGHT_MAX];
unsigned caught_count;

void catch_arm(uint64_t ip, uint64_t sp);

uint64_t pattern(unsigned index)
{
	return 0x5a00c3d1e2f40011 + index * 0x0101010101010101;
}

void fill(struct eb_regs *regs)
{
	uint64_t *words = (uint64_t *)regs;

	for (unsigned i = 0; i < sizeof(*regs) / sizeof(uint64_t); i++)
		words[i] = pattern(i);
	regs->ip = (uint64_t)landing;
	regs->cs = USER_CODE;
	regs->flags = IF | FIXED;
	regs->sp = 0;
	regs->ss = USER_DATA;
}

void syscall_changes(struct eb_regs *regs, const char *back)
{
	if (has("entry=fred"))
		return;
	regs->cx = (uint64_t)back;
	regs->r11 = regs->flags;
}

uint64_t leaving_to_any_state(void)
{
	return phase(has("entry=fred") ? "fred.leave" : "iret.leave");
}

/* From catch_begin(), with the place where a trap goes on. */
void catch_arm(uint64_t ip, uint64_t sp)
{
	audit(EB_AUDIT_CATCH, ip, sp, 0);
}

bool catch_in(void (*function)(void))
{
	bool trapped = catch_begin(function);

	caught_count = (unsigned)audit(EB_AUDIT_TRAPS, (uint64_t)caught, CAUGHT_MAX, 0);
	return trapped;
}

void exit_with(const struct eb_regs *regs)
{
	audit(EB_AUDIT_EXIT_WITH, (uint64_t)regs, 0, 0);
}

/* Names in the order of struct eb_regs, each with what leaves it out. */
static const struct {
	const char *name;
	unsigned skip;
} rows[] = {
    {"r15", 0},
    {"r14", 0},
    {"r13", 0},
    {"r12", 0},
    {"rbp", 0},
    {"rbx", 0},
    {"r11", SKIP_R11},
    {"r10", 0},
    {"r9", 0},
    {"r8", 0},
    {"rax", SKIP_AX},
    {"rcx", SKIP_CX},
    {"rdx", 0},
    {"rsi", 0},
    {"rdi", 0},
    {"orig_rax", SKIP_ORIG_AX},
    {"rip", SKIP_FRAME | SKIP_IP},
    {"cs", SKIP_FRAME},
    {"rflags", SKIP_FRAME},
    {"rsp", SKIP_FRAME},
    {"ss", SKIP_FRAME},
};
_Static_assert(sizeof(rows) / sizeof(rows[0]) == sizeof(struct eb_regs) / sizeof(uint64_t),
	       "a row a register");

bool same_regs(const struct eb_regs *got, const struct eb_regs *want, unsigned skip,
	       const char *when)
{
	const uint64_t *a = (const uint64_t *)got, *b = (const uint64_t *)want;
	bool same = true;

	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		/* RF in the image of the flags is the trap's own */
		uint64_t ignore = &b[i] == &want->flags ? RF : 0;
		if (rows[i].skip & skip || (a[i] | ignore) == (b[i] | ignore))
			continue;
		wrong("%s: %s is %lx, must be %lx", when, rows[i].name, a[i], b[i]);
		same = false;
	}
	return same;
}
