/*
 * One run of a benchmark: check the crossing, probe the clock, take batches, take single windows,
 * report.
 */
#include <entrybench/record.h>

#include "bench.h"
#include "controls.h"
#include "core_clock.h"
#include "placement.h"
#include "pmu.h"
#include "report.h"
#include "samples.h"
#include "stream.h"

uint64_t timed_result;

void bench_also_time(struct run *run, const char *of, window_fn *window, void *context)
{
	if (run->timed_count == TIMED_MAX)
		report_end(bench_failed("TIMED_MAX is too small"));
	run->timed[run->timed_count++] = (struct timed){of, window, context};
}

static uint64_t take(struct run *run, window_fn *window, void *context, uint64_t rounds)
{
	if (benchmark.before != NULL)
		benchmark.before(run, rounds);
	return placement_of(window)(rounds, context);
}

/* Before each chunk: caches, TLB and predictors have just seen the printing of the last one. */
static void warm_up(struct run *run)
{
	const struct options *options = run->options;

	for (size_t i = 0; i < run->timed_count; i++)
		take(run, run->timed[i].window, run->timed[i].context, 1);
	for (uint64_t left = options->warmup; left > 0;) {
		uint64_t rounds = left < options->batch ? left : options->batch;
		take(run, run->loops->crossing, run->context, rounds);
		left -= rounds;
	}
}

/*
 * Order of the `slots` (an even number) kinds of window within one repeat: a Williams square. Over
 * `slots` repeats each kind stands in each place once and follows each other kind once, so drift
 * and after-effects hit all alike.
 */
static size_t slot_at(size_t place, uint64_t repeat, size_t slots)
{
	size_t first_row = place % 2 == 1 ? (place + 1) / 2 : (slots - place / 2) % slots;

	return (first_row + repeat) % slots;
}

static void take_batches(struct run *run)
{
	static struct series series[2 * TIMED_MAX];
	const size_t slots = 2 * run->timed_count;
	const uint64_t batch = run->options->batch, stretches = run->options->stretches;
	const uint64_t repeats = (run->options->repeats + stretches - 1) / stretches;
	uint64_t room = SAMPLES_MAX / slots < repeats ? SAMPLES_MAX / slots : repeats;

	for (uint64_t done = 0; done < repeats;) {
		uint64_t end = repeats - done < room ? repeats : done + room;

		samples_divide(series, slots, room);
		warm_up(run);
		for (; done < end; done++) {
			for (size_t place = 0; place < slots; place++) {
				size_t slot = slot_at(place, done, slots);
				const struct timed *timed = &run->timed[slot / 2];
				uint64_t rounds = slot % 2 == 0 ? batch : 2 * batch;
				uint64_t ticks = take(run, timed->window, timed->context, rounds);
				series[slot].values[series[slot].count++] = (int64_t)ticks;
			}
		}
		for (size_t i = 0; i < run->timed_count; i++)
			report_batch(&run->timed[i], batch, &series[2 * i], &series[2 * i + 1]);
	}
}

/* Single-shot windows, each beside an empty one, the two in turn the first. */
static void take_windows(struct run *run)
{
	struct series series[2];
	struct series *crossing = &series[0], *empty = &series[1];
	const uint64_t windows = run->options->windows;
	uint64_t room = SAMPLES_MAX / 2 < windows ? SAMPLES_MAX / 2 : windows;

	for (uint64_t done = 0; done < windows;) {
		uint64_t end = windows - done < room ? windows : done + room;

		samples_divide(series, 2, room);
		warm_up(run);
		for (; done < end; done++) {
			for (unsigned turn = 0; turn < 2; turn++) {
				bool is_empty = turn == done % 2;
				struct series *to = is_empty ? empty : crossing;
				window_fn *window =
				    is_empty ? control_empty_window : run->loops->once;
				to->values[to->count++] =
				    (int64_t)take(run, window, run->context, 1);
			}
		}
		report_windows(crossing, empty, run->options->raw);
	}
}

static struct verdict check_crossing(struct run *run)
{
	take(run, run->loops->once, run->context, 1);
	return benchmark.check(run, timed_result);
}

/* The loops that every program times; a row of the parameter table may bring its own. */
static void choose_loops(struct run *run)
{
	run->loops = benchmark.loops;
	for (size_t i = 0; i < benchmark.param_count; i++)
		if (benchmark.params[i].text == run->options->param &&
		    benchmark.params[i].loops != NULL)
			run->loops = benchmark.params[i].loops;
}

/*
 * What is there now stays in memory, where the kernel can do that and lets us; without swap it does
 * so anyway.
 */
static void lock_memory(void)
{
	enum { CURRENT = 1 };

	sys_call(SYS_MLOCKALL, CURRENT, 0, 0, 0, 0, 0);
}

/* All that a process needs before its first window. */
static struct verdict prepare(struct run *run)
{
	struct verdict verdict = bench_ok();

	choose_loops(run);
	lock_memory();
	if (benchmark.setup != NULL)
		verdict = benchmark.setup(run);
	if (verdict.outcome == OUTCOME_OK)
		verdict = check_crossing(run);
	bench_also_time(run, "crossing", run->loops->crossing, run->context);
	bench_also_time(run, "twin", run->loops->twin, run->context);
	bench_also_time(run, "bare", run->loops->bare, run->context);
	bench_also_time(run, "empty_loop", control_empty_loop, NULL);
	bench_also_time(run, "function_call", control_function_call, NULL);
	if (run->options->core_clock)
		core_clock_time(run);
	return verdict;
}

/* Stretch `number`, in a child. What this kernel cannot do, the parent will find and say. */
static _Noreturn void take_stretch(struct run *run, uint64_t number)
{
	uint64_t layout = run->options->layout == LAYOUT_EACH ? number : run->options->layout;

	if (!placement_move(layout) || prepare(run).outcome != OUTCOME_OK)
		sys_exit(0);
	take_batches(run);
	report_stretch(layout);
	report_flags();
	sys_exit(0);
}

/*
 * What decides the level that a process lies on goes with the process: its kernel stack, its page
 * tables, its pages, the place of the timed text (docs/method.md, "Levels"). So all stretches but
 * the last are taken by children, each forked from a parent that has set up nothing yet. False:
 * this kernel has no children.
 */
static bool take_in_children(struct run *run)
{
	for (uint64_t number = run->options->stretches; --number > 0;) {
		enum { FORK = 57, WAIT4 = 61 };
		int status = 0;
		long child = sys_call(FORK, 0, 0, 0, 0, 0, 0);

		if (child < 0)
			return false;
		if (child == 0)
			take_stretch(run, number);
		while (sys_call(WAIT4, child, (long)&status, 0, 0, 0, 0) != child)
			continue;
		if (status != 0)
			report_end(bench_failed_with("a child ended with wait status", status));
	}
	return true;
}

static struct verdict run_benchmark(struct run *run, struct options *options)
{
	struct verdict verdict;

	if (options->stretches > 1 && (!stream_share() || !take_in_children(run)))
		options->stretches = 1;
	if (!sys_reaches_kernel() && !benchmark.own_entry)
		bench_flag("no_kernel", 1, "SYSCALL returns without a kernel: only the crossing");
	if (options->layout == LAYOUT_EACH)
		options->layout = 0;
	if (!placement_move(options->layout))
		return bench_unsupported("this kernel has no memory to run a copy of code in");
	verdict = pmu_open(options->pmu);
	if (verdict.outcome == OUTCOME_OK)
		verdict = prepare(run);
	if (verdict.outcome != OUTCOME_OK)
		return verdict;
	report_clock(clock_probe());
	take_batches(run);
	report_stretch(options->layout);
	take_windows(run);
	if (options->say)
		report_say(options);
	verdict = pmu_take(run);
	return verdict.outcome == OUTCOME_OK ? check_crossing(run) : verdict;
}

/* From _start, with the stack as the kernel made it. */
_Noreturn void harness_start(long *stack);

_Noreturn void harness_start(long *stack)
{
	static struct options options;
	static struct run run = {.options = &options};

	sys_init(stack);
	options_read(&options, &benchmark, (int)stack[0], (char **)&stack[1]);
	report_begin(&options);
	report_end(run_benchmark(&run, &options));
}
