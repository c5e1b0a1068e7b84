/* The probe boot. */
#include "run/run.h"

#define PROBE_TIMEOUT 10 /* seconds, or the machine's own if that is less */

static const struct needed_program *missing_program(const struct machine *machine)
{
	for (const struct needed_program *p = machine->programs; p->name; p++)
		if (!program_found(p))
			return p;
	return NULL;
}

bool probe_lacks_program(const struct machine *machine)
{
	return missing_program(machine);
}

/* Any variant that needs nothing special shows what the CPU is. */
static const struct variant *probe_variant(const struct machine *machine,
					   const struct manifest *manifest)
{
	for (size_t i = 0; i < manifest->variant_count; i++)
		if (machine_has(machine, &manifest->variants[i]) &&
		    !manifest->variants[i].needs.count && manifest->variants[i].safe)
			return &manifest->variants[i];
	return NULL;
}

/* The first benchmark without a parameter: one round trip must work, and the clock must serve. */
static const struct benchmark *probe_benchmark(const struct manifest *manifest)
{
	for (size_t i = 0; i < manifest->benchmark_count; i++)
		if (!manifest->benchmarks[i].params.count && !manifest->benchmarks[i].needs.count)
			return &manifest->benchmarks[i];
	return NULL;
}

static void refuse(struct run_machine *result, const char *reason)
{
	result->available = false;
	run_set(&result->reason, reason);
}

static void judge_window(const struct guest *guest, struct run_machine *result)
{
	const struct histogram *empty = program_windows(guest->programs, "empty_window");
	double window = empty ? (double)empty->min : NAN;
	g_autofree char *reason = NULL;

	if (!guest->machine->window_limit || window <= guest->machine->window_limit)
		return;
	reason = g_strdup_printf(
	    "reading the clock twice takes %.0f ticks where %.0f is the most that can be "
	    "measured with: the hypervisor intercepts RDTSC or interprets",
	    window, guest->machine->window_limit);
	refuse(result, reason);
}

/* How far a guest came that did not end. */
static void explain_timeout(const struct guest *guest, struct run_machine *result)
{
	const char *far = !decoder_began(guest->decoder, STREAM_KERNEL) ? "the kernel does not boot"
			  : !guest->programs->begun			? "no program begins"
									: "a program that makes "
									  "system calls does not end";
	g_autofree char *reason = g_strdup_printf("%s: %s", far, guest->reason);

	refuse(result, reason);
}

static void judge_probe(const struct guest *guest, struct run_machine *result)
{
	const struct boot *boot = &guest->programs->boot;

	run_set(&result->cpu, guest->kernel.cpu);
	run_set(&result->features, guest->kernel.features);
	result->available = true;
	if (guest->timed_out)
		explain_timeout(guest, result);
	else if (guest->status != STATUS_OK)
		refuse(result, guest->reason);
	else if (boot->status != STATUS_OK)
		refuse(result, boot->reason);
	else
		judge_window(guest, result);
}

/* False: the user wants to stop. */
static bool boot_once(const struct machine *machine, const struct manifest *manifest,
		      const struct variant *variant, const struct benchmark *benchmark,
		      const struct strings *extras, struct run_machine *result)
{
	const struct bench_case one = {.benchmark = benchmark, .param = ""};
	const struct single_boot single = {
	    .machine = machine,
	    .variant = variant,
	    .bench = &one,
	    .timeout = machine->probe_timeout ?: MIN(machine->timeout, PROBE_TIMEOUT),
	    .sizes = class_sizes[CLASS_DETERMINISTIC],
	    .extras = extras,
	    .init = manifest->init,
	};
	struct error error = {""};
	const char *advice;
	struct guest *guest;
	int code = single_boot_run(&single, &guest, &error);

	if (code == 0)
		judge_probe(guest, result);
	else
		refuse(result, error.text);
	advice = machine->explain && !result->available ? machine->explain(result->reason) : NULL;
	if (advice) {
		g_autofree char *reason = g_strconcat(result->reason, "; ", advice, NULL);

		refuse(result, reason);
	}
	guest_free(guest);
	return code != EXIT_INTERRUPTED;
}

/* What is known beforehand comes first; what the boot says is evidence. */
static void add_obstacle(const char *obstacle, struct run_machine *result)
{
	g_autofree char *reason =
	    result->reason[0] ? g_strdup_printf("%s (probe boot: %s)", obstacle, result->reason)
			      : g_strdup(obstacle);

	refuse(result, reason);
}

bool probe_machine(const struct machine *machine, const struct manifest *manifest,
		   const struct strings *extras, struct run_machine *result)
{
	const struct needed_program *missing = missing_program(machine);
	const struct variant *variant = probe_variant(machine, manifest);
	const struct benchmark *benchmark = probe_benchmark(manifest);
	bool hopeless = false, go_on = true;
	const char *obstacle = machine->obstacle ? machine->obstacle(&hopeless) : NULL;
	g_autofree char *reason = NULL;

	result->class = machine->class;
	if (machine->programs->name)
		run_set(&result->program, program_name(machine->programs));
	if (missing)
		reason = g_strdup_printf("%s is not there: apt-get install %s, or run tools/setup",
					 program_name(missing), missing->package);
	else if (!hopeless && (!variant || !benchmark))
		reason =
		    g_strdup_printf("%s has no variant or benchmark to probe with", manifest->path);
	if (reason)
		run_set(&result->reason, reason);
	else if (!hopeless)
		go_on = boot_once(machine, manifest, variant, benchmark, extras, result);
	if (obstacle && !missing)
		add_obstacle(obstacle, result);
	return go_on;
}
