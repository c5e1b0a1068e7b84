/* Commands and their command lines: one row a command in commands.c, one row an option in its file. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/memory.h"

#define EXIT_OK	    0
#define EXIT_FAILED 1
#define EXIT_USAGE  2

/* id is the short option's letter, or anything from 256 on for one that has only a name. */
struct option_row {
	int id;
	const char *name;
	const char
	    *value; /* its name in the help; NULL: the option takes none; "...": all words behind
			      it are its own, too, up to a last "--" */
	const char *help;
};

struct command {
	const char *name;
	const char *usage; /* behind the name: "[OPTION]... DIR" */
	const char *about;
	const struct option_row
	    *options; /* ended by a row without name; --help and --version come by themselves */
	int (*main)(const struct command *command, int argc, char **argv);
};

extern const struct command commands[]; /* ended by a row without name */

/* What every command line may hold. */
struct words {
	struct strings plain; /* neither option nor its value */
	struct strings rest;  /* behind an option that is the last one */
	struct strings after; /* behind "--" */
};

/* Takes one option of the command; -1 with error set where its value is bad. */
typedef int (*take_option)(void *context, int id, const char *value, struct error *error);

/*
 * Parses argv[1...]. -1: go on; else the exit code: --help or --version was answered, or the usage is
 * wrong and one line on stderr says how. At most `plain` words without option are allowed.
 */
int command_parse(const struct command *command, int argc, char **argv, take_option take,
		  void *context, unsigned plain, struct words *words);
void words_free(struct words *words);

/* One line "entrybench: ..." on stderr. Returns the code. */
int command_fail(int code, const char *format, ...) __attribute__((format(printf, 2, 3)));

void command_print_help(const struct command *command);
void command_print_version(void);

/* Numbers of options; -1 with an error that names option, value and range. */
int parse_count(const char *option, const char *value, uint64_t least, uint64_t most,
		uint64_t *number, struct error *error);
int parse_seconds(const char *option, const char *value, double *seconds, struct error *error);

int main_doctor(const struct command *command, int argc, char **argv);
int main_list(const struct command *command, int argc, char **argv);
int main_run(const struct command *command, int argc, char **argv);
int main_report(const struct command *command, int argc, char **argv);
int main_bill(const struct command *command, int argc, char **argv);
int main_export(const struct command *command, int argc, char **argv);

extern const struct option_row bill_options[], doctor_options[], list_options[], run_options[],
    report_options[], export_options[];

#endif
