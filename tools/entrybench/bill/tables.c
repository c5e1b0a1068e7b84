/* Bills as tables, for readers and programs. */
#include "bill/bill.h"

/* Instructions are whole; the median of an even number of boots may not be. */
static void put_count(struct table *table, const char *key, double count, bool sign)
{
	bool whole = count == round(count);
	g_autofree char *text = g_strdup_printf(sign	? whole ? "%+.0f" : "%+.1f"
						: whole ? "%.0f"
							: "%.1f",
						count);

	table_put_both(table, key, count, text);
}

/* ---- one bill ---- */

static const struct table_column line_columns[] = {
    {"phase", .format = TABLE_TEXT},
    {"symbol", .format = TABLE_TEXT, .wraps = true},
    {"count", .format = TABLE_COUNT},
    {"share", .format = TABLE_PERCENT, .audience = TABLE_READERS},
    {"loads", .format = TABLE_COUNT},
    {"stores", .format = TABLE_COUNT},
    {"bytes_loaded", .format = TABLE_COUNT, .audience = TABLE_PROGRAMS},
    {"bytes_stored", .format = TABLE_COUNT, .audience = TABLE_PROGRAMS},
    {"taken_branches", "taken", .format = TABLE_COUNT},
    {"serialising", .format = TABLE_COUNT},
    {0},
};

static void put_line(struct table *table, const struct bill *bill, const char *phase,
		     const struct bill_line *line)
{
	const struct bill_sums *sums = &line->sums;

	table_row(table);
	table_put(table, "phase", "%s", phase);
	table_put(table, "symbol", "%s", line->symbol);
	put_count(table, "count", sums->count, false);
	table_put_number(table, "share", bill->sums.count ? sums->count / bill->sums.count : 0);
	if (bill->stamped)
		return;
	table_put_number(table, "loads", (double)sums->loads);
	table_put_number(table, "stores", (double)sums->stores);
	table_put_number(table, "bytes_loaded", (double)sums->bytes_loaded);
	table_put_number(table, "bytes_stored", (double)sums->bytes_stored);
	table_put_number(table, "taken_branches", (double)sums->taken);
	table_put_number(table, "serialising", (double)sums->serialising);
}

/* A phase's lines from the first one on, and where there are several what they sum to. */
static void put_phase(struct table *table, const struct bill *bill, guint first)
{
	const char *phase = g_array_index(bill->lines, struct bill_line, first).phase;
	struct bill_line sum = {0};
	size_t lines = 0;

	for (guint i = first; i < bill->lines->len; i++) {
		const struct bill_line *line = &g_array_index(bill->lines, struct bill_line, i);

		if (strcmp(line->phase, phase) != 0)
			continue;
		put_line(table, bill, lines++ ? "" : phase, line);
		sum.sums.count += line->sums.count;
	}
	if (lines < 2)
		return;
	table_row(table);
	table_put(table, "symbol", "  together");
	put_count(table, "count", sum.sums.count, false);
	table_put_number(table, "share", bill->sums.count ? sum.sums.count / bill->sums.count : 0);
}

static bool is_first_of_phase(const struct bill *bill, guint at)
{
	for (guint i = 0; i < at; i++)
		if (strcmp(g_array_index(bill->lines, struct bill_line, i).phase,
			   g_array_index(bill->lines, struct bill_line, at).phase) == 0)
			return false;
	return true;
}

/* "loads 35 (266 bytes), stores ...": of one bill, or with signs what a second has more. */
static void note_sums(struct table *table, const struct bill_sums *sums, int64_t stack,
		      GTree *specials, bool sign)
{
	g_autoptr(GString) text = g_string_new(NULL);

	table_note(
	    table,
	    sign ? "more: loads %+" PRId64 " (%+" PRId64 " bytes), stores %+" PRId64 " (%+" PRId64
		   " bytes), kernel stack touched %+" PRId64 " bytes, taken branches %+" PRId64
		 : "loads %" PRId64 " (%" PRId64 " bytes), stores %" PRId64 " (%" PRId64
		   " bytes), kernel stack touched %" PRId64 " bytes, taken branches %" PRId64,
	    sums->loads, sums->bytes_loaded, sums->stores, sums->bytes_stored, stack, sums->taken);
	for (GTreeNode *node = g_tree_node_first(specials); node; node = g_tree_node_next(node))
		g_string_append_printf(text, sign ? "%s %s %+" PRId64 : "%s %s %" PRId64,
				       text->len ? "," : "", (const char *)g_tree_node_key(node),
				       (int64_t)GPOINTER_TO_SIZE(g_tree_node_value(node)));
	table_note(table, "privileged, serialising and ring-changing:%s",
		   text->len ? text->str
		   : sign    ? " no difference"
			     : " none");
}

static void note_meaning(struct table *table, const struct bill *bill)
{
	if (bill->stamped)
		table_note(table,
			   "A stamp took %g %s, which is taken off. A phase goes from its stamp to "
			   "the next, "
			   "%s up to the first.",
			   bill->probe, class_unit(bill->class), PHASE_ENTER);
	if (bill->class == CLASS_DETERMINISTIC)
		table_note(
		    table,
		    "Instructions are not time: an IRETQ, a MOV to CR3 and an ADD count one each.");
}

struct table *bill_table_of_one(const struct bill *bill, bool quiet)
{
	struct table *table = table_new(NULL, line_columns);
	const struct bill_line total = {.phase = "total", .symbol = "", .sums = bill->sums};

	table_set_title(table, "count", class_unit(bill->class));
	for (guint i = 0; i < bill->lines->len; i++)
		if (is_first_of_phase(bill, i))
			put_phase(table, bill, i);
	put_line(table, bill, "total", &total);
	table_emphasise(table);
	if (!quiet && !bill->stamped)
		note_sums(table, &bill->sums, (int64_t)bill->stack_bytes, bill->specials, false);
	if (!quiet)
		note_meaning(table, bill);
	return table;
}

/* ---- the difference of two ---- */

static const struct table_column pair_columns[] = {
    {"phase", .format = TABLE_TEXT},
    {"symbol", .format = TABLE_TEXT, .wraps = true},
    {"renamed_from", .format = TABLE_TEXT, .audience = TABLE_PROGRAMS},
    {"first", .format = TABLE_COUNT},
    {"second", .format = TABLE_COUNT},
    {"delta", "difference", .format = TABLE_COUNT},
    {0},
};

static void put_pair(struct table *table, const char *phase, const char *symbol,
		     const struct bill_pair *pair)
{
	table_row(table);
	table_put(table, "phase", "%s", phase);
	table_put(table, "symbol", "%s", symbol);
	if (pair->renamed)
		table_put(table, "renamed_from", "%s", pair->renamed);
	put_count(table, "first", pair->counts[0], false);
	put_count(table, "second", pair->counts[1], false);
	put_count(table, "delta", pair->delta, true);
}

static struct bill_pair totals(const struct bill *const bills[2])
{
	double first = bills[0]->sums.count, second = bills[1]->sums.count;

	return (struct bill_pair){.counts = {first, second}, .delta = second - first};
}

static void put_difference(struct table *table, const GArray *lines, bool symbols)
{
	g_autoptr(GArray) phases = bill_pair_phases(lines);

	for (guint i = 0; i < phases->len; i++) {
		const struct bill_pair *phase = PAIR(phases, i);
		g_autoptr(GArray) differences = bill_phase_differences(lines, phase->phase);

		if (differences->len)
			put_pair(table, phase->phase, "", phase);
		for (guint k = 0; k < differences->len && (symbols || differences->len > 1); k++)
			put_pair(table, "", PAIR(differences, k)->symbol, PAIR(differences, k));
	}
}

struct table *bill_table_of_two(const struct bill_view *view)
{
	const struct bill *const *bills = view->bills;
	struct table *table = table_new(NULL, pair_columns);
	const struct bill_pair total = totals(bills);
	const struct bill_sums more = bill_sums_more(bills);
	g_autoptr(GArray) lines = bill_pair_lines(bills);
	g_autoptr(GTree) specials = bill_specials_more(bills);
	g_autofree char *first = bill_words(bills[0]), *second = bill_words(bills[1]);

	table_set_title(table, "first", first);
	table_set_title(table, "second", second);
	put_difference(table, lines, view->symbols);
	put_pair(table, "total", "", &total);
	table_emphasise(table);
	if (!view->quiet && !bills[0]->stamped)
		note_sums(table, &more, (int64_t)(bills[1]->stack_bytes - bills[0]->stack_bytes),
			  specials, true);
	if (!view->quiet)
		note_meaning(table, bills[0]);
	return table;
}

/* ---- for programs ---- */

struct table *bill_table_of_lines(const struct bill *bill)
{
	struct table *table = table_new(NULL, line_columns);

	for (guint i = 0; i < bill->lines->len; i++) {
		const struct bill_line *line = &g_array_index(bill->lines, struct bill_line, i);

		put_line(table, bill, line->phase, line);
	}
	return table;
}

struct table *bill_table_of_sums(const struct bill *bill, const struct bill_sums *sums)
{
	const struct bill_line line = {.phase = "", .symbol = "", .sums = *sums};
	struct table *table = table_new(NULL, line_columns);

	put_line(table, bill, "", &line);
	return table;
}

struct table *bill_table_of_pairs(const GArray *pairs)
{
	struct table *table = table_new(NULL, pair_columns);

	for (guint i = 0; i < pairs->len; i++)
		put_pair(table, PAIR(pairs, i)->phase,
			 PAIR(pairs, i)->symbol ? PAIR(pairs, i)->symbol : "", PAIR(pairs, i));
	return table;
}

/* ---- every step, in order of execution ---- */

static const struct table_column step_columns[] = {
    {"address", .format = TABLE_WORD},
    {"bytes", .format = TABLE_TEXT},
    {"instruction", .format = TABLE_TEXT},
    {"accesses", .format = TABLE_TEXT, .audience = TABLE_READERS},
    {"frame_bytes", .format = TABLE_COUNT, .audience = TABLE_PROGRAMS},
    {"counted", .audience = TABLE_PROGRAMS},
    {"only_bare", .audience = TABLE_PROGRAMS},
    {"phase", .audience = TABLE_PROGRAMS},
    {"symbol", .audience = TABLE_PROGRAMS},
    {0},
};

/* What a reader sees of the step's memory accesses, and of a step that is no common one. */
static char *accesses_of(const struct bill_step *step)
{
	GString *text = g_string_new(step->sign < 0 ? "(only in the bare loop: taken off)" : "");

	if (!step->counted && step->insn)
		g_string_append(text, "(faults: not counted)");
	for (size_t k = 0; k < step->access_count; k++)
		g_string_append_printf(text, "  %s %u @%" PRIx64,
				       step->accesses[k].store ? "store" : "load",
				       step->accesses[k].size, step->accesses[k].address);
	if (step->frame.size)
		g_string_append_printf(text, "  the CPU's frame %" PRIu64 " @%" PRIx64,
				       step->frame.size, step->frame.first);
	return g_string_free(text, false);
}

/* The frame of an interrupt is a step of no instruction. */
static void put_step(struct table *table, const struct bill_step *step)
{
	const struct ledger_insn *insn = step->insn;
	g_autofree char *accesses = accesses_of(step);
	g_autoptr(GString) bytes = g_string_new(NULL);

	for (size_t k = 0; insn && k < insn->size; k++)
		g_string_append_printf(bytes, "%02x", insn->bytes[k]);
	table_row(table);
	if (insn)
		table_put(table, "address", "%" PRIx64, insn->address);
	table_put(table, "bytes", "%s", bytes->str);
	table_put(table, "instruction", "%s", insn ? insn->text : "(no instruction)");
	table_put(table, "accesses", "%s", accesses);
	if (step->frame.size)
		table_put_number(table, "frame_bytes", (double)step->frame.size);
	table_put_json(table, "counted", json_boolean(step->counted), "");
	table_put_json(table, "only_bare", json_boolean(step->sign < 0), "");
	table_put(table, "phase", "%s", step->phase);
	table_put(table, "symbol", "%s", step->symbol);
}

struct table *bill_table_of_steps(const struct bill *bill)
{
	struct table *table = table_new(NULL, step_columns);
	const struct bill_step *last = NULL;

	for (size_t i = 0; i < bill->steps->len; i++) {
		const struct bill_step *step = &g_array_index(bill->steps, struct bill_step, i);
		g_autofree char *title = g_strdup_printf("%s: %s", step->phase, step->symbol);

		if (!last || strcmp(last->phase, step->phase) != 0 ||
		    strcmp(last->symbol, step->symbol) != 0)
			table_group(table, title);
		put_step(table, step);
		last = step;
	}
	return table;
}
