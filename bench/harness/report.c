/*
 * The records of a benchmark program, in the order in which a run sends them.
 */
#include <entrybench/record.h>

#include "report.h"
#include "stream.h"
#include "text.h"

#define HARNESS_VERSION 1

enum { FLAGS_MAX = 16 };

static struct flag {
	const char *name;
	uint64_t count;
	const char *text;
} flags[FLAGS_MAX];
static size_t flag_count;

void bench_flag(const char *name, uint64_t count, const char *text)
{
	for (size_t i = 0; i < flag_count; i++) {
		if (flags[i].name == name && flags[i].text == text) {
			flags[i].count += count;
			return;
		}
	}
	if (flag_count == FLAGS_MAX)
		report_end(bench_failed("FLAGS_MAX is too small"));
	flags[flag_count++] = (struct flag){name, count, text};
}

void report_begin(const struct options *options)
{
	static char stream[TEXT_NUMBER_MAX];

	text_from_unsigned(stream, options->stream);
	stream_open(stream);
	record_start(EB_TYPE_BEGIN);
	record_text("bench", benchmark.name);
	record_text("param", options->param);
	record_number("harness", HARNESS_VERSION);
	record_send();
}

void report_clock(struct clock_facts facts)
{
	record_start(EB_TYPE_CLOCK);
	record_number("step", facts.step);
	record_number("min", facts.min);
	record_number("backwards", (int64_t)facts.backwards);
	record_send();
	if (facts.step == 0)
		report_end(bench_failed("the time stamp counter stands still"));
	if (facts.step > 1)
		bench_flag("clock_step", (uint64_t)facts.step,
			   "the clock advances in steps of that many ticks");
	if (facts.backwards > 0)
		bench_flag("clock_backwards", facts.backwards, "clock readings went back");
}

static int64_t crossing_ticks, bare_ticks; /* of `batch` rounds */

void report_say(const struct options *options)
{
	enum { LEFT = 40, LINE_MAX = 120 };
	int64_t tenths = 10 * (crossing_ticks - bare_ticks) / (int64_t)options->batch;
	const char *parts[] = {benchmark.name, options->param[0] != '\0' ? ":" : "",
			       options->param};
	char line[LINE_MAX];
	size_t size = 0;

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		for (const char *from = parts[i]; *from != '\0' && size < LEFT; from++)
			line[size++] = *from;
	while (size < LEFT)
		line[size++] = ' ';
	size += text_from_signed(line + size, tenths / 10);
	line[size++] = '.';
	size += text_from_unsigned(line + size, (uint64_t)(tenths < 0 ? -tenths : tenths) % 10);
	line[size++] = '\n';
	sys_write_all(1, line, size);
}

static int64_t smallest(const struct series *series)
{
	int64_t min = INT64_MAX;

	for (size_t i = 0; i < series->count; i++)
		if (series->values[i] < min)
			min = series->values[i];
	return min;
}

static void flag_negative(const struct series *series, const char *of)
{
	uint64_t negative = 0;

	for (size_t i = 0; i < series->count; i++)
		negative += series->values[i] < 0;
	if (negative > 0)
		bench_flag("negative_window", negative, of);
}

/* What a series' records have in common; `n` is 0 for single-shot windows. */
struct heading {
	const char *of;
	uint64_t n;
};

static void start_series(const void *what)
{
	const struct heading *heading = what;

	record_start(heading->n > 0 ? EB_TYPE_BATCH : EB_TYPE_WINDOW);
	record_text("of", heading->of);
	if (heading->n > 0)
		record_number("n", (int64_t)heading->n);
}

void report_batch(const struct timed *timed, uint64_t n, struct series *single,
		  struct series *twice)
{
	flag_negative(single, timed->of);
	flag_negative(twice, timed->of);
	if (smallest(twice) < smallest(single))
		bench_flag("negative_difference", 1, timed->of);
	if (text_equal(timed->of, "crossing"))
		crossing_ticks = smallest(twice) - smallest(single);
	if (text_equal(timed->of, "bare"))
		bare_ticks = smallest(twice) - smallest(single);
	samples_send_histogram(single, start_series, &(struct heading){timed->of, n});
	samples_send_histogram(twice, start_series, &(struct heading){timed->of, 2 * n});
}

void report_counts(const char *of, uint64_t n, struct series *single, struct series *twice)
{
	samples_send_histogram(single, start_series, &(struct heading){of, n});
	samples_send_histogram(twice, start_series, &(struct heading){of, 2 * n});
}

static void report_series(struct series *series, const char *of, bool raw)
{
	const struct heading heading = {.of = of, .n = 0};

	flag_negative(series, of);
	if (raw)
		samples_send_raw(series, start_series, &heading);
	else
		samples_send_histogram(series, start_series, &heading);
}

void report_windows(struct series *crossing, struct series *empty, bool raw)
{
	report_series(crossing, "crossing", raw);
	report_series(empty, "empty_window", raw);
}

void report_stretch(uint64_t layout)
{
	record_start(EB_TYPE_STRETCH);
	record_number("layout", (int64_t)layout);
	record_send();
}

void report_flags(void)
{
	for (size_t i = 0; i < flag_count; i++) {
		record_start(EB_TYPE_FLAG);
		record_text("name", flags[i].name);
		record_number("count", (int64_t)flags[i].count);
		record_text("text", flags[i].text);
		record_send();
	}
}

_Noreturn void report_end(struct verdict verdict)
{
	static const char *const status[] = {[OUTCOME_OK] = "ok",
					     [OUTCOME_UNSUPPORTED] = "unsupported",
					     [OUTCOME_FAILED] = "failed"};

	report_flags();
	record_start_last(EB_TYPE_END);
	record_text("status", status[verdict.outcome]);
	record_text("reason", verdict.reason);
	record_send();
	sys_exit(verdict.outcome == OUTCOME_FAILED ? 1 : 0);
}
