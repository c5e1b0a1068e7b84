/* JSON and waterfalls of bills. */
#include "bill/bill.h"

static void set_number(json_t *object, const char *key, double value)
{
	json_object_set_new(object, key,
			    value == round(value) ? json_integer((json_int_t)value)
						  : json_real(value));
}

static void set_table(json_t *object, const char *key, struct table *table)
{
	json_object_set_new(object, key, table_json(table));
	table_free(table);
}

/* What instructions do not tell, and time stamps neither. */
static void set_sums(json_t *object, const struct bill *bill)
{
	json_t *special = json_object();

	for (int i = BILL_LOADS; i < BILL_SUMS; i++)
		set_number(object, bill_sum_keys[i], bill->sums[i]);
	set_number(object, "stack_bytes", bill->stack_bytes);
	for (guint i = 0; i < bill->specials->len; i++)
		set_number(special, LINE(bill->specials, i)->symbol,
			   LINE(bill->specials, i)->sums[BILL_COUNT]);
	json_object_set_new(object, "special", special);
}

static void set_program(json_t *object, const struct bill *bill)
{
	const struct bill_way kernel = bill_kernel(bill);

	json_object_set_new(object, "estimate", json_boolean(bill->estimate));
	set_number(object, bill->estimate ? "rest" : "ring3",
		   bill->sums[BILL_COUNT] - kernel.path - kernel.work);
	set_number(object, "kernel", kernel.path + kernel.work);
	set_number(object, "crossings", kernel.crossings);
	set_number(object, "signals", bill->signals);
	set_number(object, "idle", bill->idle);
	set_number(object, "exit_status", bill->exit_status);
	set_table(object, "ways", bill_table_of_ways(bill));
}

static json_t *one_json(const struct bill *bill, bool listing)
{
	json_t *object = json_pack(
	    "{s:s, s:s, s:s, s:s, s:s, s:s, s:b}", "machine", bill->machine, "class",
	    class_name(bill->class), "unit", class_unit(bill->class), "cpu", bill->cpu, "variant",
	    bill->variant, bill->ways ? "program" : "bench", bill->bench, "safe", bill->safe);

	set_number(object, "total", bill->sums[BILL_COUNT]);
	if (bill->ways) {
		set_program(object, bill);
		return object;
	}
	if (bill->shortest.n) {
		set_number(object, "clock", bill->clock);
		set_number(object, "windows", (double)bill->shortest.windows);
		set_number(object, "shortest", (double)bill->shortest.times);
	}
	set_table(object, "lines", bill_table_of_lines(bill));
	if (bill->stamped) {
		set_number(object, "unexplained", bill->unexplained);
		set_number(object, "probe", bill->probe);
	} else {
		set_sums(object, bill);
	}
	if (listing)
		set_table(object, "listing", bill_table_of_steps(bill));
	return object;
}

static json_t *difference_json(const struct bill *const bills[2])
{
	g_autoptr(GArray) lines = bill_pair_lines(bills), phases = bill_pair_phases(lines);
	json_t *object = json_object();
	g_auto(bill_t) more = {0};

	bill_subtract(&more, bills);
	set_number(object, "total", more.sums[BILL_COUNT]);
	set_table(object, "phases", bill_table_of_pairs(phases));
	set_table(object, "lines", bill_table_of_pairs(lines));
	if (bills[0]->stamped)
		set_number(object, "unexplained", more.unexplained);
	else
		set_sums(object, &more);
	return object;
}

json_t *bill_json(const struct bill_view *view)
{
	const struct bill *const *bills = view->bills;
	json_t *object, *all;

	if (!bills[0]->ways && !bills[1])
		return one_json(bills[0], view->listing);
	all = json_array();
	for (int i = 0; bills[i]; i++)
		json_array_append_new(all, one_json(bills[i], view->listing));
	object = json_pack("{s:o}", "bills", all);
	if (!bills[0]->ways && !bills[2])
		json_object_set_new(object, "difference", difference_json(bills));
	return object;
}

/* ---- waterfall ---- */

static void put_bar(struct table *data, const char *label, double value, const char *kind)
{
	table_row(data);
	table_put_text(data, "label", label);
	table_put_number(data, "value", value);
	table_put_text(data, "kind", kind);
}

/* A bar a phase; an unlabelled one gives a bar a function, of two bills only where they differ. */
static void put_bars(struct table *data, const GArray *lines, int sign, const char *kind)
{
	g_autoptr(GArray) phases = bill_pair_phases(lines);

	for_each_in(const struct bill_pair, phase, phases) {
		bool functions = strcmp(phase->phase, PHASE_KERNEL) == 0;

		if (!functions && phase->delta != 0)
			put_bar(data, phase->phase, sign * phase->delta, kind);
		for (guint k = 0; k < lines->len && functions; k++)
			if (strcmp(PAIR(lines, k)->phase, phase->phase) == 0 &&
			    PAIR(lines, k)->delta != 0)
				put_bar(data, PAIR(lines, k)->symbol, sign * PAIR(lines, k)->delta,
					kind);
	}
}

void bill_put_waterfall(struct table *data, const struct bill_view *view)
{
	const struct bill *const *bills = view->bills;
	const struct bill *last = bills[1] ? bills[1] : bills[0];
	g_auto(bill_t) nothing = {0};
	const struct bill *const pair[2] = {bills[0], bills[1] ? bills[1] : &nothing};
	g_autofree char *first = bill_words(bills[0]), *second = bill_words(last);
	g_autoptr(GArray) lines = NULL;

	bill_init(&nothing);
	lines = bill_pair_lines(pair);
	if (bills[1])
		put_bar(data, first, bills[0]->sums[BILL_COUNT], "total");
	put_bars(data, lines, bills[1] ? 1 : -1, bills[1] ? "change" : "part");
	put_bar(data, bills[1] ? second : "round trip", last->sums[BILL_COUNT], "total");
}
