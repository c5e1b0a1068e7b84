/* The command `bill`: one round trip itemised, or the difference of two. */
#include "cli/cli.h"

#include <sys/stat.h>
#include <unistd.h>

#define DEFAULT_BENCH "null_syscall"

static const char *bench = DEFAULT_BENCH, *machine_name = "tcg", *folded, *plot, *manifest_path;
static struct strings kernels, lines; /* of machine linux */
static struct strings variants, program;
static uint64_t boots;
static bool json, listing, symbols, stamped, quiet, verbose;
static double timeout; /* 0: the machine's */

/* What is billed, and what the requests point into. */
struct job {
	struct manifest manifest;
	struct selection selection; /* of the one benchmark */
	struct bill_request requests[BILLS_MAX];
	struct bill bills[BILLS_MAX];
	struct bill_view view; /* of them */
	size_t count;
};

static void explain(int code, const struct bill_request *request, struct error *error)
{
	const struct machine *other = code == 77 ? bill_other_machine(request) : NULL;
	bool here = strcmp(bench, DEFAULT_BENCH) == 0;
	g_autofree char *hint =
	    other && here
		? g_strdup_printf("; machine %s has it: add -m %s", other->name, other->name)
	    : other ? g_strdup_printf("; machine %s has it: entrybench run -m %s -V %s -B %s",
				      other->name, other->name, request->variant->name, bench)
		    : g_strdup("");

	struct error problem = *error;

	error_set(error, "%s, %s on %s: %s%s", request->variant->name, request->bench->label,
		  request->machine->name, problem.text, hint);
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
static int boot_all(struct job *job, struct error *error)
{
	int code = EXIT_OK;

	signals_open();
	process_adopt_orphans();
	for (size_t i = 0; i < job->count && code == EXIT_OK; i++) {
		const struct bill_request *request = &job->requests[i];

		say_what_boots(request);
		code = bill_boot(&job->bills[i], request, error);
		job->view.bills[i] = &job->bills[i];
		if (code != EXIT_OK && code != 130)
			explain(code, request, error);
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

/* Of more than two, each against the one before. */
static void print_bills(const struct job *job)
{
	struct bill_view two = job->view;

	if (program.count || job->count <= 2) {
		bill_print(stdout, &job->view);
		return;
	}
	two.bills[2] = NULL;
	for (size_t i = 1; i < job->count; i++) {
		two.bills[0] = &job->bills[i - 1];
		two.bills[1] = &job->bills[i];
		if (i > 1)
			putchar('\n');
		bill_print(stdout, &two);
	}
}

/* Tables, listings, JSON and files. Returns the exit code. */
static int put_out(const struct job *job, struct error *error)
{
	if ((folded && write_folded(job, error) != 0) ||
	    (plot && bill_plot(&job->view, plot, error) != 0))
		return EXIT_FAILED;
	if (json) {
		json_print(bill_json(&job->view), stdout);
		return EXIT_OK;
	}
	print_bills(job);
	if (verbose)
		print_files(job);
	return EXIT_OK;
}

/* NULL, or which words do not go together. */
static const char *contradiction(void)
{
	if (!variants.count)
		return "name a variant (entrybench list shows them)";
	if (variants.count > BILLS_MAX)
		return "at most 8 variants";
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

/* The manifest with what the user brings along. Returns the exit code, with error. */
static int read_manifest(struct job *job, struct error *error)
{
	if (manifest_open(&job->manifest, manifest_path, error) != 0)
		return EXIT_FAILED;
	if (kernels_add(&job->manifest, &kernels, &lines, error) != 0 ||
	    program_add(&job->manifest, &program, error) != 0)
		return EXIT_USAGE;
	return EXIT_OK;
}

static int add_request(struct job *job, const struct machine *machine, const char *words,
		       struct error *error)
{
	struct bill_request *request = &job->requests[job->count];

	*request = (struct bill_request){.manifest = &job->manifest,
					 .machine = machine,
					 .bench = job->selection.cases,
					 .stamped = stamped,
					 .program = program.count > 0,
					 .boots = (unsigned)boots};
	if (bill_choose_variant(request, words, error) != 0)
		return -1;
	if (!request->machine->ledger && !stamped && variants.count > 1)
		return error_set(error, "machine native counts cycles, so it is billed alone");
	request->timeout = timeout > 0 ? timeout : request->machine->timeout;
	job->count++;
	return 0;
}

/* What is to be billed. Returns the exit code, with error. */
static int choose(struct job *job, struct error *error)
{
	const struct machine *machine = machine_find(machine_name);
	bool silicon = machine && machine->class == CLASS_SILICON;
	const char *wrong;
	int code;

	if (!machine) {
		error_set(error, "no machine \"%s\" (entrybench list shows them)", machine_name);
		return EXIT_USAGE;
	}
	stamped |= silicon || strcmp(machine->name, "tcg") != 0;
	if (boots == 0)
		boots = silicon ? 10 : 1;
	wrong = contradiction();
	if (wrong) {
		error_set(error, "%s", wrong);
		return EXIT_USAGE;
	}
	code = read_manifest(job, error);
	if (code == EXIT_OK &&
	    bill_choose_case(&job->selection, &job->manifest,
			     program.count ? MANIFEST_PROGRAM : bench, error) != 0)
		code = EXIT_USAGE;
	for (size_t i = 0; i < variants.count && code == EXIT_OK; i++)
		if (add_request(job, machine, variants.at[i], error) != 0)
			code = EXIT_USAGE;
	return code;
}

static int main_bill(const struct words *words, struct error *error)
{
	struct job job = {.view = {.quiet = quiet, .symbols = symbols, .listing = listing}};
	int code;

	strings_copy(&variants, &words->operands);
	code = choose(&job, error);
	if (code == EXIT_OK)
		code = boot_all(&job, error);
	if (code == EXIT_OK)
		code = put_out(&job, error);
	for (size_t i = 0; i < job.count; i++)
		bill_free(&job.bills[i]);
	selection_free(&job.selection);
	manifest_free(&job.manifest);
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
	    {0, "bochs", "FILE", "machine bochs' program (or $EB_BOCHS)", .variable = "EB_BOCHS"},
	    MANIFEST_OPTION(&manifest_path),
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
