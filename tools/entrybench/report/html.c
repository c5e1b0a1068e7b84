/* report.html: the page, in the order in which a reader asks. */
#include "report/report.h"

extern const char page_css[], page_js[];

/* What all sections are made of. */
struct page {
	const struct run *run;
	const struct rows *rows;
	const struct figures *figures;
	const char *dir, *why;
	FILE *out;
};

/* What the CPU is not affected by in one line, for there is much of it. */
static void put_mitigations(FILE *out, const struct pairs *mitigations)
{
	g_autoptr(GString) list = g_string_new("");

	for (size_t i = 0; i < mitigations->count; i++) {
		const struct pair *one = &mitigations->at[i];

		if (strcmp(one->value, "Not affected"))
			markup_fact(out, one->name, one->value);
		else
			g_string_append_printf(list, "%s%s", list->len ? ", " : "", one->name);
	}
	markup_fact(out, "not affected by", list->str);
}

static void put_host(FILE *out, const struct host_facts *host)
{
	markup_fact(out, "host CPU", host->cpu);
	markup_fact(out, "microcode", host->microcode);
	markup_fact(out, "kernel", host->kernel);
	if (host->cpus)
		markup_made_fact(out, "CPUs", g_strdup_printf("%u", host->cpus));
	markup_made_fact(out, "TSC",
			 isfinite(host->tsc_hz) ? g_strdup_printf("%.6g MHz", host->tsc_hz / 1e6)
						: g_strdup("frequency unknown, so no ns"));
	markup_fact(out, "SMT", host->smt);
	markup_fact(out, "governor", host->governor);
	put_mitigations(out, &host->mitigations);
}

static void put_figure(FILE *out, const struct figure *figure, const char *dir, size_t number)
{
	char *path = g_strdup_printf("%s/plots/%s.svg", dir, figure->name);
	char *svg = file_read(path, NULL, NULL);

	free(path);
	if (!svg)
		return;
	fprintf(out, "<figure id=\"%s\">\n", figure->name);
	markup_svg(out, svg, number);
	fputs("</figure>\n", out);
	free(svg);
}

/* Table, if it has rows, under a title; `class`: of the element round it. */
static void put_table(FILE *out, const struct table *table, const char *title, const char *class)
{
	if (!table_rows(table))
		return;
	fprintf(out, "<div class=\"%s\">\n", class);
	markup_element(out, "h3", title);
	table_print_html(table, out);
	fputs("</div>\n", out);
}

/* ---- the sections: each prints what it has, or nothing ---- */

/* Calls `put` for the first row of each machine. */
static void each_machine(const struct page *page,
			 void (*put_one)(const struct page *page, const struct cell *cell))
{
	for (size_t i = 0; i < page->rows->count; i++)
		if (page->rows->at[i].starts_machine)
			put_one(page, page->rows->at[i].cell);
}

static void put_added(const struct page *page, const struct cell *cell)
{
	g_autoptr(table_t) table = findings_added(page->run, cell->machine, FINDINGS_BENCH, NULL);
	g_autofree char *title =
	    g_strdup_printf("What each feature adds to %s: %s, in %s", FINDINGS_BENCH,
			    cell->machine, class_unit(cell->class));

	if (cell->class == CLASS_DETERMINISTIC)
		table_note(table, "instructions say how much work, not how long");
	put_table(page->out, table, title, "added");
}

static void put_findings(const struct page *page)
{
	g_autofree char *headline = words_headline(page->run, page->rows);

	if (headline)
		markup_element(page->out, "p class=\"notice\"", headline);
	each_machine(page, put_added);
}

static void put_matrix(const struct page *page, const struct cell *cell)
{
	g_autoptr(table_t) table = findings_matrix(page->rows, cell->machine);
	g_autofree char *title =
	    g_strdup_printf("%s, in %s", cell->machine, class_unit(cell->class));

	put_table(page->out, table, title, "heat");
}

static void put_matrices(const struct page *page)
{
	each_machine(page, put_matrix);
}

static void put_figures(const struct page *page)
{
	for (size_t i = 0; i < page->figures->count; i++)
		put_figure(page->out, &page->figures->at[i], page->dir, i);
	if (page->why)
		markup_element(page->out, "p class=\"notice\"", page->why);
	markup_list(page->out, &page->figures->absent);
}

static void put_cells(const struct page *page, const struct cell *cell)
{
	g_autoptr(table_t) table = rows_table_of(page->run, page->rows, cell->machine);
	g_autofree char *line = words_machine(page->run, cell);

	words_add_caveats(table, page->run, page->rows, cell->machine);
	fputs("<details><summary>", page->out);
	markup_text(page->out, line);
	fputs("</summary>\n<div class=\"cells\">\n", page->out);
	table_print_html(table, page->out);
	fputs("</div></details>\n", page->out);
}

static void put_all_cells(const struct page *page)
{
	g_autoptr(table_t) events = events_table(page->run);

	each_machine(page, put_cells);
	put_table(page->out, events, "Counted events, median over boots", "events");
}

static void put_environment(const struct page *page)
{
	struct strings unavailable = words_unavailable(page->run);

	fputs("<dl>\n", page->out);
	put_host(page->out, &page->run->host);
	fputs("</dl>\n", page->out);
	if (unavailable.count)
		markup_element(page->out, "h3", "Machines that do not work here");
	markup_list(page->out, &unavailable);
	strings_free(&unavailable);
}

/* A log is linked only where it stands in the folder: a foreign run.json may name anything. */
static void put_log(FILE *out, const char *log)
{
	bool inside = g_str_has_prefix(log, "logs/") && !strstr(log, "..");

	if (!*log)
		return;
	fputs(inside ? ", <a href=\"" : ", ", out);
	if (inside) {
		markup_text(out, log);
		fputs("\">", out);
	}
	markup_text(out, log);
	fputs(inside ? "</a>" : "", out);
}

static void put_failed(const struct page *page, const struct cell *cell)
{
	for (size_t i = 0; i < page->rows->count; i++) {
		const struct cell *failed = page->rows->at[i].cell;
		g_autofree char *name =
		    g_strdup_printf("%s %s: %s: %s", failed->variant, failed->bench,
				    status_name(failed->status), failed->reason);

		if (strcmp(failed->machine, cell->machine) || failed->status <= STATUS_SKIPPED)
			continue;
		fputs("<li>", page->out);
		markup_text(page->out, name);
		for (size_t boot = 0; boot < failed->boot_count; boot++)
			if (failed->boots[boot].status != STATUS_OK)
				put_log(page->out, failed->boots[boot].log);
		fputs("</li>\n", page->out);
	}
}

static void put_absent(const struct page *page, const struct cell *cell)
{
	g_autoptr(table_t) table = rows_absent(page->rows, cell->machine, true);

	fprintf(page->out, "<details><summary>");
	markup_text(page->out, cell->machine);
	fprintf(page->out, ": %zu reasons</summary>\n<ul>\n", table_rows(table));
	put_failed(page, cell);
	fputs("</ul>\n", page->out);
	table_print_html(table, page->out);
	fputs("</details>\n", page->out);
}

static void put_all_absent(const struct page *page)
{
	each_machine(page, put_absent);
}

static void put_reproduce(const struct page *page)
{
	const struct run *run = page->run;
	g_autofree char *command = format_command(&run->command);

	fputs("<pre><code>", page->out);
	markup_text(page->out, command);
	fputs("</code></pre>\n<dl>\n", page->out);
	markup_made_fact(page->out, "tool",
			 g_strdup_printf("entrybench %s%s%s", run->tool.version,
					 *run->tool.git ? ", " : "", run->tool.git));
	markup_fact(page->out, "started", run->started);
	markup_fact(page->out, "finished", *run->finished ? run->finished : "not finished");
	markup_made_fact(page->out, "seed", g_strdup_printf("%llu", (unsigned long long)run->seed));
	markup_fact(page->out, "reference", run->reference);
	fputs("</dl>\n<p class=\"soft\">Formulas and their sources: docs/statistics.md. All "
	      "numbers of this page: summary.csv.</p>\n",
	      page->out);
}

static const struct section {
	const char *id, *title;
	void (*put)(const struct page *page);
} sections[] = {
    {"findings", "Findings", put_findings},
    {"matrix", "All round trips at a glance", put_matrices},
    {"figures", "Figures", put_figures},
    {"cells", "Every cell", put_all_cells},
    {"environment", "Environment", put_environment},
    {"absent", "Not measured, and why", put_all_absent},
    {"reproduce", "Do it again", put_reproduce},
};

static char *section_text(const struct page *page, const struct section *section)
{
	struct page here = *page;
	char *text;
	size_t size;

	here.out = open_memstream(&text, &size);
	section->put(&here);
	fclose(here.out);
	return text;
}

static void put_sections(const struct page *page)
{
	char *texts[G_N_ELEMENTS(sections)];

	fputs("<nav><ul>\n", page->out);
	for (size_t i = 0; i < G_N_ELEMENTS(sections); i++) {
		texts[i] = section_text(page, &sections[i]);
		if (*texts[i])
			fprintf(page->out, "<li><a href=\"#%s\">%s</a></li>\n", sections[i].id,
				sections[i].title);
	}
	fputs("</ul></nav>\n", page->out);
	for (size_t i = 0; i < G_N_ELEMENTS(sections); i++) {
		if (*texts[i])
			fprintf(page->out, "<section id=\"%s\">\n<h2>%s</h2>\n%s</section>\n",
				sections[i].id, sections[i].title, texts[i]);
		free(texts[i]);
	}
}

char *html_page(const struct run *run, const struct rows *rows, const struct figures *figures,
		const char *dir, const char *why)
{
	char *text;
	size_t size;
	struct page page = {run, rows, figures, dir, why, open_memstream(&text, &size)};
	struct strings lines = words_run(run);

	fprintf(page.out,
		"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		"<title>entrybench report</title>\n<style>\n%s</style>\n</head>\n<body>\n"
		"<h1>entrybench report</h1>\n",
		page_css);
	for (size_t i = 1; i < lines.count; i++)
		markup_element(page.out, "p class=\"soft\"", lines.at[i]);
	strings_free(&lines);
	if (!rows->count)
		markup_element(page.out, "p", "The run measured nothing.");
	put_sections(&page);
	fprintf(page.out, "<script>\n%s</script>\n</body>\n</html>\n", page_js);
	fclose(page.out);
	return text;
}
