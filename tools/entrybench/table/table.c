/* A table in the making. */
#include "table/parts.h"

#include <math.h>
#include <stdarg.h>

struct table *table_new(const char *name, const struct table_column *columns)
{
	struct table *table = g_new0(struct table, 1);

	while (columns[table->column_count].key)
		table->column_count++;
	table->name = g_strdup(name);
	table->columns = g_memdup2(columns, table->column_count * sizeof(*columns));
	table->lines = g_array_new(false, false, sizeof(struct table_line));
	table->notes = g_ptr_array_new_with_free_func(g_free);
	table->strings = g_string_chunk_new(256);
	return table;
}

static void clear_value(struct table_value *value)
{
	json_decref(value->json);
	g_free(value->text);
}

void table_free(struct table *table)
{
	if (!table)
		return;
	for (size_t i = 0; i < table->lines->len; i++) {
		for (size_t column = 0; column < table->column_count; column++)
			clear_value(&table_line(table, i)->values[column]);
		g_free(table_line(table, i)->values);
	}
	g_array_unref(table->lines);
	g_ptr_array_unref(table->notes);
	g_string_chunk_free(table->strings);
	g_free(table->columns);
	g_free(table->name);
	g_free(table);
}

size_t table_find(const struct table *table, const char *key)
{
	for (size_t i = 0; i < table->column_count; i++)
		if (!strcmp(table->columns[i].key, key))
			return i;
	g_error("a table has no column %s", key);
}

const struct table_line *table_line(const struct table *table, size_t index)
{
	return &g_array_index(table->lines, struct table_line, index);
}

size_t table_rows(const struct table *table)
{
	return table->lines->len;
}

void table_set_title(struct table *table, const char *key, const char *title)
{
	table->columns[table_find(table, key)].title = g_string_chunk_insert(table->strings, title);
}

void table_set_unit(struct table *table, const char *key, const char *unit)
{
	table->columns[table_find(table, key)].unit = g_string_chunk_insert(table->strings, unit);
}

void table_group(struct table *table, const char *title)
{
	table->group = *title ? g_string_chunk_insert(table->strings, title) : NULL;
}

void table_row(struct table *table)
{
	struct table_line line = {.group = table->group,
				  .values = g_new0(struct table_value, table->column_count)};

	g_array_append_val(table->lines, line);
}

static struct table_line *last_line(struct table *table)
{
	return &g_array_index(table->lines, struct table_line, table->lines->len - 1);
}

/* Takes both. */
static void set_value(struct table *table, const char *key, json_t *json, char *text)
{
	struct table_value *value = &last_line(table)->values[table_find(table, key)];

	clear_value(value);
	*value = (struct table_value){json, text};
}

void table_put(struct table *table, const char *key, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	g_autofree char *text = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	table_put_text(table, key, text);
}

void table_put_text(struct table *table, const char *key, const char *text)
{
	g_autofree char *visible =
	    text && !g_utf8_validate(text, -1, NULL) ? table_visible(text) : NULL;

	set_value(table, key, text ? json_string(visible ? visible : text) : NULL, NULL);
}

static json_t *number_json(enum table_format format, double number)
{
	if (!isfinite(number))
		return NULL;
	return format == TABLE_COUNT && fabs(number) < 1e15 && number == round(number)
		   ? json_integer((json_int_t)number)
		   : json_real(number);
}

void table_put_number(struct table *table, const char *key, double number)
{
	table_put_both(table, key, number, NULL);
}

void table_put_both(struct table *table, const char *key, double number, const char *text)
{
	enum table_format format = table->columns[table_find(table, key)].format;

	set_value(table, key, number_json(format, number), g_strdup(text));
}

void table_put_json(struct table *table, const char *key, json_t *value, const char *text)
{
	set_value(table, key, value, g_strdup(text));
}

void table_emphasise(struct table *table)
{
	last_line(table)->emphasised = true;
}

void table_note(struct table *table, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	g_ptr_array_add(table->notes, g_strdup_vprintf(format, arguments));
	va_end(arguments);
}
