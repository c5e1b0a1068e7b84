/* The distribution of single windows: reading against percentile, on a scale that stretches the tail. */
#include "figure/figure.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stats/histogram.h"
#include "base/file.h"

#define LINES	8    /* in a panel: more cannot be told apart */
#define STEP	0.02 /* between points, in powers of ten of 1 - percentile */
#define DEEPEST 6.0  /* the 99.9999th percentile: nobody has more windows than this resolves */
#define LOG_RATIO                                                                                  \
	3.0 /* from this ratio of largest to least on, readings show on a logarithmic scale */

static double tail_of(double quantile)
{
	return -log10(1 - quantile);
}

static bool read_line(struct histogram *h, const char *line)
{
	char *end;

	errno = 0;
	long long value = strtoll(line, &end, 10);

	if (end == line || *end != ',')
		return false;
	unsigned long long count = strtoull(end + 1, &end, 10);

	return !errno && !*end && histogram_add(h, value, count);
}

/* Adds a boot's samples. False where its file cannot be read or holds anything but "value,count". */
static bool add_samples(struct histogram *h, const char *dir, const struct boot *boot)
{
	char *path = path_join(dir, boot->samples), *text = file_read(path, NULL, NULL);
	char *rest = text;
	bool ok = text;

	for (char *line; ok && (line = strsep(&rest, "\n"));)
		if (*line && !(line == text && *line == 'v')) /* a heading */
			ok = read_line(h, line);
	free(text);
	free(path);
	return ok;
}

/* All boots of a cell in one histogram; NULL where samples are missing. */
static struct histogram *samples_of(const struct cell *cell, const char *dir)
{
	struct histogram *h = histogram_new();
	bool ok = h && dir;

	for (size_t i = 0; ok && i < cell->boot_count; i++)
		if (cell->boots[i].status == STATUS_OK && cell->boots[i].window.n)
			ok = *cell->boots[i].samples && add_samples(h, dir, &cell->boots[i]);
	if (ok && histogram_n(h))
		return h;
	histogram_free(h);
	return NULL;
}

static void put_point(FILE *data, double tail, double reading)
{
	figure_put_number(data, tail);
	figure_put_number(data, reading);
	fputc('\n', data);
}

static void put_histogram(FILE *data, const struct histogram *h)
{
	double last = fmin(log10((double)histogram_n(h)), DEEPEST);

	for (double tail = 0; tail < last; tail += STEP)
		put_point(data, tail, (double)histogram_quantile(h, 1 - pow(10, -tail)));
	put_point(data, last, (double)histogram_max(h));
}

/* Without samples, what run.json holds: few points, but true ones. */
static void put_quantiles(FILE *data, const struct row_windows *w)
{
	put_point(data, 0, w->min);
	put_point(data, tail_of(0.5), w->p50);
	put_point(data, tail_of(0.9), w->p90);
	put_point(data, tail_of(0.99), w->p99);
	put_point(data, tail_of(0.999), w->p999);
}

struct plan {
	struct figure *figure;
	const struct figure_context *context;
	size_t lines, panels;
	double least, most, deepest;
	bool flat, sampled, by_bench, by_colour;
};

static void put_line(struct plan *plan, const struct row *row, size_t colour)
{
	struct histogram *h = samples_of(row->cell, plan->context->dir);
	FILE *data = plan->figure->data.out;
	char *label = figure_label(row, plan->by_bench), *variable;

	fprintf(data, "%s# %s: -log10(1 - percentile / 100), reading\n", plan->lines ? "\n\n" : "",
		label);
	if (h)
		put_histogram(data, h);
	else
		put_quantiles(data, &row->windows);
	plan->lines++;
	plan->sampled |= h != NULL;
	plan->flat &= row->windows.min == row->windows.max;
	plan->least = fmin(plan->least, row->windows.min);
	plan->most = fmax(plan->most, h ? row->windows.max : row->windows.p999);
	plan->deepest = fmax(plan->deepest, h ? log10((double)histogram_n(h)) : 3);
	variable = memory_format("line_%zu", plan->lines);
	if (row->cell->safe) {
		figure_set_text(plan->figure, variable, label);
	} else {
		char *marked = memory_format("%s (unsafe)", label);

		figure_set_text(plan->figure, variable, marked);
		free(marked);
	}
	free(variable);
	variable = memory_format("colour_%zu", plan->lines);
	figure_set_number(plan->figure, variable, (double)colour + 1);
	free(variable);
	free(label);
	histogram_free(h);
}

static void set_panel(struct plan *plan, const char *name)
{
	char *variable = memory_format("panel_%zu", ++plan->panels);

	figure_set_text(plan->figure, variable, name);
	free(variable);
	variable = memory_format("last_%zu", plan->panels);
	figure_set_number(plan->figure, variable, (double)plan->lines);
	free(variable);
}

/* Lines of one group, in as many panels as they need. */
static void put_group(struct plan *plan, const struct selection *selection, const struct look *look,
		      size_t group)
{
	const char *name = look->groups.count > 1 ? look->groups.at[group] : "";
	size_t first = plan->lines;

	for (size_t i = 0; i < selection->count; i++) {
		const struct row *row = selection->at[i];

		if (look_group(look, row->cell) != group || !(row->windows.n > 0))
			continue;
		if (plan->lines - first == LINES) {
			set_panel(plan, name);
			first = plan->lines;
		}
		put_line(plan, row,
			 plan->by_colour ? look_colour(look, row->cell) : plan->lines - first);
	}
	if (plan->lines > first)
		set_panel(plan, name);
}

/* Whether colours mean features: not where there are more combinations than colours. */
static bool colours_suffice(const struct look *look)
{
	return look->features.count && look->telling == look->features.count;
}

static void say_caption(struct plan *plan, const struct selection *selection)
{
	const char *unit = class_unit(plan->context->class);
	double empty = 0;

	for (size_t i = 0; i < selection->count; i++)
		if (selection->at[i]->windows.empty_window > empty)
			empty = selection->at[i]->windows.empty_window;
	figure_say(
	    plan->figure,
	    "One crossing a window, all boots together; the empty window (%.0f) is included.",
	    empty);
	figure_say_unsafe(plan->figure, selection);
	if (plan->flat)
		figure_say(
		    plan->figure,
		    "Every window of a variant took the same number of %s: the lines are flat.",
		    unit);
	if (!plan->sampled)
		figure_say(plan->figure, "From the quantiles of run.json: there are no samples.");
	if (plan->context->class == CLASS_DETERMINISTIC)
		figure_say(
		    plan->figure,
		    "Instructions are not time: an emulator has no caches to miss, and no tail.");
}

/* Of a machine with one variant: plain crossings and cases that are compared, as many as a panel holds. */
static void keep_plain(struct selection *selection)
{
	size_t kept = 0;

	for (size_t i = 0; i < selection->count && kept < LINES; i++) {
		const struct row *row = selection->at[i];

		if (row->windows.n > 0 && (!*bench_param(row->cell->bench) || row->reference))
			selection->at[kept++] = row;
	}
	selection->count = kept;
}

static void distribution_of(const struct figure_context *context, const char *group)
{
	struct selection selection = selection_of(context->rows, context->machine, group);
	char *title = memory_format("Distribution of single windows%s%s", group ? ": " : "",
				    group ? group : "");
	struct plan plan = {
	    .context = context, .least = INFINITY, .flat = true, .by_bench = !group};
	struct look look;

	plan.figure = figure_start(context, "distribution", group ? group : "", title);
	if (!group)
		keep_plain(&selection);
	look_fill(&look, &selection, "kpti");
	plan.by_colour = colours_suffice(&look);
	for (size_t i = 0; i < look.groups.count; i++)
		put_group(&plan, &selection, &look, i);
	figure_set_number(plan.figure, "panels", (double)plan.panels);
	figure_set_number(plan.figure, "deepest", fmin(plan.deepest, DEEPEST));
	figure_set_number(plan.figure, "least", plan.least);
	figure_set_number(plan.figure, "most", plan.most);
	figure_set_number(plan.figure, "flat", plan.flat);
	figure_set_number(plan.figure, "logarithmic",
			  !plan.flat && plan.least > 0 && plan.most > LOG_RATIO * plan.least);
	say_caption(&plan, &selection);
	figure_end(plan.figure);
	look_free(&look);
	free(title);
	free(selection.at);
}

void figure_distribution(const struct figure_context *context)
{
	struct selection all = selection_of(context->rows, context->machine, NULL);
	const struct row *chosen = NULL;
	bool one_variant = true;

	/* The plainest crossing: null_syscall, else the first without a parameter. */
	for (size_t i = 0; i < all.count; i++) {
		const struct row *row = all.at[i];

		one_variant &= !strcmp(row->cell->variant, all.at[0]->cell->variant);
		if (!(row->windows.n > 0) || *bench_param(row->group))
			continue;
		if (!chosen ||
		    (!strcmp(row->group, "null_syscall") && strcmp(chosen->group, "null_syscall")))
			chosen = row;
	}
	if (!chosen)
		figure_absent(context, "distribution", "no cell has single windows");
	else
		distribution_of(context, one_variant ? NULL : chosen->group);
	free(all.at);
}
