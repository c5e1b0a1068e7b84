/* Single windows of the plainest crossing by variant, or of several crossings of one variant. */
#include "figure/figure.h"

#define LINES 8 /* of a machine with one variant: more cannot be told apart in one panel */

/* Adds a boot's samples. False: unreadable, or a line that is not "value,count". */
static bool add_samples(struct histogram *h, const char *dir, const struct boot *boot)
{
	g_autofree char *path = g_build_filename(dir, boot->samples, NULL),
			*text = file_read(path, NULL, NULL);
	g_auto(GStrv) lines = g_strsplit(text ? text : "-", "\n", -1);

	for (size_t i = 0; lines[i]; i++) {
		unsigned long long count;
		long long value;
		char rest;

		if (!*lines[i] || (i == 0 && *lines[i] == 'v')) /* a heading */
			continue;
		if (sscanf(lines[i], "%lld,%llu%c", &value, &count, &rest) != 2 ||
		    !histogram_add(h, value, count))
			return false;
	}
	return true;
}

/* All boots of a cell in one histogram; NULL where samples are missing. */
static struct histogram *samples_of(const struct cell *cell, const char *dir)
{
	struct histogram *h = histogram_new();
	bool ok = dir;

	for (size_t i = 0; ok && i < cell->boot_count; i++)
		if (cell->boots[i].status == STATUS_OK && cell->boots[i].window.n)
			ok = *cell->boots[i].samples && add_samples(h, dir, &cell->boots[i]);
	if (ok && h->n)
		return h;
	histogram_free(h);
	return NULL;
}

/* A line on its way into the table. */
struct line {
	struct table *data;
	const struct row *row;
	const char *label;
	double n, taken;
};

/* `beyond`: the part of the windows that read more; where there is none more, one window. */
static void put_point(const struct line *line, double reading, double beyond)
{
	const char *kpti = pairs_get(&line->row->cell->features, "kpti");

	table_row(line->data);
	table_put(line->data, "label", "%s", line->label);
	table_put(line->data, "kpti", "%s", kpti ? kpti : "");
	table_put_number(line->data, "safe", line->row->cell->safe);
	table_put_number(line->data, "reading", reading);
	table_put_number(line->data, "beyond", beyond);
}

static bool put_slot(void *context, int64_t value, uint64_t count)
{
	struct line *line = context;

	if (line->taken == 0)
		put_point(line, (double)value, 1);
	line->taken += (double)count;
	put_point(line, (double)value, fmax(line->n - line->taken, 1) / line->n);
	return true;
}

/* From samples (true), or else the few points that run.json holds. */
static bool put_line(struct line *line, const char *dir)
{
	struct histogram *h = samples_of(line->row->cell, dir);
	const struct row_windows *w = &line->row->windows;

	if (h) {
		line->n = (double)h->n;
		histogram_each(h, put_slot, line);
		histogram_free(h);
		return true;
	}
	put_point(line, w->min, 1);
	put_point(line, w->p50, 0.5);
	put_point(line, w->p90, 0.1);
	put_point(line, w->p99, 0.01);
	put_point(line, w->p999, 0.001);
	return false;
}

static void build(const struct figure_context *context, const char *group)
{
	g_autofree char *title =
	    g_strconcat("Distribution of single windows", group ? ": " : "", group, NULL);
	struct figure *figure =
	    figure_new(context->figures, "distribution", &context->source, group ? group : "",
		       title, "label kpti", "safe reading beyond");
	double empty = 0, sampled = 0;
	size_t lines = 0;

	for (const struct row *row = context->rows; row < context->end; row++) {
		const char *bench = row->cell->bench;
		struct line line = {figure->data, row, group ? row->label : bench, 0, 0};

		/* Of one variant plain crossings, and cases that are compared. */
		if (!(row->windows.n > 0) || (group && strcmp(group, row->group)) ||
		    (!group && *bench_param(bench) && !row->reference))
			continue;
		if (lines++ >= LINES && !group)
			continue;
		empty = fmax(empty, row->windows.empty_window);
		sampled += put_line(&line, context->dir);
	}
	if (!group && lines > LINES)
		figure_absent(context, title, "only the first %d of %zu are drawn", LINES, lines);
	figure_set_number(figure, "empty_window", empty);
	figure_set_number(figure, "sampled", sampled);
}

/* The plainest crossing, by variant: null_syscall, else the first without a parameter. */
void figure_distribution(const struct figure_context *context)
{
	const char *group = NULL;
	bool spread = false;

	for (const struct row *row = context->rows; row < context->end; row++) {
		if (!(row->windows.n > 0) || *bench_param(row->group))
			continue;
		spread |= row->windows.min < row->windows.max;
		if (!group || !strcmp(row->group, "null_syscall"))
			group = row->group;
	}
	if (!group)
		figure_absent(context, "distribution", "no cell has single windows");
	else if (context->source.class == CLASS_DETERMINISTIC)
		figure_absent(context, "distribution", "an instruction count has none");
	else if (!spread)
		figure_absent(context, "distribution", "every window of a cell read the same");
	else
		build(context, context->one_variant ? NULL : group);
}
