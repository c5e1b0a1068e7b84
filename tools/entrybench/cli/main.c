/* The host tool's main(): finds the command, and cleans up behind it. */
#include "cli/cli.h"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

static const struct command *const commands[] = {
    &command_doctor, &command_list,	&command_run,	  &command_report,  &command_show,
    &command_export, &command_bill,	&command_compare, &command_merge,   &command_baselines,
    &command_prices, &command_validate, &command_image,	  &command_collect, &command_kexec,
};

static void print_help(void)
{
	printf("Usage: entrybench COMMAND [OPTION]...\n\n"
	       "Measures what it costs to cross into an x86-64 kernel and back.\n\nCommands:\n");
	for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
		printf("  %-10s %s\n", commands[i]->name, commands[i]->about);
	printf("\nentrybench COMMAND --help lists the options of a command.\n"
	       "Exit status: 0 ok, 1 a guest or the tool failed, 2 usage, 3 regression found,\n"
	       "77 nothing could run, 124 timeout, 130 interrupted.\n");
}

static int unknown(const char *word)
{
	g_auto(strings_t) names = {0};
	g_autofree char *near = NULL;

	for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
		strings_add(&names, commands[i]->name);
	near = did_you_mean(word, &names);
	return command_fail(EXIT_USAGE, "no command \"%s\"%s (entrybench --help lists all)", word,
			    near);
}

/* Lost output must not look like success, unless the reader simply stopped reading. */
static int check_output(int code)
{
	struct pollfd out = {.fd = STDOUT_FILENO};

	if (!fflush(stdout) && !ferror(stdout))
		return code;
	/* So it is with a pipe that nobody reads. */
	if (poll(&out, 1, 0) == 1 && out.revents & POLLERR)
		return code;
	return command_fail(code ? code : EXIT_FAILED, "cannot write to standard output");
}

static int run_command(const struct command *command, int argc, char **argv)
{
	struct words words = {0};
	struct error error = {""};
	int code = command_parse(command, argc, argv, &words);

	if (code < 0)
		code = command->main(&words, &error);
	/* A first attempt that failed leaves its text, though the second one worked. */
	if (code != EXIT_OK && *error.text)
		command_fail(code, "%s: %s", command->name, error.text);
	words_free(&words);
	return code;
}

/* entrybench complete -- WORD...: for completions/, which --help need not name. */
static int complete_words(int count, char **words)
{
	for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
		if (count == 1 && g_str_has_prefix(commands[i]->name, words[0]))
			puts(commands[i]->name);
		else if (count > 1 && !strcmp(commands[i]->name, words[0]))
			complete(commands[i], words + 1, count - 1);
	return EXIT_OK;
}

int main(int argc, char **argv)
{
	const char *word = argc > 1 ? argv[1] : "--help";

	/* A closed pipe or a size limit must not kill the tool: it has guests to clean up. */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	atexit(scratch_remove);
	if (!strcmp(word, "--help") || !strcmp(word, "-h") || !strcmp(word, "help")) {
		print_help();
		return check_output(argc > 1 ? EXIT_OK : EXIT_USAGE);
	}
	if (!strcmp(word, "--version")) {
		command_print_version();
		return check_output(EXIT_OK);
	}
	if (!strcmp(word, "complete") && argc > 3)
		return check_output(complete_words(argc - 3, argv + 3));
	for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
		if (!strcmp(word, commands[i]->name))
			return check_output(run_command(commands[i], argc - 1, argv + 1));
	return unknown(word);
}
