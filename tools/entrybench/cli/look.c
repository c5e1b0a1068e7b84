/* From the command line to the manifest. */
#include "cli/look.h"

#include "machine/machine.h"

static int take(void *context, int id, const char *value, struct error *error)
{
	struct look_request *request = context;

	(void)error;
	if (id == LOOK_ID_MANIFEST)
		request->manifest = value;
	request->json |= id == LOOK_ID_JSON;
	request->quiet |= id == 'q';
	request->verbose |= id == 'v';
	return 0;
}

int look_main(const struct command *command, int argc, char **argv,
	      int (*show)(const struct manifest *manifest, const struct look_request *request))
{
	struct look_request request = {0};
	struct manifest manifest = {0};
	struct error error;
	struct words words;
	int code = command_parse(command, argc, argv, take, &request, 0, &words);

	if (code < 0 && manifest_load(&manifest, request.manifest, &error)) {
		code = command_fail(EXIT_FAILED, "%s", error.text);
	} else if (code < 0) {
		machine_add_variants(&manifest);
		code = show(&manifest, &request);
	}
	manifest_free(&manifest);
	words_free(&words);
	return code;
}
