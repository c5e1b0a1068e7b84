/*
 * The last page below the 47-bit limit, and the address right behind it. On four levels of paging
 * that is no address at all: a kernel that returns there carelessly faults on the way out. Here it
 * must end as a signal of ring 3, with all registers.
 */
#include "harness/signal_frame.h"
#include "lib/test.h"

enum { SYS_MPROTECT = 10, SYS_MUNMAP = 11, SYS_MREMAP = 25 };
enum {
	NONE = 0,
	READ_WRITE = 3,
	READ_EXEC = 5,
	PRIVATE_ANONYMOUS = 0x22,
	MAP_THERE = 0x10,
	NOREPLACE = 0x100000
};
enum { EFAULT = 14, ENOMEM = 12, EEXIST = 17, EINVAL = 22 };
enum { SI_KERNEL = 0x80, SEGV_MAPERR = 1, PAGE = 4096, STACK_PAGES = 4 };

#define END  0x0000800000000000ul /* the first address behind ring 3's */
#define LAST (END - PAGE)

/* What a signal found; `signal` 0: none came. */
static struct {
	int signal, code;
	uint64_t address;
	struct signal_context context;
} got;

/* Where the program goes on after try_at(), however that ended. */
uint64_t back_ip __asm__("back_ip"), back_sp __asm__("back_sp");

static void catch (int signal, void *info, struct signal_context *context)
{
	got.signal = signal;
	got.code = ((const int *)info)[2];
	got.address = ((const uint64_t *)info)[2];
	got.context = *context;
	context->rip = back_ip;
	context->rsp = back_sp;
	context->rflags &= ~(uint64_t)(TF | DF | AC);
	/* Whichever way the kernel leaves by, a broken one too: the test goes on. */
	context->rcx = context->rip;
	context->r11 = context->rflags;
}

/*
 * Runs the code at `ip` with these registers, and the place to come back to in rbx and in no other
 * one.
 */
static uint64_t try_at(uint64_t ip, uint64_t ax, uint64_t sp)
{
	got.signal = 0;
	__asm__ volatile("pushq %%rbp\n\t"
			 "pushq %%rbx\n\t"
			 "leaq 1f(%%rip), %%rbx\n\t"
			 "movq %%rbx, back_ip(%%rip)\n\t"
			 "movq %%rsp, back_sp(%%rip)\n\t"
			 "testq %%rsi, %%rsi\n\t"
			 "cmovnzq %%rsi, %%rsp\n\t"
			 "jmpq *%%rdi\n"
			 "1:\tmovq back_sp(%%rip), %%rsp\n\t"
			 "popq %%rbx\n\t"
			 "popq %%rbp"
			 : "+a"(ax), "+D"(ip), "+S"(sp)
			 :
			 : "rcx", "rdx", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "cc",
			   "memory");
	return ax;
}

static long map_last(int protection, int flags)
{
	return sys_call(SYS_MMAP, (long)LAST, PAGE, protection, PRIVATE_ANONYMOUS | flags, -1, 0);
}

/* Maps the page with code that ends where ring 3 ends; where it begins, 0 if that went wrong. */
static uint64_t put_last(const void *code, size_t size)
{
	long at = map_last(READ_WRITE, MAP_THERE);

	EXPECT_EQUAL(at, LAST, "mmap of the last page");
	if ((uint64_t)at != LAST)
		return 0;
	memcpy((void *)(END - size), code, size);
	EXPECT_EQUAL(sys_call(SYS_MPROTECT, (long)LAST, PAGE, READ_EXEC, 0, 0, 0), 0, "mprotect");
	return END - size;
}

/* Ring 3 was about to run what stands behind its end. */
static void expect_past_end(const char *what)
{
	bool five_levels = has("la57=on");

	EXPECT(got.signal == SIGNAL_SEGV, "%s: signal %d", what, got.signal);
	EXPECT_EQUAL(got.context.rip, END, what);
	EXPECT_EQUAL(got.context.cs, USER_CODE, "cs");
	EXPECT_EQUAL(got.context.ss, USER_DATA, "ss");
	EXPECT_EQUAL(got.context.trap, five_levels ? VECTOR_PF : VECTOR_GP, "vector");
	EXPECT_EQUAL(got.code, five_levels ? SEGV_MAPERR : SI_KERNEL, "si_code");
	EXPECT_EQUAL(got.address, five_levels ? END : 0, "si_addr");
}

static void test_map(void)
{
	EXPECT_EQUAL(map_last(READ_WRITE, MAP_THERE), LAST, "mmap, MAP_FIXED");
	EXPECT_EQUAL(map_last(READ_WRITE, NOREPLACE), -EEXIST, "mmap, MAP_FIXED_NOREPLACE, again");
	*(volatile uint8_t *)(END - 1) = 0x5a;
	EXPECT_EQUAL(*(volatile uint8_t *)(END - 1), 0x5a, "the last byte");
	EXPECT_EQUAL(sys_call(SYS_MMAP, (long)LAST, 2 * PAGE, READ_WRITE,
			      PRIVATE_ANONYMOUS | MAP_THERE, -1, 0),
		     -ENOMEM, "mmap over the end");
	EXPECT_EQUAL(
	    sys_call(SYS_MMAP, (long)END, PAGE, READ_WRITE, PRIVATE_ANONYMOUS | MAP_THERE, -1, 0),
	    -ENOMEM, "mmap behind the end");
	EXPECT_EQUAL(sys_call(SYS_MPROTECT, (long)LAST, 2 * PAGE, READ_WRITE, 0, 0, 0), -ENOMEM,
		     "mprotect over the end");
	EXPECT_EQUAL(sys_call(SYS_MUNMAP, (long)LAST, 2 * PAGE, 0, 0, 0, 0), -EINVAL,
		     "munmap over the end");
	EXPECT_EQUAL(sys_call(SYS_MREMAP, (long)LAST, PAGE, 2 * PAGE, 0, 0, 0), -ENOMEM,
		     "mremap over the end");
	EXPECT_EQUAL(*(volatile uint8_t *)(END - 1), 0x5a, "the last byte, afterwards");
	EXPECT_EQUAL(sys_call(SYS_MUNMAP, (long)LAST, PAGE, 0, 0, 0, 0), 0, "munmap");
	EXPECT_EQUAL(map_last(READ_WRITE, 0), LAST, "mmap where it would like to be");
}

/* The kernel reads and writes to the very end, and no further. */
static void test_pointers(void)
{
	enum { SYS_GETRESUID = 118, SYS_UNAME = 63 };

	map_last(READ_WRITE, MAP_THERE);
	memcpy((void *)(END - 6), "bytes\n", 6);
	EXPECT_EQUAL(sys_call(SYS_WRITE, 1, (long)END - 6, 6, 0, 0, 0), 6, "write to the end");
	EXPECT_EQUAL(sys_call(SYS_WRITE, 1, (long)END - 6, 7, 0, 0, 0), -EFAULT,
		     "write past the end");
	EXPECT_EQUAL(sys_call(SYS_WRITE, 1, (long)END, 1, 0, 0, 0), -EFAULT,
		     "write behind the end");
	EXPECT_EQUAL(sys_call(SYS_CLOCK_GETTIME, 1, (long)END - 16, 0, 0, 0, 0), 0,
		     "read to the end");
	EXPECT_EQUAL(sys_call(SYS_CLOCK_GETTIME, 1, (long)END - 8, 0, 0, 0, 0), -EFAULT,
		     "read past the end");
	EXPECT_EQUAL(sys_call(SYS_UNAME, (long)END - 100, 0, 0, 0, 0, 0), -EFAULT,
		     "uname past the end");
}

static void test_calls(void)
{
	static const uint8_t by_syscall[] = {0x0f, 0x05}, by_int80[] = {0xcd, 0x80};
	static const uint8_t and_back[] = {0x0f, 0x05, 0xff, 0xe3}; /* jmp *%rbx */
	uint64_t at = put_last(by_syscall, sizeof(by_syscall));
	long parent = sys_call(SYS_GETPPID, 0, 0, 0, 0, 0, 0);

	try_at(at, SYS_GETPPID, 0);
	expect_past_end("syscall");
	EXPECT_EQUAL(got.context.rax, parent, "rax");
	if (!has("entry=fred")) {
		EXPECT_EQUAL(got.context.rcx, END, "rcx");
		EXPECT_EQUAL(got.context.r11, got.context.rflags & ~(uint64_t)RF, "r11");
	}
	EXPECT_EQUAL(got.context.rbx, back_ip, "rbx");
	EXPECT_EQUAL(got.context.rsp, back_sp, "rsp");
	at = put_last(by_int80, sizeof(by_int80));
	try_at(at, SYS_INT80_GETPPID, 0);
	expect_past_end("int80");
	EXPECT_EQUAL(got.context.rax, parent, "rax");
	EXPECT_EQUAL(got.context.rsp, back_sp, "rsp");
	at = put_last(and_back, sizeof(and_back));
	EXPECT_EQUAL(try_at(at, SYS_GETPPID, 0), parent, "a call with room behind it");
	EXPECT(!got.signal, "a call with room behind it: signal %d", got.signal);
}

static void test_instructions(void)
{
	static const uint8_t nop[] = {0x90}, int3[] = {0xcc}, ud2[] = {0x0f, 0x0b},
			     jump[] = {0xff, 0xe3};
	static const uint8_t half[] = {0x48}; /* a prefix: the instruction goes on behind the end */

	try_at(put_last(nop, sizeof(nop)), 0, 0);
	expect_past_end("nop");
	try_at(END, 0, 0);
	EXPECT(got.signal == SIGNAL_SEGV, "jump behind the end: signal %d", got.signal);
	try_at(put_last(int3, sizeof(int3)), 0, 0);
	EXPECT(got.signal == SIGNAL_TRAP, "int3: signal %d", got.signal);
	EXPECT_EQUAL(got.context.rip, END, "rip after int3");
	try_at(put_last(ud2, sizeof(ud2)), 0, 0);
	EXPECT(got.signal == SIGNAL_ILL, "ud2: signal %d", got.signal);
	EXPECT_EQUAL(got.context.rip, END - 2, "rip at ud2");
	try_at(put_last(half, sizeof(half)), 0, 0);
	EXPECT(got.signal == SIGNAL_SEGV, "half an instruction: signal %d", got.signal);
	EXPECT_EQUAL(got.context.rip, END - 1, "rip at half an instruction");
	EXPECT_EQUAL(try_at(put_last(jump, sizeof(jump)), 7, 0), 7, "a jump out of the last bytes");
	EXPECT(!got.signal, "a jump out of the last bytes: signal %d", got.signal);
}

/*
 * The next signal's handler changes where it returns to, as a debugger or a coroutine library does.
 */
static uint64_t go_to;
static bool like_syscall; /* so that SYSRET could give it */

static void redirect(int signal, void *info, struct signal_context *context)
{
	(void)signal;
	(void)info;
	signal_handle(SIGNAL_USR1, catch);
	context->rbx = back_ip;
	context->rip = go_to;
	if (like_syscall) {
		context->rcx = go_to;
		context->r11 = context->rflags;
	}
}

static void raise_usr1(void)
{
	long self = sys_call(SYS_GETPID, 0, 0, 0, 0, 0, 0);

	sys_call(SYS_TGKILL, self, self, SIGNAL_USR1, 0, 0, 0);
}

static void return_to(uint64_t ip)
{
	go_to = ip;
	signal_handle(SIGNAL_USR1, redirect);
	try_at((uint64_t)raise_usr1, 0, 0);
}

static void test_signal_return(void)
{
	static const uint8_t jump[] = {0xff, 0xe3};
	uint64_t at = put_last(jump, sizeof(jump));

	for (int i = 0; i < 2; i++) {
		like_syscall = i;
		return_to(at);
		EXPECT(!got.signal, "to the last instruction: signal %d", got.signal);
		return_to(END);
		expect_past_end("to behind the end");
		return_to(END - 1); /* e3: the first half of JRCXZ */
		EXPECT(got.signal == SIGNAL_SEGV, "to half an instruction: signal %d", got.signal);
		EXPECT_EQUAL(got.context.rip, END - 1, "rip");
	}
}

/*
 * A stack that ends where ring 3 ends: calls, a signal's frame, and what lies above the frame of
 * one that returns.
 */
static void test_stack(void)
{
	uint64_t bottom = END - STACK_PAGES * PAGE;
	long at = sys_call(SYS_MMAP, (long)bottom, STACK_PAGES * PAGE, READ_WRITE,
			   PRIVATE_ANONYMOUS | MAP_THERE, -1, 0);
	static const uint8_t pop_off[] = {0x58, 0x58, 0xff, 0xe3}; /* pop %rax; pop %rax */

	EXPECT_EQUAL(at, bottom, "mmap of a stack");
	signal_handle(SIGNAL_USR1, catch);
	*(uint64_t *)(END - 8) = 0;
	try_at((uint64_t)raise_usr1, 0, END - 8);
	EXPECT(got.signal == SIGNAL_USR1, "on that stack: signal %d", got.signal);
	EXPECT(got.context.rsp < END && got.context.rsp >= bottom, "rsp %lx", got.context.rsp);
	at = sys_call(SYS_MMAP, 0, PAGE, READ_WRITE, PRIVATE_ANONYMOUS, -1, 0);
	memcpy((void *)at, pop_off, sizeof(pop_off));
	sys_call(SYS_MPROTECT, at, PAGE, READ_EXEC, 0, 0, 0);
	try_at((uint64_t)at, 0, END - 8);
	EXPECT(got.signal == SIGNAL_SEGV || got.signal == SIGNAL_BUS,
	       "pop from above it: signal %d", got.signal);
	EXPECT_EQUAL(got.context.rip, at + 1, "rip at the second pop");
	EXPECT_EQUAL(got.context.rsp, END, "rsp at the second pop");
}

static void handle_all(void)
{
	static const int signals[] = {SIGNAL_ILL, SIGNAL_TRAP, SIGNAL_BUS, SIGNAL_SEGV};

	for (unsigned i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		EXPECT_EQUAL(signal_handle(signals[i], catch), 0, "rt_sigaction");
}

static const struct test tests[] = {
    {"signals are handled", handle_all, NULL},
    {"it is mapped, and nothing behind it", test_map, NULL},
    {"the kernel's own accesses", test_pointers, NULL},
    {"system calls in its last bytes", test_calls, NULL},
    {"other instructions in its last bytes", test_instructions, NULL},
    {"returns from signals", test_signal_return, NULL},
    {"a stack that ends there", test_stack, NULL},
};

const struct program program = {"last_page", tests, sizeof(tests) / sizeof(tests[0]), false};
