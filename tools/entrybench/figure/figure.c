/* Figures of a run: the list, and what all kinds share. */
#include "figure/figure.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "table/format.h"
#include "base/file.h"

struct figure *figure_start(const struct figure_context *context, const char *script,
			    const char *suffix, const char *title)
{
	struct figures *figures = context->figures;
	char *name =
	    memory_format("%s-%s%s%s", script, context->machine, *suffix ? "-" : "", suffix);

	figures->at = memory_grow(figures->at, figures->count, sizeof(*figures->at));
	struct figure *figure = &figures->at[figures->count++];

	figure->name = path_safe(name);
	free(name);
	figure->script = memory_copy(script);
	figure->machine = memory_copy(context->machine);
	figure->title = memory_copy(title);
	figure->subtitle =
	    memory_format("%s: %s, unit %s; CPU: %s", context->machine, class_name(context->class),
			  class_unit(context->class), *context->cpu ? context->cpu : "unknown");
	figure_set_text(figure, "unit", class_unit(context->class));
	char *where = memory_format(" (%s, %s)", context->machine, class_name(context->class));

	figure_set_text(figure, "where", where);
	free(where);
	text_open(&figure->data);
	return figure;
}

void figure_say(struct figure *figure, const char *format, ...)
{
	va_list arguments;
	char *line;

	va_start(arguments, format);
	if (vasprintf(&line, format, arguments) < 0)
		abort();
	va_end(arguments);
	strings_add(&figure->caption, line);
	free(line);
}

void figure_say_unsafe(struct figure *figure, const struct selection *selection)
{
	const char *last = NULL;
	struct text names;
	FILE *out = text_open(&names);

	for (size_t i = 0; i < selection->count; i++) {
		const struct cell *cell = selection->at[i]->cell;

		if (cell->safe || !selection->at[i]->boots ||
		    (last && !strcmp(last, cell->variant)))
			continue;
		fprintf(out, "%s%s", last ? ", " : "", cell->variant);
		last = cell->variant;
	}
	char *list = text_take(&names);

	if (*list)
		figure_say(figure, "%s: unsafe: for measurement only.", list);
	free(list);
}

void figure_set_number(struct figure *figure, const char *name, double value)
{
	if (isfinite(value))
		strings_addf(&figure->variables, "%s = %.15g", name, value);
	else
		strings_addf(&figure->variables, "%s = NaN", name);
}

void figure_put_quoted(FILE *out, const char *text)
{
	fputc('\'', out);
	for (; *text; text++)
		if (*text == '\'')
			fputs("''", out);
		else
			fputc((unsigned char)*text < ' ' ? ' ' : *text, out);
	fputc('\'', out);
}

void figure_set_text(struct figure *figure, const char *name, const char *text)
{
	struct text quoted;

	figure_put_quoted(text_open(&quoted), text);
	char *value = text_take(&quoted);

	strings_addf(&figure->variables, "%s = %s", name, value);
	free(value);
}

void figure_end(struct figure *figure)
{
	figure->data.at = text_take(&figure->data);
}

void figure_absent(const struct figure_context *context, const char *what, const char *why)
{
	strings_addf(&context->figures->absent, "%s on %s: %s", what, context->machine, why);
}

void figure_put_text(FILE *data, const char *text)
{
	for (; *text; text++)
		fputc(*text == '"' ? '\'' : (unsigned char)*text < ' ' ? ' ' : *text, data);
	fputc('\t', data);
}

void figure_put_number(FILE *data, double value)
{
	if (isfinite(value))
		fprintf(data, "%.15g\t", value);
	else
		fputs("NaN\t", data);
}

char *figure_label(const struct row *row, bool by_bench)
{
	char *label = memory_copy(by_bench ? row->cell->bench : row->label);

	if (strlen(label) > FIGURE_LABEL)
		strcpy(label + FIGURE_LABEL - 2, "..");
	return label;
}

static void plan_machine(const struct figure_context *context)
{
	/* On silicon this one is what most came for. */
	if (context->class == CLASS_SILICON)
		figure_exit(context);
	figure_matrix(context);
	figure_distribution(context);
	figure_sweeps(context);
	if (context->class != CLASS_SILICON)
		figure_exit(context);
}

void figures_plan(struct figures *figures, const struct run *run, const struct rows *rows,
		  const char *dir)
{
	*figures = (struct figures){0};
	for (size_t i = 0; i < rows->count; i++) {
		const struct cell *cell = rows->at[i].cell;
		const struct run_machine *machine = run_find_machine(run, cell->machine);
		struct figure_context context = {figures,
						 run,
						 rows,
						 dir,
						 cell->machine,
						 cell->class,
						 machine ? machine->cpu : ""};

		if (rows->at[i].starts_machine)
			plan_machine(&context);
	}
}

void figures_free(struct figures *figures)
{
	for (size_t i = 0; i < figures->count; i++) {
		struct figure *figure = &figures->at[i];

		free(figure->name);
		free(figure->script);
		free(figure->machine);
		free(figure->title);
		free(figure->subtitle);
		free(figure->data.at);
		strings_free(&figure->caption);
		strings_free(&figure->variables);
	}
	free(figures->at);
	strings_free(&figures->absent);
}
