/* Figures of a run: the list, and what all kinds share. */
#include "figure/figure.h"

#define BUILDER(name) figure_##name,
static void (*const builders[])(const struct figure_context *context) = {FIGURES(BUILDER)};

struct table *figure_table(const char *texts, const char *numbers)
{
	g_auto(GStrv) text_keys = g_strsplit(texts, " ", -1);
	g_auto(GStrv) number_keys = g_strsplit(numbers, " ", -1);
	char **const keys[] = {text_keys, number_keys};
	struct table_column columns[32] = {0};

	for (size_t kind = 0, count = 0; kind < 2; kind++)
		for (size_t i = 0; keys[kind][i]; i++)
			columns[count++] = (struct table_column){
			    .key = intern(keys[kind][i]), .format = kind ? TABLE_COST : TABLE_TEXT};
	return table_new(NULL, columns);
}

static bool is_taken(const struct figures *figures, const char *name)
{
	for (size_t i = 0; i + 1 < figures->count; i++)
		if (!strcmp(figures->at[i].name, name))
			return true;
	return false;
}

struct figure *figure_new(struct figures *figures, const char *script,
			  const struct figure_source *source, const char *suffix, const char *title,
			  const char *texts, const char *numbers)
{
	g_autofree char *name =
	    g_strdup_printf("%s-%s%s%s", script, source->machine, *suffix ? "-" : "", suffix);
	/* gnuplot takes few characters in a name. */
	g_autofree char *safe =
	    g_strcanon(g_strdup(name), G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "._=+:-", '_');

	figures->at = g_renew(struct figure, figures->at, figures->count + 1);
	struct figure *figure = &figures->at[figures->count++];

	*figure = (struct figure){.name = g_strdup(safe),
				  .machine = g_strdup(source->machine),
				  .context = g_string_new(NULL),
				  .data = figure_table(texts, numbers)};
	for (unsigned copy = 2; is_taken(figures, figure->name); copy++) {
		g_free(figure->name);
		figure->name = g_strdup_printf("%s-%u", safe, copy);
	}
	figure_set_text(figure, "script", script);
	figure_set_text(figure, "title", title);
	figure_set_text(figure, "machine", source->machine);
	figure_set_text(figure, "class", class_name(source->class));
	figure_set_text(figure, "unit", class_unit(source->class));
	figure_set_text(figure, "cpu", *source->cpu ? source->cpu : "unknown");
	return figure;
}

void figure_set_number(struct figure *figure, const char *name, double value)
{
	g_string_append_printf(figure->context, "%s = ", name);
	if (isfinite(value))
		g_string_append_printf(figure->context, "%.15g\n", value);
	else
		g_string_append(figure->context, "NaN\n");
}

/* In single quotes nothing is special to gnuplot but these, which are doubled. */
void figure_set_text(struct figure *figure, const char *name, const char *text)
{
	g_autofree char *valid = g_utf8_make_valid(text, -1);

	g_string_append_printf(figure->context, "%s = '", name);
	for (const char *c = g_strchomp(valid); *c; c++)
		g_string_append_printf(figure->context, *c == '\'' ? "''" : "%c",
				       g_ascii_iscntrl(*c) ? ' ' : *c);
	g_string_append(figure->context, "'\n");
}

void figure_absent(const struct figure_context *context, const char *what, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	g_autofree char *why = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	strings_addf(&context->figures->absent, "%s on %s: %s", what, context->source.machine, why);
}

void figures_plan(struct figures *figures, const struct run *run, const struct rows *rows,
		  const char *dir)
{
	const struct row *end = rows->at + rows->count;

	*figures = (struct figures){0};
	for (const struct row *row = rows->at, *next; row < end; row = next) {
		const struct cell *cell = row->cell;
		const struct run_machine *machine = run_find_machine(run, cell->machine);
		bool one_variant = true;

		for (next = row + 1; next < end && !next->starts_machine; next++)
			one_variant &= !strcmp(next->cell->variant, cell->variant);
		for (size_t i = 0; i < G_N_ELEMENTS(builders); i++)
			builders[i](&(struct figure_context){
			    figures,
			    run,
			    row,
			    next,
			    dir,
			    {cell->machine, machine ? machine->cpu : "", cell->class},
			    one_variant});
	}
}

void figures_free(struct figures *figures)
{
	for_each(struct figure, figure, figures->at, figures->count) {
		g_free(figure->name);
		g_free(figure->machine);
		g_string_free(figure->context, TRUE);
		table_free(figure->data);
		if (figure->boots)
			table_free(figure->boots);
	}
	g_free(figures->at);
	strings_free(&figures->absent);
}
