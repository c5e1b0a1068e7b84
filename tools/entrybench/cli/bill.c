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

static int fail(int code, const struct bill_request *request, const struct error *error)
{
	const struct machine *other = code == 77 ? bill_other_machine(request) : NULL;
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

/* NULL, or which words do not go together. */
static const char *contradiction(size_t names)
{
	if (names > (program.count ? BILLS_MAX : 2))
		return program.count ? "at most 8 variants"
				     : "at most two variants, but for --program";
	if (program.count && (stamped || listing || symbols))
		return "--program goes with machines tcg, linux and native, without --stamped, "
		       "--listing or --symbols";
	if (program.count && strcmp(bench, DEFAULT_BENCH) != 0)
		return "-B goes with benchmarks, not with --program";
	if (stamped && strcmp(bench, DEFAULT_BENCH) != 0)
		return "time stamps are of " DEFAULT_BENCH " only";
	if (stamped && (listing || folded || symbols))
		return "time stamps give phases only: no --listing, --symbols or --folded";
	return NULL;
}

/* The benchmarks of an estimate. -1 with error. */
static int choose_native(struct job *job, struct bill_request *request, size_t variants_named,
			 struct error *error)
{
	if (variants_named > 1)
		return error_set(error, "machine native counts cycles, so it is billed alone");
	for (int i = 0; i < NATIVE_COSTS; i++) {
		if (bill_choose_case(&job->native[i], &job->manifest, bill_native_benches[i],
				     error) != 0)
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
	if (program_add(&job->manifest, &program, &error) != 0)
		return command_fail(EXIT_USAGE, "bill: %s", error.text);
	bench = program.count ? MANIFEST_PROGRAM : bench;
	if (!stamped && find_plugin(job, &error) != 0)
		return command_fail(EXIT_FAILED, "bill: %s", error.text);
	if (bill_choose_case(&job->bench, &job->manifest, bench, &error) != 0 ||
	    (stamped &&
	     bill_choose_case(&job->stamped, &job->manifest, STAMPED_BENCH, &error) != 0))
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
		if (bill_choose_variant(request, &job->manifest, names->at[job->count], &error) !=
			0 ||
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
