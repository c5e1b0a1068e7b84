/* Figures of bills; plots/ draws them. */
#include "cli/cli.h"

#include "figure/figure.h"

/* "tcg", "linux+tcg" */
static struct figure *add_figure(struct figures *figures, const char *kind,
				 const struct bill_view *view, const char *title,
				 const char *suffix, const char *labels, const char *values)
{
	const struct bill *first = view->bills[0], *second = view->bills[1];
	bool other = second && strcmp(first->machine, second->machine) != 0;
	g_autofree char *machine =
	    g_strconcat(first->machine, other ? "+" : NULL, other ? second->machine : NULL, NULL);
	const struct figure_source source = {machine, first->cpu, first->class};

	return figure_new(figures, kind, &source, suffix, title, labels, values);
}

static void plan_waterfall(struct figures *figures, const struct bill_view *view)
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

	bill_put_waterfall(
	    add_figure(figures, "waterfall", view, title, suffix, "label kind", "value")->data,
	    view);
}

static void plan_flame(struct figures *figures, const struct bill_view *view)
{
	const struct bill *bill = view->bills[0];
	g_autofree char *words = bill_words(bill);
	g_autofree char *title = g_strdup_printf("Calls of %s, %s", words, bill->bench);
	g_autofree char *suffix = g_strconcat(bill->variant, "-", bill->bench, NULL);

	bill_put_flame(
	    add_figure(figures, "flame", view, title, suffix, "label", "depth from to")->data,
	    bill);
}

static void plan_program(struct figures *figures, const struct bill_view *view)
{
	const char *program = view->bills[0]->bench;
	g_autofree char *title =
	    g_strdup_printf("Where the %s of %s go%s", class_unit(view->bills[0]->class), program,
			    view->bills[0]->estimate ? ": an estimate" : "");
	struct figure *figure =
	    add_figure(figures, "program", view, title, program, "variant part", "value");

	for (int i = 0; view->bills[i]; i++)
		bill_put_parts(figure->data, view->bills[i]);
}

static void plan_groups(struct figures *figures, const struct bill_view *view)
{
	g_autofree char *title = g_strdup_printf("One %s on stock kernels", view->bills[0]->bench);
	struct figure *figure = add_figure(figures, "groups", view, title, view->bills[0]->bench,
					   "variant part", "value");

	for (int i = 0; view->bills[i]; i++)
		bill_put_groups(figure->data, view->bills[i]);
}

/* Each against the one before; stock kernels also side by side. */
static void plan_neighbours(struct figures *figures, const struct bill_view *view)
{
	bool stock = true;

	for (int i = 0; view->bills[i]; i++) {
		const struct bill_view two = {.bills = {view->bills[i], view->bills[i + 1]}};

		stock &= strcmp(view->bills[i]->machine, "linux") == 0;
		if (two.bills[1])
			plan_waterfall(figures, &two);
	}
	if (stock)
		plan_groups(figures, view);
}

int bill_plot(const struct bill_view *view, const char *dir, struct error *error)
{
	g_autofree char *scripts = figure_scripts(NULL, error);
	struct figures figures = {0};
	int status;

	if (!scripts)
		return -1;
	if (view->bills[0]->ways)
		plan_program(&figures, view);
	for (int i = 0; view->bills[i] && !view->bills[0]->ways; i++) {
		const struct bill_view one = {.bills = {view->bills[i]}};

		plan_waterfall(&figures, &one);
		if (!one.bills[0]->stamped)
			plan_flame(&figures, &one);
	}
	if (view->bills[1] && !view->bills[0]->ways)
		plan_neighbours(&figures, view);
	status = figures_draw(&figures, dir, scripts, error);
	figures_free(&figures);
	return status;
}
