/* The host tool's main(): finds the command, and cleans up behind it. */
#include "cli/command.h"
#include "base/scratch.h"
#include "run/select.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_help(void)
{
	printf("Usage: entrybench COMMAND [OPTION]...\n\n"
	       "Measures what it costs to cross into an x86-64 kernel and back.\n\nCommands:\n");
	for (const struct command *command = commands; command->name; command++)
		printf("  %-10s %s\n", command->name, command->about);
	printf("\nentrybench COMMAND --help lists the options of a command.\n"
	       "Exit status: 0 ok, 1 a guest or the tool failed, 2 usage, 3 regression found,\n"
	       "77 nothing could run, 124 timeout, 130 interrupted.\n");
}

static int unknown(const char *word)
{
	struct strings names = {0};
	char *near;

	for (const struct command *command = commands; command->name; command++)
		strings_add(&names, command->name);
	near = near_matches(word, &names);
	command_fail(EXIT_USAGE, "no command \"%s\"%s (entrybench --help lists all)", word, near);
	free(near);
	strings_free(&names);
	return EXIT_USAGE;
}

/* Output that did not arrive must not look like success, unless the reader has simply seen enough. */
static int check_output(int code)
{
	errno = 0;
	if ((fflush(stdout) || ferror(stdout)) && errno != EPIPE)
		return command_fail(code ? code : EXIT_FAILED, "cannot write to standard output");
	return code;
}

int main(int argc, char **argv)
{
	const char *word = argc > 1 ? argv[1] : "--help";

	/* Not to be killed by a reader that goes: there may be guests and files to clean up. */
	signal(SIGPIPE, SIG_IGN);
	atexit(scratch_remove);
	if (!strcmp(word, "--help") || !strcmp(word, "-h") || !strcmp(word, "help")) {
		print_help();
		return check_output(argc > 1 ? EXIT_OK : EXIT_USAGE);
	}
	if (!strcmp(word, "--version")) {
		command_print_version();
		return check_output(EXIT_OK);
	}
	for (const struct command *command = commands; command->name; command++)
		if (!strcmp(word, command->name))
			return check_output(command->main(command, argc - 1, argv + 1));
	return unknown(word);
}
