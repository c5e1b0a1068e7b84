/* What the commands have in common that only look: `doctor` and `list`. */
#ifndef CLI_LOOK_H
#define CLI_LOOK_H

#include "cli/command.h"
#include "model/manifest.h"

struct look_request {
	const char *manifest;
	bool json, quiet, verbose;
};

/* Options of both; q and v as well. */
enum { LOOK_ID_JSON = 256, LOOK_ID_MANIFEST };

/* Reads the command line and the manifest, then shows. Returns the exit code: a failure, or what `show` returns. */
int look_main(const struct command *command, int argc, char **argv,
	      int (*show)(const struct manifest *manifest, const struct look_request *request));

#endif
