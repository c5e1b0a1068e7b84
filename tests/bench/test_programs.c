/* Every benchmark program on the host's Linux: its stream is whole and its figures can be true. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmocka_all.h"
#include "program.h"
#include "records.h"

/* Runs a line and hands back its checked stream. */
static struct stream run(const char *line, struct outcome *outcome, int status)
{
	*outcome = program_run(line);
	if (outcome->status != status)
		fail_msg("%s: status %d, %s", line, outcome->status, outcome->output);
	struct stream stream = stream_decode(outcome->output, "0");
	if (stream.error[0] != '\0')
		fail_msg("%s: %s", line, stream.error);
	assert_string_equal(outcome->error, "");
	assert_int_equal(outcome->writes, stream.count);
	assert_int_equal(outcome->odd, 0);
	return stream;
}

static void expect_end(const struct stream *stream, const char *status)
{
	const struct record *end = &stream->records[stream->count - 1];
	const char *reason = record_value(end, "reason");

	if ((strcmp(status, "ok") == 0) != (*reason == '\0'))
		fail_msg("reason '%s' with status %s", reason, status);
	if (strcmp(record_value(end, "status"), status) != 0)
		fail_msg("end%s, not %s", end->keys, status);
}

static bool ends_with(const struct stream *stream, const char *status)
{
	return strcmp(record_value(&stream->records[stream->count - 1], "status"), status) == 0;
}

/* Counts and totals of one kind of batch; its D in ticks. */
static double check_batch(const struct stream *stream, const char *of, int64_t n, uint64_t repeats)
{
	struct readings one = stream_readings(stream, "batch", of, n);
	struct readings two = stream_readings(stream, "batch", of, 2 * n);

	assert_int_equal(one.count, repeats);
	assert_int_equal(two.count, repeats);
	assert_true(one.ascending && two.ascending);
	if (one.min <= 0 || two.min < one.min || two.min > 6 * one.min)
		fail_msg("%s: %" PRId64 " ticks for n, %" PRId64 " for 2n", of, one.min, two.min);
	return (double)(two.min - one.min) / (double)n;
}

static void check_windows(const struct stream *stream, uint64_t windows)
{
	struct readings crossing = stream_readings(stream, "window", "crossing", 0);
	struct readings empty = stream_readings(stream, "window", "empty_window", 0);

	assert_int_equal(crossing.count, windows);
	assert_int_equal(empty.count, windows);
	assert_true(empty.min > 0 && crossing.min >= empty.min);
}

static void check_begin(const struct stream *stream, const char *bench, const char *param)
{
	size_t at = 0;

	assert_string_equal(record_value(&stream->records[0], "bench"), bench);
	assert_string_equal(record_value(&stream->records[0], "param"), param);
	assert_int_equal(record_integer(&stream->records[0], "harness"), 1);
	const struct record *clock = stream_next(stream, "clock", &at);
	assert_non_null(clock);
	assert_true(record_integer(clock, "step") > 0);
	assert_true(record_integer(clock, "min") > 0);
	assert_int_equal(record_integer(clock, "backwards"), 0);
}

/* Ticks of a believable round trip; `optional`: not every Linux and CPU has it. */
static const struct program {
	const char *bench, *param;
	double min, max;
	bool optional;
} programs[] = {
    {.bench = "null_syscall", .param = "", .min = 20, .max = 100000},
    {.bench = "enosys", .param = "", .min = 20, .max = 100000},
    {.bench = "touch_pages", .param = "1", .min = 20, .max = 100000},
    {.bench = "touch_pages", .param = "16", .min = 20, .max = 100000},
    /* It fills the first-level cache, which a busy host's other threads share. */
    {.bench = "touch_pages", .param = "512", .min = -1e6, .max = 1e6},
    {.bench = "int80", .param = "", .min = 20, .max = 100000, .optional = true},
    {.bench = "ldt_stack", .param = "gdt", .min = 20, .max = 100000, .optional = true},
    {.bench = "ldt_stack", .param = "ldt32", .min = 20, .max = 100000, .optional = true},
    {.bench = "ldt_stack", .param = "ldt16", .min = 20, .max = 100000, .optional = true},
    {.bench = "ldt_fault", .param = "gdt", .min = 100, .max = 1000000},
    {.bench = "ldt_fault", .param = "ldt32", .min = 100, .max = 1000000, .optional = true},
    {.bench = "ldt_fault", .param = "ldt16", .min = 100, .max = 1000000, .optional = true},
    {.bench = "seccomp_syscall", .param = "cached", .min = 20, .max = 100000, .optional = true},
    {.bench = "seccomp_syscall", .param = "filter", .min = 20, .max = 100000, .optional = true},
    {.bench = "work_syscall", .param = "user-dispatch", .min = 20, .max = 1e5, .optional = true},
    {.bench = "vdso", .param = "", .min = 5, .max = 100000, .optional = true},
    {.bench = "vsyscall", .param = "", .min = 5, .max = 100000, .optional = true},
    {.bench = "page_fault", .param = "read", .min = 100, .max = 1000000},
    {.bench = "page_fault", .param = "write", .min = 100, .max = 1000000},
    {.bench = "signal_roundtrip", .param = "tgkill", .min = 100, .max = 1000000},
    {.bench = "signal_roundtrip", .param = "int3", .min = 100, .max = 1000000},
    {.bench = "signal_roundtrip", .param = "segv", .min = 100, .max = 1000000},
    {.bench = "sigreturn_exit", .param = "sysret", .min = 50, .max = 1000000},
    {.bench = "sigreturn_exit", .param = "iret-rcx", .min = 50, .max = 1000000},
    {.bench = "sigreturn_exit", .param = "iret-r11", .min = 50, .max = 1000000},
    {.bench = "spike", .param = "1", .min = 20, .max = 100000},
    {.bench = "spike", .param = "64", .min = 40, .max = 100000},
    {.bench = "instruction_cost", .param = "lfence", .min = 1, .max = 10000},
    {.bench = "instruction_cost", .param = "rdtsc", .min = 5, .max = 10000},
    {.bench = "instruction_cost", .param = "rdtscp", .min = 5, .max = 10000, .optional = true},
    {.bench = "instruction_cost", .param = "verw", .min = 1, .max = 10000},
    {.bench = "instruction_cost", .param = "rdgsbase", .min = 0, .max = 10000, .optional = true},
    {.bench = "instruction_cost", .param = "wrgsbase", .min = 1, .max = 10000, .optional = true},
    {.bench = "instruction_cost", .param = "iretq", .min = 10, .max = 10000},
    {.bench = "instruction_cost", .param = "lretq", .min = 5, .max = 10000},
    {.bench = "instruction_cost", .param = "pushfq_popfq", .min = 2, .max = 10000},
};

static int compare(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return (left > right) - (left < right);
}

/* Other work on the host shifts whole processes, so figures are judged by the median of some. */
static double median(double *values, size_t count)
{
	qsort(values, count, sizeof(values[0]), compare);
	return values[count / 2];
}

/* One process: everything but the figures must be right. False if this host cannot run it. */
static bool check_stream(const struct program *program, double *round_trip, double *nops)
{
	static const char *const kinds[] = {"crossing", "twin", "bare", "empty_loop",
					    "function_call"};
	enum { N = 50, REPEATS = 40, WINDOWS = 300 };
	struct outcome outcome;
	double d[5];
	char line[200];

	snprintf(line, sizeof(line), "%s %s --batch %d --repeats %d --windows %d --warmup 100",
		 program->bench, program->param, N, REPEATS, WINDOWS);
	struct stream stream = run(line, &outcome, 0);
	bool missing = program->optional && ends_with(&stream, "unsupported");
	if (missing) {
		print_message("%s%s\n", line, stream.records[stream.count - 1].keys);
	} else {
		check_begin(&stream, program->bench, program->param);
		for (size_t i = 0; i < 5; i++)
			d[i] = check_batch(&stream, kinds[i], N, REPEATS);
		check_windows(&stream, WINDOWS);
		*round_trip = d[0] - d[2];
		*nops = d[1] - d[2];
		expect_end(&stream, "ok");
	}
	stream_free(&stream);
	outcome_free(&outcome);
	return !missing;
}

static void check_program(const struct program *program)
{
	enum { PROCESSES = 5 };
	double round_trips[PROCESSES], nops[PROCESSES];

	for (size_t i = 0; i < PROCESSES; i++)
		if (!check_stream(program, &round_trips[i], &nops[i]))
			return;
	double round_trip = median(round_trips, PROCESSES);
	double nop = median(nops, PROCESSES);
	if (round_trip < program->min || round_trip > program->max)
		fail_msg("%s %s: round trip %f ticks", program->bench, program->param, round_trip);
	if (program->min > 0 && nop > 20 && nop > round_trip / 2)
		fail_msg("%s %s: nops take %f ticks", program->bench, program->param, nop);
}

static void all_send_what_records_md_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++)
		check_program(&programs[i]);
}

static void defaults_are_those_of_architecture_md(void **state)
{
	(void)state;
	struct outcome outcome;
	struct stream stream = run("null_syscall", &outcome, 0);

	check_batch(&stream, "crossing", 64, 200);
	check_windows(&stream, 10000);
	stream_free(&stream);
	outcome_free(&outcome);
}

static void touch_pages_sends_packed_lines(void **state)
{
	(void)state;
	struct outcome outcome;
	struct stream stream =
	    run("touch_pages 64 --batch 20 --repeats 20 --windows 1", &outcome, 0);

	check_batch(&stream, "crossing_packed", 20, 20);
	check_batch(&stream, "bare_packed", 20, 20);
	stream_free(&stream);
	outcome_free(&outcome);
}

/* D(crossing) - D(reference) of a benchmark that times a reference beside itself, in ticks. */
static double above_reference(const char *line)
{
	enum { PROCESSES = 9 };
	double above[PROCESSES];

	for (size_t i = 0; i < PROCESSES; i++) {
		struct outcome outcome;
		struct stream stream = run(line, &outcome, 0);

		above[i] = check_batch(&stream, "crossing", 64, 200) -
			   check_batch(&stream, "reference", 64, 200);
		stream_free(&stream);
		outcome_free(&outcome);
	}
	return median(above, PROCESSES);
}

static void leaving_by_iret_costs_more(void **state)
{
	(void)state;
	double same = above_reference("sigreturn_exit sysret --windows 1");
	double rcx = above_reference("sigreturn_exit iret-rcx --windows 1");
	double r11 = above_reference("sigreturn_exit iret-r11 --windows 1");

	if (rcx <= 10 || r11 <= 10 || same >= rcx || same >= r11)
		fail_msg("over sysret: sysret %f, iret-rcx %f, iret-r11 %f", same, rcx, r11);
}

static void a_spike_is_found(void **state)
{
	(void)state;
	double ticks = above_reference("spike 64 --windows 1");

	if (ticks < 64 * 0.3 || ticks > 64 * 2)
		fail_msg("64 dependent adds took %f ticks", ticks);
}

/*
 * Each dependent add waits for the one before; of the others a core does three or more in that
 * time.
 */
static void adds_tell_the_core_clock(void **state)
{
	(void)state;
	struct outcome outcome;
	struct stream stream = run("null_syscall --core-clock --windows 1", &outcome, 0);
	double dependent = check_batch(&stream, "dependent_adds", 64, 200);
	double independent = check_batch(&stream, "independent_adds", 64, 200);

	if (dependent < 512 * 0.3 || dependent > 512 * 2 || independent > dependent / 2)
		fail_msg("512 adds took %f ticks, independent ones %f", dependent, independent);
	stream_free(&stream);
	outcome_free(&outcome);
}

static void deep_syscall_is_unsupported_on_linux(void **state)
{
	(void)state;
	struct outcome outcome;
	struct stream stream = run("deep_syscall 256", &outcome, 0);

	assert_int_equal(stream.count, 2);
	expect_end(&stream, "unsupported");
	stream_free(&stream);
	outcome_free(&outcome);
}

static void many_windows_take_no_more_memory(void **state)
{
	(void)state;
	struct outcome few_outcome, many_outcome;
	struct stream few = run("null_syscall --windows 50000", &few_outcome, 0);
	struct stream many = run("null_syscall --windows 1000000", &many_outcome, 0);

	check_windows(&few, 50000);
	check_windows(&many, 1000000);
	assert_true(many_outcome.memory_kib <= few_outcome.memory_kib + 200);
	stream_free(&few);
	stream_free(&many);
	outcome_free(&few_outcome);
	outcome_free(&many_outcome);
}

static void raw_keeps_every_reading(void **state)
{
	(void)state;
	struct outcome outcome;
	struct stream stream = run("null_syscall --raw --windows 20000", &outcome, 0);
	const struct record *record;

	check_windows(&stream, 20000);
	for (size_t at = 0; (record = stream_next(&stream, "window", &at)) != NULL;)
		assert_null(record_value(record, "hist"));
	assert_false(stream_readings(&stream, "window", "crossing", 0).ascending);
	stream_free(&stream);
	outcome_free(&outcome);
}

/* Every program works in children, and from any place; each child says so. */
static void stretches_are_of_processes_and_places(void **state)
{
	enum { STRETCHES = 4, REPEATS = 12 };

	(void)state;
	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
		const struct program *program = &programs[i];
		const struct record *record;
		struct outcome outcome;
		int64_t place = STRETCHES;
		char line[200];

		snprintf(line, sizeof(line),
			 "%s %s --batch 8 --repeats %d --windows 9 --stretches %d", program->bench,
			 program->param, REPEATS, STRETCHES);
		struct stream stream = run(line, &outcome, 0);
		if (!program->optional || !ends_with(&stream, "unsupported")) {
			expect_end(&stream, "ok");
			check_batch(&stream, "crossing", 8, REPEATS);
			for (size_t at = 0;
			     (record = stream_next(&stream, "stretch", &at)) != NULL;)
				assert_int_equal(record_integer(record, "layout"), --place);
			assert_int_equal(place, 0);
		}
		stream_free(&stream);
		outcome_free(&outcome);
	}
}

static void one_place_is_for_all_stretches(void **state)
{
	struct outcome outcome;
	struct stream stream =
	    run("null_syscall --batch 8 --windows 1 --stretches 3 --layout 63", &outcome, 0);
	const struct record *record;

	(void)state;
	for (size_t at = 0; (record = stream_next(&stream, "stretch", &at)) != NULL;)
		assert_int_equal(record_integer(record, "layout"), 63);
	stream_free(&stream);
	outcome_free(&outcome);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(all_send_what_records_md_says),
	    cmocka_unit_test(defaults_are_those_of_architecture_md),
	    cmocka_unit_test(touch_pages_sends_packed_lines),
	    cmocka_unit_test(leaving_by_iret_costs_more),
	    cmocka_unit_test(a_spike_is_found),
	    cmocka_unit_test(adds_tell_the_core_clock),
	    cmocka_unit_test(deep_syscall_is_unsupported_on_linux),
	    cmocka_unit_test(many_windows_take_no_more_memory),
	    cmocka_unit_test(raw_keeps_every_reading),
	    cmocka_unit_test(stretches_are_of_processes_and_places),
	    cmocka_unit_test(one_place_is_for_all_stretches),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
