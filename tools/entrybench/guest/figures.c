/* Histograms of a program into the figures of its boot. */
#include "guest/guest.h"

/* D(of) from the q-quantiles; NAN: no batches. */
static double cost_at(const struct guest_program *program, const char *of, double q)
{
	struct batch batch;

	return program_batch(program, of, &batch) ? batch_cost(&batch, q) : NAN;
}

/* From the minima. */
static double cost_of(const struct guest_program *program, const char *of)
{
	return cost_at(program, of, 0);
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

	for_each(const struct series, series, program->series, program->series_count)
		if (series->n && !g_strv_contains(usual, series->of) &&
		    isnan(costs_get(&boot->loops, series->of)))
			costs_add(&boot->loops, series->of, cost_of(program, series->of));
	boot->independent_add =
	    cost_at(program, "independent_adds", 0.5) / cost_at(program, "dependent_adds", 0.5);
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
 * boot may differ. The core's clock may change between stretches, so each has its own core cycles,
 * and the boot the least of them.
 */
static void fill_stretches(const struct guest_program *program, struct boot *boot,
			   struct round_trip *whole)
{
	const struct stretch *at = (const void *)program->stretches->data;
	size_t count = program->stretches->len, unstable = 0, disturbed = 0, higher = 0;
	double tolerance = fmax(ROUND_TRIP_TOLERANCE * fabs(whole->estimate),
				2 * boot->clock.step / (double)boot->batch);

	for (size_t i = 0; i < count; i++) {
		const struct round_trip *trip = &at[i].trip;

		unstable += fabs(trip->p10 - trip->estimate) > tolerance;
		disturbed += fabs(trip->p50 - trip->estimate) > tolerance;
		higher += trip->estimate - whole->estimate > tolerance;
		boot->core_cycles =
		    i ? fmin(boot->core_cycles, at[i].core_cycles) : at[i].core_cycles;
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
		flags_add(&boot->flags, "disturbed", 1, NULL);
	if (result.unstable)
		flags_add(&boot->flags, "unstable", 1, NULL);
	if (result.negative)
		flags_add(&boot->flags, "negative_difference", 1, NULL);
}

/*
 * Where every instruction counts one, equal work must give equal readings. A kernel whose timer
 * runs makes some longer: there the shortest must have been read twice.
 */
static void check_equal(struct guest_program *program, bool interrupted)
{
	uint64_t longer = 0;

	for_each(const struct series, series, program->series, program->series_count) {
		int64_t min = series->readings->min;
		int64_t max = series->readings->max;
		uint64_t n = series->readings->n, least = series->readings->least;
		g_autofree char *reason = NULL;

		if (min == max || !strcmp(series->type, EB_TYPE_STRETCH)) /* also in a batch */
			continue;
		longer += n - least;
		if (interrupted && least > 1)
			continue;
		reason = g_strdup_printf("readings of one boot differ: %" PRId64 " and %" PRId64
					 " (%s of %s)",
					 min, max, series->type, series->of);
		fail(&program->boot, reason);
		return;
	}
	if (longer)
		flags_add(&program->boot.flags, "interrupted", longer, NULL);
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
