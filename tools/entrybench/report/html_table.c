/* report.html: the table of one machine. */
#include "report/html.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "table/format.h"
#include "report/table.h"

#define COLUMNS 11

static void put_cell(FILE *out, const char *text)
{
	html_put_element(out, "td", text);
}

static char *delta_interval(const struct row *row)
{
	const struct interval *delta = &row->cell->summary.vs_reference;

	if (row->reference == row->cell || !isfinite(delta->estimate))
		return memory_copy("");
	return format_interval(delta, row->cell->class);
}

static char *p_text(const struct row *row)
{
	double p = row->cell->summary.p_value;

	return isfinite(p) ? memory_format("%.2g", p) : memory_copy("");
}

static void put_row(FILE *out, const struct row *row)
{
	struct row_texts texts = table_texts(row);
	char *interval = delta_interval(row), *p = p_text(row);

	fputs("<tr>", out);
	put_cell(out, row->label);
	if (row->boots) {
		put_cell(out, texts.estimate);
		put_cell(out, texts.interval);
		put_cell(out, texts.core);
		put_cell(out, texts.ns);
		put_cell(out, texts.p50);
		put_cell(out, texts.p99);
		put_cell(out, texts.max);
		put_cell(out, texts.delta);
		put_cell(out, interval);
		put_cell(out, p);
		fputs("<td class=\"text\">", out);
	} else {
		fprintf(out, "<td class=\"text\" colspan=\"%d\">", COLUMNS);
	}
	html_put(out, row->notes);
	fputs("</td></tr>\n", out);
	free(interval);
	free(p);
	table_texts_free(&texts);
}

static void put_head(FILE *out, const char *unit, const char *delta)
{
	const char *const titles[] = {"variant", unit,	"95 % interval", "core", "ns", "p50", "p99",
				      "max",	 delta, "95 % interval", "p"};

	fputs("<thead><tr>", out);
	for (size_t i = 0; i < sizeof(titles) / sizeof(*titles); i++)
		html_put_element(out, "th", titles[i]);
	fputs("<th class=\"text\">flags</th></tr></thead>\n", out);
}

void html_put_table(FILE *out, const struct rows *rows, const char *machine)
{
	char *delta = table_delta_title(rows, machine);
	bool open = false;

	fputs("<div class=\"wide\"><table>\n", out);
	for (size_t i = 0; i < rows->count; i++) {
		const struct row *row = &rows->at[i];

		if (strcmp(row->cell->machine, machine))
			continue;
		if (row->starts_machine)
			put_head(out, class_unit(row->cell->class), delta);
		if (row->starts_group) {
			fprintf(out, "%s<tbody><tr><th colspan=\"%d\">", open ? "</tbody>\n" : "",
				COLUMNS + 1);
			html_put(out, row->group);
			fputs("</th></tr>\n", out);
			open = true;
		}
		put_row(out, row);
	}
	fputs("</tbody></table></div>\n", out);
	free(delta);
}
