/* A program of the user's own on the core: see program.h. docs/programs.md says which can run. */
#include "cli/program.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cpio/newc.h"
#include "guest/executor.h"
#include "guest/scratch.h"
#include "plan/select.h"
#include "util/file.h"

#define PLACE "program" /* its path in the initrd */

struct job {
	const struct run_request *request;
	const char *file;
	const struct strings *arguments;
};

/* A word as the plan has it: what could be mistaken for its frame is %XX (docs/architecture.md). */
static void print_word(FILE *to, const char *word)
{
	for (; *word; word++) {
		unsigned char byte = (unsigned char)*word;

		if (isgraph(byte) && byte != '%')
			fputc(byte, to);
		else
			fprintf(to, "%%%02X", byte);
	}
}

static char *plan_of(const struct strings *arguments, size_t *size)
{
	char *text = NULL;
	FILE *to = open_memstream(&text, size);

	if (!to)
		abort();
	fputs(PLACE, to);
	for (size_t i = 0; i < arguments->count; i++) {
		fputc(' ', to);
		print_word(to, arguments->at[i]);
	}
	fputc('\n', to);
	fclose(to);
	return text;
}

static int write_initrd(const struct job *job, const char *folder, struct error *error)
{
	struct archive archive = {0};
	size_t size;
	char *plan = plan_of(job->arguments, &size);
	int result = archive_add_file(&archive, PLACE, job->file, error);

	if (result == 0) {
		archive_add(&archive, "plan", plan, size);
		archive_finish(&archive);
		result = file_replace(folder, "initrd", archive.data, archive.size, error);
	}
	archive_free(&archive);
	free(plan);
	return result;
}

/* The console without records, which begin anywhere in a line, and without the kernel's own remarks. */
static void print_output(const char *console, size_t size)
{
	static const char remark[] = "entrybench: ";

	for (const char *at = console, *end = console + size; at < end;) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		size_t line = (size_t)((newline ? newline + 1 : end) - at);
		const char *record = memmem(at, line, EB_RECORD_MAGIC, sizeof(EB_RECORD_MAGIC) - 1);
		bool said = line >= sizeof(remark) - 1 && !memcmp(at, remark, sizeof(remark) - 1);

		fwrite(at, 1, record ? (size_t)(record - at) : line, said ? stderr : stdout);
		at += line;
	}
	fflush(stdout);
}

static int show(struct guest *guest, struct error *error)
{
	char *path = path_join(guest->request.folder, "console"), *console;
	size_t size;
	int result = log_keep(&guest->log, error);

	console = result == 0 ? file_read(path, &size, error) : NULL;
	if (console)
		print_output(console, size);
	free(console);
	free(path);
	return console ? 0 : -1;
}

/* The exit status where no machine could run what was asked for. */
#define NOTHING_RAN 77

/* One line on stderr: the cell and how the program ended in it. 0, 1, or NOTHING_RAN where the cell was skipped. */
static int judge(const struct guest *guest, const char *variant)
{
	const struct program_end *end = kernel_program_end(&guest->kernel, 0);
	const char *how = end ? end->how : guest->reason ? guest->reason : "it did not end";
	bool ok = guest->status == STATUS_OK && end && !end->how[0];

	fprintf(stderr, "%s %s: %s", guest->machine->name, variant,
		ok				  ? "ok"
		: guest->status == STATUS_SKIPPED ? "skipped: "
						  : "failed: ");
	if (!ok)
		fputs(how, stderr);
	for (size_t i = 0; end && i < end->missing.count; i++)
		fprintf(stderr, "%s%s", i ? ", " : "; the core lacks ", end->missing.at[i].name);
	fputc('\n', stderr);
	if (guest->status == STATUS_SKIPPED)
		return NOTHING_RAN;
	return ok ? 0 : 1;
}

static int run_cell(const struct job *job, const struct machine *machine,
		    const struct variant *variant, struct error *error)
{
	const struct run_options *options = &job->request->options;
	struct guest *guest = memory_new(1, sizeof(*guest));
	char *folder = scratch_new(error), *log = folder ? path_join(folder, "console") : NULL;
	int status = 1;

	guest_init(guest, machine, variant,
		   options->timeout > 0 ? options->timeout : machine->timeout);
	guest->request.folder = folder;
	guest->request.initrd = folder ? path_join(folder, "initrd") : NULL;
	guest->request.extras = &options->qemu_args;
	if (folder && write_initrd(job, folder, error) == 0 &&
	    guest_start(guest, log, error) == 0) {
		if (executor_run_one(guest) == EXECUTOR_INTERRUPTED) {
			free(log);
			return 130;
		}
		if (show(guest, error) == 0)
			status = judge(guest, variant->name);
	}
	if (error->text[0])
		command_fail(1, "%s", error->text);
	guest_free(guest);
	free(guest);
	free(log);
	return status;
}

/* Every cell, until the user wants to stop. */
static int run_cells(const struct job *job, const struct selection *selection, struct error *error)
{
	const struct strings *machines = &job->request->options.machines;
	size_t variants = job->request->options.variants.count ? selection->variant_count : 1;
	bool ran = false, failed = false;

	for (size_t m = 0; m < (machines->count ? machines->count : 1); m++) {
		const char *name = machines->count ? machines->at[m] : "tcg";
		const struct machine *machine = machine_find(name);

		if (!machine || !machine->prepare)
			return command_fail(EXIT_USAGE, "run: no machine %s for a program", name);
		for (size_t v = 0; v < variants; v++) {
			int status = run_cell(job, machine, selection->variants[v], error);

			if (status == 130)
				return status;
			ran |= status != NOTHING_RAN;
			failed |= status == 1;
		}
	}
	if (!ran)
		return NOTHING_RAN;
	return failed ? 1 : 0;
}

int program_execute(const struct run_request *request, const char *file,
		    const struct strings *arguments)
{
	const struct job job = {request, file, arguments};
	struct manifest manifest = {0};
	struct selection selection = {0};
	struct error error = {0};
	int code;

	if (manifest_load(&manifest, request->manifest, &error) ||
	    selection_make(&selection, &manifest, &request->options.variants,
			   &request->options.benches, &error))
		code = command_fail(EXIT_USAGE, "%s", error.text);
	else
		code = run_cells(&job, &selection, &error);
	selection_free(&selection);
	manifest_free(&manifest);
	return code;
}
