/* The build manifest. */
#include "model/model.h"

#include <unistd.h>

#define MANIFEST_FORMAT "entrybench-manifest/1"

/* Beside the executable in a build folder, in ENTRYBENCH_DATA once installed. */
static char *default_path(void)
{
	char *built = path_of_tool("manifest.json");
	char *installed = path_of_tool("../" ENTRYBENCH_DATA "/manifest.json");
	bool use_installed = access(built, R_OK) != 0 && access(installed, R_OK) == 0;

	g_free(use_installed ? built : installed);
	return use_installed ? installed : built;
}

/* Paths in the manifest start from its folder; "" stays. */
static void resolve(const struct manifest *manifest, char **path)
{
	g_autofree char *folder = g_path_get_dirname(manifest->path);

	if (**path && !g_path_is_absolute(*path))
		run_take(path, g_build_filename(folder, *path, NULL));
}

static int finish_benchmark(const struct manifest *manifest, struct benchmark *benchmark,
			    struct error *error)
{
	resolve(manifest, &benchmark->program);
	for (size_t i = 0; i < benchmark->class_names.count; i++) {
		int class = name_index(class_names, benchmark->class_names.at[i]);

		if (class < 0)
			return error_set(error, "%s: benchmark %s: no class \"%s\"", manifest->path,
					 benchmark->name, benchmark->class_names.at[i]);
		benchmark->classes[class] = true;
	}
	return 0;
}

static int read_manifest(struct manifest *manifest, struct error *error)
{
	json_error_t problem;
	json_auto_t *json = json_load_file(manifest->path, JSON_REJECT_DUPLICATES, &problem);
	const char *format = json_string_value(json_object_get(json, "manifest"));
	struct error wrong;

	if (!json)
		return error_set(error, "%s: line %d: %s", manifest->path, problem.line,
				 problem.text);
	if (!format || strcmp(format, MANIFEST_FORMAT))
		return error_set(error, "%s: no %s file; build anew", manifest->path,
				 MANIFEST_FORMAT);
	if (fields_read(manifest_shape(), manifest, json, "", &wrong))
		return error_set(error, "%s: %s", manifest->path, wrong.text);
	return 0;
}

int manifest_load(struct manifest *manifest, const char *path, struct error *error)
{
	fields_init(manifest_shape(), manifest);
	manifest->path = path ? g_strdup(path) : default_path();
	if (access(manifest->path, R_OK))
		return error_set(error, "cannot read %s: %m; build first, or give --manifest FILE",
				 manifest->path);
	if (read_manifest(manifest, error))
		return -1;
	resolve(manifest, &manifest->init);
	for (size_t i = 0; i < manifest->variant_count; i++) {
		resolve(manifest, &manifest->variants[i].image);
		resolve(manifest, &manifest->variants[i].stamped);
	}
	for (size_t i = 0; i < manifest->benchmark_count; i++)
		if (finish_benchmark(manifest, &manifest->benchmarks[i], error))
			return -1;
	return 0;
}

void manifest_free(struct manifest *manifest)
{
	g_free(manifest->path);
	fields_free(manifest_shape(), manifest);
}

const struct variant *manifest_find_variant(const struct manifest *manifest, const char *name)
{
	return fields_find(variant_shape(), &manifest->variants, name);
}

void manifest_add_variant(struct manifest *manifest, const struct new_variant *fresh)
{
	struct variant *variant = fields_append(variant_shape(), &manifest->variants);

	run_set(&variant->name, fresh->name);
	run_set(&variant->about, fresh->about);
	run_set(&variant->image, fresh->image ? fresh->image : "");
	run_set(&variant->machine, fresh->machine);
	run_set(&variant->line, fresh->line ? fresh->line : "");
	variant->safe = true;
	resolve(manifest, &variant->image);
}

void manifest_add_program(struct manifest *manifest, const char *path,
			  const struct strings *arguments)
{
	struct benchmark *benchmark = fields_append(benchmark_shape(), &manifest->benchmarks);
	g_autofree char *name = g_path_get_basename(path);

	run_set(&benchmark->name, MANIFEST_PROGRAM);
	run_set(&benchmark->about, "a program of the user's");
	run_set(&benchmark->program, path);
	benchmark->own = true;
	benchmark->classes[CLASS_SILICON] = benchmark->classes[CLASS_DETERMINISTIC] = true;
	strings_add(&benchmark->params, name);
	strings_copy(&benchmark->words, arguments);
}

void manifest_drop_variants(struct manifest *manifest, const char *machine)
{
	size_t kept = 0;

	for (size_t i = 0; i < manifest->variant_count; i++) {
		if (strcmp(manifest->variants[i].machine, machine))
			manifest->variants[kept++] = manifest->variants[i];
		else
			fields_free(variant_shape(), &manifest->variants[i]);
	}
	manifest->variant_count = kept;
}
