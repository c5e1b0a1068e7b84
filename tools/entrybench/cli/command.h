/*
 * Commands and their command lines. A command is one `struct command` in its own file, and one line in main.c. An option
 * is one row of it: where its value goes says of what kind it is.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/memory.h"

#define EXIT_OK	    0
#define EXIT_FAILED 1
#define EXIT_USAGE  2

/*
 * A row with nothing but `help` is the heading of those that follow. What a row points to has static storage and holds
 * the default.
 */
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
	struct strings *rest; /* its value and all words behind it, up to a last "--" */

	uint64_t least, most;
};

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
	unsigned operands_max;
	bool qemu; /* words behind "--" are arguments for QEMU; else they are operands */
	int (*main)(const struct words *words); /* the exit code */
};

/*
 * Parses argv[1...] into the rows' values and the words. -1: go on; else the exit code: --help or --version was
 * answered, or the usage is wrong and one line on stderr says how. Free the words in both cases.
 */
int command_parse(const struct command *command, int argc, char **argv, struct words *words);
void words_free(struct words *words);

/* One line "entrybench: ..." on stderr. Returns the code. */
int command_fail(int code, const char *format, ...) __attribute__((format(printf, 2, 3)));

void command_print_version(void);

extern const struct command command_doctor, command_list, command_run, command_report,
    command_export, command_bill, command_compare;

#endif
