/* The command `bill`: one round trip itemised, or the difference of two. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/bill_boot.h"
#include "cli/bill_print.h"
#include "cli/bill_stamped.h"
#include "cli/command.h"
#include "base/signals.h"
#include "run/select.h"
#include "run/kernels.h"

#define DEFAULT_BENCH "null_syscall"
#define STAMPED_BENCH "stamped_syscall"

static struct bill_options options = {.bench = DEFAULT_BENCH};
static const char *machine_name = "tcg";

/* libledger.so lies beside the manifest. NULL with error where it is not there; free it. */
static char *find_plugin(const struct manifest *manifest, struct error *error)
{
	const char *slash = strrchr(manifest->path, '/');
	int folder = slash ? (int)(slash - manifest->path + 1) : 0;
	char *plugin = memory_format("%.*slibledger.so", folder, manifest->path);

	if (access(plugin, R_OK) == 0)
		return plugin;
	error_set(error, "the ledger plugin %s is not there: build the target \"ledger\"", plugin);
	free(plugin);
	return NULL;
}

/* The one case that -B names. -1 with error. */
static int choose_case(struct selection *selection, const struct manifest *manifest,
		       const char *bench, struct error *error)
{
	struct strings benches = {0}, variants = {0};
	int status;

	strings_add(&benches, bench);
	status = selection_make(selection, manifest, &variants, &benches, error);
	if (status == 0 && selection->case_count != 1)
		status = error_set(error,
				   "-B %s names %zu cases, and a bill is of one: take one of them, "
				   "as %s",
				   bench, selection->case_count, selection->cases[0].label);
	strings_free(&benches);
	return status;
}

/* VARIANT of the core, on tcg, or linux:VARIANT. -1 with error. */
static int choose_variant(struct bill_request *request, const struct manifest *manifest,
			  const char *words, struct error *error)
{
	const char *name;
	const struct machine *machine = machine_of_words(words, &name);

	if (!name) {
		machine = machine_find("tcg");
		name = words;
	}
	if (!machine || !machine->ledger)
		return error_set(error, "\"%s\": only machines tcg and linux take the ledger",
				 words);
	request->machine = machine;
	request->variant = selection_variant(manifest, name, error);
	if (!request->variant)
		return -1;
	if (machine_has(machine, request->variant))
		return 0;
	if (request->variant->machine[0])
		return error_set(error, "%s is a variant of machine %s: say %s:%s", name,
				 request->variant->machine, request->variant->machine, name);
	return error_set(error, "machine %s does not run the core's variant %s", machine->name,
			 name);
}

/* A stock kernel takes so long that somebody who waits wants to know for what. */
static void say_what_boots(const struct bill_request *request, bool quiet)
{
	if (!quiet && request->variant->machine[0] && isatty(STDERR_FILENO))
		fprintf(stderr,
			"entrybench: booting %s:%s, which with its symbols takes some 20 s\n",
			request->machine->name, request->variant->name);
}

/* Boots one variant after the other and prints. Returns the exit code. */
static int bill_all(const struct bill_options *options, struct bill_request *requests, size_t count)
{
	struct billed billed[2] = {0};
	const struct billed *bills[2] = {NULL, NULL};
	struct error error;
	int code = EXIT_OK;

	signals_open();
	process_adopt_orphans();
	for (size_t i = 0; i < count && code == EXIT_OK; i++) {
		say_what_boots(&requests[i], options->quiet);
		code = bill_boot(&billed[i], &requests[i], &error);
		bills[i] = &billed[i];
		if (code == EXIT_OK && billed[i].kernel.count == 0 && !options->quiet)
			fprintf(stderr,
				"entrybench: %s:%s sent no symbols (is CONFIG_KALLSYMS off?), so "
				"its functions have no names\n",
				requests[i].machine->name, requests[i].variant->name);
		if (code != EXIT_OK && code != 130)
			command_fail(code, "bill: %s, %s on %s: %s", requests[i].variant->name,
				     requests[i].bench->label, requests[i].machine->name,
				     error.text);
	}
	if (code == EXIT_OK)
		code = bill_put_out(options, bills);
	for (size_t i = 0; i < count; i++)
		billed_free(&billed[i]);
	return code;
}

static int bill_words(const struct bill_options *options, const struct manifest *manifest,
		      const struct strings *names)
{
	struct bill_request requests[2];
	struct selection selection = {0};
	struct error error;
	char *plugin = find_plugin(manifest, &error);
	int code = EXIT_OK;

	if (!plugin)
		return command_fail(EXIT_FAILED, "bill: %s", error.text);
	if (choose_case(&selection, manifest, options->bench, &error) != 0)
		code = command_fail(EXIT_USAGE, "bill: %s", error.text);
	for (size_t i = 0; i < names->count && code == EXIT_OK; i++) {
		requests[i] = (struct bill_request){
		    .bench = selection.cases, .plugin = plugin, .init = manifest->init};
		if (choose_variant(&requests[i], manifest, names->at[i], &error) != 0)
			code = command_fail(EXIT_USAGE, "bill: %s", error.text);
		else
			requests[i].timeout =
			    options->timeout > 0 ? options->timeout : requests[i].machine->timeout;
	}
	if (code == EXIT_OK)
		code = bill_all(options, requests, names->count);
	selection_free(&selection);
	free(plugin);
	return code;
}

/* NULL with error: there is no such variant, or not on this machine. */
static const struct variant *stamped_variant(const struct machine *machine,
					     const struct manifest *manifest, const char *name,
					     struct error *error)
{
	const struct variant *variant = selection_variant(manifest, name, error);

	if (!variant || (machine_has(machine, variant) && !variant->machine[0]))
		return variant;
	error_set(error, "only the core's variants have stamped images, on tcg, bochs and kvm");
	return NULL;
}

/* Boots one variant after the other, both images of each, and prints. Returns the exit code. */
static int stamped_all(const struct bill_options *options, struct stamped_request *requests,
		       size_t count)
{
	struct stamped_bill bills[2];
	struct error error;
	int code = EXIT_OK;

	signals_open();
	process_adopt_orphans();
	for (size_t i = 0; i < count && code == EXIT_OK; i++) {
		code = bill_stamped(&bills[i], &requests[i], &error);
		if (code != EXIT_OK && code != 130)
			command_fail(code, "bill: %s on %s: %s", requests[i].variant->name,
				     requests[i].machine->name, error.text);
	}
	return code == EXIT_OK ? bill_put_out_stamped(options, requests, bills, count) : code;
}

/* By time stamps. */
static int stamped_words(const struct bill_options *options, const struct manifest *manifest,
			 const struct strings *names)
{
	struct selection stamped = {0}, bare = {0};
	struct stamped_request requests[2];
	struct error error;
	bool good;
	int code;

	if (strcmp(options->bench, DEFAULT_BENCH) != 0)
		return command_fail(EXIT_USAGE, "bill: time stamps are of " DEFAULT_BENCH " only");
	if (options->listing || options->folded)
		return command_fail(EXIT_USAGE, "bill: time stamps give phases only: no --listing "
						"or --folded");
	good = choose_case(&stamped, manifest, STAMPED_BENCH, &error) == 0 &&
	       choose_case(&bare, manifest, DEFAULT_BENCH, &error) == 0;
	for (size_t i = 0; i < names->count && good; i++) {
		requests[i] = (struct stamped_request){
		    .machine = options->machine,
		    .variant = stamped_variant(options->machine, manifest, names->at[i], &error),
		    .stamped = stamped.cases,
		    .bare = bare.cases,
		    .boots = (unsigned)options->boots,
		    .timeout = options->timeout > 0 ? options->timeout : options->machine->timeout};
		good = requests[i].variant;
	}
	code = good ? stamped_all(options, requests, names->count)
		    : command_fail(EXIT_USAGE, "bill: %s", error.text);
	selection_free(&bare);
	selection_free(&stamped);
	return code;
}

/* What the options leave open. -1: go on; else the exit code. */
static int fill_in(void)
{
	options.machine = machine_find(machine_name);
	if (!options.machine)
		return command_fail(EXIT_USAGE,
				    "bill: no machine \"%s\" (entrybench list shows them)",
				    machine_name);
	options.stamped |=
	    options.machine->class == CLASS_SILICON || strcmp(options.machine->name, "tcg") != 0;
	if (options.boots == 0)
		options.boots = options.machine->class == CLASS_SILICON ? 10 : 1;
	return -1;
}

static int main_bill(const struct words *words)
{
	struct manifest manifest = {0};
	struct error error;
	int code = fill_in();

	if (code < 0 && words->operands.count == 0)
		code =
		    command_fail(EXIT_USAGE, "bill: name a variant (entrybench list shows them)");
	if (code < 0 && manifest_load(&manifest, options.manifest, &error) != 0)
		code = command_fail(EXIT_FAILED, "bill: %s", error.text);
	if (code < 0)
		machine_add_variants(&manifest);
	if (code < 0 && kernels_add(&manifest, &options.kernels, &options.lines, &error) != 0)
		code = command_fail(EXIT_USAGE, "bill: %s", error.text);
	if (code < 0)
		code = options.stamped ? stamped_words(&options, &manifest, &words->operands)
				       : bill_words(&options, &manifest, &words->operands);
	manifest_free(&manifest);
	return code;
}

const struct command command_bill = {
    .name = "bill",
    .usage = "[linux:]VARIANT [[linux:]VARIANT]",
    .about = "itemise one round trip, or compare two",
    .options =
	(const struct option_row[]){
	    {'B', "bench", "NAME", "NAME or NAME:PARAM (default: " DEFAULT_BENCH ")",
	     .text = &options.bench},
	    {0, "linux", "FILE[=NAME]", "kernel of machine linux; may be repeated",
	     .lines = &options.kernels},
	    {0, "append", "LINE", "kernel line of machine linux; may be repeated",
	     .lines = &options.lines},
	    {0, "timeout", "S", "seconds a boot (default: the machine's)",
	     .seconds = &options.timeout},
	    {0, "manifest", "FILE", "what the build made (default: beside this tool)",
	     .text = &options.manifest},
	    {.help = "By time stamps"},
	    {0, "stamped", NULL, "boot a stamped image (silicon: always)",
	     .flag = &options.stamped},
	    {'m', "machine", "NAME", "machine of the stamped image (default: tcg)",
	     .text = &machine_name},
	    {'b', "boots", "N", "boots of it (default: 10 on silicon, else 1)",
	     .number = &options.boots, .least = 1, .most = 1000},
	    {.help = "Output"},
	    {0, "json", NULL, "print JSON", .flag = &options.json},
	    {0, "listing", NULL, "also every instruction, as executed", .flag = &options.listing},
	    {0, "folded", "FILE", "write call stacks for flame graphs", .text = &options.folded},
	    {0, "plot", "DIR", "draw waterfalls, SVG and PNG, into DIR/plots",
	     .text = &options.plot},
	    {'q', "quiet", NULL, "only the lines: no title, no sums", .flag = &options.quiet},
	    {'v', "verbose", NULL, "also CPU, kernel file and program", .flag = &options.verbose},
	    {0},
	},
    .operands_max = 2,
    .main = main_bill,
};
