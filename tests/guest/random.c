/*
 * Does anything at all, from a seed: random MODE SEED OPERATIONS
 *
 *	tame	random system calls with random arguments that leave the program able to go on
 *	wild	the same without regard to itself: most end by a signal soon
 *	code	random bytes as code, sprinkled with the instructions that kernels care about
 *	frames	rt_sigreturn from random frames, to such code
 *
 * Each operation starts with chosen registers and ends by returning, or by a signal that is caught
 * on a stack of its own; a timer ends what goes on for ever. How the program itself ends does not
 * matter. What matters is that the kernel goes on.
 */
#include "random.h"

#include "harness/shadow_stack.h"
#include "harness/signal_frame.h"
#include "harness/sys.h"
#include "harness/text.h"

enum {
	SYS_MPROTECT = 10,
	SYS_MUNMAP = 11,
	SYS_BRK = 12,
	SYS_MREMAP = 25,
	SYS_SETITIMER = 38,
	SYS_SIGALTSTACK = 131
};
enum { READ = 1, WRITE = 2, EXEC = 4, PRIVATE_ANONYMOUS = 0x22 };
enum { ARENA_SIZE = 1 << 20, CODE_SIZE = 4096, REPORT_EVERY = 250, SIGNALS = 32, SIGALRM = 14 };

extern const char attempt_handler[], signal_restorer[];

static uint64_t state;
static uint8_t *arena, *code;
static uint64_t signals; /* attempts that one ended */

uint64_t next(void)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * 0x2545f4914f6cdd1d;
}

uint64_t below(uint64_t n)
{
	return next() % n;
}

uint64_t value(void)
{
	static const uint64_t edges[] = {0,
					 1,
					 2,
					 3,
					 8,
					 0x7fff,
					 0xfff,
					 0x1000,
					 0x7fffffff,
					 0x80000000,
					 0xffffffff,
					 0x100000000,
					 0x7fffffffefff,
					 0x7ffffffff000,
					 0x7fffffffffff,
					 0x800000000000,
					 0xffff7fffffffffff,
					 0xffff800000000000,
					 0xffff888000100000,
					 0xffffc90000004000,
					 0xfffffe0000000000,
					 0xfffffe0000003ff8,
					 0xffffffff80000000,
					 0xffffffff80103000,
					 0xffffffffff600000,
					 0x7fffffffffffffff,
					 0x8000000000000000,
					 (uint64_t)-1,
					 (uint64_t)-2,
					 (uint64_t)-0xbeef,
					 (uint64_t)-4096,
					 (uint64_t)-100};

	switch (below(6)) {
	case 0:
		return edges[below(sizeof(edges) / sizeof(edges[0]))];
	case 1:
		return edges[below(sizeof(edges) / sizeof(edges[0]))] + below(17) - 8;
	case 2:
		return below(256);
	case 3:
		return next() >> below(64);
	default:
		return (uint64_t)arena + below(ARENA_SIZE);
	}
}

static void fill_registers(uint64_t registers[16])
{
	for (int i = 0; i < 16; i++)
		registers[i] = value();
	registers[4] = (uint64_t)arena + ARENA_SIZE / 2 + below(ARENA_SIZE / 4) / 8 * 8;
}

static void keep_in_arena(uint64_t *address, uint64_t *length)
{
	*address = (uint64_t)arena + below(ARENA_SIZE / 2) / 4096 * 4096;
	*length = below(ARENA_SIZE / 4);
}

/* System calls whose success would end the program, stop it for good, or talk too much. */
static bool is_deadly(uint64_t number)
{
	static const uint16_t numbers[] = {13, 14,  15,	 34,  37,  38,	56,  57,  58, 60,
					   62, 129, 130, 131, 200, 231, 234, 297, 435};

	for (unsigned i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if ((uint32_t)number == numbers[i])
			return true;
	return false;
}

/* What could keep the timer's signal away: then a program might rightly wait for ever. */
static bool stops_the_timer(uint64_t number)
{
	static const uint16_t numbers[] = {13, 14, 37, 38, 130};

	for (unsigned i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if ((uint32_t)number == numbers[i])
			return true;
	return false;
}

/* Changes what would take the program's own memory or console away. */
static void tame(uint64_t r[16])
{
	while (is_deadly(r[RAX]))
		r[RAX] = below(512);
	switch ((uint32_t)r[RAX]) {
	case SYS_MMAP:
	case SYS_MPROTECT:
	case SYS_MUNMAP:
	case SYS_MADVISE:
		keep_in_arena(&r[RDI], &r[RSI]);
		break;
	case SYS_MREMAP:
		keep_in_arena(&r[RDI], &r[RSI]);
		keep_in_arena(&r[R8], &r[RDX]);
		break;
	case SYS_BRK:
		r[RDI] = 0;
		break;
	case 3: /* close, dup2, dup3: not standard output */
		r[RDI] += 3;
		break;
	case 33:
	case 292:
		r[RSI] += 3;
		break;
	}
}

/* Not more than a line at a time. */
static void be_quiet(uint64_t r[16])
{
	if ((uint32_t)r[RAX] == SYS_WRITE)
		r[RDX] &= 31;
	if ((uint32_t)r[RAX] == 20) /* writev: its lengths lie in memory */
		r[RAX] = SYS_WRITE, r[RDX] &= 31;
}

static uint8_t signal_stack[32768];

void keep_signals(struct signal_context *context)
{
	context->stack_pointer = (uint64_t)signal_stack;
	context->stack_flags = 0;
	context->stack_size = sizeof(signal_stack);
	context->mask = 0;
}

/* What an operation may have undone: the mask, the handlers, the stack for them, the timer. */
static void set_up(void)
{
	const struct {
		const void *sp;
		int flags;
		uint64_t size;
	} stack = {signal_stack, 0, sizeof(signal_stack)};
	const struct {
		const void *handler;
		uint64_t flags;
		const void *restorer;
		uint64_t mask;
	} action = {attempt_handler, 0x4c000004 /* SIGINFO, RESTORER, ONSTACK, NODEFER */,
		    signal_restorer, 0};
	static const uint64_t timer[] = {0, 1000, 0, 1000}, no_mask;

	sys_call(SYS_SIGALTSTACK, (long)&stack, 0, 0, 0, 0, 0);
	for (int signal = 1; signal < SIGNALS; signal++)
		sys_call(SYS_RT_SIGACTION, signal, (long)&action, 0, 8, 0, 0);
	sys_call(14, 2 /* SETMASK */, (long)&no_mask, 0, 8, 0, 0);
	sys_call(SYS_SETITIMER, 0, (long)timer, 0, 0, 0, 0);
}

/* Mostly one that the core serves. */
static uint64_t syscall_number(void)
{
#define SYSCALL(number, name, function) number,
	static const uint16_t served[] = {
#include "../../kernel/syscall/syscalls.def"
	};
#undef SYSCALL

	switch (below(8)) {
	case 0:
		return below(512);
	case 1:
		return value();
	default:
		return served[below(sizeof(served) / sizeof(served[0]))];
	}
}

static void random_syscall(bool is_tame)
{
	static const uint8_t call[] = {0x0f, 0x05, 0xc3}; /* syscall; ret */
	uint64_t registers[16];

	fill_registers(registers);
	registers[RAX] = syscall_number();
	if (below(64) == 0)
		registers[RAX] |= 0x40000000; /* x32 */
	if (is_tame) {
		tame(registers);
		registers[RSP] =
		    (uint64_t)arena + ARENA_SIZE + 2048; /* a stack that no call takes away */
	}
	be_quiet(registers);
	if (stops_the_timer(registers[RAX]))
		registers[RAX] = SYS_RT_SIGRETURN;
	memcpy(code, call, sizeof(call));
	signals += attempt(registers, code) != 0;
	if (registers[RAX] == SYS_RT_SIGRETURN)
		set_up(); /* the mask is anything now */
}

/* The instructions that kernels care about, with their lengths. */
static size_t put_special(uint8_t *to)
{
	static const struct {
		uint8_t length, bytes[6];
	} special[] = {
	    {2, {0x0f, 0x05}},			 /* syscall */
	    {2, {0x0f, 0x34}},			 /* sysenter */
	    {2, {0xcd, 0x80}},			 /* int 0x80 */
	    {1, {0xcc}},			 /* int3 */
	    {1, {0xf1}},			 /* int1 */
	    {2, {0xcd, 0x02}},			 /* int 2 */
	    {2, {0x48, 0xcf}},			 /* iretq */
	    {2, {0x48, 0xcb}},			 /* lretq */
	    {3, {0x48, 0x0f, 0x07}},		 /* sysretq */
	    {3, {0x48, 0x0f, 0x35}},		 /* sysexitq */
	    {1, {0x9d}},			 /* popfq */
	    {2, {0x8e, 0xd0}},			 /* mov %eax, %ss */
	    {2, {0x8e, 0xe8}},			 /* mov %eax, %gs */
	    {2, {0x8e, 0xd8}},			 /* mov %eax, %ds */
	    {3, {0x0f, 0x01, 0xf8}},		 /* swapgs */
	    {2, {0x0f, 0x32}},			 /* rdmsr */
	    {2, {0x0f, 0x30}},			 /* wrmsr */
	    {3, {0x0f, 0x22, 0xd8}},		 /* mov %rax, %cr3 */
	    {3, {0x0f, 0x23, 0xf8}},		 /* mov %rax, %dr7 */
	    {5, {0xf3, 0x48, 0x0f, 0xae, 0xd8}}, /* wrgsbase %rax */
	    {4, {0x0f, 0x01, 0x4c, 0x24}},	 /* sidt */
	    {4, {0x0f, 0x00, 0xc8, 0x90}},	 /* str */
	    {3, {0x0f, 0x01, 0xcb}},		 /* stac */
	    {2, {0x48, 0xff}},			 /* ... far jumps and calls, with what follows */
	    {2, {0xdb, 0xe3}},			 /* fninit */
	    {3, {0x0f, 0xae, 0x10}},		 /* ldmxcsr (%rax) */
	    {3, {0x0f, 0xae, 0x08}},		 /* fxrstor (%rax) */
	    {3, {0x0f, 0xae, 0x28}},		 /* xrstor (%rax) */
	    {1, {0xf4}},			 /* hlt */
	    {1, {0xfa}},			 /* cli */
	    {2, {0xff, 0xe0}},			 /* jmp *%rax */
	    {2, {0xf3, 0xa4}},			 /* rep movsb */
	    {4, {0xc8, 0x00, 0x10, 0x1f}},	 /* enter */
	};
	unsigned i = (unsigned)below(sizeof(special) / sizeof(special[0]));

	memcpy(to, special[i].bytes, special[i].length);
	return special[i].length;
}

void random_bytes_of_code(uint8_t to[OPERATION_SIZE])
{
	size_t at = 0;

	while (at < OPERATION_SIZE - 8) {
		if (below(4) == 0)
			at += put_special(to + at);
		else
			to[at++] = (uint8_t)next();
	}
	to[at] = 0xc3;
}

static void random_code(void)
{
	uint64_t registers[16];

	fill_registers(registers);
	if (below(8) == 0)
		registers[RSP] = value();
	random_bytes_of_code(code);
	be_quiet(registers);
	signals += attempt(registers, code) != 0;
}

static void say(const char *what, const char *mode, uint64_t number)
{
	char line[96], digits[TEXT_NUMBER_MAX];
	const char *const parts[] = {what, mode, " ", digits, "\n"};
	size_t used = 0;

	text_from_unsigned(digits, number);
	for (unsigned i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		memcpy(line + used, parts[i], text_length(parts[i]));
		used += text_length(parts[i]);
	}
	sys_write_all(1, line, used);
}

_Noreturn void harness_start(const long *stack);
_Noreturn void harness_start(const long *stack)
{
	const char *const *argv = (const char *const *)(stack + 1);
	uint64_t operations;

	sys_init(stack);
	shadow_stack_end(); /* for 32-bit code */
	if (stack[0] != 4 || !text_to_number(argv[2], UINT32_MAX, &state) ||
	    !text_to_number(argv[3], UINT32_MAX, &operations))
		sys_exit(2);
	state = (state + 1) * 0x9e3779b97f4a7c15;
	arena = (uint8_t *)sys_call(SYS_MMAP, 0, ARENA_SIZE + 4096, READ | WRITE, PRIVATE_ANONYMOUS,
				    -1, 0);
	code = (uint8_t *)sys_call(SYS_MMAP, 0, CODE_SIZE, READ | WRITE | EXEC, PRIVATE_ANONYMOUS,
				   -1, 0);
	if (text_equal(argv[1], "frames"))
		frames_begin();
	for (uint64_t i = 0; i < operations; i++) {
		if (i % 64 == 0)
			set_up();
		if (i % REPORT_EVERY == 0 && i)
			say("AT ", argv[1], i);
		if (text_equal(argv[1], "code"))
			random_code();
		else if (text_equal(argv[1], "frames"))
			signals += random_frame() != 0;
		else
			random_syscall(text_equal(argv[1], "tame"));
	}
	say("SIGNALS ", argv[1], signals);
	say("DONE ", argv[1], operations);
	sys_exit(0);
}
