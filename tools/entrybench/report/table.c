/* The table of a run on a terminal. */
#include "report/table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/events.h"
#include "table/format.h"
#include "report/headline.h"
#include "report/layout.h"
#include "base/text.h"

static bool same_machine(const struct rows *rows, size_t i, size_t j)
{
	return !strcmp(rows->at[i].cell->machine, rows->at[j].cell->machine);
}

/* The rows of the machine that starts at `first` end before this one. */
static size_t machine_end(const struct rows *rows, size_t first)
{
	size_t end = first + 1;

	while (end < rows->count && same_machine(rows, first, end))
		end++;
	return end;
}

/* What not every machine's table has. */
struct optional {
	bool core, ns;
};

/* Puts the text among the columns, or frees it. */
static void put_if(char **columns, size_t *count, bool wanted, char *text)
{
	if (wanted)
		columns[(*count)++] = text;
	else
		free(text);
}

static void add_row(struct layout *layout, const struct row *row, struct optional with)
{
	struct row_texts texts = table_texts(row);
	char *label = memory_copy(row->label), *remark = memory_copy(row->notes);
	size_t i = 0;

	if (!row->boots) {
		char *const nothing[LAYOUT_COLUMNS] = {label};

		layout_row(layout, nothing, remark);
		table_texts_free(&texts);
		return;
	}
	char *columns[LAYOUT_COLUMNS];

	columns[i++] = label;
	columns[i++] = texts.estimate;
	columns[i++] = texts.interval;
	put_if(columns, &i, with.core, texts.core);
	put_if(columns, &i, with.ns, texts.ns);
	columns[i++] = texts.p50;
	columns[i++] = texts.p99;
	columns[i++] = texts.delta;
	free(texts.max);
	layout_row(layout, columns, remark);
}

static bool same_fate(const struct row *a, const struct row *b)
{
	return !a->boots && !b->boots && !strcmp(a->group, b->group) && !strcmp(a->notes, b->notes);
}

/* "skipped: reason: a, b, c" in place of a row each, where several of a group share one fate. */
static bool add_together(struct layout *layout, const struct rows *rows, size_t first, size_t end)
{
	struct text text;
	size_t count = 0;

	for (size_t i = first; i < end; i++)
		count += same_fate(&rows->at[first], &rows->at[i]);
	if (count < 2)
		return false;
	FILE *out = text_open(&text);

	fprintf(out, "%s:", rows->at[first].notes);
	for (size_t i = first; i < end; i++)
		if (same_fate(&rows->at[first], &rows->at[i]))
			fprintf(out, "%s %s", i == first ? "" : ",", rows->at[i].label);
	layout_remark(layout, text_take(&text));
	return true;
}

static bool was_added(const struct rows *rows, size_t start, size_t row)
{
	for (size_t i = start; i < row; i++)
		if (same_fate(&rows->at[i], &rows->at[row]))
			return true;
	return false;
}

/* Rows with results first, then those that share a fate, each fate once. */
static void add_group(struct layout *layout, const struct rows *rows, size_t start, size_t end,
		      struct optional with)
{
	layout_heading(layout, memory_copy(rows->at[start].group));
	for (size_t i = start; i < end; i++)
		if (rows->at[i].boots)
			add_row(layout, &rows->at[i], with);
	for (size_t i = start; i < end; i++)
		if (!rows->at[i].boots && !was_added(rows, start, i) &&
		    !add_together(layout, rows, i, end))
			add_row(layout, &rows->at[i], with);
}

static size_t group_end(const struct rows *rows, size_t start, size_t end)
{
	size_t i = start + 1;

	while (i < end && !rows->at[i].starts_group)
		i++;
	return i;
}

static void print_machine(const struct rows *rows, size_t first, size_t end, FILE *out, bool color)
{
	enum machine_class class = rows->at[first].cell->class;
	char *delta = table_delta_title(rows, rows->at[first].cell->machine);
	struct layout layout = {.left = {true}};
	struct optional with = {false, false};
	size_t i = 0;

	for (size_t row = first; row < end; row++) {
		with.core |= isfinite(rows->at[row].cell->summary.core_cycles.estimate);
		with.ns |= isfinite(rows->at[row].ns);
	}
	layout.titles[i++] = "variant";
	layout.titles[i++] = class_unit(class);
	layout.titles[i++] = "95 % interval";
	if (with.core)
		layout.titles[i++] = "core";
	if (with.ns)
		layout.titles[i++] = "ns";
	layout.titles[i++] = "p50";
	layout.titles[i++] = "p99";
	layout.titles[i++] = delta;
	layout.columns = i;
	layout.titles[i] = "flags";
	for (size_t start = first; start < end; start = group_end(rows, start, end))
		add_group(&layout, rows, start, group_end(rows, start, end), with);
	layout_print(&layout, out, TABLE_WIDTH, color);
	layout_free(&layout);
	free(delta);
}

static void print_lines(struct strings list, const char *title, FILE *out)
{
	if (list.count)
		fprintf(out, "\n%s\n", title);
	for (size_t i = 0; i < list.count; i++) {
		fputs("  ", out);
		layout_wrap(list.at[i], out, TABLE_WIDTH - 2);
	}
	strings_free(&list);
}

static void print_run(const struct run *run, FILE *out)
{
	struct strings lines = table_run_lines(run);

	for (size_t i = 0; i < lines.count; i++)
		layout_wrap(lines.at[i], out, TABLE_WIDTH);
	strings_free(&lines);
}

void table_print(const struct run *run, const struct rows *rows, FILE *out, bool color)
{
	char *headline = headline_text(run, rows);

	print_run(run, out);
	if (headline) {
		fputs(color ? "\n\033[1m" : "\n", out);
		layout_wrap(headline, out, TABLE_WIDTH);
		fputs(color ? "\033[0m" : "", out);
	}
	free(headline);
	for (size_t first = 0; first < rows->count;) {
		size_t end = machine_end(rows, first);
		const char *machine = rows->at[first].cell->machine;
		char *line = table_machine_line(run, &rows->at[first]);

		fputs(color ? "\n\033[1m" : "\n", out);
		layout_wrap(line, out, TABLE_WIDTH);
		fputs(color ? "\033[0m\n" : "\n", out);
		print_machine(rows, first, end, out, color);
		print_lines(table_caveats(run, rows, machine), "reading these:", out);
		free(line);
		first = end;
	}
	if (!rows->count)
		fputs("\nno cells: the run measured nothing\n", out);
	events_print(run, out, color);
	print_lines(table_unavailable(run), "not measured here:", out);
}
