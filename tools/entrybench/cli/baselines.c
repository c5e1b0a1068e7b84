/* Saved baselines: a run.json under a name, to compare with later; and the command `baselines`. */
#include "cli/cli.h"

#include "report/report.h"

#include <dirent.h>

static char *home(void)
{
	return g_build_filename(g_get_user_data_dir(), "entrybench", "baselines", NULL);
}

static char *folder_of(const char *name)
{
	g_autofree char *all = home(), *safe = path_safe_parts(name, NULL);

	return g_build_filename(all, safe, NULL);
}

int baseline_save(const struct run *run, const char *name, struct error *error)
{
	g_autofree char *folder = folder_of(name);

	return folder_make(folder, error) ? -1 : run_save(run, folder, error);
}

int baseline_load(struct run *run, const char *name, struct error *error)
{
	g_autofree char *folder = folder_of(name);

	if (run_load(run, folder, error))
		return error_set(error,
				 "no baseline \"%s\" (entrybench baselines list shows all; run "
				 "--save-baseline makes one)",
				 name);
	summary_fill(run);
	return 0;
}

static void add_row(struct table *table, const char *name, const struct run *run)
{
	g_autoptr(GString) machines = g_string_new(NULL);

	for (size_t i = 0; i < run->machine_count; i++)
		if (run->machines[i].available)
			g_string_append_printf(machines, "%s%s", machines->len ? " " : "",
					       run->machines[i].name);
	table_row(table);
	table_put_text(table, "baseline", name);
	table_put_text(table, "started", run->started);
	table_put_number(table, "cells", (double)run->cell_count);
	table_put_text(table, "machines", machines->str);
	table_put_text(table, "host", run->host.cpu);
}

static int list(G_GNUC_UNUSED const char *unused, G_GNUC_UNUSED struct error *error)
{
	static const struct table_column columns[] = {
	    {.key = "baseline"},	 {.key = "started"},	  {"cells", .format = TABLE_COUNT},
	    {"machines", .wraps = true}, {"host", .wraps = true}, {0},
	};
	g_autoptr(table_t) table = table_new(NULL, columns);
	g_autofree char *folder = home();
	struct dirent **entries;
	int count = scandir(folder, &entries, NULL, alphasort);

	for (int i = 0; i < count; i++) {
		g_autofree char *path = g_build_filename(folder, entries[i]->d_name, NULL);
		g_autofree char *name = g_uri_unescape_string(entries[i]->d_name, NULL);
		g_auto(run_t) run = {0};

		if (run_load(&run, path, NULL) == 0)
			add_row(table, name, &run);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	table_print_text(table, stdout, table_style_of(stdout));
	return EXIT_OK;
}

static int show(const char *name, struct error *error)
{
	g_auto(run_t) run = {0};
	g_auto(rows_t) rows = {0};

	if (baseline_load(&run, name, error))
		return EXIT_USAGE;
	rows_fill(&rows, &run);
	report_print(&run, &rows, false, stdout, table_style_of(stdout));
	return EXIT_OK;
}

static int rm(const char *name, struct error *error)
{
	g_autofree char *folder = folder_of(name);
	g_auto(run_t) run = {0};

	if (baseline_load(&run, name, error))
		return EXIT_USAGE;
	folder_remove(folder);
	return EXIT_OK;
}

static int main_baselines(const struct words *words, struct error *error)
{
	static const struct {
		const char *name;
		size_t operands;
		int (*main)(const char *name, struct error *error);
	} verbs[] = {{"list", 1, list}, {"show", 2, show}, {"rm", 2, rm}};
	const struct strings *operands = &words->operands;

	for (size_t i = 0; i < G_N_ELEMENTS(verbs); i++)
		if (operands->count == verbs[i].operands && !strcmp(operands->at[0], verbs[i].name))
			return verbs[i].main(operands->at[operands->count - 1], error);
	error_set(error, "usage: entrybench baselines list | show NAME | rm NAME");
	return EXIT_USAGE;
}

const struct command command_baselines = {
    .name = "baselines",
    .usage = "list | show NAME | rm NAME",
    .about = "runs that were saved to be compared with",
    .options = (const struct option_row[]){{0}},
    .operands_max = 2,
    .main = main_baselines,
};
