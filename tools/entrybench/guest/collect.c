/* Records of a program into histograms. The types and keys are docs/records.md's. */
#include "guest/guest.h"

struct collector {
	char *name, *param;
	struct series series[SERIES_MAX];
	size_t series_count;
	struct clock_facts clock;
	struct pairs counts;
	struct flags flags;
	enum cell_status status;
	char reason[200];
};

struct collector *collector_new(const char *name, const char *param)
{
	struct collector *collector = g_new0(struct collector, 1);

	collector->name = g_strdup(name);
	collector->param = g_strdup(param);
	collector->clock = (struct clock_facts){.step = NAN, .min = NAN};
	return collector;
}

void collector_free(struct collector *collector)
{
	if (!collector)
		return;
	for (size_t i = 0; i < collector->series_count; i++)
		histogram_free(collector->series[i].readings);
	fields_clear(pair_shape(), &collector->counts);
	fields_clear(flag_shape(), &collector->flags);
	free(collector->name);
	free(collector->param);
	free(collector);
}

static const char *take_begin(struct collector *collector, const struct record *record)
{
	char bench[100], param[100];

	record_text(record, "bench", bench, sizeof(bench));
	record_text(record, "param", param, sizeof(param));
	if (strcmp(bench, collector->name) || strcmp(param, collector->param))
		return "another benchmark than the plan's speaks on this stream";
	return NULL;
}

static const char *take_clock(struct collector *collector, const struct record *record)
{
	const char *step = record_get(record, "step"), *min = record_get(record, "min");
	const char *backwards = record_get(record, "backwards");
	int64_t step_ticks, min_ticks;

	if (!step || !min || !backwards || !number_signed(step, &step_ticks) ||
	    !number_signed(min, &min_ticks) ||
	    !number_unsigned(backwards, &collector->clock.backwards))
		return "a clock record lacks step, min or backwards";
	collector->clock.step = (double)step_ticks;
	collector->clock.min = (double)min_ticks;
	return NULL;
}

static bool add_reading(void *context, int64_t reading, uint64_t count)
{
	return histogram_add(context, reading, count);
}

/* kind: "batch" or "window"; n is 0 for windows. */
static const char *take_readings(struct collector *collector, const struct record *record,
				 uint64_t n)
{
	const char *of = record_get(record, "of");
	const char *hist = record_get(record, "hist"), *raw = record_get(record, "raw");
	struct series *series;

	if (!of || (!hist && !raw))
		return "a record of readings lacks of, hist or raw";
	series = series_get(collector->series, &collector->series_count, record->type, of, n);
	if (!series)
		return "more kinds of readings than any benchmark has";
	if (!readings_each(hist ? hist : raw, !hist, add_reading, series->readings))
		return "readings that are no numbers, or too many of them";
	return NULL;
}

static const char *take_batch(struct collector *collector, const struct record *record)
{
	const char *n = record_get(record, "n");
	uint64_t crossings;

	if (!n || !number_unsigned(n, &crossings) || !crossings || crossings > INT32_MAX)
		return "a batch record lacks n";
	return take_readings(collector, record, crossings);
}

static const char *take_window(struct collector *collector, const struct record *record)
{
	return take_readings(collector, record, 0);
}

#define FLAGS_MAX 64

static const char *take_flag(struct collector *collector, const struct record *record)
{
	const char *count = record_get(record, "count");
	char name[60], text[200];
	uint64_t times;

	record_text(record, "name", name, sizeof(name));
	record_text(record, "text", text, sizeof(text));
	if (!name[0] || !count || !number_unsigned(count, &times) || times > INT64_MAX)
		return "a flag record lacks name or count";
	if (collector->flags.count < FLAGS_MAX)
		flags_add(&collector->flags, name, times, text);
	return NULL;
}

static const char *take_count(struct collector *collector, const struct record *record)
{
	char name[60], value[60];

	record_text(record, "name", name, sizeof(name));
	record_text(record, "value", value, sizeof(value));
	if (!name[0] || !value[0])
		return "a count record lacks name or value";
	if (collector->counts.count < FLAGS_MAX && !pairs_get(&collector->counts, name))
		pairs_add(&collector->counts, name, value);
	return NULL;
}

static const char *take_end(struct collector *collector, const struct record *record)
{
	static const struct {
		const char *name;
		enum cell_status status;
	} ends[] = {
	    {"ok", STATUS_OK},
	    {"unsupported", STATUS_SKIPPED},
	    {"failed", STATUS_FAILED},
	};
	const char *status = record_get(record, "status");

	record_text(record, "reason", collector->reason, sizeof(collector->reason));
	for (size_t i = 0; status && i < G_N_ELEMENTS(ends); i++) {
		if (!strcmp(status, ends[i].name)) {
			collector->status = ends[i].status;
			return NULL;
		}
	}
	return "an end record without a status that is known";
}

static const struct {
	const char *type;
	const char *(*take)(struct collector *, const struct record *);
} types[] = {
    {EB_TYPE_BEGIN, take_begin},   {EB_TYPE_CLOCK, take_clock}, {EB_TYPE_BATCH, take_batch},
    {EB_TYPE_WINDOW, take_window}, {EB_TYPE_FLAG, take_flag},	{EB_TYPE_COUNT, take_count},
    {EB_TYPE_END, take_end},
};

/* Types that are not known are ignored: a later program may send them. */
const char *collector_take(struct collector *collector, const struct record *record)
{
	for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
		if (!strcmp(record->type, types[i].type))
			return types[i].take(collector, record);
	return NULL;
}

static const struct histogram *windows_of(const struct collector *collector, const char *of)
{
	return series_readings(collector->series, collector->series_count, EB_TYPE_WINDOW, of, 0);
}

enum cell_status collector_status(const struct collector *collector)
{
	return collector->status;
}

const struct histogram *collector_windows(const struct collector *collector)
{
	return windows_of(collector, "crossing");
}

double collector_empty_window(const struct collector *collector)
{
	const struct histogram *windows = windows_of(collector, "empty_window");

	return windows ? (double)windows->min : NAN;
}

static void fill_controls(const struct collector *collector, struct controls *controls)
{
	const struct series *all = collector->series;
	size_t count = collector->series_count;
	const struct histogram *empty = windows_of(collector, "empty_window");

	controls->empty_window = empty ? (double)histogram_quantile(empty, 0.5) : NAN;
	controls->function_call = series_cost(all, count, "function_call");
	controls->empty_loop = series_cost(all, count, "empty_loop");
	controls->twin = series_cost(all, count, "twin");
	controls->bare = series_cost(all, count, "bare");
}

static void fill_window(const struct histogram *windows, struct quantiles *to)
{
	if (!windows)
		return;
	to->n = windows->n;
	to->min = windows->min;
	to->p50 = histogram_quantile(windows, 0.5);
	to->p90 = histogram_quantile(windows, 0.9);
	to->p99 = histogram_quantile(windows, 0.99);
	to->p999 = histogram_quantile(windows, 0.999);
	to->max = windows->max;
}

/* What a program times beside what every program does. */
static bool is_extra(const struct series *series)
{
	static const char *const usual[] = {"crossing", "bare", "twin", "empty_loop",
					    "function_call"};

	for (size_t i = 0; i < G_N_ELEMENTS(usual); i++)
		if (!strcmp(series->of, usual[i]))
			return false;
	return !strcmp(series->type, EB_TYPE_BATCH);
}

static void fill_loops(const struct collector *collector, struct boot *boot)
{
	const struct series *all = collector->series;
	size_t count = collector->series_count;

	for (size_t i = 0; i < count; i++)
		if (is_extra(&all[i]) && isnan(costs_get(&boot->loops, all[i].of)))
			costs_add(&boot->loops, all[i].of, series_cost(all, count, all[i].of));
	boot->over_reference =
	    series_cost(all, count, "crossing") - costs_get(&boot->loops, "reference");
}

/* METHOD.md, "Round trip, batched": the flags say what must not be folded away. */
static void fill_round_trip(const struct collector *collector, struct boot *boot)
{
	struct batch crossing, bare;
	struct round_trip result;

	if (!series_batch(collector->series, collector->series_count, "crossing", &crossing) ||
	    !series_batch(collector->series, collector->series_count, "bare", &bare) ||
	    !round_trip(&crossing, &bare, boot->clock.step, &result)) {
		boot->status = STATUS_FAILED;
		run_set(&boot->reason, "the program sent no batches of n and 2n crossings");
		return;
	}
	boot->round_trip = result.estimate;
	boot->round_trip_p10 = result.p10;
	boot->batch = (uint64_t)crossing.n;
	boot->core_cycles = result.estimate * EB_ADDS / costs_get(&boot->loops, "dependent_adds");
	if (result.disturbed)
		flags_add(&boot->flags, "disturbed", 1, flag_about("disturbed"));
	if (result.unstable)
		flags_add(&boot->flags, "unstable", 1, flag_about("unstable"));
	if (result.negative)
		flags_add(&boot->flags, "negative_difference", 1,
			  flag_about("negative_difference"));
}

static bool add_if_least(void *context, int64_t value, uint64_t count)
{
	uint64_t *least = context;

	(void)value;
	*least = count;
	return false; /* ascending: the first is the least */
}

/* How many readings are not the least one. */
static uint64_t count_longer(const struct histogram *readings)
{
	uint64_t least = 0;

	histogram_each(readings, add_if_least, &least);
	return readings->n - least;
}

/* Where every instruction counts one, equal work must give equal readings. */
static void check_equal(const struct collector *collector, bool interrupted, struct boot *boot)
{
	uint64_t longer = 0;

	for (size_t i = 0; i < collector->series_count; i++) {
		const struct series *series = &collector->series[i];
		int64_t min = series->readings->min;
		int64_t max = series->readings->max;
		uint64_t here = count_longer(series->readings);
		g_autofree char *reason = NULL;

		if (min == max)
			continue;
		longer += here;
		if (interrupted && here < series->readings->n / 2)
			continue;
		reason = g_strdup_printf("readings of one boot differ: %lld and %lld (%s of %s)",
					 (long long)min, (long long)max, series->type, series->of);
		boot->status = STATUS_FAILED;
		run_set(&boot->reason, reason);
		return;
	}
	if (longer)
		flags_add(&boot->flags, "interrupted", longer, flag_about("interrupted"));
}

void collector_finish(struct collector *collector, enum machine_class class, bool interrupted,
		      struct boot *boot)
{
	boot->status = collector->status;
	run_set(&boot->reason, collector->reason);
	boot->clock = collector->clock;
	pairs_copy(&boot->counts, &collector->counts);
	for (size_t i = 0; i < collector->flags.count; i++) {
		const struct flag *flag = &collector->flags.at[i];

		flags_add(&boot->flags, flag->name, flag->count, flag->text);
	}
	if (boot->status != STATUS_OK)
		return;
	fill_controls(collector, &boot->controls);
	fill_window(collector_windows(collector), &boot->window);
	fill_loops(collector, boot);
	fill_round_trip(collector, boot);
	if (boot->status == STATUS_OK && class == CLASS_DETERMINISTIC)
		check_equal(collector, interrupted, boot);
}

bool collector_batch(const struct collector *collector, const char *of, struct batch *batch)
{
	return series_batch(collector->series, collector->series_count, of, batch);
}
