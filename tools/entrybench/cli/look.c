/* What commands that only look have in common. */
#include "cli/cli.h"

struct look_request look_request;

int look_main(int (*show)(const struct manifest *manifest))
{
	struct manifest manifest = {0};
	struct error error;
	int code;

	if (manifest_load(&manifest, look_request.manifest, &error)) {
		code = command_fail(EXIT_FAILED, "%s", error.text);
	} else {
		machine_add_variants(&manifest);
		code = show(&manifest);
	}
	manifest_free(&manifest);
	return code;
}

int look_open(const char *path, struct run *run)
{
	bool is_file = g_str_has_suffix(path, "/" RUN_FILE) || !strcmp(path, RUN_FILE);
	g_autofree char *folder = is_file ? g_path_get_dirname(path) : g_strdup(path);
	struct error error;

	if (run_load(run, folder, &error))
		return command_fail(EXIT_USAGE, "%s", error.text);
	summary_fill(run);
	return -1;
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

void look_print_json(json_t *json)
{
	json_dumpf(json, stdout, JSON_INDENT(1) | RUN_PRECISION);
	putchar('\n');
	json_decref(json);
}
