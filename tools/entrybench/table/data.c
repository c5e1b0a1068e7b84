/* A table for programs: CSV, JSON, data for gnuplot. */
#include "table/parts.h"

/* A value as one word, numbers with 15 digits; in headings "window_p50" for "window.p50". */
static char *flat_text(const struct table *table, size_t line, size_t column)
{
	const struct table_column *of = &table->columns[column];
	const struct table_value *value;

	if (line == HEADING)
		return of->csv ? g_strdup(of->csv)
			       : g_strdelimit(g_strdelimit(g_strdup(of->key), ".[", '_'), "]", 0);
	value = &table_line(table, line)->values[column];
	if (json_is_number(value->json))
		return g_strdup_printf("%.15g", json_number_value(value->json));
	if (value->json && value->text)
		return g_strdup(value->text);
	return g_strdup(json_is_string(value->json) ? json_string_value(value->json) : "");
}

static bool is_number(const struct table *table, size_t line, size_t column)
{
	return line != HEADING && json_is_number(table_line(table, line)->values[column].json);
}

/* RFC 4180: quoted where a comma, a quote or a line break is in it. A line break stays one. */
static void put_csv(const struct table *table, size_t line, size_t column, FILE *out)
{
	g_autofree char *text = flat_text(table, line, column);
	g_auto(GStrv) lines = NULL;
	const char *quote = strpbrk(text, ",\"\n") ? "\"" : "";

	if (is_number(table, line, column)) {
		fputs(text, out);
		return;
	}
	lines = g_strsplit(text, "\n", -1);
	fputs(quote, out);
	for (size_t i = 0; lines[i]; i++) {
		g_autofree char *visible = text_visible(lines[i]);
		g_auto(GStrv) parts = g_strsplit(visible, "\"", -1);
		g_autofree char *doubled = g_strjoinv("\"\"", parts);

		fprintf(out, "%s%s", i ? "\n" : "", doubled);
	}
	fputs(quote, out);
}

/* gnuplot cannot escape a quote in quotes, and "" is a quote: empty texts are left out. */
static void put_gnuplot(const struct table *table, size_t line, size_t column, FILE *out)
{
	g_autofree char *text = flat_text(table, line, column);
	g_autofree char *visible = g_strdelimit(text_visible(text), "\"", '\'');

	if (is_number(table, line, column))
		fputs(text, out);
	else if (*text)
		fprintf(out, "\"%s\"", visible);
	else if (table->columns[column].format > TABLE_WORD)
		fputs("NaN", out);
}

/* The heading, unless `first` is 0, and all lines; `gap` between groups. */
static void
print_flat(const struct table *table, size_t first, char separator, const char *gap,
	   void (*put)(const struct table *table, size_t line, size_t column, FILE *out), FILE *out)
{
	size_t count;
	g_autofree size_t *columns = table_shown(table, TABLE_CSV, &count);

	for (size_t line = first; line != table_rows(table); line++) {
		if (line && line != HEADING &&
		    table_line(table, line)->group != table_line(table, line - 1)->group)
			fputs(gap, out);
		for (size_t i = 0; i < count; i++) {
			put(table, line, columns[i], out);
			fputc(i + 1 < count ? separator : '\n', out);
		}
	}
}

void table_print_csv(const struct table *table, FILE *out)
{
	print_flat(table, HEADING, ',', "", put_csv, out);
}

void table_print_more_csv(const struct table *table, FILE *out)
{
	print_flat(table, 0, ',', "", put_csv, out);
}

void table_print_gnuplot(const struct table *table, FILE *out)
{
	print_flat(table, HEADING, '\t', "\n\n", put_gnuplot, out);
}

int table_save(const struct table *table, void (*print)(const struct table *, FILE *),
	       const char *dir, const char *name, struct error *error)
{
	g_autofree char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	print(table, out);
	fclose(out);
	return file_replace(dir, name, text, size, error);
}

/* An element of a list that is null as soon as one element is unknown. */
static void put_element(json_t *object, const char *name, json_t *value)
{
	json_t *list = json_object_get(object, name);

	if (!value)
		json_object_set_new(object, name, json_null());
	else if (!list)
		json_object_set_new(object, name, json_pack("[O]", value));
	else if (json_is_array(list))
		json_array_append(list, value);
}

/* Puts a value where its key's path leads. */
static void put_at(json_t *object, const char *key, json_t *value)
{
	size_t length = strcspn(key, ".[");
	g_autofree char *name = g_strndup(key, length);

	if (key[length] == '[') {
		put_element(object, name, value);
	} else if (key[length] == '.') {
		if (!json_is_object(json_object_get(object, name)))
			json_object_set_new(object, name, value ? json_object() : json_null());
		if (json_is_object(json_object_get(object, name)))
			put_at(json_object_get(object, name), key + length + 1, value);
	} else {
		json_object_set(object, name, value ? value : json_null());
	}
}

json_t *table_json(const struct table *table)
{
	size_t count;
	g_autofree size_t *columns = table_shown(table, TABLE_JSON, &count);
	json_t *rows = json_array();

	for (size_t line = 0; line < table_rows(table); line++) {
		json_t *row = json_object();

		for (size_t i = 0; i < count; i++)
			put_at(row, table->columns[columns[i]].key,
			       table_line(table, line)->values[columns[i]].json);
		json_array_append_new(rows, row);
	}
	return rows;
}

void json_print(json_t *json, FILE *out)
{
	json_dumpf(json, out, JSON_INDENT(1) | RUN_PRECISION);
	fputc('\n', out);
	json_decref(json);
}
