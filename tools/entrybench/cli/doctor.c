/* The command `doctor`: what can be measured on this host, and what stands in the way. */
#include "cli/cli.h"
#include "report/report.h"

/* So long one looks how busy the CPUs are. */
#define WATCH_SECONDS 0.5

/* What no machine needs, but the tool does. */
static const struct needed_program other_programs[] = {
    {"gnuplot", NULL, "gnuplot-nox"},
    {0},
};

/* In the words of the host's own warnings, with the code "missing". */
static const struct table_column warning_columns[] = {
    {"code", .title = ""},
    {"text", .title = "", .wraps = true},
    {"remedy", .title = "", .wraps = true},
    {0},
};

static void add_warning(void *warnings, const char *code, const char *text, const char *remedy)
{
	table_row(warnings);
	table_put_text(warnings, "code", code);
	table_put_text(warnings, "text", text);
	table_put_text(warnings, "remedy", remedy);
}

static void warn_of_missing(const struct needed_program *program, const char *whom,
			    struct table *warnings)
{
	for (; program->name; program++) {
		g_autofree char *text =
		    g_strdup_printf("%s is not there (%s)", program_name(program), whom);
		g_autofree char *remedy = g_strdup_printf("apt-get install %s", program->package);

		if (!program_found(program))
			add_warning(warnings, "missing", text, remedy);
	}
}

static struct table *warnings_table(const struct run *run)
{
	struct table *warnings = table_new("warnings", warning_columns);
	struct host_state state;

	host_state_read(&state, WATCH_SECONDS);
	host_judge(&run->host, &state, add_warning, warnings);
	host_state_free(&state);
	for (size_t i = 0; i < machine_count; i++)
		if (!i || machines[i]->programs != machines[i - 1]->programs)
			warn_of_missing(machines[i]->programs, machines[i]->name, warnings);
	warn_of_missing(other_programs, "plots", warnings);
	return warnings;
}

static const struct table_column machine_columns[] = {
    {"name", .title = "machine"},
    {.key = "available"},
    {.key = "class"},
    {.key = "unit"},
    {"reason", .audience = TABLE_JSON},
    {"cpu", .audience = TABLE_JSON},
    {"features", .audience = TABLE_JSON},
    {"remark", .title = "CPU, or why not", .audience = TABLE_READERS, .wraps = true},
    {0},
};

static struct table *machines_table(const struct run *run, bool more)
{
	struct table *table = table_new("machines", machine_columns);

	for_each(const struct run_machine, machine, run->machines, run->machine_count) {
		const char *remark = machine->available ? machine->cpu : machine->reason;

		table_row(table);
		table_put_text(table, "name", machine->name);
		table_put_json(table, "available", json_boolean(machine->available),
			       machine->available ? "yes" : "no");
		table_put_text(table, "class", class_name(machine->class));
		table_put_text(table, "unit", class_unit(machine->class));
		table_put_text(table, "reason", machine->reason);
		table_put_text(table, "cpu", machine->cpu);
		table_put_text(table, "features", machine->features);
		if (more && *machine->features)
			table_put(table, "remark", "%s (%s)", remark, machine->features);
		else if (more && *machine->probe)
			table_put(table, "remark", "%s (probe boot: %s)", remark, machine->probe);
		else
			table_put_text(table, "remark", remark);
	}
	return table;
}

static void print(const struct run *run)
{
	g_autoptr(table_t) all = machines_table(run, look_request.verbose);
	g_autoptr(table_t) host = words_host(&run->host, look_request.verbose);
	g_autoptr(table_t) warnings = warnings_table(run);

	if (look_request.json) {
		json_print(json_pack("{s:o, s:o, s:o}", "machines", table_json(all), "host",
				     fields_write(host_facts_shape(), &run->host), "warnings",
				     table_json(warnings)),
			   stdout);
		return;
	}
	look_print(all, "Machines");
	if (look_request.quiet)
		return;
	look_print(host, "Host");
	if (table_rows(warnings))
		look_print(warnings, "Warnings");
}

/* Machines are probed, so that one word is enough to know what works. */
static int main_doctor(G_GNUC_UNUSED const struct words *words, struct error *error)
{
	g_auto(manifest_t) manifest = {0};
	const struct strings none = {0};
	bool any = false;
	g_auto(run_t) run = {0};

	if (manifest_open(&manifest, look_request.manifest, error))
		return EXIT_FAILED;
	signals_open();
	process_adopt_orphans();
	run_init(&run);
	host_facts_read(&run.host);
	for (size_t i = 0; i < machine_count; i++) {
		struct run_machine *machine = run_add_machine(&run, machines[i]->name);

		machine->class = machines[i]->class;
		if (machines[i]->lengthy && !look_request.verbose)
			run_set(&machine->reason, "not tried, a boot takes a minute: doctor -v");
		else if (!probe_machine(machines[i], &manifest, &none, machine))
			return EXIT_INTERRUPTED;
		any |= machine->available && !machines[i]->away;
	}
	print(&run);
	return any ? EXIT_OK : EXIT_NOTHING;
}

const struct command command_doctor = {
    .name = "doctor",
    .usage = "",
    .about = "what can be measured here, on which machine, and why not",
    .options =
	(const struct option_row[]){
	    LOOK_OPTIONS,
	    {0, "bochs", "FILE", "machine bochs' program (or $EB_BOCHS)", .variable = "EB_BOCHS"},
	    {'q', "quiet", NULL, "only the machines", .flag = &look_request.quiet},
	    {'v', "verbose", NULL, "also mitigations, CPU features, what probe boots said",
	     .flag = &look_request.verbose},
	    {0},
	},
    .main = main_doctor,
};
