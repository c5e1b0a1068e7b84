/* Figures of bills; plots/waterfall.gp draws them. */
#include "cli/bill_plot.h"

#include <string.h>

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
