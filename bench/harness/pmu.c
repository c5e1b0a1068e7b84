/*
 * Performance counters round the timed windows: see pmu.h.
 */
#include <linux/perf_event.h>

#include "pmu.h"
#include "report.h"
#include "samples.h"
#include "text.h"

enum { EVENTS_MAX = 8, NAME_MAX = 16, REPEATS_MAX = 50, PAGE = 4096, MAPPED = 1, SHARED = 1 };

static struct event {
	int fd; /* of Linux; -1: counter number `index` of the core's */
	uint32_t index;
	const struct perf_event_mmap_page *page;
	char name[NAME_MAX], bare_name[NAME_MAX];
} events[EVENTS_MAX];
static size_t event_count;

/* Hexadecimal up to, and past, a dot. */
static bool take_number(const char **text, uint64_t *value)
{
	const char *at = *text;

	*value = 0;
	for (; *at != '.'; at++) {
		bool digit = *at >= '0' && *at <= '9', letter = *at >= 'a' && *at <= 'f';
		if (!digit && !letter)
			return false;
		*value = *value << 4 | (uint64_t)(digit ? *at - '0' : *at - 'a' + 10);
	}
	bool any = at != *text;
	*text = at + 1;
	return any;
}

static bool take_letter(const char **text, char letter)
{
	if (**text != letter)
		return false;
	++*text;
	return true;
}

/* "eventK" and "eventK.bare". */
static struct event *add_event(void)
{
	struct event *event = &events[event_count];
	size_t size = sizeof("event") - 1;

	memcpy(event->name, "event", size);
	size += text_from_unsigned(event->name + size, event_count);
	memcpy(event->bare_name, event->name, size);
	memcpy(event->bare_name + size, ".bare", sizeof(".bare"));
	event->fd = -1;
	event->index = (uint32_t)event_count++;
	return event;
}

/* One event of Linux, of this process on whatever CPU. */
static struct verdict open_linux(const char **text)
{
	struct perf_event_attr attributes = {.size = sizeof(attributes)};
	uint64_t type, config, config1, config2;

	if (!take_number(text, &type) || !take_number(text, &config) ||
	    !take_number(text, &config1) || !take_number(text, &config2))
		return bench_failed("--pmu: an event is not TYPE.CONFIG.CONFIG1.CONFIG2.RINGS");
	attributes.type = (uint32_t)type;
	attributes.config = config;
	attributes.config1 = config1;
	attributes.config2 = config2;
	attributes.exclude_user = !take_letter(text, 'u');
	attributes.exclude_kernel = !take_letter(text, 'k');
	attributes.exclude_hv = 1;
	attributes.pinned = type != PERF_TYPE_SOFTWARE;
	attributes.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING;
	long fd = sys_call(SYS_PERF_EVENT_OPEN, (long)&attributes, 0, -1, -1, 0, 0);
	if (fd < 0)
		return bench_failed_with("--pmu: Linux cannot count this event, error", fd);
	struct event *event = add_event();
	event->fd = (int)fd;
	long page = sys_call(SYS_MMAP, 0, PAGE, MAPPED, SHARED, fd, 0);
	if (page > 0)
		event->page = (const struct perf_event_mmap_page *)page;
	return bench_ok();
}

static struct verdict open_all_of_linux(const char *text)
{
	for (;;) {
		if (event_count == EVENTS_MAX)
			return bench_failed("--pmu: too many events");
		struct verdict verdict = open_linux(&text);
		if (verdict.outcome != OUTCOME_OK)
			return verdict;
		if (*text == '\0')
			return bench_ok();
		if (!take_letter(&text, ','))
			return bench_failed("--pmu: a comma is missing between events");
	}
}

struct verdict pmu_open(const char *what)
{
	uint64_t count;

	if (*what == '\0')
		return bench_ok();
	if (text_starts(what, "linux:"))
		return open_all_of_linux(what + sizeof("linux:") - 1);
	if (!text_starts(what, "core:") ||
	    !text_to_number(what + sizeof("core:") - 1, EVENTS_MAX, &count))
		return bench_failed("--pmu needs linux:EVENT,... or core:COUNT");
	while (event_count < count)
		add_event();
	return bench_ok();
}

static uint64_t rdpmc(uint32_t counter)
{
	uint32_t low, high;

	__asm__ volatile("lfence\n\trdpmc\n\tlfence"
			 : "=a"(low), "=d"(high)
			 : "c"(counter)
			 : "memory");
	return (uint64_t)high << 32 | low;
}

/* Value, and for how long it was enabled and counting. False: it has no counter (any more). */
static bool read_times(const struct event *event, uint64_t reading[3])
{
	return sys_call(SYS_READ, event->fd, (long)reading, 3 * sizeof(*reading), 0, 0, 0) ==
	       3 * sizeof(*reading);
}

/*
 * The protocol of perf_event_open(2): the page's lock says whether the kernel moved the counter
 * meanwhile, index 0 that there is none to be read from ring 3.
 */
static uint64_t read_event(const struct event *event)
{
	const volatile struct perf_event_mmap_page *page = event->page;
	uint64_t reading[3] = {0};

	if (event->fd < 0)
		return rdpmc(event->index);
	while (page != NULL && page->cap_user_rdpmc) {
		uint32_t lock = page->lock, index = page->index;
		int64_t value = page->offset;
		unsigned unused = 64 - page->pmc_width;

		if (index == 0)
			break;
		value += (int64_t)(rdpmc(index - 1) << unused) >> unused;
		if (page->lock == lock)
			return (uint64_t)value;
	}
	read_times(event, reading);
	return reading[0];
}

static int64_t count_window(struct run *run, const struct event *event, window_fn *window,
			    uint64_t rounds)
{
	if (benchmark.before != NULL)
		benchmark.before(run, rounds);
	uint64_t before = read_event(event);
	window(rounds, run->context);
	return (int64_t)(read_event(event) - before);
}

static void take_event(struct run *run, const struct event *event)
{
	struct series series[4];
	const uint64_t n = run->options->batch;
	uint64_t repeats =
	    run->options->repeats < REPEATS_MAX ? run->options->repeats : REPEATS_MAX;

	samples_divide(series, 4, repeats);
	for (uint64_t done = 0; done < repeats; done++) {
		for (size_t slot = 0; slot < 4; slot++) {
			window_fn *window = slot < 2 ? run->loops->crossing : run->loops->bare;
			series[slot].values[series[slot].count++] =
			    count_window(run, event, window, slot % 2 == 0 ? n : 2 * n);
		}
	}
	report_counts(event->name, n, &series[0], &series[1]);
	report_counts(event->bare_name, n, &series[2], &series[3]);
}

struct verdict pmu_take(struct run *run)
{
	for (size_t i = 0; i < event_count; i++)
		take_event(run, &events[i]);
	for (size_t i = 0; i < event_count; i++) {
		uint64_t reading[3];

		if (events[i].fd >= 0 &&
		    (!read_times(&events[i], reading) || reading[1] != reading[2]))
			return bench_failed_with(
			    "--pmu: there are not enough counters, this event had to share: number",
			    (int64_t)i);
	}
	return bench_ok();
}
