/* validate SCHEMA FILE...: are these JSON files what the schema says? One line for each that is not. */
#include <stdio.h>

#include "schema.h"

static json_t *load(const char *path)
{
	json_error_t error;
	json_t *json = json_load_file(path, JSON_REJECT_DUPLICATES, &error);

	if (!json)
		fprintf(stderr, "%s:%d: %s\n", path, error.line, error.text);
	return json;
}

static bool validate(const json_t *schema, const char *path)
{
	struct schema_error error;
	json_t *json = load(path);
	bool ok = json && schema_accepts(schema, json, &error);

	if (json && !ok)
		fprintf(stderr, "%s: %s %s\n", path, *error.where ? error.where : "/", error.what);
	json_decref(json);
	return ok;
}

int main(int argc, char **argv)
{
	int status = 0;

	if (argc < 3) {
		fprintf(stderr, "usage: validate SCHEMA FILE...\n");
		return 2;
	}
	json_t *schema = load(argv[1]);

	for (int i = 2; i < argc; i++)
		if (!schema || !validate(schema, argv[i]))
			status = 1;
	json_decref(schema);
	return status;
}
