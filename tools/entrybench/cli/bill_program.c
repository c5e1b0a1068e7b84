/* Boots a program of the user's under the plugin, which takes a census of it. */
#include "cli/cli.h"

static double number_of(const struct record *record, const char *key)
{
	const char *text = record_get(record, key);

	return text ? strtod(text, NULL) : NAN;
}

/* The kernel says how long the program took when it has ended. */
static void take_clock(void *clock, int stream, const struct record *record)
{
	if (stream == STREAM_KERNEL && strcmp(record->type, EB_TYPE_PROGRAM) == 0)
		*(struct census_clock *)clock =
		    (struct census_clock){number_of(record, "ticks"), number_of(record, "idle")};
}

static int boot_with(struct census *census, const struct bill_request *request,
		     const char *arguments, const char *file, struct error *error)
{
	g_autofree char *words = bill_plugin_words(request->plugin, file, arguments);
	struct census_clock clock = {NAN, NAN};
	struct strings extras = {0};
	struct single_boot single = {
	    .machine = request->machine,
	    .variant = request->variant,
	    .bench = request->bench,
	    .timeout = request->timeout,
	    .watch = take_clock,
	    .watch_context = &clock,
	    .extras = &extras,
	};
	int status;

	strings_add(&extras, "-plugin");
	strings_add(&extras, words);
	status = single_boot(&single, error);
	if (status == 0 && census_read(census, file, clock, error) != 0)
		status = 1;
	memcpy(census->cpu, single.cpu, sizeof(census->cpu));
	single_boot_end(&single);
	strings_free(&extras);
	return status;
}

int bill_boot_program(struct census *census, const struct bill_request *request,
		      struct error *error)
{
	const char *program = request->bench->benchmark->program;
	g_autofree char *folder = scratch_new(error), *file = NULL, *arguments = NULL;
	int status = 1;

	census_init(census);
	census->machine = request->machine->name;
	census->variant = request->variant->name;
	census->program = request->bench->param;
	census->safe = request->variant->safe;
	if (!folder)
		return 1;
	file = g_build_filename(folder, "census", NULL);
	/* A stripped program is billed all the same: ring 3 has no names then. */
	symbols_read_elf(&census->program_symbols, program, NULL);
	if (symbols_read_elf(&census->kernel_symbols, request->variant->image, error) == 0) {
		symbols_sort(&census->kernel_symbols);
		symbols_sort(&census->program_symbols);
		arguments = census_arguments(&census->kernel_symbols, error);
		if (arguments)
			status = boot_with(census, request, arguments, file, error);
	}
	folder_remove(folder);
	return status;
}
