/*
 * Command lines, by getopt_long(): GOptionContext would take the words behind --program for
 * options.
 */
#include "cli/cli.h"

#include <getopt.h>

#include "run/version.h"

#define SECONDS_MIN 0.001
#define SECONDS_MAX 86400

/* What getopt_long() returns: OPERAND, a letter, or BY_NAME and the row's number. */
#define OPERAND	 1
#define BY_NAME	 256
#define ROWS_MAX 40

static bool help_wanted, version_wanted;

static const struct option_row common[] = {
    {.help = "Help"},
    {'h', "help", NULL, "print this and exit", .flag = &help_wanted},
    {0, "version", NULL, "print the version and exit", .flag = &version_wanted},
    {0},
};

int command_fail(int code, const char *format, ...)
{
	va_list arguments;

	fflush(stdout);
	va_start(arguments, format);
	g_autofree char *text = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	g_autofree char *visible = text_visible(text);

	fprintf(stderr, "entrybench: %s\n", visible);
	return code;
}

void command_print_version(void)
{
	printf("entrybench %s%s%s%s\n", ENTRYBENCH_VERSION, ENTRYBENCH_GIT[0] ? " (" : "",
	       ENTRYBENCH_GIT, ENTRYBENCH_GIT[0] ? ")" : "");
}

/* All rows of a command, and what getopt_long() wants to know of them. */
struct grammar {
	const struct command *command;
	const struct option_row *rows[ROWS_MAX];
	size_t count;
	struct option names[ROWS_MAX];
	char letters[2 * ROWS_MAX];
};

/* Operands come in their order ("-"), and a missing value is told from an unknown option (":"). */
static void make_grammar(struct grammar *grammar, const struct command *command)
{
	const struct option_row *const lists[] = {command->options, common};
	char *letter = stpcpy(grammar->letters, "-:");
	struct option *name = grammar->names;

	grammar->command = command;
	for (size_t list = 0; list < G_N_ELEMENTS(lists); list++)
		for (const struct option_row *row = lists[list]; row->name || row->help; row++) {
			g_assert(grammar->count + 1 < ROWS_MAX);
			grammar->rows[grammar->count++] = row;
			if (row->name)
				*name++ = (struct option){
				    row->name, row->value ? required_argument : no_argument, NULL,
				    BY_NAME + (int)grammar->count - 1};
			if (row->letter)
				letter +=
				    sprintf(letter, "%c%s", row->letter, row->value ? ":" : "");
		}
}

static const struct option_row *find_row(const struct grammar *grammar, int option)
{
	if (option >= BY_NAME)
		return grammar->rows[option - BY_NAME];
	for (size_t i = 0; i < grammar->count; i++)
		if (option && grammar->rows[i]->letter == option)
			return grammar->rows[i];
	return NULL;
}

static void print_help(const struct grammar *grammar)
{
	const struct command *command = grammar->command;
	char labels[ROWS_MAX][60];
	int width = 0;

	for (size_t i = 0; i < grammar->count; i++) {
		const struct option_row *row = grammar->rows[i];
		char letter[] = {'-', row->letter, ',', ' ', 0};

		if (row->name)
			width = MAX(width, snprintf(labels[i], sizeof(labels[i]), "%s--%s%s%s",
						    row->letter ? letter : "", row->name,
						    row->value ? "=" : "", row->value ?: ""));
	}
	printf("Usage:\n  entrybench %s [OPTION...]%s%s\n\n%c%s.\n%s", command->name,
	       *command->usage ? " " : "", command->usage, g_ascii_toupper(*command->about),
	       command->about + 1, grammar->rows[0]->name ? "\nOptions:\n" : "");
	for (size_t i = 0; i < grammar->count; i++)
		if (grammar->rows[i]->name)
			printf("  %-*s  %s\n", width, labels[i], grammar->rows[i]->help);
		else
			printf("\n%s:\n", grammar->rows[i]->help);
}

static int take_number(const struct option_row *row, const char *name, const char *value,
		       struct error *error)
{
	guint64 number;

	if (!g_ascii_string_to_unsigned(value, 10, row->least, row->most, &number, NULL))
		return error_set(error, "%s \"%s\" is no whole number from %" PRIu64 " to %" PRIu64,
				 name, value, row->least, row->most);
	if (row->number)
		*row->number = number;
	else
		*row->count = (unsigned)number;
	return 0;
}

static int take_seconds(const struct option_row *row, const char *name, const char *value,
			struct error *error)
{
	char *end;

	*row->seconds = g_ascii_strtod(value, &end);
	if (end != value && !*end && *row->seconds >= SECONDS_MIN && *row->seconds <= SECONDS_MAX)
		return 0;
	return error_set(error, "%s \"%s\" is no number of seconds from %g to %d", name, value,
			 SECONDS_MIN, SECONDS_MAX);
}

static int take_value(const struct option_row *row, const char *name, const char *value,
		      struct error *error)
{
	g_auto(GStrv) parts = row->list ? g_strsplit(value, ",", -1) : NULL;

	if (row->count || row->number)
		return take_number(row, name, value, error);
	if (row->seconds)
		return take_seconds(row, name, value, error);
	if (row->flag) {
		*row->flag = true;
	} else if (!value[0]) {
		return error_set(error, "%s \"\": the %s is empty", name, row->value);
	} else if (row->text) {
		*row->text = value;
	} else if (row->variable) {
		g_setenv(row->variable, value, TRUE);
	} else if (!parts) {
		strings_add(row->lines ? row->lines : row->rest, value);
	}
	for (char **part = parts; part && *part; part++)
		strings_add(row->list, *part);
	return 0;
}

/* Reports an unknown option, or one whose value is missing or not wanted. */
static int complain(const struct grammar *grammar, bool missing, const char *word)
{
	const struct option_row *known = find_row(grammar, optopt);
	const char *command = grammar->command->name;
	g_autofree char *name = optopt && optopt < BY_NAME ? g_strdup_printf("-%c", optopt)
							   : g_strndup(word, strcspn(word, "="));
	g_auto(strings_t) names = {0};

	for (size_t i = 0; i < grammar->count && !optopt; i++)
		if (grammar->rows[i]->name)
			strings_addf(&names, "--%s", grammar->rows[i]->name);
	g_autofree char *near = did_you_mean(name, &names);

	return command_fail(EXIT_USAGE, "%s: %s %s%s (entrybench %s --help lists all options)",
			    command,
			    missing ? "missing argument for"
			    : known ? "no value goes with"
				    : "unknown option",
			    name, near, command);
}

/* Takes all words up to "--", and says where the next one stands. -1, or the exit code. */
static int take_words(const struct grammar *grammar, int argc, char **argv, struct words *words)
{
	int option;

	opterr = 0;
	optind = 1;
	while ((option = getopt_long(argc, argv, grammar->letters, grammar->names, NULL)) != -1) {
		const struct option_row *row = find_row(grammar, option);
		g_autofree char *name = NULL;
		struct error error;
		int end = argc;

		if (option == OPERAND) {
			strings_add(&words->operands, optarg);
			continue;
		}
		if (!row)
			return complain(grammar, option == ':', argv[optind - 1]);
		if (row->value && !strcmp(optarg, "--")) {
			optopt = option;
			return complain(grammar, true, argv[optind - 2]);
		}
		name = option < BY_NAME ? g_strdup_printf("-%c", option)
					: g_strconcat("--", row->name, NULL);
		if (take_value(row, name, optarg, &error))
			return command_fail(EXIT_USAGE, "%s: %s", grammar->command->name,
					    error.text);
		if (!row->rest)
			continue;
		/* All words up to the last "--" are its own. */
		for (int i = optind; i < argc; i++)
			if (!strcmp(argv[i], "--"))
				end = i;
		for (; optind < end; optind++)
			strings_add(row->rest, argv[optind]);
		optind = MIN(end + 1, argc);
		break;
	}
	return -1;
}

static int check_operands(const struct command *command, const struct words *words)
{
	const struct strings *operands = &words->operands;

	for (size_t i = 0; i < operands->count; i++)
		if (i >= command->operands_max || !operands->at[i][0])
			return command_fail(
			    EXIT_USAGE, "%s: \"%s\" is %s (usage: entrybench %s [OPTION...] %s)",
			    command->name, operands->at[i],
			    i < command->operands_max ? "empty" : "too much", command->name,
			    command->usage);
	if (operands->count < command->operands_min)
		return command_fail(EXIT_USAGE, "%s: %s (usage: entrybench %s [OPTION...] %s)",
				    command->name, command->lacking, command->name, command->usage);
	return -1;
}

int command_parse(const struct command *command, int argc, char **argv, struct words *words)
{
	struct grammar grammar = {0};
	int code;

	for (int i = 0; i < argc; i++)
		strings_add(&words->all, argv[i]);
	make_grammar(&grammar, command);
	code = take_words(&grammar, argc, argv, words);
	if (code >= 0)
		return code;
	if (help_wanted)
		print_help(&grammar);
	else if (version_wanted)
		command_print_version();
	if (help_wanted || version_wanted)
		return EXIT_OK;
	for (; optind < argc; optind++)
		strings_add(command->qemu ? &words->qemu : &words->operands, argv[optind]);
	return check_operands(command, words);
}

void words_free(struct words *words)
{
	strings_free(&words->all);
	strings_free(&words->operands);
	strings_free(&words->qemu);
}
