/*
 * What moves a process from one level to another (docs/method.md, "Levels")? `reroll WAY` times
 * getppid in ten stretches of ten windows, and between two does something that may change the
 * level. One line: what a crossing took in each stretch, in hundredths of a tick.
 * tests/native/levels runs many of these.
 */
#include "harness/placement.h"
#include "harness/sys.h"
#include "harness/text.h"
#include "harness/timed.h"

enum { STRETCHES = 10, WINDOWS = 10, N = 64, STIRS = 4096, PAGE = 4096 };
enum { SCHED_YIELD = 24, NANOSLEEP = 35, FORK = 57, WAIT4 = 61 };

TIMED(getppid, NOTHING, "mov $" TEXT_OF(SYS_GETPPID) ", %eax", "syscall", NOTHING);

uint64_t timed_result;
static size_t stack_bytes; /* that the caller of a window leaves free */
static char output[STRETCHES * (TEXT_NUMBER_MAX + 1)];
static size_t output_used;

/* G. Marsaglia, "Xorshift RNGs", Journal of Statistical Software 8 (2003). */
static uint32_t draw(void)
{
	static uint32_t state;

	if (state == 0)
		state = (uint32_t)clock_now() | 1;
	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state;
}

static void nothing(void)
{
}

static __attribute__((noinline)) void go_here(void)
{
	__asm__ volatile("");
}

static __attribute__((noinline)) void go_there(void)
{
	__asm__ volatile("nop");
}

/* Conditional and indirect branches that nothing can predict. */
static void stir_branches(void)
{
	static void (*const volatile ways[])(void) = {go_here, go_there};

	for (int i = 0; i < STIRS; i++) {
		uint32_t way = draw();

		__asm__ goto("test $1, %b0\n\tjnz %l1" : : "q"(way) : "cc" : taken);
		ways[way >> 8 & 1]();
	taken:
		continue;
	}
}

static void move_stack(void)
{
	stack_bytes = draw() % PAGE & ~15U;
}

static void move_code(void)
{
	placement_move(draw() % PLACEMENTS);
}

static void yield(void)
{
	sys_call(SCHED_YIELD, 0, 0, 0, 0, 0, 0);
}

static void fault(void)
{
	static char page[PAGE] __attribute__((aligned(PAGE)));

	sys_call(SYS_MADVISE, (long)page, PAGE, MADVISE_DONTNEED, 0, 0, 0);
	*(volatile char *)page = 1;
}

static void sleep_shortly(void)
{
	static const int64_t fifty_us[] = {0, 50000};

	sys_call(NANOSLEEP, (long)fifty_us, 0, 0, 0, 0, 0);
}

/* The child goes on; the parent waits for it and ends. */
static void become_a_child(void)
{
	long child = sys_call(FORK, 0, 0, 0, 0, 0, 0);
	int status = 0;

	if (child <= 0)
		return;
	while (sys_call(WAIT4, child, (long)&status, 0, 0, 0, 0) != child)
		continue;
	sys_exit(status >> 8);
}

static void move_code_and_become_a_child(void)
{
	become_a_child();
	move_code();
}

static const struct {
	const char *name;
	void (*roll)(void);
} ways[] = {
    {"nothing", nothing},
    {"branches", stir_branches},
    {"stack", move_stack},
    {"code", move_code},
    {"yield", yield},
    {"fault", fault},
    {"sleep", sleep_shortly},
    {"fork", become_a_child},
    {"fork+code", move_code_and_become_a_child},
};

static uint64_t take(window_fn *window, uint64_t rounds)
{
	volatile char *room = __builtin_alloca(stack_bytes + 1);

	*room = 0;
	return placement_of(window)(rounds, NULL);
}

static void keep_least(uint64_t *least, window_fn *window, uint64_t rounds)
{
	uint64_t ticks = take(window, rounds);

	if (ticks < *least)
		*least = ticks;
}

/* Windows of n and 2n in turn, as the harness takes them. */
static void take_stretch(void)
{
	uint64_t least[4] = {UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX};

	for (int i = 0; i < WINDOWS; i++) {
		keep_least(&least[0], getppid.crossing, N);
		keep_least(&least[1], getppid.crossing, 2 * N);
		keep_least(&least[2], getppid.bare, N);
		keep_least(&least[3], getppid.bare, 2 * N);
	}
	int64_t cost = (int64_t)(least[1] - least[0] - least[3] + least[2]);
	output_used += text_from_signed(output + output_used, cost * 100 / N);
	output[output_used++] = ' ';
}

_Noreturn void harness_start(long *stack);

_Noreturn void harness_start(long *stack)
{
	const char *name = stack[0] == 2 ? (const char *)stack[2] : "";
	size_t way = 0;

	sys_init(stack);
	while (way < sizeof(ways) / sizeof(ways[0]) && !text_equal(ways[way].name, name))
		way++;
	if (way == sizeof(ways) / sizeof(ways[0]))
		sys_exit(2);
	for (int i = 0; i < STRETCHES; i++) {
		if (i > 0)
			ways[way].roll();
		take_stretch();
	}
	output[output_used - 1] = '\n';
	sys_exit(sys_write_all(1, output, output_used) ? 0 : 1);
}
