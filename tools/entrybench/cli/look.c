/* From the command line to the manifest. */
#include "cli/cli.h"

struct look_request look_request;

int look_main(int (*show)(const struct manifest *manifest, const struct look_request *request))
{
	struct manifest manifest = {0};
	struct error error;
	int code;

	if (manifest_load(&manifest, look_request.manifest, &error)) {
		code = command_fail(EXIT_FAILED, "%s", error.text);
	} else {
		machine_add_variants(&manifest);
		code = show(&manifest, &look_request);
	}
	manifest_free(&manifest);
	return code;
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
	json_dumpf(json, stdout, JSON_INDENT(1));
	putchar('\n');
	json_decref(json);
}
