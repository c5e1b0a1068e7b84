/* What a run's boots depend on, by name, so that different tools or hosts are never mixed. */
#include "run/run.h"

#include "run/version.h"

static char *sum_of(const char *path)
{
	return file_sum(path, NULL) ?: g_strdup("cannot be read");
}

/* Each file once. path may be empty. */
static void add_file(struct pairs *facts, const char *kind, const char *name, const char *path)
{
	g_autofree char *key = g_strdup_printf("%s %s", kind, name), *sum = NULL;

	if (!*path || pairs_get(facts, key))
		return;
	sum = sum_of(path);
	pairs_add(facts, key, sum);
}

/* The first line of PROGRAM --version, if it knows that: "QEMU emulator version 7.2.22, ". */
static char *version_of(char *program)
{
	char *argv[] = {program, "--version", NULL};
	g_autofree char *text = NULL;
	int status;

	if (!g_spawn_sync(NULL, argv, NULL, G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &text, NULL,
			  &status, NULL) ||
	    status || !*text)
		return g_strdup("");
	text[strcspn(text, "\n")] = 0;
	return g_strconcat(text, ", ", NULL);
}

static void add_machine(struct pairs *facts, const struct machine *machine)
{
	for (const struct needed_program *p = machine->programs; p->name; p++) {
		g_autofree char *path = g_find_program_in_path(program_name(p));
		g_autofree char *version = NULL, *sum = NULL, *text = NULL;

		if (!path || pairs_get(facts, p->name))
			continue;
		version = version_of(path);
		sum = sum_of(path);
		text = g_strconcat(version, sum, NULL);
		pairs_add(facts, p->name, text);
	}
}

static void read_facts(struct pairs *facts, const struct run *run, const struct manifest *manifest)
{
	struct host_facts host;

	fields_init(host_facts_shape(), &host);
	host_facts_read(&host);
	pairs_add(facts, "entrybench", ENTRYBENCH_VERSION " " ENTRYBENCH_GIT);
	pairs_add(facts, "host CPU", host.cpu);
	pairs_add(facts, "host kernel", host.kernel);
	fields_free(host_facts_shape(), &host);
	add_file(facts, "file", "init", manifest->init);
	for (const struct cell *cell = run->cells; cell < run->cells + run->cell_count; cell++) {
		const struct machine *machine = machine_find(cell->machine);
		const struct variant *variant;

		if (!cell->boots_wanted || !machine)
			continue;
		add_machine(facts, machine);
		variant = manifest_find_variant(manifest, cell->variant);
		add_file(facts, "kernel", cell->variant, variant ? variant->image : "");
		for_each(const struct benchmark, benchmark, manifest->benchmarks,
			 manifest->benchmark_count) {
			if (strlen(benchmark->name) == bench_base(cell->bench) &&
			    g_str_has_prefix(cell->bench, benchmark->name))
				add_file(facts, "program", benchmark->name, benchmark->program);
		}
	}
}

/* In words; NULL: nothing differs. */
static char *difference_of_facts(const struct pairs *was, const struct pairs *is)
{
	GString *text = g_string_new("");

	for (size_t i = 0; i < is->count; i++) {
		const char *name = is->at[i].name, *now = is->at[i].value;
		const char *before = pairs_get(was, name);

		if (!g_strcmp0(before, now))
			continue;
		g_string_append_printf(text, "%s%s", text->len ? "; " : "", name);
		if (!before)
			g_string_append(text, " is not known of its boots");
		else if (strlen(now) == 64) /* a sum tells nobody anything */
			g_string_append(text, " is another file now");
		else
			g_string_append_printf(text, " was %s and is %s", before, now);
	}
	return g_string_free(text, !text->len);
}

/* Boots of before are kept, and count no more. */
static void start_group(struct run *run, const struct pairs *facts)
{
	struct group *group = fields_append(group_shape(), &run->groups);

	pairs_copy(&group->made_with, facts);
	for (struct cell *cell = run->cells; cell < run->cells + run->cell_count; cell++) {
		for (size_t i = 0; i < cell->boot_count; i++) {
			group->first_boot = MAX(group->first_boot, cell->boots[i].boot + 1);
			*(struct boot *)list_grow(&cell->earlier, sizeof(struct boot)) =
			    cell->boots[i];
		}
		g_clear_pointer(&cell->boots, g_free);
		cell->boot_count = 0;
	}
}

void provenance_note(struct run_result *result)
{
	struct group *group = fields_append(group_shape(), &result->run.groups);

	read_facts(&group->made_with, &result->run, &result->manifest);
}

int provenance_check(const struct run_request *request, struct run_result *result,
		     struct error *error)
{
	struct run *run = &result->run;
	const struct pairs nothing = {0};
	const struct pairs *was =
	    run->group_count ? &run->groups[run->group_count - 1].made_with : &nothing;
	struct pairs facts = {0};
	g_autofree char *difference = NULL;

	read_facts(&facts, run, &result->manifest);
	difference = difference_of_facts(was, &facts);
	if (difference && request->force) {
		remark("a new group of boots: %s", difference);
		run_set(&run->tool.version, ENTRYBENCH_VERSION);
		run_set(&run->tool.git, ENTRYBENCH_GIT);
		host_facts_read(&run->host);
		start_group(run, &facts);
	}
	fields_clear(pair_shape(), &facts);
	if (!difference || request->force)
		return 0;
	return error_set(error,
			 "%s was made with something else: %s; start a new run, or with --force a "
			 "new group of boots in this one",
			 request->resume, difference);
}
