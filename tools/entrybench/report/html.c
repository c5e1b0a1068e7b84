/* report.html: the page, in the order in which a reader asks. */
#include "report/report.h"

#include <glob.h>

extern const char page_css[], page_js[];

/* What all sections are made of. */
struct page {
	const struct run *run;
	const struct rows *rows;
	const struct figures *figures;
	const char *dir, *why;
	FILE *out;
};

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

static void put_list(FILE *out, const struct strings *list)
{
	fputs(list->count ? "<ul>\n" : "", out);
	for (size_t i = 0; i < list->count; i++)
		markup_element(out, "li", list->at[i]);
	fputs(list->count ? "</ul>\n" : "", out);
}

/* gnuplot's SVG without its XML heading, and with ids of its own: all SVGs use the same. */
static void put_figure(FILE *out, const struct figure *figure, const char *dir, size_t number)
{
	g_autofree char *path = g_strdup_printf("%s/plots/%s.svg", dir, figure->name);
	g_autofree char *svg = file_read(path, NULL, NULL);
	g_autofree char *own = g_strdup_printf("f%zu\\0", number);
	g_autoptr(GRegex) ids =
	    g_regex_new("gpPt|gpDot|gnuplot_canvas|textbox|greybox", G_REGEX_RAW, 0, NULL);
	const char *start = svg ? strstr(svg, "<svg") : NULL;
	g_autofree char *body = start ? g_regex_replace(ids, start, -1, 0, own, 0, NULL) : NULL;

	if (body)
		fprintf(out, "<figure id=\"%s\">\n%s</figure>\n", figure->name, body);
}

/* ---- the sections: each prints what it has, or nothing ---- */

static void put_added(const struct page *page, const struct cell *cell)
{
	g_autoptr(table_t) table = findings_added(page->run, cell->machine, FINDINGS_BENCH, NULL);
	g_autofree char *title =
	    g_strdup_printf("What each feature adds to %s: %s, in %s", FINDINGS_BENCH,
			    cell->machine, class_unit(cell->class));

	if (cell->class == CLASS_DETERMINISTIC)
		table_note(table, WORDS_NOT_TIME);
	put_table(page->out, table, title, "added");
}

static void put_headline(const struct page *page)
{
	g_autofree char *headline = words_headline(page->run, page->rows);

	if (headline)
		markup_element(page->out, "p class=\"notice\"", headline);
}

static void put_matrix(const struct page *page, const struct cell *cell)
{
	g_autoptr(table_t) table = findings_matrix(page->rows, cell->machine);
	g_autofree char *title =
	    g_strdup_printf("%s, in %s", cell->machine, class_unit(cell->class));

	put_table(page->out, table, title, "heat");
}

static void put_some(const struct page *page, bool distributions)
{
	for (size_t i = 0; i < page->figures->count; i++) {
		const struct figure *figure = &page->figures->at[i];

		if (g_str_has_prefix(figure->name, "distribution-") == distributions)
			put_figure(page->out, figure, page->dir, i);
	}
}

static void put_distributions(const struct page *page)
{
	put_some(page, true);
}

static void put_figures(const struct page *page)
{
	put_some(page, false);
	if (page->why)
		markup_element(page->out, "p class=\"notice\"", page->why);
	put_list(page->out, &page->figures->absent);
}

static void put_linux(const struct page *page)
{
	for (int class = CLASS_SILICON; class <= CLASS_DETERMINISTIC; class ++) {
		g_autoptr(table_t) table = findings_linux(page->run, page->rows, class);
		g_autofree char *title = g_strdup_printf("Round trips in %s", class_unit(class));

		if (class == CLASS_DETERMINISTIC)
			table_note(table, WORDS_NOT_TIME);
		if (table_rows(table))
			put_table(page->out, table, title, "heat");
	}
}

static bool has_findings_on(const struct page *page, const char *machine)
{
	for (size_t i = 0; i < page->rows->count; i++) {
		const struct row *row = &page->rows->at[i];

		if (row->boots && !strcmp(row->cell->machine, machine) &&
		    !strcmp(row->cell->bench, FINDINGS_BENCH))
			return true;
	}
	return false;
}

/* Of `bill --plot` and `report --bill`. As images, whose scripts never run: they are not redrawn */
static void put_bills(const struct page *page)
{
	static const char *const kinds[] = {"waterfall-*.svg", "flame-*.svg"};
	glob_t found = {0};

	for (size_t kind = 0; kind < G_N_ELEMENTS(kinds); kind++) {
		g_autofree char *pattern = g_build_filename(page->dir, "plots", kinds[kind], NULL);

		glob(pattern, kind ? GLOB_APPEND : 0, NULL, &found);
	}
	for (size_t i = 0; i < found.gl_pathc; i++) {
		g_autofree char *svg = file_read(found.gl_pathv[i], NULL, NULL);
		g_autofree char *data =
		    svg ? g_base64_encode((const guchar *)svg, strlen(svg)) : NULL;
		g_autofree char *name = g_path_get_basename(found.gl_pathv[i]);
		g_autofree char *escaped = g_markup_escape_text(name, -1);

		if (data)
			fprintf(page->out,
				"<figure><img alt=\"%s\" "
				"src=\"data:image/svg+xml;base64,%s\"></figure>\n",
				escaped, data);
	}
	if (!found.gl_pathc && has_findings_on(page, "tcg"))
		markup_element(page->out, "p class=\"soft\"",
			       "No bill was drawn: entrybench report --bill VARIANT,... DIR draws "
			       "what " FINDINGS_BENCH " of these variants is made of on tcg.");
	globfree(&found);
}

static void put_cells(const struct page *page, const struct cell *cell)
{
	g_autoptr(table_t) table = rows_table_of(page->run, page->rows, cell->machine, NULL, NULL);
	g_autofree char *line = words_machine(page->run, cell);

	words_add_caveats(table, page->run, page->rows, cell->machine);
	fputs("<details>", page->out);
	markup_element(page->out, "summary", line);
	fputs("<div class=\"cells\">\n", page->out);
	table_print_html(table, page->out);
	fputs("</div></details>\n", page->out);
}

static void put_events(const struct page *page)
{
	g_autoptr(table_t) events = events_table(page->run);

	put_table(page->out, events, "Counted events, median over boots", "events");
}

static void put_environment(const struct page *page)
{
	g_auto(strings_t) unavailable = words_unavailable(page->run);
	g_autoptr(table_t) host = words_host(&page->run->host, true);

	table_print_html(host, page->out);
	if (unavailable.count)
		markup_element(page->out, "h3", "Machines that do not work here");
	put_list(page->out, &unavailable);
}

static void put_absent(const struct page *page, const struct cell *cell)
{
	g_autoptr(table_t) absent = rows_absent(page->rows, cell->machine, SIZE_MAX - 1);
	g_autoptr(table_t) failed = rows_failed(page->rows, cell->machine);
	g_autofree char *title =
	    g_strdup_printf("%s: %zu reasons", cell->machine, table_rows(absent));

	if (!table_rows(absent) && !table_rows(failed))
		return;
	fputs("<details>", page->out);
	markup_element(page->out, "summary", title);
	table_print_html(failed, page->out);
	table_print_html(absent, page->out);
	fputs("</details>\n", page->out);
}

static void put_reproduce(const struct page *page)
{
	g_autoptr(table_t) facts = words_reproduce(page->run);
	g_autofree char *command = format_command(&page->run->command);

	markup_element(page->out, "pre", command);
	table_print_html(facts, page->out);
}

/* What stands before the machines, for the first cell of each machine, and behind them. */
static const struct section {
	const char *id, *title;
	void (*before)(const struct page *page);
	void (*machine)(const struct page *page, const struct cell *cell);
	void (*after)(const struct page *page);
} sections[] = {
    {"findings", "Findings", .before = put_headline, .machine = put_added},
    {"matrix", "All round trips at a glance", .machine = put_matrix},
    {"figures", "Figures", .before = put_figures},
    {"linux", "Linux beside the core", .before = put_linux},
    {"bill", "What round trips are made of", .before = put_bills},
    {"distributions", "Distributions", .before = put_distributions},
    {"cells", "Every cell", .machine = put_cells, .after = put_events},
    {"environment", "Environment", .before = put_environment},
    {"absent", "Not measured, and why", .machine = put_absent},
    {"reproduce", "Do it again", .before = put_reproduce},
};

static void put_section(const struct page *page, const struct section *section)
{
	if (section->before)
		section->before(page);
	for (size_t i = 0; i < page->rows->count && section->machine; i++)
		if (page->rows->at[i].starts_machine)
			section->machine(page, page->rows->at[i].cell);
	if (section->after)
		section->after(page);
}

/* A table of contents, and the sections that are not empty. */
static void put_sections(const struct page *page)
{
	g_autoptr(GString) contents = g_string_new(NULL), whole = g_string_new(NULL);

	for_each(const struct section, section, sections, G_N_ELEMENTS(sections)) {
		g_autofree char *body = NULL;
		size_t size;
		struct page here = *page;

		here.out = open_memstream(&body, &size);
		put_section(&here, section);
		fclose(here.out);
		if (!size)
			continue;
		g_string_append_printf(contents, "<li><a href=\"#%s\">%s</a></li>\n", section->id,
				       section->title);
		g_string_append_printf(whole, "<section id=\"%s\">\n<h2>%s</h2>\n%s</section>\n",
				       section->id, section->title, body);
	}
	fprintf(page->out, "<nav><ul>\n%s</ul></nav>\n%s", contents->str, whole->str);
}

char *html_page(const struct run *run, const struct rows *rows, const struct figures *figures,
		const char *dir, const char *why)
{
	char *text;
	size_t size;
	struct page page = {run, rows, figures, dir, why, open_memstream(&text, &size)};
	g_auto(strings_t) lines = words_run(run);

	fprintf(page.out,
		"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		"<title>entrybench report</title>\n<style>\n%s</style>\n</head>\n<body>\n"
		"<h1>entrybench report</h1>\n",
		page_css);
	for (size_t i = 1; i < lines.count; i++)
		markup_element(page.out, "p class=\"soft\"", lines.at[i]);
	if (!rows->count)
		markup_element(page.out, "p", "The run measured nothing.");
	if (rows->count < run->cell_count) {
		g_autofree char *cut = g_strdup_printf(
		    "This page shows the first %zu of %zu cells; summary.csv has all.", rows->count,
		    run->cell_count);

		markup_element(page.out, "p class=\"notice\"", cut);
	}
	put_sections(&page);
	fprintf(page.out, "<script>\n%s</script>\n</body>\n</html>\n", page_js);
	fclose(page.out);
	return text;
}
