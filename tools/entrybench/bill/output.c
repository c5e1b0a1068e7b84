/* Text, JSON and waterfalls of bills. */
#include "bill/bill.h"

char *bill_words(const struct bill *bill)
{
	bool own = strcmp(bill->machine, "linux") == 0;

	return g_strconcat(own ? bill->machine : "", own ? ":" : "", bill->variant, NULL);
}

/* ---- text ---- */

static void print_title(FILE *out, const struct bill *bill)
{
	const char *unit = class_unit(bill->class);
	/* "1 instruction" */
	int length = (int)strlen(unit) - (bill->sums.count == 1);
	g_autofree char *line = g_strdup_printf(
	    "%s, %s on %s: %g %.*s a round trip%s%s", bill->variant, bill->bench, bill->machine,
	    bill->sums.count, length, unit,
	    bill->stamped ? " of the bare image; phases by time stamps" : ", as the clock reported",
	    bill->safe ? "" : " (unsafe: for measurement only)");

	table_print_wrapped(line, out, table_style_of(out));
}

static void print_listing(FILE *out, const struct bill *bill)
{
	g_autoptr(table_t) table = bill_table_of_steps(bill);

	fprintf(out, "\n%s, in order of execution:\n", bill->variant);
	table_print_text(table, out, (struct table_style){0});
}

void bill_print(FILE *out, const struct bill_view *view)
{
	const struct bill *const *bills = view->bills;
	g_autoptr(table_t) table =
	    bills[1] ? bill_table_of_two(view) : bill_table_of_one(bills[0], view->quiet);

	for (int i = 0; i < 2 && bills[i] && !view->quiet; i++)
		print_title(out, bills[i]);
	table_print_text(table, out, table_style_of(out));
	for (int i = 0; i < 2 && bills[i] && view->listing; i++)
		print_listing(out, bills[i]);
}

/* ---- JSON ---- */

static void set_number(json_t *object, const char *key, double value)
{
	json_object_set_new(object, key,
			    value == round(value) ? json_integer((json_int_t)value)
						  : json_real(value));
}

/* What a line of these sums holds, and what instructions do not tell. */
static void set_sums(json_t *object, const struct bill *bill, const struct bill_sums *sums,
		     double stack, GTree *specials)
{
	g_autoptr(table_t) table = bill_table_of_sums(bill, sums);
	json_t *special = json_object(), *rows = table_json(table);

	json_object_del(json_array_get(rows, 0), "phase");
	json_object_del(json_array_get(rows, 0), "symbol");
	json_object_del(json_array_get(rows, 0), "count");
	json_object_update(object, json_array_get(rows, 0));
	json_decref(rows);
	set_number(object, "stack_bytes", stack);
	for (GTreeNode *node = g_tree_node_first(specials); node; node = g_tree_node_next(node))
		set_number(special, g_tree_node_key(node), (double)(gssize)g_tree_node_value(node));
	json_object_set_new(object, "special", special);
}

static json_t *one_json(const struct bill *bill, bool listing)
{
	json_t *object =
	    json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:b}", "machine", bill->machine, "class",
		      class_name(bill->class), "unit", class_unit(bill->class), "cpu", bill->cpu,
		      "variant", bill->variant, "bench", bill->bench, "safe", bill->safe);
	g_autoptr(table_t) lines = bill_table_of_lines(bill), steps = bill_table_of_steps(bill);

	set_number(object, "total", bill->sums.count);
	json_object_set_new(object, "lines", table_json(lines));
	if (bill->stamped) {
		set_number(object, "unexplained", bill->unexplained);
		set_number(object, "probe", bill->probe);
	} else {
		set_sums(object, bill, &bill->sums, (double)bill->stack_bytes, bill->specials);
	}
	if (listing)
		json_object_set_new(object, "listing", table_json(steps));
	return object;
}

json_t *bill_json(const struct bill_view *view)
{
	const struct bill *const *bills = view->bills;
	json_t *first = one_json(bills[0], view->listing), *difference;
	struct bill_sums more;
	g_autoptr(GArray) lines = NULL, phases = NULL;
	g_autoptr(table_t) by_phase = NULL, by_line = NULL;
	g_autoptr(GTree) specials = NULL;

	if (!bills[1])
		return first;
	difference = json_object();
	more = bill_sums_more(bills);
	lines = bill_pair_lines(bills);
	phases = bill_pair_phases(lines);
	specials = bill_specials_more(bills);
	set_number(difference, "total", more.count);
	by_phase = bill_table_of_pairs(phases);
	by_line = bill_table_of_pairs(lines);
	json_object_set_new(difference, "phases", table_json(by_phase));
	json_object_set_new(difference, "lines", table_json(by_line));
	if (bills[0]->stamped)
		set_number(difference, "unexplained",
			   bills[1]->unexplained - bills[0]->unexplained);
	else
		set_sums(difference, bills[0], &more,
			 (double)bills[1]->stack_bytes - (double)bills[0]->stack_bytes, specials);
	return json_pack("{s:[o, o], s:o}", "bills", first, one_json(bills[1], view->listing),
			 "difference", difference);
}

/* ---- waterfall ---- */

static void put_bar(struct table *data, const char *label, double value, const char *kind)
{
	table_row(data);
	table_put(data, "label", "%s", label);
	table_put_number(data, "value", value);
	table_put(data, "kind", "%s", kind);
}

/*
 * A bar a phase; one without labels has its functions instead, which of two bills only show where
 * they differ.
 */
static void put_bars(struct table *data, const GArray *lines, int sign, const char *kind)
{
	g_autoptr(GArray) phases = bill_pair_phases(lines);

	for (guint i = 0; i < phases->len; i++) {
		const struct bill_pair *phase = PAIR(phases, i);
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
	struct bill nothing;
	const struct bill *const pair[2] = {bills[0], bills[1] ? bills[1] : &nothing};
	g_autoptr(GArray) lines = NULL;
	g_autofree char *first = bill_words(bills[0]),
			*second = bills[1] ? bill_words(bills[1]) : NULL;

	bill_init(&nothing);
	lines = bill_pair_lines(pair);
	if (bills[1])
		put_bar(data, first, bills[0]->sums.count, "total");
	put_bars(data, lines, bills[1] ? 1 : -1, bills[1] ? "change" : "part");
	put_bar(data, bills[1] ? second : "round trip", pair[bills[1] != NULL]->sums.count,
		"total");
	bill_free(&nothing);
}
