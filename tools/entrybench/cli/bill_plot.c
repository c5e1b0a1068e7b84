/* Figures of bills; plots/waterfall.gp draws them. */
#include "cli/cli.h"

#include "figure/figure.h"

static void plan(struct figures *figures, const struct bill_view *view)
{
	const struct bill *first = view->bills[0], *second = view->bills[1];
	g_autofree char *from = bill_words(first), *to = second ? bill_words(second) : NULL;
	bool safe = first->safe && (!second || second->safe);
	g_autofree char *words =
	    to ? g_strdup_printf("From %s to %s", from, to) : g_strdup_printf("Bill of %s", from);
	g_autofree char *title = g_strdup_printf("%s, %s%s", words, first->bench,
						 safe ? "" : " (unsafe: for measurement only)");
	g_autofree char *suffix = g_strconcat(first->variant, to ? "-to-" : "",
					      to ? second->variant : "", "-", first->bench, NULL);
	bool other = second && strcmp(first->machine, second->machine) != 0;
	g_autofree char *machine = other ? g_strdup_printf("%s+%s", first->machine, second->machine)
					 : g_strdup(first->machine);
	const struct figure_source source = {machine, first->cpu, first->class};
	struct figure *figure =
	    figure_new(figures, "waterfall", &source, suffix, title, "label kind", "value");

	bill_put_waterfall(figure->data, view);
}

int bill_plot(const struct bill_view *view, const char *dir, struct error *error)
{
	g_autofree char *scripts = figure_scripts(NULL, error);
	struct figures figures = {0};
	int status;

	if (!scripts)
		return -1;
	for (int i = 0; i < 2 && view->bills[i]; i++) {
		const struct bill_view one = {.bills = {view->bills[i]}};

		plan(&figures, &one);
	}
	if (view->bills[1])
		plan(&figures, view);
	status = figures_draw(&figures, dir, scripts, error);
	figures_free(&figures);
	return status;
}

static void put_part(struct table *data, const struct census *census, const char *part,
		     double count)
{
	table_row(data);
	table_put(data, "variant", "%s", census->variant);
	table_put(data, "part", "%s", part);
	table_put_number(data, "value", count);
}

static void put_program(struct table *data, const struct census *census)
{
	double path = 0;

	for (guint i = 0; i < census->ways->len; i++)
		path += ((const struct census_way *)census->ways->pdata[i])->path;
	put_part(data, census, CENSUS_RING3, census->ring3);
	put_part(data, census, "entry and exit", path);
	put_part(data, census, CENSUS_WORK, census->kernel - path);
}

int bill_plot_programs(const struct census *censuses, size_t count, const char *dir,
		       struct error *error)
{
	g_autofree char *scripts = figure_scripts(NULL, error);
	g_autofree char *title =
	    g_strdup_printf("Where the instructions of %s go", censuses[0].program);
	const struct figure_source source = {censuses[0].machine, censuses[0].cpu,
					     CLASS_DETERMINISTIC};
	struct figures figures = {0};
	struct figure *figure;
	int status;

	if (!scripts)
		return -1;
	figure = figure_new(&figures, "program", &source, censuses[0].program, title,
			    "variant part", "value");
	for (size_t i = 0; i < count; i++)
		put_program(figure->data, &censuses[i]);
	status = figures_draw(&figures, dir, scripts, error);
	figures_free(&figures);
	return status;
}
