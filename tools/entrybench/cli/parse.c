/* Command lines: options by their rows, and the help that follows from them. */
#include "cli/command.h"
#include "run/version.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ID_VERSION   1000
#define LETTERS_MAX  128
#define OPTIONS_MAX  40
#define COLUMN_WIDTH 28

static const struct option_row common[] = {
    {'h', "help", NULL, "print this and end"},
    {ID_VERSION, "version", NULL, "print the version and end"},
    {0},
};

int command_fail(int code, const char *format, ...)
{
	va_list arguments;

	fputs("entrybench: ", stderr);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	return code;
}

void command_print_version(void)
{
	printf("entrybench %s%s%s%s\n", ENTRYBENCH_VERSION, ENTRYBENCH_GIT[0] ? " (" : "",
	       ENTRYBENCH_GIT, ENTRYBENCH_GIT[0] ? ")" : "");
}

static void print_options(const struct option_row *row)
{
	for (; row->name; row++) {
		char text[80];

		snprintf(text, sizeof(text), "%c%c%s--%s%s%s", row->id < 256 ? '-' : ' ',
			 row->id < 256 ? row->id : ' ', row->id < 256 ? ", " : "  ", row->name,
			 row->value ? " " : "", row->value ? row->value : "");
		printf("  %-*s %s\n", COLUMN_WIDTH, text, row->help);
	}
}

void command_print_help(const struct command *command)
{
	printf("Usage: entrybench %s %s\n\n%s.\n\nOptions:\n", command->name, command->usage,
	       command->about);
	print_options(command->options);
	print_options(common);
}

/* getopt's tables. */
struct tables {
	char letters[LETTERS_MAX];
	struct option options[OPTIONS_MAX];
	size_t letter_count, count;
};

static void add_rows(struct tables *tables, const struct option_row *row)
{
	for (; row->name && tables->count + 1 < OPTIONS_MAX; row++) {
		tables->options[tables->count++] = (struct option){
		    row->name, row->value ? required_argument : no_argument, NULL, row->id};
		if (row->id >= 256)
			continue;
		tables->letters[tables->letter_count++] = (char)row->id;
		if (row->value)
			tables->letters[tables->letter_count++] = ':';
	}
}

/* What getopt stumbled over: argv[optind - 1], or a letter within it. */
static int complain(const struct command *command, char **argv, int problem)
{
	const char *word = argv[optind - 1];
	char letter[3] = {'-', (char)optopt, 0};

	if (optopt && optopt < 256)
		word = letter;
	return command_fail(EXIT_USAGE, "%s: %s %s (entrybench %s --help lists all options)",
			    command->name, word, problem == ':' ? "needs a value" : "is no option",
			    command->name);
}

static int take_words(const struct command *command, int argc, char **argv, unsigned plain,
		      struct words *words)
{
	for (int i = optind; i < argc; i++) {
		if (words->plain.count == plain)
			return command_fail(EXIT_USAGE,
					    "%s: \"%s\" is too much (usage: entrybench %s %s)",
					    command->name, argv[i], command->name, command->usage);
		strings_add(&words->plain, argv[i]);
	}
	return -1;
}

/* The first "--" from `start` on, or argc. */
static int find_dashes(int start, int argc, char **argv)
{
	while (start < argc && strcmp(argv[start], "--") != 0)
		start++;
	return start;
}

static void add_words(struct strings *list, int start, int end, char **argv)
{
	for (int i = start; i < end; i++)
		strings_add(list, argv[i]);
}

/* The words from `start` on belong to the option before; behind the last "--" of them stands what is behind in every command. */
static void split_rest(int start, int argc, char **argv, struct words *words)
{
	int end = argc;

	for (int i = start; i < argc; i++)
		if (!strcmp(argv[i], "--"))
			end = i;
	add_words(&words->rest, start, end, argv);
	add_words(&words->after, end + 1, argc, argv);
}

static bool takes_rest(const struct option_row *row, int id)
{
	for (; row->name; row++)
		if (row->id == id)
			return row->value && strstr(row->value, "...");
	return false;
}

int command_parse(const struct command *command, int argc, char **argv, take_option take,
		  void *context, unsigned plain, struct words *words)
{
	struct tables tables = {.letters = ":", .letter_count = 1};
	struct error error;
	int id, end = find_dashes(1, argc, argv);

	*words = (struct words){0};
	add_rows(&tables, command->options);
	add_rows(&tables, common);
	optind = 0;
	opterr = 0;
	while ((id = getopt_long(end, argv, tables.letters, tables.options, NULL)) != -1) {
		if (id == '?' || id == ':')
			return complain(command, argv, id);
		if (id == 'h') {
			command_print_help(command);
			return EXIT_OK;
		}
		if (id == ID_VERSION) {
			command_print_version();
			return EXIT_OK;
		}
		if (take(context, id, optarg, &error))
			return command_fail(EXIT_USAGE, "%s: %s", command->name, error.text);
		/* getopt comes to its end by itself once nothing is left. */
		if (takes_rest(command->options, id)) {
			split_rest(optind, argc, argv, words);
			end = argc = optind;
		}
	}
	add_words(&words->after, end + 1, argc, argv);
	return take_words(command, end, argv, plain, words);
}

void words_free(struct words *words)
{
	strings_free(&words->plain);
	strings_free(&words->rest);
	strings_free(&words->after);
}

int parse_count(const char *option, const char *value, uint64_t least, uint64_t most,
		uint64_t *number, struct error *error)
{
	char *end;

	if (value[0] >= '0' && value[0] <= '9' && strlen(value) < 19) {
		*number = strtoull(value, &end, 10);
		if (!*end && *number >= least && *number <= most)
			return 0;
	}
	return error_set(error, "%s \"%s\" is no whole number from %" PRIu64 " to %" PRIu64, option,
			 value, least, most);
}

int parse_seconds(const char *option, const char *value, double *seconds, struct error *error)
{
	char *end;

	*seconds = strtod(value, &end);
	if (end != value && !*end && *seconds >= 0.001 && *seconds <= 86400)
		return 0;
	return error_set(error, "%s \"%s\" is no number of seconds from 0.001 to 86400", option,
			 value);
}
