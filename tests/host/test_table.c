/*
 * The one table, in each of its renderers: layout, hostile strings, narrow terminals, empty
 * columns.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "table/table.h"

static const struct table_column columns[] = {
    {"name", .title = "variant"},
    {"cost.estimate", .unit = "cycles", .format = TABLE_COST},
    {"ci95[low]", .audience = TABLE_PROGRAMS, .format = TABLE_COST},
    {"ci95[high]", .audience = TABLE_PROGRAMS, .format = TABLE_COST},
    {"nothing", .title = "never put", .format = TABLE_COUNT},
    {"boots", .format = TABLE_COUNT, .spare = true, .csv = "boots_ok"},
    {"delta", .title = "vs", .format = TABLE_SIGNED, .audience = TABLE_TERMINAL},
    {"flags", .wraps = true},
    {0},
};

static struct table *new_table(void)
{
	struct table *table = table_new("costs <of all>", columns);

	table_set_title(table, "delta", "vs iret");
	table_group(table, "null_syscall");
	table_row(table);
	table_put(table, "name", "%s", "sysret");
	table_put_number(table, "cost.estimate", 104.25);
	table_put_number(table, "ci95[low]", 101.125);
	table_put_number(table, "ci95[high]", 107);
	table_put_number(table, "boots", 12);
	table_put_both(table, "delta", 12, "reference");
	table_row(table);
	table_put(table, "name", "%s", "iret");
	table_put_number(table, "cost.estimate", 83);
	table_put_number(table, "ci95[low]", NAN);
	table_put_number(table, "delta", -21.25);
	table_put_json(table, "flags", json_pack("[ss]", "unstable", "disturbed"),
		       "unstable (3), disturbed, for want of calm");
	table_emphasise(table);
	table_group(table, "enosys");
	table_row(table);
	table_put(table, "name", "%s", "sysret");
	table_note(table, "a note: %s", "cycles are ticks of the time stamp counter of this CPU");
	return table;
}

/* What would do harm somewhere: terminal, HTML, CSV, Markdown, gnuplot. */
#define HOSTILE "\033[31m<b>&\"',|\\`\r\ttab\xff\xe2\x80\xae%s"

static struct table *hostile_table(void)
{
	struct table *table = table_new(HOSTILE, columns);

	table_set_title(table, "delta", HOSTILE);
	table_group(table, HOSTILE);
	table_row(table);
	table_put(table, "name", "%s", HOSTILE);
	table_put_both(table, "delta", 1, HOSTILE);
	table_put(table, "flags", "%s", "first\nsecond \033");
	table_note(table, "%s", HOSTILE);
	return table;
}

static void print_text_60(const struct table *table, FILE *out)
{
	table_print_text(table, out, (struct table_style){60, false});
}

static void print_text_bold(const struct table *table, FILE *out)
{
	table_print_text(table, out, (struct table_style){0, true});
}

static void print_json(const struct table *table, FILE *out)
{
	json_t *json = table_json(table);

	json_dumpf(json, out, JSON_REAL_PRECISION(15));
	json_decref(json);
}

/* Takes the table. */
static char *printed(struct table *table, void (*print)(const struct table *table, FILE *out))
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	print(table, out);
	fclose(out);
	table_free(table);
	return text;
}

static void assert_prints(struct table *table, void (*print)(const struct table *table, FILE *out),
			  const char *expected)
{
	char *text = printed(table, print);

	assert_string_equal(text, expected);
	free(text);
}

static void text_has_columns_groups_and_notes(void **state)
{
	(void)state;
	assert_prints(new_table(), print_text_60,
		      "  variant  cycles  boots    vs iret\n"
		      "null_syscall\n"
		      "  sysret    104.2     12  reference\n"
		      "  iret         83             -21.2\n"
		      "      unstable (3), disturbed, for want of calm\n"
		      "enosys\n"
		      "  sysret\n"
		      "  a note: cycles are ticks of the time stamp counter of this\n"
		      "      CPU\n");
	assert_prints(new_table(), print_text_bold,
		      "  \033[1mvariant  cycles  boots    vs iret  flags\033[0m\n"
		      "\033[1mnull_syscall\033[0m\n"
		      "  sysret    104.2     12  reference\n"
		      "  \033[1miret         83             -21.2  unstable (3), disturbed, for "
		      "want of calm\033[0m\n"
		      "\033[1menosys\033[0m\n"
		      "  sysret\n"
		      "  a note: cycles are ticks of the time stamp counter of this CPU\n");
}

static void markdown_has_a_table_a_group(void **state)
{
	(void)state;
	assert_prints(new_table(), table_print_markdown,
		      "**null\\_syscall**\n\n"
		      "| variant | cycles | boots | flags |\n"
		      "|---|--:|--:|---|\n"
		      "| sysret | 104.2 | 12 |  |\n"
		      "| **iret** | **83** |  | **unstable (3), disturbed, for want of calm** |\n"
		      "\n**enosys**\n\n"
		      "| variant | cycles | boots | flags |\n"
		      "|---|--:|--:|---|\n"
		      "| sysret |  |  |  |\n"
		      "\n- a note: cycles are ticks of the time stamp counter of this CPU\n");
}

static void html_has_a_body_a_group(void **state)
{
	(void)state;
	assert_prints(
	    new_table(), table_print_html,
	    "<div class=\"wide\"><table>\n<caption>costs &lt;of all&gt;</caption>\n"
	    "<thead><tr><th scope=\"col\" class=\"text\" data-key=\"name\">variant</th>"
	    "<th scope=\"col\" class=\"number\" data-key=\"cost.estimate\">cycles</th>"
	    "<th scope=\"col\" class=\"number\" data-key=\"boots\">boots</th>"
	    "<th scope=\"col\" class=\"text\" data-key=\"flags\">flags</th></tr></thead>\n"
	    "<tbody>\n<tr class=\"group\"><th scope=\"rowgroup\" "
	    "colspan=\"4\">null_syscall</th></tr>\n"
	    "<tr><td class=\"text\">sysret</td><td class=\"number\" "
	    "data-value=\"104.25\">104.2</td>"
	    "<td class=\"number\" data-value=\"12\">12</td><td class=\"text\"></td></tr>\n"
	    "<tr class=\"sum\"><td class=\"text\">iret</td><td class=\"number\" "
	    "data-value=\"83\">83</td>"
	    "<td class=\"number\"></td><td class=\"text\">unstable (3), disturbed, for want of "
	    "calm</td></tr>\n"
	    "</tbody>\n<tbody>\n"
	    "<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"4\">enosys</th></tr>\n"
	    "<tr><td class=\"text\">sysret</td><td class=\"number\"></td><td class=\"number\"></td>"
	    "<td class=\"text\"></td></tr>\n"
	    "</tbody>\n</table></div>\n<ul class=\"notes\">\n"
	    "<li>a note: cycles are ticks of the time stamp counter of this CPU</li>\n</ul>\n");
}

static void programs_get_whole_numbers_and_every_column(void **state)
{
	(void)state;
	assert_prints(new_table(), table_print_csv,
		      "name,cost_estimate,ci95_low,ci95_high,nothing,boots_ok,flags\n"
		      "sysret,104.25,101.125,107,,12,\n"
		      "iret,83,,,,,\"unstable (3), disturbed, for want of calm\"\n"
		      "sysret,,,,,,\n");
	assert_prints(
	    new_table(), table_print_gnuplot,
	    "\"name\"\t\"cost_estimate\"\t\"ci95_low\"\t\"ci95_"
	    "high\"\t\"nothing\"\t\"boots_ok\"\t\"flags\"\n"
	    "\"sysret\"\t104.25\t101.125\t107\tNaN\t12\t\n"
	    "\"iret\"\t83\tNaN\tNaN\tNaN\tNaN\t\"unstable (3), disturbed, for want of calm\"\n"
	    "\n\n\"sysret\"\tNaN\tNaN\tNaN\tNaN\tNaN\t\n");
	assert_prints(
	    new_table(), print_json,
	    "[{\"name\": \"sysret\", \"cost\": {\"estimate\": 104.25}, \"ci95\": [101.125, 107.0], "
	    "\"nothing\": null, \"boots\": 12, \"flags\": null}, "
	    "{\"name\": \"iret\", \"cost\": {\"estimate\": 83.0}, \"ci95\": null, "
	    "\"nothing\": null, \"boots\": null, \"flags\": [\"unstable\", \"disturbed\"]}, "
	    "{\"name\": \"sysret\", \"cost\": null, \"ci95\": null, "
	    "\"nothing\": null, \"boots\": null, \"flags\": null}]");
}

/*
 * No renderer lets a control character, a bidirectional override or a byte that is no UTF-8
 * through.
 */
static void hostile_strings_are_escaped(void **state)
{
	static void (*const renderers[])(const struct table *table, FILE *out) = {
	    print_text_60,   table_print_markdown, table_print_html,
	    table_print_csv, table_print_gnuplot,
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(renderers); i++) {
		char *text = printed(hostile_table(), renderers[i]);

		assert_true(g_utf8_validate(text, -1, NULL));
		assert_null(strpbrk(text, "\033\r"));
		assert_null(strstr(text, "\xe2\x80\xae"));
		assert_null(renderers[i] == table_print_gnuplot ? NULL : strchr(text, '\t'));
		assert_non_null(strstr(text, "x1b"));
		assert_non_null(strstr(text, "xff"));
		assert_non_null(strstr(text, "%s"));
		free(text);
	}
}

static void csv_doubles_quotes(void **state)
{
	static const struct table_column one[] = {{.key = "say \"it\""}, {0}};
	struct table *table = table_new(NULL, one);

	(void)state;
	table_row(table);
	table_put_text(table, one->key, "\"");
	assert_prints(table, table_print_csv, "\"say \"\"it\"\"\"\n\"\"\"\"\n");
}

static void hostile_strings_keep_their_place(void **state)
{
	(void)state;
	char *text = printed(hostile_table(), table_print_html);

	assert_null(strstr(text, "<b>"));
	assert_non_null(strstr(text, "\\x1b[31m&lt;b&gt;&amp;&quot;&apos;,|"));
	free(text);
	text = printed(hostile_table(), table_print_markdown);
	assert_non_null(strstr(text, "\\[31m\\<b\\>\\&\"',\\|\\\\\\`"));
	free(text);
	text = printed(hostile_table(), table_print_csv);
	assert_non_null(
	    strstr(text, "\n\"\\x1b[31m<b>&\"\"',|\\`\\x0d\\x09tab\\xff\\u{202e}%s\",,"));
	assert_non_null(strstr(text, ",\"first\nsecond \\x1b"));
	free(text);
	text = printed(hostile_table(), table_print_gnuplot);
	assert_non_null(
	    strstr(text, "\n\"\\x1b[31m<b>&'',|\\`\\x0d\\x09tab\\xff\\u{202e}%s\"\tNaN"));
	free(text);
	text = printed(hostile_table(), print_json);
	assert_non_null(strstr(text, "tab\\\\xff"));
	free(text);
}

/* GLib and the C library know different characters: none without a width reaches a terminal. */
static void every_character_has_a_width(void **state)
{
	static const gunichar odd[] = {0x9b, 0x2028, 0x2029, 0x202e, 0xfffe, 0x10efd, 0x10ffff};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(odd); i++) {
		struct table *table = table_new(NULL, columns);
		g_autofree char *escaped = g_strdup_printf("\\u{%x}", odd[i]);
		char odd_text[7] = "";

		g_unichar_to_utf8(odd[i], odd_text);
		table_row(table);
		table_put(table, "name", "%0100d%s", 7, odd_text);
		table_put_number(table, "boots", 1);
		char *text = printed(table, print_text_60);

		if (!strstr(text, escaped) || strstr(text, odd_text))
			fail_msg("%s: %s", escaped, text);
		free(text);
	}
}

static void assert_fits(const char *text, size_t width)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (size_t i = 0; lines[i]; i++)
		if ((size_t)g_utf8_strlen(lines[i], -1) > width || g_str_has_suffix(lines[i], " "))
			fail_msg("does not fit %zu columns, or ends with a blank: '%s' in\n%s",
				 width, lines[i], text);
}

/* Spare columns go, texts are broken, and nothing of a column that stays is lost. */
static void narrow_terminals_are_enough(void **state)
{
	static const struct table_column many[] = {
	    {.key = "a"},
	    {"b", .wraps = true},
	    {"c", .format = TABLE_COUNT, .spare = true},
	    {"d", .format = TABLE_COUNT},
	    {"e", .wraps = true},
	    {0},
	};

	(void)state;
	for (int width = 60; width < 200; width += 7) {
		struct table *table = table_new(NULL, many);
		char *text;
		size_t size;
		FILE *out = open_memstream(&text, &size);

		table_row(table);
		table_put(table, "a", "linux-6.8-retpoline-pcid-%030d", 7);
		table_put(table, "b", "exit=sysret kpti=pcid erase=off choice=c lfence=idt bhb=on");
		table_put_number(table, "c", 123456789012);
		table_put_number(table, "d", 987654321);
		table_put(table, "e",
			  "one two three four five six seven eight nine ten eleven \xc3\xa4");
		table_print_text(table, out, (struct table_style){width, false});
		fclose(out);
		assert_fits(text, (size_t)width);
		assert_non_null(strstr(text, "987654321"));
		assert_non_null(strstr(text, "\xc3\xa4"));
		assert_non_null(strstr(text, "eleven"));
		assert_true(!strstr(text, "123456789012") == (width < 110));
		table_free(table);
		free(text);
	}
}

static void a_table_without_rows_is_but_its_notes(void **state)
{
	struct table *table = table_new(NULL, columns);

	(void)state;
	table_note(table, "nothing was measured");
	assert_prints(table, print_text_60, "  nothing was measured\n");
	assert_prints(table_new(NULL, columns), print_json, "[]");
	assert_prints(table_new(NULL, columns), table_print_csv,
		      "name,cost_estimate,ci95_low,ci95_high,nothing,boots_ok,flags\n");
}

static void numbers_as_a_reader_sees_them(void **state)
{
	static const struct {
		enum table_format format;
		double number;
		const char *expected;
	} cases[] = {
	    {TABLE_COUNT, 1e12, "1000000000000"},
	    {TABLE_COST, 104, "104"},
	    {TABLE_COST, 104.26, "104.3"},
	    {TABLE_COST, -0.01, "0"},
	    {TABLE_SIGNED, 8, "+8"},
	    {TABLE_SIGNED, -8.25, "-8.2"},
	    {TABLE_SIGNED, -1e-12, "0"},
	    {TABLE_PERCENT, 0.1234, "12.3 %"},
	    {TABLE_PVALUE, 0.0123, "0.012"},
	    {TABLE_PVALUE, 1e-9, "< 0.001"},
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		const struct table_column one[] = {{"n", .format = cases[i].format}, {0}};
		struct table *table = table_new(NULL, one);
		g_autofree char *expected =
		    g_strdup_printf("| n |\n|--:|\n| %s |\n", cases[i].expected);

		table_row(table);
		table_put_number(table, "n", cases[i].number);
		/* "<" and the like are escaped */
		if (cases[i].expected[0] != '<')
			assert_prints(table, table_print_markdown, expected);
		else
			assert_prints(table, table_print_markdown, "| n |\n|--:|\n| \\< 0.001 |\n");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(text_has_columns_groups_and_notes),
	    cmocka_unit_test(markdown_has_a_table_a_group),
	    cmocka_unit_test(html_has_a_body_a_group),
	    cmocka_unit_test(programs_get_whole_numbers_and_every_column),
	    cmocka_unit_test(hostile_strings_are_escaped),
	    cmocka_unit_test(hostile_strings_keep_their_place),
	    cmocka_unit_test(csv_doubles_quotes),
	    cmocka_unit_test(every_character_has_a_width),
	    cmocka_unit_test(narrow_terminals_are_enough),
	    cmocka_unit_test(a_table_without_rows_is_but_its_notes),
	    cmocka_unit_test(numbers_as_a_reader_sees_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
