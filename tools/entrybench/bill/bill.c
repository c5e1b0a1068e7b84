/* Attributes the steps of a body. */
#include "bill/bill.h"

#include <stdlib.h>
#include <string.h>

#include "bill/opcode.h"
#include "base/memory.h"

#define UNKNOWN_SYMBOL "[unknown]"

/* Ring 3 from here on is Linux' vDSO: it lies above the stack, and that at the end of the address space. */
#define VDSO_LOWEST 0x7ff000000000u
#define VDSO_SYMBOL "[vdso]"

static const char *symbol_name(const struct symbols *symbols, uint64_t address)
{
	const struct symbol *symbol = symbols_find(symbols, address);

	if (!symbol && address >= VDSO_LOWEST && (int64_t)address > 0)
		return VDSO_SYMBOL;
	return symbol ? symbol->name : UNKNOWN_SYMBOL;
}

/* Where names come from, and how far they have come. */
struct naming {
	const struct symbols *kernel, *program;
	const char *phase;
	const char *interrupted; /* the phase to which an IRET in ring 0 goes back */
};

/* Code outside of all paths (C functions, fix-ups out of line) belongs to the phase that went there. */
static void name_step(struct bill_step *step, struct naming *naming, const struct course *course,
		      size_t at)
{
	const struct ledger_insn *insn = course_insn(course, at);

	if (ledger_in_kernel(insn)) {
		const struct phase *here = symbols_find_phase(naming->kernel, insn->address);

		if (here)
			naming->phase = here->name;
		step->phase = naming->phase;
		step->symbol = symbol_name(naming->kernel, insn->address);
	} else if (course_in_kernel(course, at + 1)) {
		step->phase = PHASE_ENTER;
		step->symbol = insn->text;
		naming->phase = PHASE_KERNEL;
	} else {
		step->phase = PHASE_RING3;
		step->symbol = symbol_name(naming->program, insn->address);
	}
}

/* A branch that did not fall through. */
static bool taken(const struct course *course, size_t at, const struct opcode *opcode)
{
	const struct ledger_insn *insn = course_insn(course, at);

	return opcode->branch && course_insn(course, at + 1)->address != insn->address + insn->size;
}

static void fill_step(struct bill_step *step, const struct course *course, size_t at)
{
	const struct ledger_step *seen = &course->steps[at];
	struct opcode opcode;

	step->insn = course_insn(course, at);
	opcode = opcode_of(step->insn->bytes, step->insn->size);
	step->accesses = course->ledger->accesses + seen->access_first;
	step->access_count = seen->access_count;
	step->counted = course_counts(course, at);
	step->taken = taken(course, at, &opcode);
}

static bool leads_to_ring3(const struct ledger_insn *insn)
{
	struct opcode opcode = opcode_of(insn->bytes, insn->size);

	return opcode.iret || opcode.sysret;
}

/* The phases behind a frame, and behind the IRET that goes back to the kernel, are not those before it. */
static void change_phase(struct naming *naming, const struct bill_step *step, bool in_kernel)
{
	struct opcode opcode = opcode_of(step->insn->bytes, step->insn->size);

	if (step->frame.size) {
		naming->interrupted = naming->phase;
		naming->phase = PHASE_KERNEL;
	} else if (opcode.iret && in_kernel && naming->interrupted) {
		naming->phase = naming->interrupted;
		naming->interrupted = NULL;
	}
}

/*
 * A frame is its step's where that is of the body, as INT and what faults are; otherwise nobody's: the instruction before
 * the interrupt is executed in both loops, or went back to ring 3.
 */
static void add_step(struct bill *bill, struct bill_step step, bool in_body)
{
	bool interruption = step.frame.size && (!in_body || leads_to_ring3(step.insn));
	const struct bill_step frame = {.phase = PHASE_ENTER,
					.symbol = SYMBOL_INTERRUPTION,
					.frame = step.frame,
					.sign = step.sign};

	if (interruption)
		step.frame.size = 0;
	if (in_body)
		bill->steps[bill->step_count++] = step;
	if (interruption)
		bill->steps[bill->step_count++] = frame;
}

/* Names run over the whole iteration: a phase may have begun before the body does. */
static void take_course(struct bill *bill, const struct body *body, bool crossing,
			const struct symbols *kernel, const struct symbols *program)
{
	const struct course *course = crossing ? &body->crossing : &body->bare;
	struct naming naming = {.kernel = kernel, .program = program, .phase = PHASE_KERNEL};

	for (size_t i = 0; i < course->count; i++) {
		bool in_body = i >= body->before && i < course->count - body->after;
		struct bill_step step = {.sign = crossing ? 1 : -1,
					 .frame = course_frame(course, i)};

		name_step(&step, &naming, course, i);
		fill_step(&step, course, i);
		change_phase(&naming, &step, course_in_kernel(course, i + 1));
		add_step(bill, step, in_body);
	}
}

static struct bill_line *line_of(struct bill *bill, const struct bill_step *step)
{
	for (size_t i = 0; i < bill->line_count; i++)
		if (strcmp(bill->lines[i].phase, step->phase) == 0 &&
		    strcmp(bill->lines[i].symbol, step->symbol) == 0)
			return &bill->lines[i];
	bill->lines = memory_grow(bill->lines, bill->line_count, sizeof(*bill->lines));
	bill->lines[bill->line_count] =
	    (struct bill_line){.phase = step->phase, .symbol = step->symbol};
	return &bill->lines[bill->line_count++];
}

static void count_special(struct bill *bill, const char *name, int sign)
{
	size_t at = 0;

	while (at < bill->special_count && strcmp(bill->specials[at].name, name) < 0)
		at++;
	if (at == bill->special_count || strcmp(bill->specials[at].name, name) != 0) {
		bill->specials =
		    memory_grow(bill->specials, bill->special_count, sizeof(*bill->specials));
		memmove(bill->specials + at + 1, bill->specials + at,
			(bill->special_count - at) * sizeof(*bill->specials));
		bill->specials[at] = (struct bill_special){.name = name};
		bill->special_count++;
	}
	bill->specials[at].count += sign;
}

static struct bill_sums sums_of(const struct bill_step *step)
{
	struct bill_sums sums = {.count = step->counted,
				 .taken = step->taken,
				 .stores = (int64_t)step->frame.size / 8,
				 .bytes_stored = (int64_t)step->frame.size};

	for (size_t i = 0; i < step->access_count; i++) {
		const struct ledger_access *access = &step->accesses[i];

		sums.loads += !access->store;
		sums.stores += access->store;
		*(access->store ? &sums.bytes_stored : &sums.bytes_loaded) += access->size;
	}
	return sums;
}

static void sums_add(struct bill_sums *to, const struct bill_sums *sums, int sign)
{
	to->count += sign * sums->count;
	to->loads += sign * sums->loads;
	to->stores += sign * sums->stores;
	to->bytes_loaded += sign * sums->bytes_loaded;
	to->bytes_stored += sign * sums->bytes_stored;
	to->taken += sign * sums->taken;
}

/* What both loops have in other places. */
static void drop_empty_lines(struct bill *bill)
{
	const struct bill_sums none = {0};
	size_t kept = 0;

	for (size_t i = 0; i < bill->line_count; i++)
		if (memcmp(&bill->lines[i].sums, &none, sizeof(none)) != 0)
			bill->lines[kept++] = bill->lines[i];
	bill->line_count = kept;
	kept = 0;
	for (size_t i = 0; i < bill->special_count; i++)
		if (bill->specials[i].count)
			bill->specials[kept++] = bill->specials[i];
	bill->special_count = kept;
}

void bill_make(struct bill *bill, const struct body *body, const struct symbols *kernel,
	       const struct symbols *program)
{
	*bill = (struct bill){0};
	/* Every step may bring a frame that is a step of its own. */
	bill->steps =
	    memory_new(2 * (body->crossing.count + body->bare.count) + 1, sizeof(*bill->steps));
	take_course(bill, body, true, kernel, program);
	take_course(bill, body, false, kernel, program);
	for (size_t i = 0; i < bill->step_count; i++) {
		const struct bill_step *step = &bill->steps[i];
		struct bill_sums sums = sums_of(step);
		struct opcode opcode = {0};

		sums_add(&line_of(bill, step)->sums, &sums, step->sign);
		sums_add(&bill->sums, &sums, step->sign);
		if (step->insn)
			opcode = opcode_of(step->insn->bytes, step->insn->size);
		if (opcode.special && step->counted)
			count_special(bill, opcode.special, step->sign);
	}
	drop_empty_lines(bill);
	bill->stack_bytes = bill_stack_bytes(bill);
}

void bill_free(struct bill *bill)
{
	free(bill->lines);
	free(bill->specials);
	free(bill->steps);
	*bill = (struct bill){0};
}

const struct bill_line *bill_find_line(const struct bill *bill, const char *phase,
				       const char *symbol)
{
	for (size_t i = 0; i < bill->line_count; i++)
		if (strcmp(bill->lines[i].phase, phase) == 0 &&
		    strcmp(bill->lines[i].symbol, symbol) == 0)
			return &bill->lines[i];
	return NULL;
}
