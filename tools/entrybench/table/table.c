/* A table in the making, and its values as a reader sees them. */
#include "table/parts.h"

struct table *table_new(const char *name, const struct table_column *columns)
{
	struct table *table = g_new0(struct table, 1);

	while (columns[table->column_count].key)
		table->column_count++;
	table->strings = g_string_chunk_new(256);
	table->name = name ? g_string_chunk_insert(table->strings, name) : NULL;
	table->columns = g_memdup2(columns, table->column_count * sizeof(*columns));
	table->lines = g_array_new(false, false, sizeof(struct table_line));
	table->notes = g_ptr_array_new_with_free_func(g_free);
	return table;
}

static void clear_value(struct table_value *value)
{
	json_decref(value->json);
	g_free(value->text);
}

void table_cut(struct table *table, size_t rows)
{
	for (size_t i = rows; i < table->lines->len; i++) {
		for (size_t column = 0; column < table->column_count; column++)
			clear_value(&table_line(table, i)->values[column]);
		g_free(table_line(table, i)->values);
	}
	g_array_set_size(table->lines, (guint)MIN(rows, table->lines->len));
}

void table_free(struct table *table)
{
	if (!table)
		return;
	table_cut(table, 0);
	g_array_unref(table->lines);
	g_ptr_array_unref(table->notes);
	g_string_chunk_free(table->strings);
	g_free(table->columns);
	g_free(table);
}

/* From the last one on: rows are mostly filled in the order of the columns. */
static size_t find(struct table *table, const char *key)
{
	for (size_t i = 0; i < table->column_count; i++) {
		size_t column = (table->last + i) % table->column_count;

		if (!strcmp(table->columns[column].key, key))
			return table->last = column;
	}
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
	table->columns[find(table, key)].title = g_string_chunk_insert(table->strings, title);
}

void table_set_unit(struct table *table, const char *key, const char *unit)
{
	table->columns[find(table, key)].unit = g_string_chunk_insert(table->strings, unit);
}

void table_group(struct table *table, const char *title)
{
	if (g_strcmp0(table->group, title))
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

void table_put_json(struct table *table, const char *key, json_t *json, const char *text)
{
	struct table_value *value = &last_line(table)->values[find(table, key)];

	clear_value(value);
	*value = (struct table_value){json, g_strdup(text)};
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
	    text && !g_utf8_validate(text, -1, NULL) ? text_visible(text) : NULL;

	table_put_json(table, key, text ? json_string(visible ? visible : text) : NULL, NULL);
}

void table_put_number(struct table *table, const char *key, double number)
{
	table_put_both(table, key, number, NULL);
}

void table_put_both(struct table *table, const char *key, double number, const char *text)
{
	bool counts = table->columns[find(table, key)].format == TABLE_COUNT &&
		      fabs(number) < 1e15 && number == round(number);
	json_t *json = !isfinite(number) ? NULL
		       : counts		 ? json_integer((json_int_t)number)
					 : json_real(number);

	table_put_json(table, key, json, text);
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

/* ---- as a reader sees it ---- */

static bool is_whole(double number)
{
	return fabs(number - round(number)) < 1e-9 * fmax(1, fabs(number));
}

/* Minus zero is plain zero to a reader, and has no sign. */
static char *decimal(double number, int decimals, bool sign)
{
	if (fabs(number) * pow(10, decimals) < 0.5)
		number = 0;
	return g_strdup_printf(sign && number != 0 ? "%+.*f" : "%.*f", decimals, number);
}

static int decimals_of(double cost, enum machine_class class)
{
	return class == CLASS_SILICON ? 1 : is_whole(cost) ? 0 : 2;
}

char *format_cost(double cost, enum machine_class class)
{
	return isfinite(cost) ? decimal(cost, decimals_of(cost, class), false) : g_strdup("-");
}

char *format_delta(double delta, double base, enum machine_class class)
{
	if (!isfinite(delta))
		return g_strdup("-");
	g_autofree char *text = decimal(delta, decimals_of(delta, class), true);

	if (*text == '0')
		return g_strdup("0");
	if (!isfinite(base) || base == 0)
		return g_steal_pointer(&text);
	return g_strdup_printf("%s (%+.1f %%)", text, 100 * delta / fabs(base));
}

char *format_interval(const struct interval *interval, enum machine_class class)
{
	if (!isfinite(interval->low) || !isfinite(interval->high))
		return g_strdup("-");
	if (class == CLASS_DETERMINISTIC && interval->low == interval->high)
		return g_strdup("exact");
	g_autofree char *low = format_cost(interval->low, class);
	g_autofree char *high = format_cost(interval->high, class);

	return g_strdup_printf("[%s, %s]", low, high);
}

static char *format_number(enum table_format format, double number)
{
	switch (format) {
	case TABLE_COUNT:
		return g_strdup_printf("%.0f", number);
	case TABLE_COST:
	case TABLE_SIGNED:
		return decimal(number, !is_whole(number) && fabs(number) >= 0.05,
			       format == TABLE_SIGNED);
	case TABLE_PERCENT:
		return g_strdup_printf("%.1f %%", 100 * number);
	case TABLE_PVALUE:
		return number < 0.001 ? g_strdup("< 0.001") : g_strdup_printf("%.3f", number);
	default:
		return g_strdup_printf("%g", number);
	}
}

char *table_text(const struct table *table, size_t line, size_t column)
{
	const struct table_column *of = &table->columns[column];

	if (line == HEADING) {
		g_autofree char *title = of->title && of->unit
					     ? g_strdup_printf("%s (%s)", of->title, of->unit)
					     : g_strdup(of->title  ? of->title
							: of->unit ? of->unit
								   : of->key);

		return text_visible(title);
	}
	const struct table_value *value = &table_line(table, line)->values[column];

	if (!value->text && json_is_number(value->json))
		return format_number(of->format, json_number_value(value->json));
	if (value->text)
		return text_visible(value->text);
	return text_visible(json_is_string(value->json) ? json_string_value(value->json) : "");
}

bool table_aligns_right(const struct table *table, size_t column)
{
	return table->columns[column].format != TABLE_TEXT;
}

char *table_group_title(const struct table *table, size_t line)
{
	const char *group = table_line(table, line)->group;

	if (!group || (line && table_line(table, line - 1)->group == group))
		return NULL;
	return text_visible(group);
}

static bool is_empty(const struct table *table, size_t column)
{
	for (size_t line = 0; line < table_rows(table); line++) {
		g_autofree char *text = table_text(table, line, column);

		if (*text)
			return false;
	}
	return true;
}

size_t *table_shown(const struct table *table, enum table_audience audience, size_t *count)
{
	size_t *shown = g_new(size_t, table->column_count + 1);

	*count = 0;
	for (size_t column = 0; column < table->column_count; column++) {
		enum table_audience wanted = table->columns[column].audience;

		if ((wanted == TABLE_ALL || wanted & audience) &&
		    !(audience & TABLE_READERS && is_empty(table, column)))
			shown[(*count)++] = column;
	}
	return shown;
}
