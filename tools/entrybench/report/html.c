/* report.html: the page. */
#include "report/html.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "table/format.h"
#include "report/rows.h"
#include "report/words.h"
#include "base/file.h"
#include "base/text.h"

static const char head[] =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<title>entrybench report</title>\n<style>\n"
    "body { font: 15px/1.45 sans-serif; color: #202020; max-width: 1040px; margin: 2em auto; "
    "padding: 0 1em }\n"
    "h1, h2, h3 { line-height: 1.2 } h2 { margin-top: 2.2em; border-top: 2px solid #606060; "
    "padding-top: .5em }\n"
    "figure { margin: 1.5em 0; break-inside: avoid } svg { width: 100%; height: auto } svg text { "
    "font-family: sans-serif }\n"
    "dl { display: grid; grid-template-columns: max-content 1fr; gap: .15em 1em } dt { color: "
    "#606060 } dd { margin: 0; overflow-wrap: anywhere }\n"
    ".wide { overflow-x: auto } table { border-collapse: collapse; font-size: 13.5px }\n"
    "th, td { padding: .18em .6em; text-align: right; white-space: nowrap; border-bottom: 1px "
    "solid #e0e0e0 }\n"
    "th:first-child, td:first-child, td.text, th.text { text-align: left } td.text { white-space: "
    "normal }\n"
    "tbody th { text-align: left; padding-top: 1em } thead th { border-bottom: 1px solid #606060 "
    "}\n"
    ".notice { border-left: 4px solid #e69f00; padding: .2em 1em; background: #fdf6e6 }\n"
    "code { overflow-wrap: anywhere }\n</style>\n</head>\n<body>\n";

static void put(FILE *out, const char *text)
{
	g_autofree char *visible = table_visible(text);
	g_autofree char *escaped = g_markup_escape_text(visible, -1);

	fputs(escaped, out);
}

static void put_element(FILE *out, const char *tag, const char *text)
{
	fprintf(out, "<%s>", tag);
	put(out, text);
	fprintf(out, "</%s>\n", tag);
}

static void put_list(FILE *out, const struct strings *list)
{
	if (!list->count)
		return;
	fputs("<ul>\n", out);
	for (size_t i = 0; i < list->count; i++)
		put_element(out, "li", list->at[i]);
	fputs("</ul>\n", out);
}

static void put_fact(FILE *out, const char *name, const char *value)
{
	if (!*value)
		return;
	put_element(out, "dt", name);
	put_element(out, "dd", value);
}

static void put_made_fact(FILE *out, const char *name, char *value)
{
	put_fact(out, name, value);
	free(value);
}

/* What the CPU is not affected by in one line, for there is much of it. */
static void put_mitigations(FILE *out, const struct pairs *mitigations)
{
	struct text text;
	FILE *list = text_open(&text);

	for (size_t i = 0; i < mitigations->count; i++) {
		const struct pair *one = &mitigations->at[i];

		if (strcmp(one->value, "Not affected"))
			put_fact(out, one->name, one->value);
		else
			fprintf(list, "%s%s", ftell(list) ? ", " : "", one->name);
	}
	put_made_fact(out, "not affected by", text_take(&text));
}

static void put_host(FILE *out, const struct host_facts *host)
{
	put_fact(out, "host CPU", host->cpu);
	put_fact(out, "microcode", host->microcode);
	put_fact(out, "kernel", host->kernel);
	if (host->cpus)
		put_made_fact(out, "CPUs", memory_format("%u", host->cpus));
	put_made_fact(out, "TSC",
		      isfinite(host->tsc_hz) ? memory_format("%.6g MHz", host->tsc_hz / 1e6)
					     : memory_copy("frequency unknown, so no ns"));
	put_fact(out, "SMT", host->smt);
	put_fact(out, "governor", host->governor);
	put_mitigations(out, &host->mitigations);
}

static void put_run(FILE *out, const struct run *run)
{
	char *command = format_command(&run->command);

	put_element(out, "h1", "entrybench report");
	fputs("<dl>\n", out);
	put_fact(out, "command", command);
	put_made_fact(out, "tool",
		      memory_format("entrybench %s%s%s", run->tool.version,
				    *run->tool.git ? ", " : "", run->tool.git));
	put_fact(out, "started", run->started);
	put_fact(out, "finished", *run->finished ? run->finished : "not finished");
	put_made_fact(out, "seed", memory_format("%llu", (unsigned long long)run->seed));
	put_fact(out, "reference", run->reference);
	put_host(out, &run->host);
	fputs("</dl>\n", out);
	free(command);
}

/*
 * An SVG of gnuplot within a page: without its XML heading, and with ids of its own, for all its
 * SVGs call their marks alike.
 */
static void put_svg(FILE *out, const char *svg, size_t number)
{
	static const char *const ids[] = {"gpPt", "gpDot", "gnuplot_canvas", "textbox", "greybox"};
	const char *at = strstr(svg, "<svg");

	while (at && *at) {
		size_t i = 0;

		while (i < sizeof(ids) / sizeof(*ids) && strncmp(at, ids[i], strlen(ids[i])))
			i++;
		if (i < sizeof(ids) / sizeof(*ids)) {
			fprintf(out, "f%zu%s", number, ids[i]);
			at += strlen(ids[i]);
		} else {
			fputc(*at++, out);
		}
	}
}

static void put_figure(FILE *out, const struct figure *figure, const char *dir, size_t number)
{
	char *path = memory_format("%s/plots/%s.svg", dir, figure->name);
	char *svg = file_read(path, NULL, NULL);

	free(path);
	if (!svg)
		return;
	fprintf(out, "<figure id=\"%s\">\n", figure->name);
	put_svg(out, svg, number);
	fputs("</figure>\n", out);
	free(svg);
}

static void put_machine(FILE *out, const struct run *run, const struct rows *rows,
			const struct cell *cell, const struct figures *figures, const char *dir)
{
	g_autofree char *line = words_machine(run, cell);
	g_autoptr(table_t) table = rows_table_of(run, rows, cell->machine);
	g_autoptr(table_t) absent = rows_absent(rows, cell->machine, true);

	put_element(out, "h2", cell->machine);
	put_element(out, "p", line);
	for (size_t i = 0; i < figures->count; i++)
		if (!strcmp(figures->at[i].machine, cell->machine))
			put_figure(out, &figures->at[i], dir, i);
	words_add_caveats(table, run, rows, cell->machine);
	if (table_rows(table))
		table_print_html(table, out);
	if (table_rows(absent))
		table_print_html(absent, out);
}

static void put_absent(FILE *out, const struct run *run, const struct figures *figures,
		       const char *why)
{
	struct strings unavailable = words_unavailable(run);

	if (unavailable.count) {
		put_element(out, "h3", "Not measured here");
		put_list(out, &unavailable);
	}
	if (why) {
		fputs("<p class=\"notice\">", out);
		put(out, why);
		fputs("</p>\n", out);
	}
	if (figures->absent.count) {
		put_element(out, "h3", "Figures that are not here");
		put_list(out, &figures->absent);
	}
	strings_free(&unavailable);
}

char *html_page(const struct run *run, const struct rows *rows, const struct figures *figures,
		const char *dir, const char *why)
{
	struct text page;
	FILE *out = text_open(&page);
	g_autofree char *headline = words_headline(run, rows);

	fputs(head, out);
	put_run(out, run);
	if (headline)
		put_element(out, "h3", headline);
	put_absent(out, run, figures, why);
	if (!rows->count)
		put_element(out, "p", "The run measured nothing.");
	for (size_t i = 0; i < rows->count; i++)
		if (rows->at[i].starts_machine)
			put_machine(out, run, rows, rows->at[i].cell, figures, dir);
	fputs("<p>Formulas and their sources: docs/statistics.md. All figures of this page: "
	      "summary.csv.</p>\n</body>\n</html>\n",
	      out);
	return text_take(&page);
}
