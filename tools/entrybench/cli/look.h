/* What the commands have in common that only look: `doctor` and `list`. */
#ifndef CLI_LOOK_H
#define CLI_LOOK_H

#include "cli/command.h"
#include "model/manifest.h"
#include "table/table.h"

/* One command line, one request. */
extern struct look_request {
	const char *manifest;
	bool json, quiet, verbose;
} look_request;

/* Options of both; q and v as well. */
#define LOOK_OPTIONS                                                                               \
	{0, "json", NULL, "print JSON", .flag = &look_request.json},                               \
	{                                                                                          \
		0, "manifest", "FILE", "what the build made (default: beside this tool)",          \
		    .text = &look_request.manifest                                                 \
	}

/* Reads the manifest, then shows. Returns the exit code: a failure, or what `show` returns. */
int look_main(int (*show)(const struct manifest *manifest, const struct look_request *request));

/*
 * A table under its title, and an empty line; without the title where the user wants no headings.
 */
void look_print(const struct table *table, const char *title);

/* Takes the JSON. */
void look_print_json(json_t *json);

#endif
