/*
 * Records of a program into histograms, and these into the figures of a boot. The types and keys
 * are docs/records.md's.
 */
#include "guest/guest.h"

/* Of a program that would send them for ever. */
#define FLAGS_MAX 64

void program_init(struct guest_program *program, const char *name, const char *param)
{
	*program = (struct guest_program){.name = g_strdup(name), .param = g_strdup(param)};
	fields_init(boot_shape(), &program->boot);
}

void program_clear(struct guest_program *program)
{
	for (size_t i = 0; i < program->series_count; i++)
		histogram_free(program->series[i].readings);
	g_clear_pointer(&program->stretches, g_array_unref);
	fields_free(boot_shape(), &program->boot);
	g_free(program->name);
	g_free(program->param);
	g_free(program->how);
}

static const struct series *find(const struct guest_program *program, const char *type,
				 const char *of, uint64_t n)
{
	for (size_t i = 0; i < program->series_count; i++) {
		const struct series *series = &program->series[i];

		if (series->n == n && !strcmp(series->of, of) && !strcmp(series->type, type))
			return series;
	}
	return NULL;
}

/* NULL: the table is full, or the name too long. */
static const struct series *find_or_add(struct guest_program *program, const char *type,
					const char *of, uint64_t n)
{
	const struct series *found = find(program, type, of, n);
	struct series *series = &program->series[program->series_count];

	if (found || program->series_count == SERIES_MAX || strlen(of) >= sizeof(series->of))
		return found;
	series->readings = histogram_new();
	g_strlcpy(series->type, type, sizeof(series->type));
	g_strlcpy(series->of, of, sizeof(series->of));
	series->n = n;
	program->series_count++;
	return series;
}

static const char *take_begin(struct guest_program *program, const struct record *record)
{
	char bench[100], param[100];

	record_text(record, "bench", bench, sizeof(bench));
	record_text(record, "param", param, sizeof(param));
	if (strcmp(bench, program->name) || strcmp(param, program->param))
		return "another benchmark than the plan's speaks on this stream";
	return NULL;
}

static const char *take_clock(struct guest_program *program, const struct record *record)
{
	const char *step = record_get(record, "step"), *min = record_get(record, "min");
	struct clock_facts *clock = &program->boot.clock;
	int64_t step_ticks, min_ticks;

	if (!step || !min || !number_signed(step, &step_ticks) || !number_signed(min, &min_ticks) ||
	    !record_number(record, "backwards", &clock->backwards))
		return "a clock record lacks step, min or backwards";
	clock->step = (double)step_ticks;
	clock->min = (double)min_ticks;
	return NULL;
}

static bool add_reading(void *readings, int64_t reading, uint64_t count)
{
	return histogram_add(readings, reading, count);
}

/* n is 0 for windows. */
static const char *take_readings(struct guest_program *program, const struct record *record,
				 const char *type, uint64_t n)
{
	const char *of = record_get(record, "of");
	const char *hist = record_get(record, "hist"), *raw = record_get(record, "raw");
	const struct series *series;

	if (!of || (!hist && !raw))
		return "a record of readings lacks of, hist or raw";
	series = find_or_add(program, type, of, n);
	if (!series)
		return "more kinds of readings than any benchmark has";
	if (!readings_each(hist ?: raw, !hist, add_reading, series->readings))
		return "readings that are no numbers, or too many of them";
	return NULL;
}

/* What the round trip is made of also counts for the stretch alone, until that is over. */
static const char *take_batch(struct guest_program *program, const struct record *record)
{
	static const char *const parts[] = {"crossing", "bare", NULL};
	const char *wrong, *of = record_get(record, "of");
	uint64_t n;

	if (!record_number(record, "n", &n) || !n || n > INT32_MAX)
		return "a batch record lacks n";
	wrong = take_readings(program, record, EB_TYPE_BATCH, n);
	if (!wrong && g_strv_contains(parts, of))
		wrong = take_readings(program, record, EB_TYPE_STRETCH, n);
	return wrong;
}

static bool find_batch(const struct guest_program *program, const char *type, const char *of,
		       struct batch *batch)
{
	bool found = false;

	for (size_t i = 0; i < program->series_count; i++) {
		const struct series *once = &program->series[i], *twice;

		if (!once->n || strcmp(once->type, type) || strcmp(once->of, of) ||
		    (found && (int64_t)once->n > batch->n))
			continue;
		twice = find(program, type, of, 2 * once->n);
		if (!twice)
			continue;
		*batch = (struct batch){(int64_t)once->n, once->readings, twice->readings};
		found = true;
	}
	return found;
}

/* One that has no batches says nothing. */
static const char *take_stretch(struct guest_program *program, const struct record *record)
{
	struct batch crossing, bare;
	struct round_trip result;

	(void)record;
	if (!program->stretches)
		program->stretches = g_array_new(FALSE, FALSE, sizeof(result));
	if (find_batch(program, EB_TYPE_STRETCH, "crossing", &crossing) &&
	    find_batch(program, EB_TYPE_STRETCH, "bare", &bare) &&
	    round_trip(&crossing, &bare, 0, &result))
		g_array_append_val(program->stretches, result);
	for (size_t i = 0; i < program->series_count; i++) {
		if (strcmp(program->series[i].type, EB_TYPE_STRETCH))
			continue;
		histogram_free(program->series[i].readings);
		program->series[i].readings = histogram_new();
	}
	return NULL;
}

static const char *take_window(struct guest_program *program, const struct record *record)
{
	return take_readings(program, record, EB_TYPE_WINDOW, 0);
}

static const char *take_flag(struct guest_program *program, const struct record *record)
{
	char name[60], text[200];
	struct flag *known;
	uint64_t times;

	record_text(record, "name", name, sizeof(name));
	record_text(record, "text", text, sizeof(text));
	if (!name[0] || !record_number(record, "count", &times) || times > INT64_MAX)
		return "a flag record lacks name or count";
	known = (struct flag *)flags_get(&program->boot.flags, name);
	if (known && !strcmp(known->text, text)) /* said by another process of the benchmark */
		known->count += times;
	else if (program->boot.flags.count < FLAGS_MAX)
		flags_add(&program->boot.flags, name, times, text);
	return NULL;
}

static const char *take_count(struct guest_program *program, const struct record *record)
{
	struct pairs *counts = &program->boot.counts;
	char name[60], value[60];

	record_text(record, "name", name, sizeof(name));
	record_text(record, "value", value, sizeof(value));
	if (!name[0] || !value[0])
		return "a count record lacks name or value";
	if (counts->count < FLAGS_MAX && !pairs_get(counts, name))
		pairs_add(counts, name, value);
	return NULL;
}

static const char *take_end(struct guest_program *program, const struct record *record)
{
	static const struct {
		const char *name;
		enum cell_status status;
	} ends[] = {{"ok", STATUS_OK}, {"unsupported", STATUS_SKIPPED}, {"failed", STATUS_FAILED}};
	const char *status = record_get(record, "status");
	char reason[200];

	record_text(record, "reason", reason, sizeof(reason));
	run_set(&program->boot.reason, reason);
	for (size_t i = 0; status && i < G_N_ELEMENTS(ends); i++) {
		if (!strcmp(status, ends[i].name)) {
			program->boot.status = ends[i].status;
			return NULL;
		}
	}
	return "an end record without a status that is known";
}

/* Types that are not known are ignored: a later program may send them. */
const char *program_take(struct guest_program *program, const struct record *record)
{
	static const struct {
		const char *type;
		const char *(*take)(struct guest_program *, const struct record *);
	} types[] = {
	    {EB_TYPE_BEGIN, take_begin},   {EB_TYPE_CLOCK, take_clock},
	    {EB_TYPE_BATCH, take_batch},   {EB_TYPE_STRETCH, take_stretch},
	    {EB_TYPE_WINDOW, take_window}, {EB_TYPE_FLAG, take_flag},
	    {EB_TYPE_COUNT, take_count},   {EB_TYPE_END, take_end},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
		if (!strcmp(record->type, types[i].type))
			return types[i].take(program, record);
	return NULL;
}

const struct histogram *program_windows(const struct guest_program *program, const char *of)
{
	const struct series *series = find(program, EB_TYPE_WINDOW, of, 0);

	return series ? series->readings : NULL;
}

bool program_batch(const struct guest_program *program, const char *of, struct batch *batch)
{
	return find_batch(program, EB_TYPE_BATCH, of, batch);
}

/* D(of), from the minima; NAN: no batches. */
static double cost_of(const struct guest_program *program, const char *of)
{
	struct batch batch;

	return program_batch(program, of, &batch) ? batch_cost(&batch, 0) : NAN;
}

static void fill_controls(const struct guest_program *program, struct controls *controls)
{
	const struct histogram *empty = program_windows(program, "empty_window");

	controls->empty_window = empty ? (double)histogram_quantile(empty, 0.5) : NAN;
	controls->function_call = cost_of(program, "function_call");
	controls->empty_loop = cost_of(program, "empty_loop");
	controls->twin = cost_of(program, "twin");
	controls->bare = cost_of(program, "bare");
}

static void fill_window(const struct histogram *windows, struct quantiles *to)
{
	if (windows)
		*to = (struct quantiles){
		    .n = windows->n,
		    .min = windows->min,
		    .p50 = histogram_quantile(windows, 0.5),
		    .p90 = histogram_quantile(windows, 0.9),
		    .p99 = histogram_quantile(windows, 0.99),
		    .p999 = histogram_quantile(windows, 0.999),
		    .max = windows->max,
		};
}

/* What a program times beside what every program does. */
static void fill_loops(struct guest_program *program)
{
	static const char *const usual[] = {"crossing",	  "bare",	   "twin",
					    "empty_loop", "function_call", NULL};
	struct boot *boot = &program->boot;

	for (size_t i = 0; i < program->series_count; i++) {
		const struct series *series = &program->series[i];

		if (series->n && !g_strv_contains(usual, series->of) &&
		    isnan(costs_get(&boot->loops, series->of)))
			costs_add(&boot->loops, series->of, cost_of(program, series->of));
	}
	boot->over_reference = cost_of(program, "crossing") - costs_get(&boot->loops, "reference");
}

static void fail(struct boot *boot, const char *reason)
{
	boot->status = STATUS_FAILED;
	run_set(&boot->reason, reason);
}

/*
 * Stretches lie on levels of their own, so what disturbed a boot shows within them only: in half of
 * them or more. Higher is one whose own round trip exceeds the boot's by more than figures of one
 * boot may differ.
 */
static void fill_stretches(const struct guest_program *program, struct boot *boot,
			   struct round_trip *whole)
{
	const struct round_trip *at = (const void *)program->stretches->data;
	size_t count = program->stretches->len, unstable = 0, disturbed = 0, higher = 0;
	double tolerance = fmax(ROUND_TRIP_TOLERANCE * fabs(whole->estimate),
				2 * boot->clock.step / (double)boot->batch);

	for (size_t i = 0; i < count; i++) {
		unstable += fabs(at[i].p10 - at[i].estimate) > tolerance;
		disturbed += fabs(at[i].p50 - at[i].estimate) > tolerance;
		higher += at[i].estimate - whole->estimate > tolerance;
	}
	if (!count)
		return;
	whole->unstable = 2 * unstable >= count;
	whole->disturbed = 2 * disturbed >= count;
	boot->stretches = count;
	boot->higher = (double)higher / (double)count;
}

/* METHOD.md, "Round trip, batched": the flags say what must not be folded away. */
static void fill_round_trip(struct guest_program *program)
{
	struct boot *boot = &program->boot;
	struct batch crossing, bare;
	struct round_trip result;

	if (!program_batch(program, "crossing", &crossing) ||
	    !program_batch(program, "bare", &bare) ||
	    !round_trip(&crossing, &bare, boot->clock.step, &result)) {
		fail(boot, "the program sent no batches of n and 2n crossings");
		return;
	}
	boot->round_trip = result.estimate;
	boot->round_trip_p10 = result.p10;
	boot->batch = (uint64_t)crossing.n;
	boot->core_cycles = result.estimate * EB_ADDS / costs_get(&boot->loops, "dependent_adds");
	if (program->stretches)
		fill_stretches(program, boot, &result);
	if (result.disturbed)
		flags_add(&boot->flags, "disturbed", 1, flag_about("disturbed"));
	if (result.unstable)
		flags_add(&boot->flags, "unstable", 1, flag_about("unstable"));
	if (result.negative)
		flags_add(&boot->flags, "negative_difference", 1,
			  flag_about("negative_difference"));
}

static bool take_least(void *least, int64_t value, uint64_t count)
{
	(void)value;
	*(uint64_t *)least = count;
	return false; /* ascending: the first is the least */
}

/* Where every instruction counts one, equal work must give equal readings. */
static void check_equal(struct guest_program *program, bool interrupted)
{
	uint64_t longer = 0;

	for (size_t i = 0; i < program->series_count; i++) {
		const struct series *series = &program->series[i];
		int64_t min = series->readings->min;
		int64_t max = series->readings->max;
		uint64_t n = series->readings->n, least = 0;
		g_autofree char *reason = NULL;

		if (min == max)
			continue;
		histogram_each(series->readings, take_least, &least);
		longer += n - least;
		if (interrupted && n - least < n / 2)
			continue;
		reason = g_strdup_printf("readings of one boot differ: %" PRId64 " and %" PRId64
					 " (%s of %s)",
					 min, max, series->type, series->of);
		fail(&program->boot, reason);
		return;
	}
	if (longer)
		flags_add(&program->boot.flags, "interrupted", longer, flag_about("interrupted"));
}

void program_finish(struct guest_program *program, enum machine_class class, bool interrupted)
{
	struct boot *boot = &program->boot;

	if (!program->name || boot->status != STATUS_OK)
		return;
	fill_controls(program, &boot->controls);
	fill_window(program_windows(program, "crossing"), &boot->window);
	fill_loops(program);
	fill_round_trip(program);
	if (boot->status == STATUS_OK && class == CLASS_DETERMINISTIC)
		check_equal(program, interrupted);
}

void program_count_events(struct guest_program *program, const struct pmu_events *events)
{
	struct boot *boot = &program->boot;
	struct costs others = {0};

	for (size_t i = 0; i < events->count; i++) {
		g_autofree char *name = g_strdup_printf("event%zu", i);
		g_autofree char *bare = g_strconcat(name, ".bare", NULL);
		double count = costs_get(&boot->loops, name) - costs_get(&boot->loops, bare);
		g_autofree char *text = g_strdup_printf("%.6g", count);

		if (!isnan(count))
			pairs_add(&boot->counts, events->at[i].name, text);
	}
	for (size_t i = 0; i < boot->loops.count; i++)
		if (!g_str_has_prefix(boot->loops.at[i].name, "event"))
			costs_add(&others, boot->loops.at[i].name, boot->loops.at[i].value);
	fields_clear(cost_shape(), &boot->loops);
	boot->loops = others;
}
