/* Bills as tables, for readers, and the tables that JSON shares. */
#include "bill/bill.h"

const char *const bill_sum_keys[BILL_SUMS] = {
    [BILL_LOADS] = "loads",
    [BILL_STORES] = "stores",
    [BILL_BYTES_LOADED] = "bytes_loaded",
    [BILL_BYTES_STORED] = "bytes_stored",
    [BILL_TAKEN] = "taken_branches",
    [BILL_SERIALISING] = "serialising",
};

char *bill_words(const struct bill *bill)
{
	bool own = strcmp(bill->machine, "linux") == 0;

	return g_strconcat(own ? "linux:" : "", bill->variant, NULL);
}

/* Instructions are whole; the median of an even number of boots may not be. */
static void put_count(struct table *table, const char *key, double count, bool sign)
{
	int decimals = count != round(count);
	g_autofree char *text = g_strdup_printf(sign ? "%+.*f" : "%.*f", decimals, count);

	table_put_both(table, key, count, text);
}

/* ---- one round trip ---- */

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

/* The first `known` of the sums are put. */
static void put_line(struct table *table, const struct bill *bill, const char *phase,
		     const char *symbol, const double *sums, int known)
{
	const double all = bill->sums[BILL_COUNT];

	table_row(table);
	table_put_text(table, "phase", phase);
	table_put_text(table, "symbol", symbol);
	put_count(table, "count", sums[BILL_COUNT], false);
	table_put_number(table, "share", all ? sums[BILL_COUNT] / all : 0);
	for (int i = BILL_LOADS; i < known; i++)
		table_put_number(table, bill_sum_keys[i], sums[i]);
}

static int known_sums(const struct bill *bill)
{
	return bill->stamped ? 1 : BILL_SUMS;
}

/* The lines of the phase that this one is the first of, and where there are several their sum. */
static void put_phase(struct table *table, const struct bill *bill, guint first)
{
	const char *phase = LINE(bill->lines, first)->phase;
	double sums[BILL_SUMS] = {0};
	size_t lines = 0;

	for (guint i = 0; i < bill->lines->len; i++) {
		const struct bill_line *line = LINE(bill->lines, i);

		if (strcmp(line->phase, phase) != 0)
			continue;
		if (i < first)
			return;
		put_line(table, bill, lines++ ? "" : phase, line->symbol, line->sums,
			 known_sums(bill));
		bill_add_sums(sums, line->sums, 1);
	}
	if (lines > 1)
		put_line(table, bill, NULL, "  together", sums, 1);
}

/* "loads 35 (266 bytes), stores ...": of one bill, or with signs what a second has more. */
static void note_sums(struct table *table, const struct bill *bill, bool sign)
{
	const double *sums = bill->sums;
	g_autoptr(GString) text = g_string_new(sign ? "more: " : ""), special = g_string_new(NULL);

	g_string_append_printf(text,
			       "loads %+.0f (%+.0f bytes), stores %+.0f (%+.0f bytes), kernel "
			       "stack touched %+.0f bytes, taken branches %+.0f",
			       sums[BILL_LOADS], sums[BILL_BYTES_LOADED], sums[BILL_STORES],
			       sums[BILL_BYTES_STORED], bill->stack_bytes, sums[BILL_TAKEN]);
	for (guint i = 0; i < bill->specials->len; i++)
		g_string_append_printf(special, "%s %s %+.0f", i ? "," : "",
				       LINE(bill->specials, i)->symbol,
				       LINE(bill->specials, i)->sums[BILL_COUNT]);
	if (!special->len)
		g_string_append(special, sign ? " no difference" : " none");
	for (int i = 0; i < 2 && !sign; i++)
		g_string_replace(i ? special : text, "+", "", 0);
	table_note(table, "%s", text->str);
	table_note(table, "privileged, serialising and ring-changing:%s", special->str);
}

static void note_meaning(struct table *table, const struct bill *bill)
{
	if (bill->stamped)
		table_note(table,
			   "A stamp took %g %s, which is taken off. A phase goes from its stamp to "
			   "the next, %s up to the first.",
			   bill->probe, class_unit(bill->class), PHASE_ENTER);
	if (bill->class == CLASS_DETERMINISTIC)
		table_note(table, "%s", BILL_NOT_TIME);
}

static struct table *table_of_one(const struct bill *bill, bool quiet)
{
	struct table *table = table_new(NULL, line_columns);

	table_set_title(table, "count", class_unit(bill->class));
	for (guint i = 0; i < bill->lines->len; i++)
		put_phase(table, bill, i);
	put_line(table, bill, "total", "", bill->sums, known_sums(bill));
	table_emphasise(table);
	if (!quiet && !bill->stamped)
		note_sums(table, bill, false);
	if (!quiet)
		note_meaning(table, bill);
	return table;
}

struct table *bill_table_of_lines(const struct bill *bill)
{
	struct table *table = table_new(NULL, line_columns);

	for_each_in(const struct bill_line, line, bill->lines)
		put_line(table, bill, line->phase, line->symbol, line->sums, known_sums(bill));
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

static void put_pair(struct table *table, const char *phase, const struct bill_pair *pair)
{
	table_row(table);
	table_put_text(table, "phase", phase);
	table_put_text(table, "symbol", pair->symbol);
	table_put_text(table, "renamed_from", pair->renamed);
	put_count(table, "first", pair->counts[0], false);
	put_count(table, "second", pair->counts[1], false);
	put_count(table, "delta", pair->delta, true);
}

struct table *bill_table_of_pairs(const GArray *pairs)
{
	struct table *table = table_new(NULL, pair_columns);

	for (guint i = 0; i < pairs->len; i++)
		put_pair(table, PAIR(pairs, i)->phase, PAIR(pairs, i));
	return table;
}

/* A phase in which the two differ, and its lines that do, the largest difference first. */
static void put_difference(struct table *table, const struct bill_pair *phase, const GArray *lines,
			   bool symbols)
{
	g_autoptr(GArray) found = g_array_new(false, false, sizeof(struct bill_pair));

	for (guint i = 0; i < lines->len; i++)
		if (strcmp(PAIR(lines, i)->phase, phase->phase) == 0 && PAIR(lines, i)->delta != 0)
			g_array_append_val(found, *PAIR(lines, i));
	bill_sort_pairs(found);
	if (found->len)
		put_pair(table, phase->phase, phase);
	for (guint i = 0; i < found->len && (symbols || found->len > 1); i++)
		put_pair(table, "", PAIR(found, i));
}

static struct table *table_of_two(const struct bill_view *view)
{
	const struct bill *const *bills = view->bills;
	struct table *table = table_new(NULL, pair_columns);
	g_autoptr(GArray) lines = bill_pair_lines(bills), phases = bill_pair_phases(lines);
	g_autofree char *first = bill_words(bills[0]), *second = bill_words(bills[1]);
	struct bill_pair total = {.symbol = ""};
	g_auto(bill_t) more = {0};

	bill_subtract(&more, bills);
	total.counts[0] = bills[0]->sums[BILL_COUNT];
	total.counts[1] = bills[1]->sums[BILL_COUNT];
	total.delta = more.sums[BILL_COUNT];
	table_set_title(table, "first", first);
	table_set_title(table, "second", second);
	for (guint i = 0; i < phases->len; i++)
		put_difference(table, PAIR(phases, i), lines, view->symbols);
	put_pair(table, "total", &total);
	table_emphasise(table);
	if (!view->quiet && !bills[0]->stamped)
		note_sums(table, &more, true);
	if (!view->quiet)
		note_meaning(table, bills[0]);
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
	table_put_text(table, "bytes", bytes->str);
	table_put_text(table, "instruction", insn ? insn->text : "(no instruction)");
	table_put_text(table, "accesses", accesses);
	if (step->frame.size)
		table_put_number(table, "frame_bytes", (double)step->frame.size);
	table_put_json(table, "counted", json_boolean(step->counted), "");
	table_put_json(table, "only_bare", json_boolean(step->sign < 0), "");
	table_put_text(table, "phase", step->phase);
	table_put_text(table, "symbol", step->symbol);
}

struct table *bill_table_of_steps(const struct bill *bill)
{
	struct table *table = table_new(NULL, step_columns);

	for (guint i = 0; i < bill->steps->len; i++) {
		const struct bill_step *step = BILL_STEP(bill, i);
		g_autofree char *title = g_strdup_printf("%s: %s", step->phase, step->symbol);

		if (i == 0 || strcmp(step[-1].phase, step->phase) != 0 ||
		    strcmp(step[-1].symbol, step->symbol) != 0)
			table_group(table, title);
		put_step(table, step);
	}
	return table;
}

/* ---- printing ---- */

static void print_title(FILE *out, const struct bill *bill)
{
	const char *unit = class_unit(bill->class);
	/* "1 instruction" */
	int length = (int)strlen(unit) - (bill->sums[BILL_COUNT] == 1);
	g_autofree char *source =
	    bill->stamped ? g_strdup(" of the bare image; phases by time stamps")
	    : !bill->shortest.n
		? g_strdup(", as the clock reported")
		: g_strdup_printf(", the shortest, as the clock reported of %" PRIu64 " of %" PRIu64
				  " windows of %" PRIu64 "; its mean with longer ones is %g",
				  bill->shortest.times, bill->shortest.windows, bill->shortest.n,
				  bill->clock);
	g_autofree char *line =
	    g_strdup_printf("%s, %s on %s: %g %.*s a round trip%s%s", bill->variant, bill->bench,
			    bill->machine, bill->sums[BILL_COUNT], length, unit, source,
			    bill->safe ? "" : " (unsafe: for measurement only)");

	table_print_wrapped(line, out, table_style_of(out));
}

void bill_print(FILE *out, const struct bill_view *view)
{
	const struct bill *const *bills = view->bills;
	g_autoptr(table_t) table = bills[0]->ways ? program_table(view)
				   : bills[1]	  ? table_of_two(view)
						  : table_of_one(bills[0], view->quiet);

	for (int i = 0; bills[i] && !view->quiet; i++)
		(bills[i]->ways ? program_print_title : print_title)(out, bills[i]);
	table_print_text(table, out, table_style_of(out));
	for (int i = 0; bills[i] && view->listing; i++) {
		g_autoptr(table_t) steps = bill_table_of_steps(bills[i]);

		fprintf(out, "\n%s, in order of execution:\n", bills[i]->variant);
		table_print_text(steps, out, (struct table_style){0});
	}
}
