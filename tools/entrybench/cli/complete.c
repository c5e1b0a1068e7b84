/* What may stand in place of a command line's last word, for the shells' completions. */
#include "cli/cli.h"

/* The word so far; what is offered takes the place of all behind the first `kept` bytes. */
struct gap {
	const char *word;
	size_t kept;
};

/* A line, where it fits. */
static void offer(const struct gap *gap, const char *before, const char *between, const char *name)
{
	g_autofree char *value = g_strconcat(before, between, name, NULL);

	if (g_str_has_prefix(value, gap->word + gap->kept))
		printf("%.*s%s\n", (int)gap->kept, gap->word, value);
}

static void offer_variants(const struct gap *gap, const struct manifest *manifest)
{
	for (size_t i = 0; i < manifest->variant_count; i++)
		if (!manifest->variants[i].machine[0])
			offer(gap, "", "", manifest->variants[i].name);
}

/* Those of one machine only, as "linux:pti=off". */
static void offer_named_by_machine(const struct gap *gap, const struct manifest *manifest)
{
	for (size_t i = 0; i < manifest->variant_count; i++)
		if (manifest->variants[i].machine[0])
			offer(gap, manifest->variants[i].machine, ":", manifest->variants[i].name);
}

static void offer_benchmarks(const struct gap *gap, const struct manifest *manifest)
{
	for_each(const struct benchmark, benchmark, manifest->benchmarks,
		 manifest->benchmark_count) {
		offer(gap, "", "", benchmark->name);
		for (size_t p = 0; p < benchmark->params.count; p++)
			offer(gap, benchmark->name, ":", benchmark->params.at[p]);
	}
}

static void offer_machines(const struct gap *gap, const struct manifest *manifest)
{
	for (size_t i = 0; i < machine_count; i++)
		offer(gap, "", "", machines[i]->name);
	offer_named_by_machine(gap, manifest);
}

/* What an option takes, by its name. Of other options, and of files, the shell knows as much. */
static const struct {
	const char *option;
	void (*offer)(const struct gap *gap, const struct manifest *manifest);
} values[] = {
    {"variant", offer_variants},
    {"reference", offer_variants},
    {"bench", offer_benchmarks},
    {"machine", offer_machines},
};

static void offer_values(const struct option_row *row, struct gap gap,
			 const struct manifest *manifest)
{
	const char *comma = row->list ? strrchr(gap.word + gap.kept, ',') : NULL;

	if (comma)
		gap.kept = (size_t)(comma + 1 - gap.word);
	for (size_t i = 0; i < G_N_ELEMENTS(values); i++)
		if (strcmp(row->name, values[i].option) == 0)
			values[i].offer(&gap, manifest);
}

static void offer_options(const struct command *command, const struct gap *gap)
{
	for (const struct option_row *row = command->options; row->name || row->help; row++)
		if (row->name)
			offer(gap, "--", "", row->name);
	offer(gap, "--", "", "help");
	offer(gap, "--", "", "version");
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

/* The option that takes a value in the word or the next; *size: where its name ends. NULL: none. */
static const struct option_row *find_valued(const struct option_row *rows, const char *word,
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

void complete(const struct command *command, char **words, int count)
{
	struct gap gap = {.word = words[count - 1]};
	g_auto(manifest_t) manifest = {0};
	size_t before, end;
	const struct option_row *open =
	    count > 1 ? find_valued(command->options, words[count - 2], &before) : NULL;
	const struct option_row *row = find_valued(command->options, gap.word, &end);

	manifest_open(&manifest, NULL, NULL);
	if (open && !words[count - 2][before]) {
		offer_values(open, gap, &manifest);
	} else if (row && gap.word[end] == '=') {
		gap.kept = end + 1;
		offer_values(row, gap, &manifest);
	} else if (gap.word[0] == '-') {
		offer_options(command, &gap);
	} else if (strstr(command->usage, "VARIANT")) {
		offer_variants(&gap, &manifest);
		offer_named_by_machine(&gap, &manifest);
	}
}
