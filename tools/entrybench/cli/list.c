/* The command `list`: what the build made, and the machines there are. */
#include "cli/cli.h"

static json_t *string_array(const struct strings *list)
{
	json_t *array = json_array();

	for (size_t i = 0; i < list->count; i++)
		json_array_append_new(array, json_string(list->at[i]));
	return array;
}

static void put_words(struct table *table, const char *key, const struct strings *list)
{
	g_autofree char *text = list->count ? g_strjoinv(" ", list->at) : NULL;

	table_put_json(table, key, string_array(list), text ? text : "");
}

/* A reader sees those that are on. */
static void put_features(struct table *table, const struct pairs *features)
{
	g_autoptr(GString) text = g_string_new(NULL);
	json_t *json = json_object();

	for (size_t i = 0; i < features->count; i++) {
		const struct pair *one = &features->at[i];

		json_object_set_new(json, one->name, json_string(one->value));
		if (strcmp(one->value, "off"))
			g_string_append_printf(text, "%s%s=%s", text->len ? " " : "", one->name,
					       one->value);
	}
	table_put_json(table, "features", json, text->str);
}

/* About, with what a reader must not miss before it and a path behind it where asked for. */
static void put_about(struct table *table, const char *warning, const char *about, const char *path)
{
	table_put_text(table, "about", about);
	if (look_request.verbose && path)
		table_put(table, "remark", "%s%s (%s)", warning, about, path);
	else
		table_put(table, "remark", "%s%s", warning, about);
}

static const struct table_column variant_columns[] = {
    {"name", .title = "variant"},
    {"features", .wraps = true},
    {"safe", .audience = TABLE_JSON},
    {"needs", .wraps = true},
    {"about", .audience = TABLE_JSON},
    {"image", .audience = TABLE_JSON},
    {"machine", .audience = TABLE_JSON},
    {"remark", .title = "about", .audience = TABLE_READERS, .wraps = true},
    {0},
};

static struct table *variants_table(const struct manifest *manifest)
{
	struct table *table = table_new("variants", variant_columns);

	for (size_t i = 0; i < manifest->variant_count; i++) {
		const struct variant *variant = &manifest->variants[i];

		table_row(table);
		table_put_text(table, "name", variant->name);
		put_features(table, &variant->features);
		table_put_json(table, "safe", json_boolean(variant->safe), NULL);
		put_words(table, "needs", &variant->needs);
		table_put_text(table, "image", variant->image);
		table_put_text(table, "machine", variant->machine);
		put_about(table,
			  variant->safe ? "" : "unsafe, for measurement only: ", variant->about,
			  variant->image);
	}
	table_note(table, "A feature that is not named is off.");
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

static json_t *classes_json(const struct benchmark *benchmark)
{
	json_t *classes = json_array();

	for (int class = CLASS_SILICON; class <= CLASS_DETERMINISTIC; class ++)
		if (benchmark->classes[class])
			json_array_append_new(classes,
					      json_string(class_name((enum machine_class) class)));
	return classes;
}

static const struct table_column benchmark_columns[] = {
    {"name", .title = "benchmark"},
    {"params", .title = "parameters", .wraps = true},
    {"classes", .audience = TABLE_JSON},
    {"needs", .audience = TABLE_JSON},
    {"about", .audience = TABLE_JSON},
    {"program", .audience = TABLE_JSON},
    {"remark", .title = "about", .audience = TABLE_READERS, .wraps = true},
    {0},
};

static struct table *benchmarks_table(const struct manifest *manifest)
{
	struct table *table = table_new("benchmarks", benchmark_columns);

	for (size_t i = 0; i < manifest->benchmark_count; i++) {
		const struct benchmark *benchmark = &manifest->benchmarks[i];

		table_row(table);
		table_put_text(table, "name", benchmark->name);
		put_words(table, "params", &benchmark->params);
		table_put_json(table, "classes", classes_json(benchmark), NULL);
		put_words(table, "needs", &benchmark->needs);
		table_put_text(table, "program", benchmark->program);
		put_about(table, where_it_runs(benchmark), benchmark->about, benchmark->program);
	}
	table_note(table, "-B takes NAME, or NAME:PARAMETER.");
	return table;
}

static const struct table_column machine_columns[] = {
    {"name", .title = "machine"}, {.key = "class"}, {.key = "unit"}, {"about", .wraps = true}, {0},
};

static struct table *machines_table(void)
{
	struct table *table = table_new("machines", machine_columns);

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

static int show(const struct manifest *manifest, const struct look_request *request)
{
	g_autoptr(table_t) variants = variants_table(manifest);
	g_autoptr(table_t) benchmarks = benchmarks_table(manifest);
	g_autoptr(table_t) all = machines_table();

	if (request->json) {
		look_print_json(json_pack("{s:o, s:o, s:o}", "variants", table_json(variants),
					  "benchmarks", table_json(benchmarks), "machines",
					  table_json(all)));
	} else {
		look_print(variants, "Variants");
		look_print(benchmarks, "Benchmarks");
		look_print(all, "Machines");
	}
	return EXIT_OK;
}

static int main_list(const struct words *words)
{
	(void)words;
	return look_main(show);
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
