/* A program's bill as tables, JSON and folded stacks. */
#include "bill/bill.h"

static const struct table_column columns[] = {
    {"way", .format = TABLE_TEXT},
    {"crossings", .format = TABLE_COUNT},
    {"count", "instructions", .format = TABLE_COUNT},
    {"share", .format = TABLE_PERCENT},
    {"each", .format = TABLE_COST, .audience = TABLE_READERS},
    {"path", "entry and exit", .format = TABLE_COUNT},
    {"work", "own work", .format = TABLE_COUNT},
    {0},
};

static bool is_ring3(const struct census_way *way)
{
	return strcmp(way->name, CENSUS_RING3) == 0;
}

static void put_way(struct table *table, const struct census *census, const struct census_way *way)
{
	double count = way->path + way->work;

	table_row(table);
	table_put(table, "way", "%s", way->name);
	table_put_number(table, "count", count);
	table_put_number(table, "share", count / (census->ring3 + census->kernel));
	if (is_ring3(way))
		return;
	if (way->crossings > 0) {
		table_put_number(table, "crossings", way->crossings);
		table_put_number(table, "each", count / way->crossings);
	}
	table_put_number(table, "path", way->path);
	table_put_number(table, "work", way->work);
}

/* All of them but ring 3. */
static struct census_way sum_of(const struct census *census)
{
	struct census_way sum = {.name = "kernel", .crossings = census->crossings};

	for (guint i = 0; i < census->ways->len; i++) {
		const struct census_way *way = census->ways->pdata[i];

		sum.path += is_ring3(way) ? 0 : way->path;
		sum.work += is_ring3(way) ? 0 : way->work;
	}
	return sum;
}

static struct table *table_of_one(const struct census *census)
{
	struct table *table = table_new(NULL, columns);
	const struct census_way sum = sum_of(census);

	for (guint i = 0; i < census->ways->len; i++)
		put_way(table, census, census->ways->pdata[i]);
	put_way(table, census, &sum);
	table_emphasise(table);
	return table;
}

/* What a variant spends on the way of that name. */
static double cost_of(const struct census *census, const char *name)
{
	for (guint i = 0; i < census->ways->len; i++) {
		const struct census_way *way = census->ways->pdata[i];

		if (strcmp(way->name, name) == 0)
			return way->path + way->work;
	}
	return 0;
}

static double instructions(const struct census *census)
{
	return census->ring3 + census->kernel;
}

/*
 * A column a variant, and behind each but the first what it adds, as a part of the first one's
 * whole program.
 */
static struct table *table_new_beside(const struct census *censuses, size_t count)
{
	g_autofree struct table_column *beside = g_new0(struct table_column, 2 * count + 1);

	beside[0] = (struct table_column){"way", .format = TABLE_TEXT};
	for (size_t i = 0; i < count; i++) {
		g_autofree char *key = g_strdup_printf("count_%zu", i),
				*more = g_strdup_printf("more_%zu", i);

		beside[i ? 2 * i : 1] = (struct table_column){g_intern_string(key),
							      g_intern_string(censuses[i].variant),
							      .format = TABLE_COUNT};
		if (i)
			beside[2 * i + 1] = (struct table_column){
			    g_intern_string(more), "of the program", .format = TABLE_PERCENT};
	}
	return table_new(NULL, beside);
}

static void put_beside(struct table *table, const struct census *censuses, size_t count,
		       const char *name, const double *costs)
{
	table_row(table);
	table_put(table, "way", "%s", name);
	for (size_t i = 0; i < count; i++) {
		g_autofree char *key = g_strdup_printf("count_%zu", i),
				*more = g_strdup_printf("more_%zu", i);
		double part = (costs[i] - costs[0]) / instructions(&censuses[0]);
		g_autofree char *text =
		    part ? g_strdup_printf("%+.2f %%", 100 * part) : g_strdup("");

		table_put_number(table, key, costs[i]);
		if (i)
			table_put_both(table, more, part, text);
	}
}

static struct table *table_of_several(const struct census *censuses, size_t count)
{
	struct table *table = table_new_beside(censuses, count);
	g_autoptr(GHashTable) done = g_hash_table_new(g_str_hash, g_str_equal);
	g_autofree double *costs = g_new(double, count);

	for (size_t v = 0; v < count; v++)
		for (guint i = 0; i < censuses[v].ways->len; i++) {
			const struct census_way *way = censuses[v].ways->pdata[i];

			for (size_t k = 0; k < count; k++)
				costs[k] = cost_of(&censuses[k], way->name);
			if (g_hash_table_add(done, way->name))
				put_beside(table, censuses, count, way->name, costs);
		}
	for (size_t k = 0; k < count; k++)
		costs[k] = instructions(&censuses[k]);
	put_beside(table, censuses, count, "total", costs);
	table_emphasise(table);
	return table;
}

void census_print(FILE *out, const struct census *censuses, size_t count, bool quiet)
{
	g_autoptr(table_t) table =
	    count > 1 ? table_of_several(censuses, count) : table_of_one(censuses);

	for (size_t i = 0; i < count && !quiet; i++) {
		const struct census *census = &censuses[i];
		g_autofree char *title = g_strdup_printf(
		    "%s, %s on %s: %.0f instructions, as the clock reported: %.0f in ring 3, %.0f "
		    "in the kernel, which "
		    "it entered %.0f times; %.0f signals%s",
		    census->variant, census->program, census->machine, instructions(census),
		    census->ring3, census->kernel, census->crossings, census->signals,
		    census->safe ? "" : " (unsafe: for measurement only)");

		table_print_wrapped(title, out, table_style_of(out));
	}
	if (censuses[0].idle > 0 && !quiet)
		table_note(table, "The CPU also waited for %.0f ticks; they are in no line.",
			   censuses[0].idle);
	if (!quiet)
		table_note(
		    table,
		    "Instructions are not time: an IRETQ, a MOV to CR3 and an ADD count one each.");
	table_print_text(table, out, table_style_of(out));
}

static json_t *one_json(const struct census *census)
{
	g_autoptr(table_t) table = table_new(NULL, columns);

	for (guint i = 0; i < census->ways->len; i++)
		put_way(table, census, census->ways->pdata[i]);
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:I, s:I, s:I, s:I, s:I, s:I, s:o}",
			 "machine", census->machine, "class", class_name(CLASS_DETERMINISTIC),
			 "unit", class_unit(CLASS_DETERMINISTIC), "cpu", census->cpu, "variant",
			 census->variant, "program", census->program, "safe", census->safe, "total",
			 (json_int_t)instructions(census), "ring3", (json_int_t)census->ring3,
			 "kernel", (json_int_t)census->kernel, "crossings",
			 (json_int_t)census->crossings, "signals", (json_int_t)census->signals,
			 "idle", (json_int_t)census->idle, "ways", table_json(table));
}

json_t *census_json(const struct census *censuses, size_t count)
{
	json_t *bills = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(bills, one_json(&censuses[i]));
	return json_pack("{s:o}", "bills", bills);
}

void census_write_folded(FILE *out, const struct census *census)
{
	for (guint i = 0; i < census->ways->len; i++) {
		const struct census_way *way = census->ways->pdata[i];

		for (guint k = 0; k < way->lines->len; k++) {
			const struct census_line *line =
			    &g_array_index(way->lines, struct census_line, k);

			if (is_ring3(way))
				fprintf(out, "%s;%s;%s %.0f\n", census->variant, way->name,
					line->symbol, line->count);
			else
				fprintf(out, "%s;%s;%s;%s %.0f\n", census->variant, way->name,
					line->part, line->symbol, line->count);
		}
	}
}
