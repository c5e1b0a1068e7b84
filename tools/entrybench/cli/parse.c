/* Command lines, by GLib's GOptionContext. */
#include "cli/cli.h"

#include <stdarg.h>

#include "run/version.h"

#define SECONDS_MIN 0.001
#define SECONDS_MAX 86400

static bool help_wanted, version_wanted;

static const struct option_row common[] = {
    {'h', "help", NULL, "print this and exit", .flag = &help_wanted},
    {0, "version", NULL, "print the version and exit", .flag = &version_wanted},
    {0},
};

int command_fail(int code, const char *format, ...)
{
	va_list arguments;

	fflush(stdout);
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

/* The row of "-x" or "--name". */
static const struct option_row *find_row(const struct option_row *row, const char *name)
{
	for (; row->name || row->help; row++)
		if (row->name && (name[1] == '-' ? !strcmp(row->name, name + 2)
						 : row->letter == name[1] && !name[2]))
			return row;
	return NULL;
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
	} else if (!parts) {
		strings_add(row->lines ? row->lines : row->rest, value);
	}
	for (char **part = parts; part && *part; part++)
		strings_add(row->list, *part);
	return 0;
}

static gboolean take(const char *name, const char *value, void *rows, GError **failure)
{
	struct error error;
	const struct option_row *row = find_row(rows, name);

	/* GLib's copy of the value goes when this returns. */
	if (take_value(row, name, value ? g_intern_string(value) : NULL, &error) == 0)
		return TRUE;
	g_set_error_literal(failure, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, error.text);
	return FALSE;
}

/* The rows up to the next heading as a group of options. Returns the row behind them. */
static const struct option_row *add_group(GOptionContext *context, const struct option_row *rows,
					  const char *heading)
{
	const struct option_row *row = rows;
	g_autoptr(GArray) entries = g_array_new(TRUE, TRUE, sizeof(GOptionEntry));
	g_autofree char *title = g_strconcat(heading, ":", NULL);
	GOptionGroup *group;

	for (; row->name; row++) {
		GOptionEntry entry = {row->name,    row->letter, 0,	    G_OPTION_ARG_CALLBACK,
				      (void *)take, row->help,	 row->value};

		entry.flags = G_OPTION_FLAG_FILENAME | (row->value ? 0 : G_OPTION_FLAG_NO_ARG);
		g_array_append_val(entries, entry);
	}
	group = g_option_group_new(rows->name, title, "", (void *)rows, NULL);
	g_option_group_add_entries(group, (GOptionEntry *)(void *)entries->data);
	g_option_context_add_group(context, group);
	return row;
}

static GOptionContext *make_context(const struct command *command)
{
	g_autofree char *program = g_strconcat("entrybench ", command->name, NULL);
	g_autofree char *summary = g_strconcat(command->about, ".", NULL);
	GOptionContext *context = g_option_context_new(command->usage);
	const struct option_row *row = command->options;

	summary[0] = g_ascii_toupper(summary[0]);
	g_set_prgname(program);
	g_option_context_set_help_enabled(context, FALSE);
	g_option_context_set_summary(context, summary);
	if (row->name)
		row = add_group(context, row, "Options");
	while (row->help)
		row = add_group(context, row + 1, row->help);
	add_group(context, common, "Help");
	return context;
}

const struct option_row *option_find_valued(const struct option_row *rows, const char *word,
					    size_t *size)
{
	const struct option_row *row = NULL;

	*size = strcspn(word, "=");
	if (g_str_has_prefix(word, "--")) {
		g_autofree char *name = g_strndup(word, *size);

		row = find_row(rows, name);
		return row && row->value ? row : NULL;
	}
	for (size_t i = 1; word[0] == '-' && word[i]; i++) {
		row = find_row(rows, (char[]){'-', word[i], 0});
		*size = i + 1;
		if (row && row->value)
			return row;
	}
	return NULL;
}

/* Words from `start` up to the last "--" belong to the row before. Returns where that stands. */
static int take_rest(const struct option_row *row, int start, int argc, char **argv)
{
	int end = argc;

	for (int i = start; i < argc; i++)
		if (!strcmp(argv[i], "--"))
			end = i;
	for (int i = start; i < end; i++)
		strings_add(row->rest, argv[i]);
	return end;
}

/*
 * GLib's parser knows neither "-b5" nor an option that takes all words behind it, and drops "--". It gets argv in the
 * form that it knows, up to "--"; *end is where that stands.
 */
static char **simplify(const struct command *command, int argc, char **argv, int *end)
{
	GStrvBuilder *simple = g_strv_builder_new();
	char **result;
	int i;

	g_strv_builder_add(simple, argv[0]);
	for (i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		size_t size;
		const struct option_row *row = option_find_valued(command->options, argv[i], &size);
		bool apart = row && !argv[i][size];
		bool missing = apart && (i + 1 >= argc || !strcmp(argv[i + 1], "--"));

		if (row && row->rest && !missing) {
			if (!apart)
				strings_add(row->rest, argv[i] + size + 1);
			i = take_rest(row, i + 1, argc, argv);
			break;
		}
		if (row && !apart && argv[i][1] != '-') {
			g_autofree char *letters = g_strndup(argv[i], size);

			g_strv_builder_add_many(simple, letters, argv[i] + size, NULL);
			continue;
		}
		g_strv_builder_add(simple, argv[i]);
		if (apart && !missing)
			g_strv_builder_add(simple, argv[++i]);
	}
	*end = i;
	result = g_strv_builder_end(simple);
	g_strv_builder_unref(simple);
	return result;
}

/* GLib's sentence, with what an unknown option may have meant. */
static int complain(const struct command *command, const GError *error)
{
	g_autofree char *near = NULL;
	struct strings names = {0};

	if (error->code == G_OPTION_ERROR_FAILED)
		return command_fail(EXIT_USAGE, "%s: %s", command->name, error->message);
	if (error->code == G_OPTION_ERROR_UNKNOWN_OPTION && strstr(error->message, " --"))
		for (const struct option_row *row = command->options; row->name || row->help; row++)
			if (row->name)
				strings_addf(&names, "--%s", row->name);
	near = did_you_mean(strrchr(error->message, ' ') + 1, &names);
	strings_free(&names);
	return command_fail(EXIT_USAGE, "%s: %c%s%s (entrybench %s --help lists all options)",
			    command->name, g_ascii_tolower(error->message[0]), error->message + 1,
			    near, command->name);
}

static int check_operands(const struct command *command, const struct words *words)
{
	const struct strings *operands = &words->operands;

	if (operands->count > command->operands_max)
		return command_fail(EXIT_USAGE,
				    "%s: \"%s\" is too much (usage: entrybench %s [OPTION...] %s)",
				    command->name, operands->at[command->operands_max],
				    command->name, command->usage);
	for (size_t i = 0; i < operands->count; i++)
		if (!operands->at[i][0])
			return command_fail(
			    EXIT_USAGE, "%s: \"\" is empty (usage: entrybench %s [OPTION...] %s)",
			    command->name, command->name, command->usage);
	return -1;
}

int command_parse(const struct command *command, int argc, char **argv, struct words *words)
{
	GOptionContext *context = make_context(command);
	g_autoptr(GError) error = NULL;
	g_auto(GStrv) simple = NULL;
	int end, code = -1;

	simple = simplify(command, argc, argv, &end);
	if (!g_option_context_parse_strv(context, &simple, &error)) {
		code = complain(command, error);
	} else if (help_wanted) {
		g_autofree char *help = g_option_context_get_help(context, FALSE, NULL);

		fputs(help, stdout);
		code = EXIT_OK;
	} else if (version_wanted) {
		command_print_version();
		code = EXIT_OK;
	}
	g_option_context_free(context);
	for (int i = 0; i < argc; i++)
		strings_add(&words->all, argv[i]);
	for (char **word = simple + 1; code < 0 && *word; word++)
		strings_add(&words->operands, *word);
	for (int i = end + 1; i < argc; i++)
		strings_add(command->qemu ? &words->qemu : &words->operands, argv[i]);
	return code < 0 ? check_operands(command, words) : code;
}

void words_free(struct words *words)
{
	strings_free(&words->all);
	strings_free(&words->operands);
	strings_free(&words->qemu);
}
