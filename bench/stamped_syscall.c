/*
 * stamped_syscall: getppid on an image whose phases take time stamps: how long each phase took, and
 * what a stamp itself costs.
 */
#include "harness/bench.h"
#include "harness/report.h"
#include "harness/samples.h"
#include "harness/stream.h"

#include <entrybench/record.h>

#define SYS_EB_STAMPS 4099

enum { STAMPS = 160, NAME_SIZE = 40, STAMPS_READ = 0, STAMPS_NAME = 1 };
enum { ENTER = STAMPS, LEAVE, PROBE, PLACES };
enum { PAIRS_MAX = 24 };

TIMED(getppid, NOTHING, "mov $" TEXT_OF(SYS_GETPPID) ", %eax", "syscall", NOTHING);

/*
 * void NAME(uint64_t clock[4]): a window as `once` of timed.h, with system call `number`, whose
 * arguments `setup` loads. Its two readings themselves go to clock[0] and clock[3]; the probes, in
 * ring 3, have a stamp's nine instructions and put their readings in clock[1] and clock[2].
 */
/* clang-format off */
#define WINDOW(name, setup, number, text)				\
	__asm__("\t.pushsection .text.timed, \"ax\", @progbits\n"	\
		"\t.p2align 6\n"					\
		"\t.globl " #name "\n"					\
		"\t.type " #name ", @function\n"			\
		#name ":\n"						\
		"\tpush %r14\n"						\
		"\tpush %r15\n"						\
		"\tmov %rdi, %r15\n"					\
		setup							\
		CLOCK_READ						\
		"\tmov %eax, (%r15)\n"					\
		"\tmov %edx, 4(%r15)\n"					\
		"\tmov $" TEXT_OF(number) ", %eax\n"			\
		text							\
		CLOCK_READ						\
		"\tmov %eax, 24(%r15)\n"				\
		"\tmov %edx, 28(%r15)\n"				\
		"\tpop %r15\n"						\
		"\tpop %r14\n"						\
		"\tret\n"						\
		"\t.size " #name ", . - " #name "\n"			\
		"\t.popsection\n");					\
	void name(uint64_t clock[4])

#define PROBE_TEXT(low, high)						\
	"\tmov %rax, stamp_keeps(%rip)\n"				\
	"\tmov %rdx, stamp_keeps+8(%rip)\n"				\
	CLOCK_READ							\
	"\tmov %eax, " low "(%r15)\n"					\
	"\tmov %edx, " high "(%r15)\n"					\
	"\tmov stamp_keeps+8(%rip), %rdx\n"				\
	"\tmov stamp_keeps(%rip), %rax\n"
/* clang-format on */

uint64_t stamp_keeps[2];
uint64_t stamps_inside[STAMPS];
WINDOW(stamped_window, "", SYS_GETPPID, "\tsyscall\n");
WINDOW(reading_window, "\txor %edi, %edi\n\tmov $stamps_inside, %esi\n", SYS_EB_STAMPS,
       "\tsyscall\n");
WINDOW(probed_window, "", SYS_GETPPID, PROBE_TEXT("8", "12") PROBE_TEXT("16", "20"));

static uint64_t clock[4];
static uint64_t stamps[STAMPS];
static char names[PLACES][NAME_SIZE] = {[ENTER] = "enter", [LEAVE] = "leave", [PROBE] = "probe"};

/* The readings from one place to the next. */
static struct pair {
	unsigned from, to;
	struct series series;
} pairs[PAIRS_MAX];
static size_t pair_count;

/* Static data lies below 4 GiB, as INT 0x80 wants it. */
static long eb_stamps(long what, void *to, long index)
{
	return sys_call_int80(SYS_EB_STAMPS, what, (long)to, index);
}

static void start_pair(const void *what)
{
	const struct pair *pair = what;

	record_start(EB_TYPE_STAMP);
	record_text("from", names[pair->from]);
	record_text("to", names[pair->to]);
}

static void add(unsigned from, unsigned to, uint64_t ticks)
{
	size_t i = 0;

	while (i < pair_count && (pairs[i].from != from || pairs[i].to != to))
		i++;
	if (i == PAIRS_MAX)
		report_end(bench_failed("PAIRS_MAX is too small"));
	if (i == pair_count) {
		pairs[pair_count++].from = from;
		pairs[i].to = to;
	}
	pairs[i].series.values[pairs[i].series.count++] = (int64_t)ticks;
}

/* The phase whose stamp is the first after `time`, or STAMPS. */
static unsigned next_stamp(uint64_t time)
{
	unsigned best = STAMPS;

	for (unsigned i = 0; i < STAMPS; i++)
		if (stamps[i] > time && (best == STAMPS || stamps[i] < stamps[best]))
			best = i;
	return best;
}

/*
 * With FRED INT 0x80 comes by SYSCALL's own entry, so the call that reads the stamps overwrites
 * those of the way in. The missing ones are then those of another window, whose SYSCALL reads the
 * stamps itself.
 */
static void replace_overwritten(void)
{
	static uint64_t inside[4];

	reading_window(inside);
	for (unsigned i = 0; i < STAMPS; i++)
		if (stamps_inside[i] > inside[0] && stamps[i] > clock[3])
			stamps[i] = clock[0] + (stamps_inside[i] - inside[0]);
}

static void take_window(void)
{
	unsigned from = ENTER;
	uint64_t time;

	eb_stamps(STAMPS_READ, stamps, 0);
	stamped_window(clock);
	eb_stamps(STAMPS_READ, stamps, 0);
	replace_overwritten();
	time = clock[0];
	for (unsigned to; (to = next_stamp(time)) != STAMPS && stamps[to] < clock[3]; from = to) {
		if (names[to][0] == '\0')
			eb_stamps(STAMPS_NAME, names[to], to);
		add(from, to, stamps[to] - time);
		time = stamps[to];
	}
	add(from, LEAVE, clock[3] - time);
	probed_window(clock);
	add(ENTER, PROBE, clock[1] - clock[0]);
	add(PROBE, PROBE, clock[2] - clock[1]);
	add(PROBE, LEAVE, clock[3] - clock[2]);
}

static struct verdict setup(struct run *run)
{
	static struct series series[PAIRS_MAX];
	uint64_t windows = run->options->windows, room = SAMPLES_MAX / PAIRS_MAX;

	if (eb_stamps(STAMPS_READ, stamps, 0) != STAMPS)
		return bench_unsupported(
		    "only a stamped image of this project's core takes stamps");
	samples_divide(series, PAIRS_MAX, room);
	for (size_t i = 0; i < PAIRS_MAX; i++)
		pairs[i].series = series[i];
	for (uint64_t left = run->options->warmup; left > 0; left--)
		stamped_window(clock);
	for (uint64_t left = windows < room ? windows : room; left > 0; left--)
		take_window();
	for (size_t i = 0; i < pair_count; i++)
		samples_send_histogram(&pairs[i].series, start_pair, &pairs[i]);
	return bench_ok();
}

static struct verdict check(struct run *run, uint64_t result)
{
	(void)run;
	return bench_judge_getppid(result);
}

const struct benchmark benchmark = {
    .name = "stamped_syscall",
    .loops = &getppid,
    .setup = setup,
    .check = check,
};
