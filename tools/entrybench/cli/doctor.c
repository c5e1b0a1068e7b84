/* The command `doctor`: what can be measured on this host, and what stands in the way. */
#include "cli/look.h"
#include "base/signals.h"
#include "host/facts.h"
#include "host/warnings.h"
#include "report/layout.h"
#include "run/probe.h"
#include "run/run.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* So long one looks how busy the CPUs are. */
#define WATCH_SECONDS 0.5

/* What no machine needs, but the tool does. */
static const struct needed_program other_programs[] = {
    {"gnuplot", NULL, "gnuplot-nox"},
    {0},
};

/* In the words of the host's own warnings, with the code "missing". */
struct warning {
	const char *code;
	char *text, *remedy;
};

struct warnings {
	struct warning *at;
	size_t count;
};

static void add_warning(struct warnings *warnings, const char *code, char *text, char *remedy)
{
	warnings->at = memory_grow(warnings->at, warnings->count, sizeof(*warnings->at));
	warnings->at[warnings->count++] = (struct warning){code, text, remedy};
}

static void free_warnings(struct warnings *warnings)
{
	for (size_t i = 0; i < warnings->count; i++) {
		free(warnings->at[i].text);
		free(warnings->at[i].remedy);
	}
	free(warnings->at);
}

static void warn_of_missing(const struct needed_program *program, const char *whom,
			    struct warnings *warnings)
{
	for (; program->name; program++)
		if (!program_found(program))
			add_warning(
			    warnings, "missing",
			    memory_format("%s is not there (%s)", program_name(program), whom),
			    memory_format("apt-get install %s", program->package));
}

static void warn_of_host(const struct host_facts *facts, struct warnings *warnings)
{
	struct host_warnings found = {0};
	struct host_state state;

	host_state_read(&state, WATCH_SECONDS);
	host_judge(facts, &state, &found);
	for (size_t i = 0; i < found.count; i++)
		add_warning(warnings, host_warning_code(found.at[i].kind),
			    memory_copy(found.at[i].text), memory_copy(found.at[i].remedy));
	host_warnings_free(&found);
	host_state_free(&state);
}

static void find_warnings(const struct run *run, struct warnings *warnings)
{
	warn_of_host(&run->host, warnings);
	for (size_t i = 0; i < machine_count; i++)
		if (!i || machines[i]->programs != machines[i - 1]->programs)
			warn_of_missing(machines[i]->programs, machines[i]->name, warnings);
	warn_of_missing(other_programs, "plots", warnings);
}

static void print_json(const struct run *run, const struct warnings *warnings)
{
	json_t *list = json_array(), *texts = json_array(), *json;

	for (size_t i = 0; i < run->machine_count; i++) {
		const struct run_machine *machine = &run->machines[i];

		json_array_append_new(
		    list,
		    json_pack("{s:s, s:b, s:s, s:s, s:s, s:s, s:s}", "name", machine->name,
			      "available", machine->available, "class", class_name(machine->class),
			      "unit", class_unit(machine->class), "reason", machine->reason, "cpu",
			      machine->cpu, "features", machine->features));
	}
	for (size_t i = 0; i < warnings->count; i++)
		json_array_append_new(
		    texts, json_pack("{s:s, s:s, s:s}", "code", warnings->at[i].code, "text",
				     warnings->at[i].text, "remedy", warnings->at[i].remedy));
	json = json_pack("{s:o, s:o, s:o}", "machines", list, "host",
			 fields_write(&host_facts_shape, &run->host), "warnings", texts);
	json_dumpf(json, stdout, JSON_INDENT(1));
	putchar('\n');
	json_decref(json);
}

static void print_machines(const struct run *run, const struct look_request *request)
{
	bool color = isatty(STDOUT_FILENO) && !getenv("NO_COLOR");
	struct layout layout = {.columns = 4,
				.titles = {"machine", "available", "class", "unit", ""},
				.left = {true, true, true, true}};

	for (size_t i = 0; i < run->machine_count; i++) {
		const struct run_machine *machine = &run->machines[i];
		char *texts[] = {memory_copy(machine->name),
				 memory_copy(machine->available ? "yes" : "no"),
				 memory_copy(class_name(machine->class)),
				 memory_copy(class_unit(machine->class))};
		const char *remark = machine->available ? machine->cpu : machine->reason;
		bool features = request->verbose && machine->features[0];

		layout_row(&layout, texts,
			   memory_format("%s%s%s%s", remark, features ? " (" : "",
					 features ? machine->features : "", features ? ")" : ""));
	}
	layout_print(&layout, stdout, 100, color);
	layout_free(&layout);
}

static void print_fact(const char *name, const char *value)
{
	printf("  %-10s %s\n", name, value[0] ? value : "unknown");
}

static void print_host(const struct host_facts *host, bool verbose)
{
	char hz[40] = "", cpus[20];

	if (isfinite(host->tsc_hz))
		snprintf(hz, sizeof(hz), "%.3f MHz", host->tsc_hz / 1e6);
	snprintf(cpus, sizeof(cpus), "%u", host->cpus);
	printf("\nHost\n");
	print_fact("cpu", host->cpu);
	print_fact("cpus", cpus);
	print_fact("microcode", host->microcode);
	print_fact("kernel", host->kernel);
	print_fact("tsc", hz);
	print_fact("smt", host->smt);
	print_fact("governor", host->governor);
	for (size_t i = 0; verbose && i < host->mitigations.count; i++)
		printf("  %s: %s\n", host->mitigations.at[i].name, host->mitigations.at[i].value);
}

static void print_text(const struct run *run, const struct warnings *warnings,
		       const struct look_request *request)
{
	print_machines(run, request);
	if (request->quiet)
		return;
	print_host(&run->host, request->verbose);
	if (warnings->count)
		printf("\nWarnings\n");
	for (size_t i = 0; i < warnings->count; i++)
		printf("  %s: %s\n      %s\n", warnings->at[i].code, warnings->at[i].text,
		       warnings->at[i].remedy);
}

/* All machines are probed, so that one word is enough to know what works. The exit code. */
static int examine(const struct manifest *manifest, const struct look_request *request)
{
	const struct strings none = {0};
	struct warnings warnings = {0};
	bool go_on = true, any = false;
	struct run run;

	signals_open();
	process_adopt_orphans();
	run_init(&run);
	host_facts_read(&run.host);
	for (size_t i = 0; i < machine_count && go_on; i++) {
		struct run_machine *machine = run_add_machine(&run, machines[i]->name);

		go_on = probe_machine(machines[i], manifest, &none, machine);
		any |= machine->available;
	}
	find_warnings(&run, &warnings);
	if (go_on && request->json)
		print_json(&run, &warnings);
	else if (go_on)
		print_text(&run, &warnings, request);
	free_warnings(&warnings);
	run_free(&run);
	if (!go_on)
		return EXIT_INTERRUPTED;
	return any ? EXIT_OK : EXIT_NOTHING;
}

static int main_doctor(const struct words *words)
{
	(void)words;
	return look_main(examine);
}

const struct command command_doctor = {
    .name = "doctor",
    .usage = "",
    .about = "what can be measured here, on which machine, and why not",
    .options =
	(const struct option_row[]){
	    LOOK_OPTIONS,
	    {'q', "quiet", NULL, "only the machines", .flag = &look_request.quiet},
	    {'v', "verbose", NULL, "also mitigations and CPU features of machines",
	     .flag = &look_request.verbose},
	    {0},
	},
    .main = main_doctor,
};
