/* From the command line to the manifest. */
#include "cli/look.h"

#include "machine/machine.h"

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
