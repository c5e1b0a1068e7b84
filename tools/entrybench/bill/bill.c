/* Attributes the steps of a body. */
#include "bill/bill.h"

#define UNKNOWN_SYMBOL "[unknown]"

/*
 * Ring 3 from here on is Linux' vDSO: it lies above the stack, and that at the end of the address
 * space.
 */
#define VDSO_LOWEST 0x7ff000000000u
#define VDSO_SYMBOL "[vdso]"

static int compare_names(const void *a, const void *b, void *nothing)
{
	(void)nothing;
	return strcmp(a, b);
}

GTree *bill_specials_new(void)
{
	return g_tree_new_full(compare_names, NULL, NULL, NULL);
}

void bill_add_special(GTree *specials, const char *name, int64_t count)
{
	count += GPOINTER_TO_SIZE(g_tree_lookup(specials, name));
	if (count)
		g_tree_insert(specials, (void *)name, GSIZE_TO_POINTER(count));
	else
		g_tree_remove(specials, name);
}

void bill_init(struct bill *bill)
{
	*bill = (struct bill){
	    .lines = g_array_new(false, false, sizeof(struct bill_line)),
	    .steps = g_array_new(false, false, sizeof(struct bill_step)),
	    .specials = bill_specials_new(),
	};
}

void bill_free(struct bill *bill)
{
	g_clear_pointer(&bill->lines, g_array_unref);
	g_clear_pointer(&bill->steps, g_array_unref);
	g_clear_pointer(&bill->specials, g_tree_unref);
	symbols_free(&bill->kernel);
	symbols_free(&bill->program);
	ledger_free(&bill->ledger);
}

const struct bill_line *bill_find_line(const struct bill *bill, const char *phase,
				       const char *symbol)
{
	for (size_t i = 0; i < bill->lines->len; i++) {
		const struct bill_line *line = &g_array_index(bill->lines, struct bill_line, i);

		if (strcmp(line->phase, phase) == 0 && strcmp(line->symbol, symbol) == 0)
			return line;
	}
	return NULL;
}

struct bill_line *bill_line(struct bill *bill, const char *phase, const char *symbol)
{
	const struct bill_line fresh = {.phase = phase, .symbol = symbol};
	const struct bill_line *known = bill_find_line(bill, phase, symbol);

	if (known)
		return (struct bill_line *)known;
	g_array_append_val(bill->lines, fresh);
	return &g_array_index(bill->lines, struct bill_line, bill->lines->len - 1);
}

void bill_add_sums(struct bill_sums *to, const struct bill_sums *sums, int sign)
{
	to->count += sign * sums->count;
	to->loads += sign * sums->loads;
	to->stores += sign * sums->stores;
	to->bytes_loaded += sign * sums->bytes_loaded;
	to->bytes_stored += sign * sums->bytes_stored;
	to->taken += sign * sums->taken;
	to->serialising += sign * sums->serialising;
}

static const char *symbol_name(const struct symbols *symbols, uint64_t address)
{
	const struct symbol *symbol = symbols_find(symbols, address);

	if (!symbol && address >= VDSO_LOWEST && (int64_t)address > 0)
		return VDSO_SYMBOL;
	return symbol ? symbol->name : UNKNOWN_SYMBOL;
}

/* How far names have come. */
struct naming {
	const char *phase;
	const char *interrupted; /* the phase to which an IRET in ring 0 goes back */
};

/*
 * Code outside of all paths (C functions, fix-ups out of line) belongs to the phase that went
 * there.
 */
static void name_step(const struct bill *bill, struct bill_step *step, struct naming *naming,
		      bool leaves_ring3)
{
	if (insn_in_kernel(step->insn)) {
		const struct phase *here = symbols_find_phase(&bill->kernel, step->insn->address);

		if (here)
			naming->phase = here->name;
		step->phase = naming->phase;
		step->symbol = symbol_name(&bill->kernel, step->insn->address);
	} else if (leaves_ring3) {
		step->phase = PHASE_ENTER;
		step->symbol = step->insn->text;
		naming->phase = PHASE_KERNEL;
	} else {
		step->phase = PHASE_RING3;
		step->symbol = symbol_name(&bill->program, step->insn->address);
	}
}

/*
 * The phases behind a frame, and behind the IRET that goes back to the kernel, are not those before
 * it.
 */
static void change_phase(struct naming *naming, const struct bill_step *step, bool in_kernel)
{
	if (step->frame.size) {
		naming->interrupted = naming->phase;
		naming->phase = PHASE_KERNEL;
	} else if (step->insn->iret && in_kernel && naming->interrupted) {
		naming->phase = naming->interrupted;
		naming->interrupted = NULL;
	}
}

/*
 * A frame is its step's where that is of the body, as INT and what faults are; otherwise nobody's:
 * the instruction before the interrupt is executed in both loops, or went back to ring 3.
 */
static void add_step(struct bill *bill, struct bill_step step, bool in_body)
{
	bool leads_to_ring3 = step.insn->iret || step.insn->sysret;
	bool interruption = step.frame.size && (!in_body || leads_to_ring3);
	const struct bill_step frame = {.phase = PHASE_ENTER,
					.symbol = SYMBOL_INTERRUPTION,
					.frame = step.frame,
					.sign = step.sign};

	if (interruption)
		step.frame.size = 0;
	if (in_body)
		g_array_append_val(bill->steps, step);
	if (interruption)
		g_array_append_val(bill->steps, frame);
}

/* Names run over the whole iteration: a phase may have begun before the body does. */
static void take_trace(struct bill *bill, const struct trace *trace, int sign)
{
	struct naming naming = {.phase = PHASE_KERNEL};

	for (size_t i = 0; i < trace->count; i++) {
		const struct ledger_insn *insn = trace_insn(trace, i),
					 *next = trace_insn(trace, i + 1);
		struct bill_step step = {
		    .insn = insn,
		    .accesses = ledger_accesses(trace->ledger, &trace->steps[i]),
		    .access_count = trace->steps[i].access_count,
		    .frame = trace_frame(trace, i),
		    .sign = sign,
		    .counted = trace_counts(trace, i),
		    .taken = insn->branch && next->address != insn->address + insn->size,
		};

		name_step(bill, &step, &naming, insn_in_kernel(next));
		change_phase(&naming, &step, insn_in_kernel(next));
		add_step(bill, step, i >= bill->body.before && i < trace->count - bill->body.after);
	}
}

static struct bill_sums sums_of(const struct bill_step *step)
{
	struct bill_sums sums = {.count = step->counted,
				 .taken = step->taken,
				 .stores = (int64_t)step->frame.size / 8,
				 .bytes_stored = (int64_t)step->frame.size};

	sums.serialising = step->counted && step->insn && step->insn->serialising;
	for (size_t i = 0; i < step->access_count; i++) {
		const struct ledger_access *access = &step->accesses[i];

		sums.loads += !access->store;
		sums.stores += access->store;
		*(access->store ? &sums.bytes_stored : &sums.bytes_loaded) += access->size;
	}
	return sums;
}

/* What both loops have in other places. */
static void drop_empty_lines(struct bill *bill)
{
	const struct bill_sums none = {0};

	for (guint i = bill->lines->len; i-- > 0;)
		if (memcmp(&g_array_index(bill->lines, struct bill_line, i).sums, &none,
			   sizeof(none)) == 0)
			g_array_remove_index(bill->lines, i);
}

void bill_of_body(struct bill *bill)
{
	take_trace(bill, &bill->body.crossing, 1);
	take_trace(bill, &bill->body.bare, -1);
	for (size_t i = 0; i < bill->steps->len; i++) {
		const struct bill_step *step = &g_array_index(bill->steps, struct bill_step, i);
		struct bill_sums sums = sums_of(step);

		bill_add_sums(&bill_line(bill, step->phase, step->symbol)->sums, &sums, step->sign);
		bill_add_sums(&bill->sums, &sums, step->sign);
		if (step->counted && step->insn->special)
			bill_add_special(bill->specials, step->insn->special, step->sign);
	}
	drop_empty_lines(bill);
	bill->stack_bytes = bill_stack_bytes(bill);
}
