/* A program's bill as tables: one variant's ways, or those of several side by side. */
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

static const struct bill_way *way_at(const struct bill *bill, guint index)
{
	return &g_array_index(bill->ways, struct bill_way, index);
}

static bool is_ring3(const struct bill_way *way)
{
	return strcmp(way->name, WAY_RING3) == 0 || strcmp(way->name, WAY_REST) == 0;
}

struct bill_way bill_kernel(const struct bill *bill)
{
	struct bill_way sum = {.name = "kernel"};

	for_each_in(const struct bill_way, way, bill->ways) {
		if (is_ring3(way))
			continue;
		sum.crossings += way->crossings;
		sum.path += way->path;
		sum.work += way->work;
	}
	return sum;
}

static void put_way(struct table *table, const struct bill *bill, const struct bill_way *way)
{
	double count = way->path + way->work;

	table_row(table);
	table_put_text(table, "way", way->name);
	table_put_number(table, "count", count);
	table_put_number(table, "share", count / bill->sums[BILL_COUNT]);
	if (is_ring3(way))
		return;
	if (way->crossings > 0) {
		table_put_number(table, "crossings", way->crossings);
		table_put_number(table, "each", count / way->crossings);
	}
	if (bill->estimate)
		return;
	table_put_number(table, "path", way->path);
	table_put_number(table, "work", way->work);
}

struct table *bill_table_of_ways(const struct bill *bill)
{
	struct table *table = table_new(NULL, columns);

	table_set_title(table, "count", class_unit(bill->class));
	for (guint i = 0; i < bill->ways->len; i++)
		put_way(table, bill, way_at(bill, i));
	return table;
}

/* Keys of a variant's two columns. */
static const char *key_of(const char *kind, size_t variant)
{
	g_autofree char *key = g_strdup_printf("%s_%zu", kind, variant);

	return intern(key);
}

/* NULL: all. */
static double cost_of(const struct bill *bill, const char *name)
{
	for (guint i = 0; name && i < bill->ways->len; i++)
		if (strcmp(way_at(bill, i)->name, name) == 0)
			return way_at(bill, i)->path + way_at(bill, i)->work;
	return name ? 0 : bill->sums[BILL_COUNT];
}

/* name NULL: the total. */
static void put_beside(struct table *table, const struct bill *const *bills, const char *name)
{
	table_row(table);
	table_put_text(table, "way", name ? name : "total");
	for (size_t i = 0; bills[i]; i++) {
		double more = cost_of(bills[i], name) - cost_of(bills[0], name);
		double part = more / bills[0]->sums[BILL_COUNT];
		g_autofree char *text = g_strdup_printf("%+.2f %%", 100 * part);

		table_put_number(table, key_of("count", i), cost_of(bills[i], name));
		if (i)
			table_put_both(table, key_of("more", i), part, part ? text : "");
	}
}

/* A column a variant, and after each but the first what it adds, in parts of the first's total. */
static struct table *table_beside(const struct bill *const *bills)
{
	struct table_column beside[2 * BILLS_MAX + 1] = {{"way", .format = TABLE_TEXT}};
	g_autoptr(GHashTable) done = g_hash_table_new(g_str_hash, g_str_equal);
	struct table *table;

	for (size_t i = 0; bills[i]; i++) {
		beside[i ? 2 * i : 1] =
		    (struct table_column){key_of("count", i), .format = TABLE_COUNT};
		if (i)
			beside[2 * i + 1] = (struct table_column){
			    key_of("more", i), "of the program", .format = TABLE_PERCENT};
	}
	table = table_new(NULL, beside);
	for (size_t i = 0; bills[i]; i++) {
		g_autofree char *words = bill_words(bills[i]);

		table_set_title(table, key_of("count", i), words);
	}
	for (size_t v = 0; bills[v]; v++)
		for (guint i = 0; i < bills[v]->ways->len; i++)
			if (g_hash_table_add(done, (void *)way_at(bills[v], i)->name))
				put_beside(table, bills, way_at(bills[v], i)->name);
	put_beside(table, bills, NULL);
	return table;
}

struct table *program_table(const struct bill_view *view)
{
	const struct bill *const *bills = view->bills;
	struct table *table = bills[1] ? table_beside(bills) : bill_table_of_ways(bills[0]);
	const struct bill_way kernel = bill_kernel(bills[0]);

	if (!bills[1])
		put_way(table, bills[0], &kernel);
	table_emphasise(table);
	if (bills[0]->idle > 0 && !view->quiet)
		table_note(table, "The CPU also waited for %.0f ticks; they are in no line.",
			   bills[0]->idle);
	for (size_t i = 0; bills[i] && !view->quiet; i++)
		if (bills[i]->lacking) {
			table_note(table, "The core lacks what it asked for: %s.",
				   bills[i]->lacking);
			break;
		}
	if (bills[0]->estimate && !view->quiet)
		table_note(table,
			   "An estimate: system calls as ptrace counts them, each taken for a "
			   "null_syscall of this machine, page faults as getrusage counts them for "
			   "a page_fault:write, signals for a signal_roundtrip:tgkill less two "
			   "null_syscall. Interrupts are not counted.");
	else if (!view->quiet)
		table_note(table, "%s", BILL_NOT_TIME);
	return table;
}

void program_print_title(FILE *out, const struct bill *bill)
{
	const struct bill_way kernel = bill_kernel(bill);
	double in_kernel = kernel.path + kernel.work;
	g_autofree char *end =
	    bill->exit_status ? g_strdup_printf("; it ended with status %.0f", bill->exit_status)
			      : g_strdup("");
	g_autofree char *title =
	    bill->estimate
		? g_strdup_printf("%s, %s on %s: %.0f cycles, of which the crossings cost %.0f by "
				  "estimate: it entered the kernel %.0f times; signals: %.0f%s",
				  bill->variant, bill->bench, bill->machine, bill->sums[BILL_COUNT],
				  in_kernel, kernel.crossings, bill->signals, end)
		: g_strdup_printf(
		      "%s, %s on %s: %.0f instructions, as the clock reported: %.0f in ring 3, "
		      "%.0f in the kernel, which it entered %.0f times; signals: %.0f%s%s",
		      bill->variant, bill->bench, bill->machine, bill->sums[BILL_COUNT],
		      bill->sums[BILL_COUNT] - in_kernel, in_kernel, kernel.crossings,
		      bill->signals, end, bill->safe ? "" : " (unsafe: for measurement only)");

	table_print_wrapped(title, out, table_style_of(out));
}

static void put_part(struct table *data, const struct bill *bill, const char *part, double count)
{
	g_autofree char *words = bill_words(bill);

	table_row(data);
	table_put_text(data, "variant", words);
	table_put_text(data, "part", part);
	table_put_number(data, "value", count);
}

void bill_put_parts(struct table *data, const struct bill *bill)
{
	const struct bill_way kernel = bill_kernel(bill);

	put_part(data, bill, bill->estimate ? WAY_REST : WAY_RING3,
		 bill->sums[BILL_COUNT] - kernel.path - kernel.work);
	put_part(data, bill, "entry and exit", kernel.path);
	put_part(data, bill, PHASE_WORK, kernel.work);
}
