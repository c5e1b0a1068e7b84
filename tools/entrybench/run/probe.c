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

/* Takes the reason. */
static void refuse(struct run_machine *result, char *reason)
{
	result->available = false;
	run_take(&result->reason, reason);
}

static void judge_window(const struct guest *guest, struct run_machine *result)
{
	const struct histogram *empty = program_windows(guest->programs, "empty_window");
	double window = empty ? (double)empty->min : NAN, limit = guest->machine->window_limit;

	if (limit && !(window <= limit))
		refuse(result,
		       g_strdup_printf(
			   "reading the clock twice takes %.0f ticks where %.0f is the most that "
			   "can be measured with: the hypervisor intercepts RDTSC or interprets",
			   window, limit));
}

static void judge_probe(const struct guest *guest, struct run_machine *result)
{
	const struct boot *boot = &guest->programs->boot;
	const char *far = !decoder_began(guest->decoder, STREAM_KERNEL) ? "the kernel does not boot"
			  : !guest->programs->begun
			      ? "no program begins"
			      : "a program that makes system calls does not end";

	run_set(&result->cpu, guest->kernel.cpu);
	run_set(&result->features, guest->kernel.features);
	result->available = true;
	if (guest->timed_out)
		refuse(result, g_strdup_printf("%s: %s", far, guest->reason));
	else if (guest->status != STATUS_OK)
		refuse(result, g_strdup(guest->reason));
	else if (boot->status != STATUS_OK)
		refuse(result, g_strdup(boot->reason));
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
		refuse(result, g_strdup(error.text));
	advice = machine->explain && !result->available ? machine->explain(result->reason) : NULL;
	if (advice)
		refuse(result, g_strconcat(result->reason, "; ", advice, NULL));
	guest_free(guest);
	return code != EXIT_INTERRUPTED;
}

bool probe_machine(const struct machine *machine, const struct manifest *manifest,
		   const struct strings *extras, struct run_machine *result)
{
	const struct needed_program *missing = missing_program(machine);
	const struct variant *variant = probe_variant(machine, manifest);
	const struct benchmark *benchmark = probe_benchmark(manifest);
	bool hopeless = false, go_on = true;
	const char *obstacle = machine->obstacle ? machine->obstacle(&hopeless) : NULL;

	result->class = machine->class;
	result->available = machine->away;
	if (machine->programs->name)
		run_set(&result->program, program_name(machine->programs));
	if (missing)
		refuse(result,
		       g_strdup_printf("%s is not there: apt-get install %s, or run tools/setup",
				       program_name(missing), missing->package));
	else if (!hopeless && (!variant || !benchmark))
		refuse(result, g_strdup_printf("%s has no variant or benchmark to probe with",
					       manifest->path));
	else if (!hopeless)
		go_on = boot_once(machine, manifest, variant, benchmark, extras, result);
	/* What is known beforehand says more than the words of a boot that fails for it. */
	if (obstacle && !missing) {
		run_set(&result->probe, result->reason);
		refuse(result, g_strdup(obstacle));
	}
	return go_on;
}
