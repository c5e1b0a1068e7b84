/* Attributes the steps of a body. */
#include "bill/bill.h"

/* Ring 3 above this is Linux' vDSO, which lies above the stack. */
#define VDSO_LOWEST 0x7ff000000000u
#define VDSO_SYMBOL "[vdso]"

void bill_init(struct bill *bill)
{
	*bill = (struct bill){
	    .lines = g_array_new(false, false, sizeof(struct bill_line)),
	    .steps = g_array_new(false, false, sizeof(struct bill_step)),
	    .specials = g_array_new(false, false, sizeof(struct bill_line)),
	};
}

void bill_free(struct bill *bill)
{
	g_clear_pointer(&bill->lines, g_array_unref);
	g_clear_pointer(&bill->steps, g_array_unref);
	g_clear_pointer(&bill->specials, g_array_unref);
	g_clear_pointer(&bill->ways, g_array_unref);
	g_clear_pointer(&bill->lacking, g_free);
	symbols_free(&bill->kernel);
	symbols_free(&bill->program);
	ledger_free(&bill->ledger);
}

const struct bill_line *bill_find_line(const GArray *lines, const char *phase, const char *symbol)
{
	for_each_in(const struct bill_line, line, lines)
		if (strcmp(line->phase, phase) == 0 && strcmp(line->symbol, symbol) == 0)
			return line;
	return NULL;
}

struct bill_line *bill_line(GArray *lines, const char *phase, const char *symbol)
{
	const struct bill_line fresh = {.phase = phase, .symbol = symbol};
	const struct bill_line *known = bill_find_line(lines, phase, symbol);

	if (known)
		return (struct bill_line *)known;
	g_array_append_val(lines, fresh);
	return LINE(lines, lines->len - 1);
}

void bill_add_sums(double *to, const double *sums, int sign)
{
	for (int i = 0; i < BILL_SUMS; i++)
		to[i] += sign * sums[i];
}

/* How far names have come. */
struct naming {
	const char *phase;
	const char *interrupted; /* the phase to which an IRET in ring 0 goes back */
};

/* Code outside all paths (C functions, out-of-line fix-ups) belongs to the phase that called it. */
static void name_step(const struct bill *bill, struct bill_step *step, struct naming *naming,
		      bool leaves_ring3)
{
	const uint64_t address = step->insn->address;

	if (insn_in_kernel(step->insn)) {
		const struct phase *here = symbols_find_phase(&bill->kernel, address);

		if (here)
			naming->phase = here->name;
		step->phase = naming->phase;
		step->symbol = symbols_name(&bill->kernel, address);
	} else if (leaves_ring3) {
		step->phase = PHASE_ENTER;
		step->symbol = step->insn->text;
		naming->phase = PHASE_KERNEL;
	} else {
		step->phase = PHASE_RING3;
		step->symbol = address >= VDSO_LOWEST && !symbols_find(&bill->program, address)
				   ? VDSO_SYMBOL
				   : symbols_name(&bill->program, address);
	}
}

/* A frame, and the IRET that goes back to interrupted kernel code, change the phase. */
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
		    .accesses = &g_array_index(trace->ledger->accesses, struct ledger_access,
					       trace->steps[i].access_first),
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

static void sum_step(const struct bill_step *step, double *sums)
{
	sums[BILL_COUNT] = step->counted;
	sums[BILL_TAKEN] = step->taken;
	sums[BILL_STORES] = (double)step->frame.size / 8;
	sums[BILL_BYTES_STORED] = (double)step->frame.size;
	sums[BILL_SERIALISING] = step->counted && step->insn && step->insn->serialising;
	for_each(const struct ledger_access, access, step->accesses, step->access_count) {
		sums[access->store ? BILL_STORES : BILL_LOADS]++;
		sums[access->store ? BILL_BYTES_STORED : BILL_BYTES_LOADED] += access->size;
	}
}

/* What both loops have in other places. */
static void drop_empty_lines(GArray *lines)
{
	const double none[BILL_SUMS] = {0};

	for (guint i = lines->len; i-- > 0;)
		if (memcmp(LINE(lines, i)->sums, none, sizeof(none)) == 0)
			g_array_remove_index(lines, i);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct bill_line *)a)->symbol, ((const struct bill_line *)b)->symbol);
}

void bill_end_specials(struct bill *bill)
{
	drop_empty_lines(bill->specials);
	g_array_sort(bill->specials, by_name);
}

/* ---- bytes of kernel stacks ---- */

#define PAGE 4096u

/* Bytes and pages of the kernel's that were touched; which pages are of a stack. */
struct touched {
	GHashTable *bytes, *pages, *stacks;
};

static void touch(const struct touched *touched, uint64_t first, uint64_t size, bool stack)
{
	for (uint64_t at = first; at < first + size && (int64_t)at < 0; at++) {
		g_hash_table_add(touched->bytes, GSIZE_TO_POINTER(at));
		g_hash_table_add(stack ? touched->stacks : touched->pages,
				 GSIZE_TO_POINTER(at / PAGE));
	}
}

static bool is_of_stack(const struct ledger_insn *insn, const struct ledger_access *access)
{
	if (access->store)
		return insn->push;
	return insn->pop || (insn->pop_frame && access->size == 8);
}

/* Pages that PUSH, POP, CALL, RET, IRET or the CPU use are stack, and so are those right below. */
static gboolean is_of_stack_page(void *byte, G_GNUC_UNUSED void *value, void *context)
{
	const struct touched *touched = context;
	uint64_t page = GPOINTER_TO_SIZE(byte) / PAGE;

	while (g_hash_table_contains(touched->pages, GSIZE_TO_POINTER(page)) &&
	       !g_hash_table_contains(touched->stacks, GSIZE_TO_POINTER(page)))
		page++;
	return g_hash_table_contains(touched->stacks, GSIZE_TO_POINTER(page));
}

static double stack_bytes(const struct bill *bill)
{
	g_autoptr(GHashTable) bytes = g_hash_table_new(NULL, NULL);
	g_autoptr(GHashTable) pages = g_hash_table_new(NULL, NULL);
	g_autoptr(GHashTable) stacks = g_hash_table_new(NULL, NULL);
	struct touched touched = {bytes, pages, stacks};

	for_each_in(const struct bill_step, step, bill->steps) {
		for (size_t k = 0; k < step->access_count && step->sign > 0; k++)
			touch(&touched, step->accesses[k].address, step->accesses[k].size,
			      is_of_stack(step->insn, &step->accesses[k]));
		if (step->sign > 0)
			touch(&touched, step->frame.first, step->frame.size, true);
	}
	return g_hash_table_foreach_remove(bytes, is_of_stack_page, &touched);
}

void bill_of_body(struct bill *bill)
{
	take_trace(bill, &bill->body.crossing, 1);
	take_trace(bill, &bill->body.bare, -1);
	for_each_in(const struct bill_step, step, bill->steps) {
		double sums[BILL_SUMS] = {0};

		sum_step(step, sums);
		bill_add_sums(bill_line(bill->lines, step->phase, step->symbol)->sums, sums,
			      step->sign);
		bill_add_sums(bill->sums, sums, step->sign);
		if (step->counted && step->insn->special)
			bill_line(bill->specials, "", step->insn->special)->sums[BILL_COUNT] +=
			    step->sign;
	}
	drop_empty_lines(bill->lines);
	bill_end_specials(bill);
	bill->stack_bytes = stack_bytes(bill);
}
