/* Values as a reader sees them, whatever renders them. */
#include "table/parts.h"

#include <math.h>
#include <wctype.h>

locale_t table_utf8(void)
{
	static locale_t utf8;

	if (!utf8)
		utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", NULL);
	return utf8;
}

char *table_visible(const char *text)
{
	GString *visible = g_string_new(NULL);

	while (*text) {
		gunichar c = g_utf8_get_char_validated(text, -1);

		if (c >= (gunichar)-2 || c < 0x20 || c == 0x7f) {
			g_string_append_printf(visible, "\\x%02x", (unsigned char)*text++);
			continue;
		}
		/*
		 * GLib lets no C1 control through, which libsmartcols would fill a line with for ever,
		 * and no bidirectional override; the C library no character without a width.
		 */
		if (g_unichar_isprint(c) && iswprint_l(c, table_utf8()))
			g_string_append_unichar(visible, c);
		else
			g_string_append_printf(visible, "\\u{%x}", c);
		text = g_utf8_next_char(text);
	}
	return g_string_free(visible, false);
}

/* Decimals of a cost: none where it is whole. Minus zero is plain zero to a reader. */
static char *cost(double number, const char *whole, const char *broken)
{
	bool is_whole = fabs(number - round(number)) < 1e-9 * fmax(1, fabs(number));

	if (fabs(number) < (is_whole ? 0.5 : 0.05))
		number = 0;
	return g_strdup_printf(number == 0 ? "%.0f" : is_whole ? whole : broken, number);
}

static char *format_number(enum table_format format, double number)
{
	switch (format) {
	case TABLE_COUNT:
		return g_strdup_printf("%.0f", number);
	case TABLE_COST:
		return cost(number, "%.0f", "%.1f");
	case TABLE_SIGNED:
		return cost(number, "%+.0f", "%+.1f");
	case TABLE_PERCENT:
		return g_strdup_printf("%.1f %%", 100 * number);
	case TABLE_PVALUE:
		return number < 0.001 ? g_strdup("< 0.001") : g_strdup_printf("%.3f", number);
	default:
		return g_strdup_printf("%g", number);
	}
}

static char *heading(const struct table_column *column)
{
	if (column->title && column->unit)
		return g_strdup_printf("%s (%s)", column->title, column->unit);
	return g_strdup(column->title ? column->title : column->unit ? column->unit : column->key);
}

char *table_text(const struct table *table, size_t line, size_t column)
{
	const struct table_column *of = &table->columns[column];
	g_autofree char *title = line == HEADING ? heading(of) : NULL;

	if (title)
		return table_visible(title);
	const struct table_value *value = &table_line(table, line)->values[column];

	if (!value->text && json_is_number(value->json))
		return format_number(of->format, json_number_value(value->json));
	if (value->text)
		return table_visible(value->text);
	return table_visible(json_is_string(value->json) ? json_string_value(value->json) : "");
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
	return table_visible(group);
}

static bool is_empty(const struct table *table, size_t column)
{
	for (size_t line = 0; line < table_rows(table); line++) {
		const struct table_value *value = &table_line(table, line)->values[column];

		if (value->text ? *value->text
				: json_is_number(value->json) || json_string_length(value->json))
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
