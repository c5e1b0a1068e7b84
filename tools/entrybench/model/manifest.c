/* The build manifest: see manifest.h. */
#include "model/manifest.h"
#include "model/flags.h"
#include "base/file.h"

#include <errno.h>
#include <jansson.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MANIFEST_FORMAT "entrybench-manifest/1"

/* Where the executable lies, so does the manifest. */
static char *default_path(struct error *error)
{
	char exe[PATH_MAX];
	ssize_t size = readlink("/proc/self/exe", exe, sizeof(exe) - 1);

	if (size < 0) {
		error_set(error, "cannot read /proc/self/exe: %s; give --manifest FILE",
			  strerror(errno));
		return NULL;
	}
	exe[size] = 0;
	return path_join(dirname(exe), "manifest.json");
}

/* A member that must be a string without control characters. NULL with error set. */
static const char *text_of(const char *path, const json_t *object, const char *key,
			   struct error *error)
{
	const char *text = json_string_value(json_object_get(object, key));

	if (!text)
		error_set(error, "%s: an entry has no string \"%s\"", path, key);
	return text;
}

static int read_strings(const char *path, const json_t *object, const char *key,
			struct strings *list, struct error *error)
{
	const json_t *array = json_object_get(object, key);

	for (size_t i = 0; i < json_array_size(array); i++) {
		const char *text = json_string_value(json_array_get(array, i));

		if (!text)
			return error_set(error, "%s: \"%s\" must be strings", path, key);
		strings_add(list, text);
	}
	return 0;
}

/* Paths in the manifest start from its folder. */
static char *resolve(const struct manifest *manifest, const char *path)
{
	char *copy, *resolved;

	if (path[0] == '/')
		return g_strdup(path);
	copy = g_strdup(manifest->path);
	resolved = path_join(dirname(copy), path);
	free(copy);
	return resolved;
}

static int read_variant(struct manifest *manifest, const json_t *json, struct error *error)
{
	const char *name = text_of(manifest->path, json, "name", error);
	const char *image = name ? text_of(manifest->path, json, "image", error) : NULL;
	const char *about = image ? text_of(manifest->path, json, "about", error) : NULL;
	const char *stamped = json_string_value(json_object_get(json, "stamped"));
	struct variant *variant;
	const char *feature;
	json_t *value;

	if (!about)
		return -1;
	manifest->variants =
	    memory_grow(manifest->variants, manifest->variant_count, sizeof(*manifest->variants));
	variant = &manifest->variants[manifest->variant_count++];
	variant->name = g_strdup(name);
	variant->about = g_strdup(about);
	variant->image = resolve(manifest, image);
	variant->stamped = stamped ? resolve(manifest, stamped) : g_strdup("");
	variant->machine = g_strdup("");
	variant->line = g_strdup("");
	variant->safe = !json_is_false(json_object_get(json, "safe"));
	json_object_foreach(json_object_get(json, "features"), feature, value)
	{
		if (json_is_string(value))
			pairs_add(&variant->features, feature, json_string_value(value));
	}
	return read_strings(manifest->path, json, "needs", &variant->needs, error);
}

static int read_classes(const struct manifest *manifest, const json_t *json,
			struct benchmark *benchmark, struct error *error)
{
	struct strings names = {0};
	int result = read_strings(manifest->path, json, "classes", &names, error);

	for (size_t i = 0; result == 0 && i < names.count; i++) {
		enum machine_class class;

		if (class_parse(names.at[i], &class))
			benchmark->classes[class] = true;
		else
			result =
			    error_set(error, "%s: no class \"%s\"", manifest->path, names.at[i]);
	}
	strings_free(&names);
	return result;
}

static int read_benchmark(struct manifest *manifest, const json_t *json, struct error *error)
{
	const char *name = text_of(manifest->path, json, "name", error);
	const char *program = name ? text_of(manifest->path, json, "program", error) : NULL;
	const char *about = program ? text_of(manifest->path, json, "about", error) : NULL;
	const char *reference = json_string_value(json_object_get(json, "reference"));
	struct benchmark *benchmark;

	if (!about)
		return -1;
	manifest->benchmarks = memory_grow(manifest->benchmarks, manifest->benchmark_count,
					   sizeof(*manifest->benchmarks));
	benchmark = &manifest->benchmarks[manifest->benchmark_count++];
	benchmark->name = g_strdup(name);
	benchmark->about = g_strdup(about);
	benchmark->program = resolve(manifest, program);
	benchmark->reference_case = g_strdup(reference ? reference : "");
	if (read_strings(manifest->path, json, "params", &benchmark->params, error) ||
	    read_strings(manifest->path, json, "needs", &benchmark->needs, error))
		return -1;
	return read_classes(manifest, json, benchmark, error);
}

static int read_list(struct manifest *manifest, const json_t *json, const char *key,
		     int (*read_one)(struct manifest *, const json_t *, struct error *),
		     struct error *error)
{
	const json_t *list = json_object_get(json, key);

	if (!json_is_array(list))
		return error_set(error, "%s: \"%s\" must be an array", manifest->path, key);
	for (size_t i = 0; i < json_array_size(list); i++)
		if (read_one(manifest, json_array_get(list, i), error))
			return -1;
	return 0;
}

static int read_manifest(struct manifest *manifest, const json_t *json, struct error *error)
{
	const char *format = json_string_value(json_object_get(json, "manifest"));
	const char *init = json_string_value(json_object_get(json, "init"));

	if (!format || strcmp(format, MANIFEST_FORMAT))
		return error_set(error, "%s: no %s file; build anew", manifest->path,
				 MANIFEST_FORMAT);
	manifest->init = init && init[0] ? resolve(manifest, init) : g_strdup("");
	if (read_list(manifest, json, "variants", read_variant, error))
		return -1;
	return read_list(manifest, json, "benchmarks", read_benchmark, error);
}

int manifest_load(struct manifest *manifest, const char *path, struct error *error)
{
	json_error_t problem;
	json_t *json;
	int result;

	*manifest = (struct manifest){0};
	manifest->path = path ? g_strdup(path) : default_path(error);
	if (!manifest->path)
		return -1;
	if (access(manifest->path, R_OK))
		return error_set(error, "cannot read %s: %s; build first, or give --manifest FILE",
				 manifest->path, strerror(errno));
	json = json_load_file(manifest->path, 0, &problem);
	if (!json)
		return error_set(error, "%s: line %d: %s", manifest->path, problem.line,
				 problem.text);
	result = read_manifest(manifest, json, error);
	json_decref(json);
	return result;
}

void manifest_add_variant(struct manifest *manifest, const struct new_variant *fresh)
{
	struct variant *variant;

	manifest->variants =
	    memory_grow(manifest->variants, manifest->variant_count, sizeof(*manifest->variants));
	variant = &manifest->variants[manifest->variant_count++];
	variant->name = g_strdup(fresh->name);
	variant->about = g_strdup(fresh->about);
	variant->image = fresh->image ? resolve(manifest, fresh->image) : g_strdup("");
	variant->stamped = g_strdup("");
	variant->machine = g_strdup(fresh->machine);
	variant->line = g_strdup(fresh->line ? fresh->line : "");
	variant->safe = true;
}

void manifest_add_program(struct manifest *manifest, const char *path,
			  const struct strings *arguments)
{
	const char *slash = strrchr(path, '/');
	struct benchmark *benchmark;

	manifest->benchmarks = memory_grow(manifest->benchmarks, manifest->benchmark_count,
					   sizeof(*manifest->benchmarks));
	benchmark = &manifest->benchmarks[manifest->benchmark_count++];
	benchmark->name = g_strdup(MANIFEST_PROGRAM);
	benchmark->about = g_strdup("a program of the user's");
	benchmark->program = g_strdup(path);
	benchmark->reference_case = g_strdup("");
	benchmark->own = true;
	benchmark->classes[CLASS_SILICON] = benchmark->classes[CLASS_DETERMINISTIC] = true;
	strings_add(&benchmark->params, slash ? slash + 1 : path);
	for (size_t i = 0; i < arguments->count; i++)
		strings_add(&benchmark->words, arguments->at[i]);
}

static void variant_free(struct variant *variant)
{
	free(variant->name);
	free(variant->about);
	free(variant->machine);
	free(variant->image);
	free(variant->stamped);
	free(variant->line);
	pairs_free(&variant->features);
	strings_free(&variant->needs);
}

void manifest_drop_variants(struct manifest *manifest, const char *machine)
{
	size_t kept = 0;

	for (size_t i = 0; i < manifest->variant_count; i++) {
		if (strcmp(manifest->variants[i].machine, machine))
			manifest->variants[kept++] = manifest->variants[i];
		else
			variant_free(&manifest->variants[i]);
	}
	manifest->variant_count = kept;
}

void manifest_free(struct manifest *manifest)
{
	for (size_t i = 0; i < manifest->variant_count; i++)
		variant_free(&manifest->variants[i]);
	for (size_t i = 0; i < manifest->benchmark_count; i++) {
		struct benchmark *benchmark = &manifest->benchmarks[i];

		free(benchmark->name);
		free(benchmark->about);
		free(benchmark->program);
		free(benchmark->reference_case);
		strings_free(&benchmark->params);
		strings_free(&benchmark->needs);
		strings_free(&benchmark->words);
	}
	free(manifest->init);
	free(manifest->variants);
	free(manifest->benchmarks);
	free(manifest->path);
	*manifest = (struct manifest){0};
}
