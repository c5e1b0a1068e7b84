/* The command `list`: what the build made, and the machines there are. */
#include "cli/look.h"
#include "machine/machine.h"
#include "report/layout.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static json_t *string_array(const struct strings *list)
{
	json_t *array = json_array();

	for (size_t i = 0; i < list->count; i++)
		json_array_append_new(array, json_string(list->at[i]));
	return array;
}

static json_t *variant_json(const struct variant *variant)
{
	json_t *features = json_object();

	for (size_t i = 0; i < variant->features.count; i++)
		json_object_set_new(features, variant->features.at[i].name,
				    json_string(variant->features.at[i].value));
	return json_pack("{s:s, s:o, s:b, s:o, s:s, s:s, s:s}", "name", variant->name, "features",
			 features, "safe", variant->safe, "needs", string_array(&variant->needs),
			 "about", variant->about, "image", variant->image, "machine",
			 variant->machine);
}

static json_t *benchmark_json(const struct benchmark *benchmark)
{
	json_t *classes = json_array();

	for (int class = CLASS_SILICON; class <= CLASS_DETERMINISTIC; class ++)
		if (benchmark->classes[class])
			json_array_append_new(classes,
					      json_string(class_name((enum machine_class) class)));
	return json_pack("{s:s, s:o, s:o, s:o, s:s, s:s}", "name", benchmark->name, "params",
			 string_array(&benchmark->params), "classes", classes, "needs",
			 string_array(&benchmark->needs), "about", benchmark->about, "program",
			 benchmark->program);
}

static void print_json(const struct manifest *manifest)
{
	json_t *variants = json_array(), *benchmarks = json_array(), *all = json_array(), *json;

	for (size_t i = 0; i < manifest->variant_count; i++)
		json_array_append_new(variants, variant_json(&manifest->variants[i]));
	for (size_t i = 0; i < manifest->benchmark_count; i++)
		json_array_append_new(benchmarks, benchmark_json(&manifest->benchmarks[i]));
	for (size_t i = 0; i < machine_count; i++)
		json_array_append_new(
		    all, json_pack("{s:s, s:s, s:s, s:s}", "name", machines[i]->name, "class",
				   class_name(machines[i]->class), "unit",
				   class_unit(machines[i]->class), "about", machines[i]->about));
	json = json_pack("{s:o, s:o, s:o}", "variants", variants, "benchmarks", benchmarks,
			 "machines", all);
	json_dumpf(json, stdout, JSON_INDENT(1));
	putchar('\n');
	json_decref(json);
}

static char *join(const struct strings *list)
{
	char *text = memory_copy("");

	for (size_t i = 0; i < list->count; i++) {
		char *longer = memory_format("%s%s%s", text, i ? " " : "", list->at[i]);

		free(text);
		text = longer;
	}
	return text;
}

static char *join_features(const struct variant *variant)
{
	struct strings words = {0};
	char *text;

	for (size_t i = 0; i < variant->features.count; i++)
		strings_addf(&words, "%s=%s", variant->features.at[i].name,
			     variant->features.at[i].value);
	text = join(&words);
	strings_free(&words);
	return text;
}

/* About, with what a reader must not miss before it and a path behind it where asked for. */
static char *remark(const char *warning, const char *about, const char *path)
{
	return memory_format("%s%s%s%s%s", warning, about, path ? " (" : "", path ? path : "",
			     path ? ")" : "");
}

static void print_layout(struct layout *layout, const char *heading,
			 const struct look_request *request)
{
	bool color = isatty(STDOUT_FILENO) && !getenv("NO_COLOR");

	if (!request->quiet)
		printf("%s%s%s\n", color ? "\033[1m" : "", heading, color ? "\033[0m" : "");
	layout_print(layout, stdout, 100, color);
	if (!request->quiet)
		printf("\n");
	layout_free(layout);
}

static void print_variants(const struct manifest *manifest, const struct look_request *request)
{
	struct layout layout = {.columns = 3,
				.titles = {"variant", "features", "needs", "about"},
				.left = {true, true, true}};

	for (size_t i = 0; i < manifest->variant_count; i++) {
		const struct variant *variant = &manifest->variants[i];
		char *texts[] = {memory_copy(variant->name), join_features(variant),
				 join(&variant->needs)};

		layout_row(&layout, texts,
			   remark(variant->safe ? "" : "unsafe, for measurement only: ",
				  variant->about, request->verbose ? variant->image : NULL));
	}
	print_layout(&layout, "Variants", request);
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

static void print_benchmarks(const struct manifest *manifest, const struct look_request *request)
{
	struct layout layout = {
	    .columns = 2, .titles = {"benchmark", "parameters", "about"}, .left = {true, true}};

	for (size_t i = 0; i < manifest->benchmark_count; i++) {
		const struct benchmark *benchmark = &manifest->benchmarks[i];
		char *texts[] = {memory_copy(benchmark->name), join(&benchmark->params)};

		layout_row(&layout, texts,
			   remark(where_it_runs(benchmark), benchmark->about,
				  request->verbose ? benchmark->program : NULL));
	}
	print_layout(&layout, "Benchmarks (-B NAME or NAME:PARAMETER)", request);
}

static void print_machines(const struct look_request *request)
{
	struct layout layout = {.columns = 3,
				.titles = {"machine", "class", "unit", "about"},
				.left = {true, true, true}};

	for (size_t i = 0; i < machine_count; i++) {
		char *texts[] = {memory_copy(machines[i]->name),
				 memory_copy(class_name(machines[i]->class)),
				 memory_copy(class_unit(machines[i]->class))};

		layout_row(&layout, texts, memory_copy(machines[i]->about));
	}
	print_layout(&layout, "Machines (entrybench doctor says which of them work here)", request);
}

static int show(const struct manifest *manifest, const struct look_request *request)
{
	if (request->json) {
		print_json(manifest);
	} else {
		print_variants(manifest, request);
		print_benchmarks(manifest, request);
		print_machines(request);
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
