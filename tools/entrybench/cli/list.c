/* The command `list`: what the build made, and the machines there are. */
#include "cli/cli.h"

struct look_request look_request;

static void put_words(struct table *table, const char *key, const struct strings *list)
{
	g_autofree char *text = list->count ? g_strjoinv(" ", list->at) : NULL;

	table_put_text(table, key, text);
}

/* About, with what a reader must not miss before it and a path behind it where asked for. */
static void put_about(struct table *table, const char *warning, const char *about, const char *path)
{
	bool wanted = look_request.verbose && path;

	table_put(table, "about", wanted ? "%s%s (%s)" : "%s%s", warning, about, path);
}

static struct table *variants_table(const struct manifest *manifest)
{
	static const struct table_column columns[] = {
	    {"name", .title = "variant"},
	    {"features", .wraps = true},
	    {"needs", .wraps = true},
	    {"about", .wraps = true},
	    {0},
	};
	struct table *table = table_new("variants", columns);

	for_each(const struct variant, variant, manifest->variants, manifest->variant_count) {
		g_auto(strings_t) on = {0};

		for_each(const struct pair, feature, variant->features.at,
			 variant->features.count) {
			if (strcmp(feature->value, "off"))
				strings_addf(&on, "%s=%s", feature->name, feature->value);
		}
		table_row(table);
		table_put_text(table, "name", variant->name);
		put_words(table, "features", &on);
		put_words(table, "needs", &variant->needs);
		put_about(table,
			  !variant->safe   ? "unsafe, for measurement only: "
			  : variant->extra ? "extra: "
					   : "",
			  variant->about, variant->image);
	}
	table_note(table, "A feature that is not named is off. A run that chooses neither variants "
			  "nor benchmarks leaves out the extra ones; -V '*' has all.");
	return table;
}

/* Where it means nothing it runs only when -B names it. */
static const char *where_it_runs(const struct benchmark *benchmark)
{
	bool silicon = benchmark->classes[CLASS_SILICON];
	bool deterministic = benchmark->classes[CLASS_DETERMINISTIC];

	if (!silicon && !deterministic)
		return "on request only: ";
	if (!deterministic)
		return "silicon, elsewhere on request: ";
	return silicon ? "" : "emulators, elsewhere on request: ";
}

static struct table *benchmarks_table(const struct manifest *manifest)
{
	static const struct table_column columns[] = {
	    {"name", .title = "benchmark"},
	    {"params", .title = "parameters", .wraps = true},
	    {"about", .wraps = true},
	    {0},
	};
	struct table *table = table_new("benchmarks", columns);

	for_each(const struct benchmark, benchmark, manifest->benchmarks,
		 manifest->benchmark_count) {
		table_row(table);
		table_put_text(table, "name", benchmark->name);
		put_words(table, "params", &benchmark->params);
		put_about(table, where_it_runs(benchmark), benchmark->about, benchmark->program);
	}
	table_note(table, "-B takes NAME, or NAME:PARAMETER.");
	return table;
}

static struct table *machines_table(void)
{
	static const struct table_column columns[] = {{"name", .title = "machine"},
						      {.key = "class"},
						      {.key = "unit"},
						      {"about", .wraps = true},
						      {0}};
	struct table *table = table_new("machines", columns);

	for (size_t i = 0; i < machine_count; i++) {
		table_row(table);
		table_put_text(table, "name", machines[i]->name);
		table_put_text(table, "class", class_name(machines[i]->class));
		table_put_text(table, "unit", class_unit(machines[i]->class));
		table_put_text(table, "about", machines[i]->about);
	}
	table_note(table, "`entrybench doctor` says which of them work here.");
	return table;
}

void look_print(const struct table *table, const char *title)
{
	struct table_style style = table_style_of(stdout);

	if (!look_request.quiet)
		table_print_heading(title, stdout, style);
	table_print_text(table, stdout, style);
	if (!look_request.quiet)
		putchar('\n');
}

static int main_list(G_GNUC_UNUSED const struct words *words, struct error *error)
{
	g_auto(manifest_t) manifest = {0};
	g_autoptr(table_t) variants = NULL, benchmarks = NULL, machines = machines_table();

	if (manifest_open(&manifest, look_request.manifest, error))
		return EXIT_FAILED;
	variants = variants_table(&manifest);
	benchmarks = benchmarks_table(&manifest);
	if (look_request.json) {
		json_t *json = fields_write(manifest_shape(), &manifest);

		json_object_set_new(json, "machines", table_json(machines));
		json_print(json, stdout);
	} else {
		look_print(variants, "Variants");
		look_print(benchmarks, "Benchmarks");
		look_print(machines, "Machines");
	}
	return EXIT_OK;
}

const struct command command_list = {
    .name = "list",
    .usage = "",
    .about = "variants, benchmarks, machines",
    .options =
	(const struct option_row[]){
	    LOOK_OPTIONS,
	    {'q', "quiet", NULL, "no headings", .flag = &look_request.quiet},
	    {'v', "verbose", NULL, "also paths of images and programs",
	     .flag = &look_request.verbose},
	    {0},
	},
    .main = main_list,
};
