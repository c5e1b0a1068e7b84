/* The command `bill`: one round trip itemised, or the difference of two. */
#include "cli/cli.h"

#include <sys/stat.h>
#include <unistd.h>

#define DEFAULT_BENCH "null_syscall"
#define STAMPED_BENCH "stamped_syscall"

static const char *bench = DEFAULT_BENCH, *machine_name = "tcg", *folded, *plot, *manifest_path;
static struct strings kernels, lines; /* of machine linux */
static struct strings variants, program;
static uint64_t boots;
static bool json, listing, symbols, stamped, quiet, verbose;
static double timeout; /* 0: the machine's */

/* What is billed, and what the requests point into. */
struct job {
	struct manifest manifest;
	const struct machine *machine; /* of the core's variants */
	struct selection bench, stamped, native[NATIVE_COSTS];
	char *plugin;
	struct bill_request requests[BILLS_MAX];
	struct bill bills[BILLS_MAX];
	struct bill_view view; /* of them */
	size_t count;
};

/* libledger.so lies beside the manifest. -1 with error where it is not there. */
static int find_plugin(struct job *job, struct error *error)
{
	g_autofree char *folder = g_path_get_dirname(job->manifest.path);

	job->plugin = g_build_filename(folder, "libledger.so", NULL);
	if (access(job->plugin, R_OK) == 0)
		return 0;
	return error_set(error, "the ledger plugin %s is not there: build the target \"ledger\"",
			 job->plugin);
}

/* The machine whose CPU has what this one's lacks; NULL: none of the emulators does. */
static const struct machine *other_machine(const struct bill_request *request)
{
	const struct strings *needs = &request->variant->needs;

	for (size_t m = 0; m < machine_count; m++) {
		g_auto(GStrv) has =
		    g_strsplit(machines[m]->cpu_also ? machines[m]->cpu_also : "", " ", -1);
		size_t found = 0;

		for (size_t i = 0; i < needs->count; i++)
			found += g_strv_contains((const char *const *)has, needs->at[i]);
		if (machines[m] != request->machine && found && found == needs->count)
			return machines[m];
	}
	return NULL;
}

static int fail(int code, const struct bill_request *request, const struct error *error)
{
	const struct machine *other = code == 77 ? other_machine(request) : NULL;
	bool here = strcmp(bench, DEFAULT_BENCH) == 0;
	g_autofree char *hint =
	    other && here
		? g_strdup_printf("; machine %s has it: add -m %s", other->name, other->name)
	    : other ? g_strdup_printf("; machine %s has it: entrybench run -m %s -V %s -B %s",
				      other->name, other->name, request->variant->name, bench)
		    : g_strdup("");

	return command_fail(code, "bill: %s, %s on %s: %s%s", request->variant->name,
			    request->bench->label, request->machine->name, error->text, hint);
}

/* A stock kernel takes so long that somebody who waits wants to know for what. */
static void say_what_boots(const struct bill_request *request)
{
	if (!quiet && request->variant->machine[0] && isatty(STDERR_FILENO))
		fprintf(stderr,
			"entrybench: booting %s:%s, which with its symbols takes some 20 s\n",
			request->machine->name, request->variant->name);
}

/* Boots one variant after the other. Returns the exit code. */
static int boot_all(struct job *job)
{
	struct error error;
	int code = EXIT_OK;

	signals_open();
	process_adopt_orphans();
	for (size_t i = 0; i < job->count && code == EXIT_OK; i++) {
		const struct bill_request *request = &job->requests[i];

		say_what_boots(request);
		code = bill_boot(&job->bills[i], request, &error);
		job->view.bills[i] = &job->bills[i];
		if (code != EXIT_OK && code != 130)
			fail(code, request, &error);
		else if (code == EXIT_OK && !stamped && !program.count && !quiet &&
			 !symbols_count(&job->bills[i].kernel))
			fprintf(stderr,
				"entrybench: %s:%s sent no symbols (is CONFIG_KALLSYMS off?), so "
				"its functions have no names\n",
				request->machine->name, request->variant->name);
	}
	return code;
}

static int write_folded(const struct job *job, struct error *error)
{
	FILE *file = fopen(folded, "w");
	struct stat about = {0};
	bool failed;

	if (!file)
		return error_set(error, "--folded: cannot write %s: %m", folded);
	fstat(fileno(file), &about);
	for (size_t i = 0; i < job->count; i++)
		bill_write_folded(file, &job->bills[i]);
	failed = ferror(file);
	if (fclose(file) == 0 && !failed)
		return 0;
	/* No half of a file; but /dev/stdout and its like stay. */
	if (S_ISREG(about.st_mode))
		remove(folded);
	return error_set(error, "--folded: cannot write %s", folded);
}

static void print_files(const struct job *job)
{
	for (size_t i = 0; i < job->count; i++) {
		const struct bill_request *request = &job->requests[i];
		const struct variant *variant = request->variant;

		if (stamped)
			printf("%s: CPU %s, kernels %s and %s\n", variant->name, job->bills[i].cpu,
			       variant->image, variant->stamped);
		else
			printf("%s: CPU %s, kernel %s, program %s\n", variant->name,
			       job->bills[i].cpu, variant->image,
			       request->bench->benchmark->program);
	}
}

/* Tables, listings, JSON and files. Returns the exit code. */
static int put_out(const struct job *job)
{
	struct error error;

	if ((folded && write_folded(job, &error) != 0) ||
	    (plot && bill_plot(&job->view, plot, &error) != 0))
		return command_fail(EXIT_FAILED, "bill: %s", error.text);
	if (json) {
		json_t *object = bill_json(&job->view);

		json_dumpf(object, stdout, JSON_INDENT(1));
		putchar('\n');
		json_decref(object);
		return EXIT_OK;
	}
	bill_print(stdout, &job->view);
	if (verbose)
		print_files(job);
	return EXIT_OK;
}

/* The one case that the name means. -1 with error; free the selection in both cases. */
static int choose_case(struct selection *selection, const struct manifest *manifest,
		       const char *name, struct error *error)
{
	struct strings benches = {0}, variants = {0};
	int status;

	strings_add(&benches, name);
	status = selection_make(selection, manifest, &variants, &benches, error);
	if (status == 0 && selection->case_count != 1)
		status = error_set(error,
				   "-B %s names %zu cases, and a bill is of one: take one of them, "
				   "as %s",
				   name, selection->case_count, selection->cases[0].label);
	strings_free(&benches);
	return status;
}

/* Whether a bill can be of it there. */
static bool takes(const struct bill_request *request, const struct machine *machine,
		  const struct variant *variant)
{
	return machine_has(machine, variant) && !(request->stamped && variant->machine[0]);
}

static int unknown(const struct bill_request *request, const struct manifest *manifest,
		   const char *words, struct error *error)
{
	const struct machine *stock = machine_find("linux");
	g_autofree char *near = NULL;
	struct strings names = {0};

	for (size_t i = 0; i < manifest->variant_count; i++) {
		const struct variant *variant = &manifest->variants[i];

		if (takes(request, request->machine, variant))
			strings_add(&names, variant->name);
		else if (takes(request, stock, variant))
			strings_addf(&names, "%s:%s", stock->name, variant->name);
	}
	near = did_you_mean(words, &names);
	strings_free(&names);
	return error_set(error, "bill takes no variant \"%s\"%s (entrybench list shows all)", words,
			 near);
}

static int no_stamps(const char *words, struct error *error)
{
	return error_set(error,
			 "\"%s\": only the core's variants have stamped images, on tcg, bochs "
			 "and kvm",
			 words);
}

/*
 * Machine and variant of "VARIANT", which is of request->machine, or "MACHINE:VARIANT". By time
 * stamps only the core's have a bill. -1 with error.
 */
static int choose_variant(struct bill_request *request, const struct manifest *manifest,
			  const char *words, struct error *error)
{
	const char *name;
	const struct machine *machine = machine_of_words(words, &name);
	const struct variant *variant = NULL;

	if (!name) {
		machine = request->machine;
		name = words;
	}
	if (request->stamped && machine != request->machine)
		return no_stamps(words, error);
	if (!machine || (!request->stamped && !machine->ledger &&
			 !(request->program && strcmp(machine->name, "native") == 0)))
		return error_set(error, "\"%s\": only machines tcg and linux take the ledger",
				 words);
	for (size_t i = 0; i < manifest->variant_count && !variant; i++)
		if (strcmp(manifest->variants[i].name, name) == 0)
			variant = &manifest->variants[i];
	if (!variant)
		return unknown(request, manifest, words, error);
	request->machine = machine;
	request->variant = variant;
	if (takes(request, machine, variant))
		return 0;
	if (request->stamped)
		return no_stamps(words, error);
	if (variant->machine[0])
		return error_set(error, "%s is a variant of machine %s: say %s:%s", name,
				 variant->machine, variant->machine, name);
	return error_set(error, "machine %s does not run the core's variant %s", machine->name,
			 name);
}

/* NULL, or which words do not go together. */
static const char *contradiction(size_t names)
{
	if (names > (program.count ? BILLS_MAX : 2))
		return program.count ? "at most 8 variants"
				     : "at most two variants, but for --program";
	if (program.count && (stamped || listing || symbols))
		return "--program goes with machines tcg, linux and native, without --stamped, "
		       "--listing "
		       "or "
		       "--symbols";
	if (program.count && strcmp(bench, DEFAULT_BENCH) != 0)
		return "-B goes with benchmarks, not with --program";
	if (stamped && strcmp(bench, DEFAULT_BENCH) != 0)
		return "time stamps are of " DEFAULT_BENCH " only";
	if (stamped && (listing || folded || symbols))
		return "time stamps give phases only: no --listing, --symbols or --folded";
	return NULL;
}

/* Adds the program of the user's as the one benchmark. -1 with error. */
static int add_program(struct job *job, struct error *error)
{
	g_autofree char *path = g_canonicalize_filename(program.at[0], NULL);
	struct strings words = {.at = program.at + 1, .count = program.count - 1};

	if (access(path, R_OK) != 0)
		return error_set(error, "--program %s: %m", program.at[0]);
	manifest_add_program(&job->manifest, path, &words);
	bench = MANIFEST_PROGRAM;
	return 0;
}

/* The benchmarks of an estimate. -1 with error. */
static int choose_native(struct job *job, struct bill_request *request, size_t variants_named,
			 struct error *error)
{
	if (variants_named > 1)
		return error_set(error, "machine native counts cycles, so it is billed alone");
	for (int i = 0; i < NATIVE_COSTS; i++) {
		if (choose_case(&job->native[i], &job->manifest, bill_native_benches[i], error) !=
		    0)
			return -1;
		request->native[i] = job->native[i].cases;
	}
	return 0;
}

/* What is to be billed. -1: go on; else the exit code. */
static int choose(struct job *job, const struct strings *names)
{
	const char *wrong = contradiction(names->count);
	struct error error;

	if (wrong)
		return command_fail(EXIT_USAGE, "bill: %s", wrong);
	if (program.count && add_program(job, &error) != 0)
		return command_fail(EXIT_USAGE, "bill: %s", error.text);
	if (!stamped && find_plugin(job, &error) != 0)
		return command_fail(EXIT_FAILED, "bill: %s", error.text);
	if (choose_case(&job->bench, &job->manifest, bench, &error) != 0 ||
	    (stamped && choose_case(&job->stamped, &job->manifest, STAMPED_BENCH, &error) != 0))
		return command_fail(EXIT_USAGE, "bill: %s", error.text);
	for (; job->count < names->count; job->count++) {
		struct bill_request *request = &job->requests[job->count];

		*request = (struct bill_request){.machine = job->machine,
						 .bench = job->bench.cases,
						 .stamped = stamped ? job->stamped.cases : NULL,
						 .program = program.count > 0,
						 .boots = (unsigned)boots,
						 .plugin = job->plugin,
						 .init = job->manifest.init};
		if (choose_variant(request, &job->manifest, names->at[job->count], &error) != 0 ||
		    (!request->machine->ledger && !stamped &&
		     choose_native(job, request, names->count, &error) != 0))
			return command_fail(EXIT_USAGE, "bill: %s", error.text);
		request->timeout = timeout > 0 ? timeout : request->machine->timeout;
	}
	return -1;
}

/* What the options leave open, and the manifest. -1: go on; else the exit code. */
static int prepare(struct job *job)
{
	struct error error;
	bool silicon;

	job->machine = machine_find(machine_name);
	if (!job->machine)
		return command_fail(EXIT_USAGE,
				    "bill: no machine \"%s\" (entrybench list shows them)",
				    machine_name);
	silicon = job->machine->class == CLASS_SILICON;
	stamped |= silicon || strcmp(job->machine->name, "tcg") != 0;
	if (boots == 0)
		boots = silicon ? 10 : 1;
	if (manifest_load(&job->manifest, manifest_path, &error) != 0)
		return command_fail(EXIT_FAILED, "bill: %s", error.text);
	machine_add_variants(&job->manifest);
	if (kernels_add(&job->manifest, &kernels, &lines, &error) != 0)
		return command_fail(EXIT_USAGE, "bill: %s", error.text);
	return -1;
}

static int main_bill(const struct words *words)
{
	struct job job = {.view = {.quiet = quiet, .symbols = symbols, .listing = listing}};
	int code = -1;

	for (size_t i = 0; i < words->operands.count; i++)
		strings_add(&variants, words->operands.at[i]);
	if (variants.count == 0)
		code =
		    command_fail(EXIT_USAGE, "bill: name a variant (entrybench list shows them)");
	if (code < 0)
		code = prepare(&job);
	if (code < 0)
		code = choose(&job, &variants);
	if (code < 0)
		code = boot_all(&job);
	else
		job.count = 0;
	if (code == EXIT_OK && job.count)
		code = put_out(&job);
	for (size_t i = 0; i < job.count; i++)
		bill_free(&job.bills[i]);
	for (int i = 0; i < NATIVE_COSTS; i++)
		selection_free(&job.native[i]);
	selection_free(&job.stamped);
	selection_free(&job.bench);
	manifest_free(&job.manifest);
	g_free(job.plugin);
	return code;
}

const struct command command_bill = {
    .name = "bill",
    .usage = "[linux:]VARIANT...",
    .about = "itemise one round trip, compare two, or bill a whole program",
    .options =
	(const struct option_row[]){
	    {'B', "bench", "NAME", "NAME or NAME:PARAM (default: " DEFAULT_BENCH ")",
	     .text = &bench},
	    {'V', "variant", "NAME", "as an operand; may be repeated", .list = &variants},
	    {0, "program", "FILE [ARG]...", "a static program and its words, up to a last --",
	     .rest = &program},
	    {0, "linux", "FILE[=NAME]", "kernel of machine linux; may be repeated",
	     .lines = &kernels},
	    {0, "append", "LINE", "kernel line of machine linux; may be repeated", .lines = &lines},
	    {0, "timeout", "S", "seconds a boot (default: the machine's)", .seconds = &timeout},
	    {0, "manifest", "FILE", "what the build made (default: beside this tool)",
	     .text = &manifest_path},
	    {.help = "By time stamps"},
	    {0, "stamped", NULL, "boot a stamped image (silicon: always)", .flag = &stamped},
	    {'m', "machine", "NAME", "machine of the stamped image (default: tcg)",
	     .text = &machine_name},
	    {'b', "boots", "N", "boots of it (default: 10 on silicon, else 1)", .number = &boots,
	     .least = 1, .most = 1000},
	    {.help = "Output"},
	    {0, "json", NULL, "print JSON", .flag = &json},
	    {0, "symbols", NULL, "a difference by symbol, too", .flag = &symbols},
	    {0, "listing", NULL, "also every instruction, as executed", .flag = &listing},
	    {0, "folded", "FILE", "write call stacks for flame graphs", .text = &folded},
	    {0, "plot", "DIR", "draw waterfalls, SVG and PNG, into DIR/plots", .text = &plot},
	    {'q', "quiet", NULL, "only the lines: no title, no sums", .flag = &quiet},
	    {'v', "verbose", NULL, "also CPU, kernel file and program", .flag = &verbose},
	    {0},
	},
    .operands_max = BILLS_MAX,
    .main = main_bill,
};
