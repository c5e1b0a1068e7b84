/* Records of a program into histograms. The types and keys are docs/records.md's. */
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
	for_each(const struct series, series, program->series, program->series_count)
		if (series->n == n && !strcmp(series->of, of) && !strcmp(series->type, type))
			return series;
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
	static const char *const parts[] = {"crossing", "bare", "dependent_adds", NULL};
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

/*
 * The core's cycles in a tick, by dependent adds; NAN where its clock changed, or others had it,
 * between their batches of n and of 2n: then both disagree beyond what starting a batch takes.
 */
static double cycles_in_tick(const struct batch *adds)
{
	double cost = batch_cost(adds, 0);
	double once = (double)adds->once->min / (double)adds->n;

	return fabs(once - cost) < ROUND_TRIP_TOLERANCE * cost ? EB_ADDS / cost : NAN;
}

/* One that has no batches says nothing. */
static const char *take_stretch(struct guest_program *program,
				G_GNUC_UNUSED const struct record *record)
{
	struct batch crossing, bare, adds;
	struct stretch result = {.core_cycles = NAN};

	if (!program->stretches)
		program->stretches = g_array_new(FALSE, FALSE, sizeof(result));
	if (find_batch(program, EB_TYPE_STRETCH, "dependent_adds", &adds))
		result.core_cycles = cycles_in_tick(&adds);
	if (find_batch(program, EB_TYPE_STRETCH, "crossing", &crossing) &&
	    find_batch(program, EB_TYPE_STRETCH, "bare", &bare) &&
	    round_trip(&crossing, &bare, 0, &result.trip)) {
		result.core_cycles *= result.trip.estimate;
		g_array_append_val(program->stretches, result);
	}
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
