/* Commands, and what several of them share. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "bill/bill.h"
#include "run/run.h"

/* What to bill: a guest under the plugin, or a variant's stamped and bare images in turn. */
struct bill_request {
	const struct manifest *manifest; /* libledger.so lies beside it */
	const struct machine *machine;
	const struct variant *variant;
	const struct bench_case *bench;
	bool stamped;	/* by time stamps */
	bool program;	/* the bench is a program of the user's */
	unsigned boots; /* of each image, by time stamps */
	double timeout; /* seconds */
};

/*
 * 0; 1 with error: a boot failed, or on a deterministic machine the lines do not sum to what the
 * clock says; 77 with error: the machine lacks what the variant needs; 124 with error: it took too
 * long; 130: the user wants to stop. Call bill_free() in each case.
 */
int bill_boot(struct bill *bill, const struct bill_request *request, struct error *error);

/* System calls that the core lacks, and how often: "getdents64 3 times, socket once". Free it. */
char *lacking_calls(const struct boot *boot);

/* One boot of a case, as bill_boot(), which has measured that round trip. */
int bill_measure(struct bill *bill, const struct bill_request *request, struct single_boot single,
		 double *round_trip, struct error *error);

/* bill_boot()'s for a program on machine native. */
int bill_by_estimate(struct bill *bill, const struct bill_request *request, struct error *error);

/* The one case that the name means. -1 with error. Free the selection in both cases. */
int bill_choose_case(struct selection *selection, const struct manifest *manifest, const char *name,
		     struct error *error);

/* Machine and variant of "[MACHINE:]VARIANT". Only the core's take time stamps. -1: error. */
int bill_choose_variant(struct bill_request *request, const char *words, struct error *error);

/* The machine whose CPU has what this one's lacks; NULL: none of the emulators does. */
const struct machine *bill_other_machine(const struct bill_request *request);

/*
 * Draws waterfalls by phase, of each and from the total of one to that of another, or of programs a
 * stacked bar a variant, as DIR/plots/NAME.svg, .png and what they are drawn from. 0, or -1 with
 * error.
 */
int bill_plot(const struct bill_view *view, const char *dir, struct error *error);

/*
 * Commands and their command lines. A command is one `struct command` in its own file, and one line
 * in main.c. An option is one row of it: where its value goes says of what kind it is.
 */
#define EXIT_OK	    0
#define EXIT_FAILED 1
#define EXIT_USAGE  2

/* A row with only `help` is a heading. Targets are static and hold the defaults. */
struct option_row {
	char letter;	   /* 0: it has only a name */
	const char *name;  /* the list ends with a row that has neither name nor help */
	const char *value; /* what --help calls its value; NULL: it takes none */
	const char *help;

	/* One of these. */
	bool *flag;
	const char **text;     /* never empty */
	struct strings *list;  /* may be given again, and as A,B */
	struct strings *lines; /* may be given again; a comma belongs to the value */
	unsigned *count;       /* from least to most */
	uint64_t *number;      /* from least to most */
	double *seconds;
	const char *variable; /* of the environment, which gets the value */
	struct strings *rest; /* its value and all words behind it, up to a last "--" */

	uint64_t least, most;
};

/* A row that several commands have. */
#define MANIFEST_OPTION(target)                                                                    \
	{                                                                                          \
		0, "manifest", "FILE", "what the build made (default: beside this tool)",          \
		    .text = (target)                                                               \
	}

/* The words of a command line that are no options. */
struct words {
	struct strings all;	 /* as the user typed them, from the command's name on */
	struct strings operands; /* never empty ones */
	struct strings qemu;	 /* behind "--", where the command takes arguments for QEMU */
};

struct command {
	const char *name;
	const char *usage; /* what stands behind the options; "" where nothing does */
	const char *about;
	const struct option_row *options; /* --help and --version come by themselves */
	unsigned operands_min, operands_max;
	const char *lacking; /* "which folder?": what fewer words than that lack */
	bool qemu;	     /* words behind "--" are arguments for QEMU; else they are operands */

	/* The exit code; error: why, where that has not been said. */
	int (*main)(const struct words *words, struct error *error);
};

/*
 * Parses argv[1...] into the rows' values and the words. -1: go on; else the exit code: --help or
 * --version was answered, or the usage is wrong and one line on stderr says how. Free the words in
 * both cases.
 */
int command_parse(const struct command *command, int argc, char **argv, struct words *words);
void words_free(struct words *words);

/* Prints what may replace the last of the words behind the command's name. count >= 1. */
void complete(const struct command *command, char **words, int count);

/* One line "entrybench: ..." on stderr. Returns the code. */
int command_fail(int code, const char *format, ...) __attribute__((format(printf, 2, 3)));

void command_print_version(void);

extern const struct command command_doctor, command_list, command_run, command_report,
    command_export, command_bill, command_compare, command_merge, command_show, command_baselines,
    command_prices, command_validate, command_image, command_collect, command_kexec;

/* Runs, and reports failures. -1: there are results; else the exit code. Always free the result. */
int run_to_end(struct run_request *wanted, struct run_result *result, struct error *error);

/*
 * Bills a measured cell; timeout 0: the machine's. -1 with error: its image is missing or another.
 * Always bill_free().
 */
int bill_cell(struct bill *bill, const struct manifest *manifest, const struct cell *cell,
	      double timeout, struct error *error);

/* A named run in $XDG_DATA_HOME; loading fills summaries. 0, or -1 with error. */
int baseline_save(const struct run *run, const char *name, struct error *error);
int baseline_load(struct run *run, const char *name, struct error *error);

/* What the commands have in common that only look: `doctor` and `list`. */

/* One command line, one request. */
extern struct look_request {
	const char *manifest;
	bool json, quiet, verbose;
} look_request;

/* Options of both; q and v as well. */
#define LOOK_OPTIONS                                                                               \
	{0, "json", NULL, "print JSON", .flag = &look_request.json},                               \
	    MANIFEST_OPTION(&look_request.manifest)

/* A table under its title and an empty line; with -q no title. */
void look_print(const struct table *table, const char *title);

/* The run of a results folder or of its run.json, with summaries. 0, or -1 with error. */
int results_open(const char *path, bool any_version, struct run *run, struct error *error);

#endif
