/* Attributes the steps of a body. */
#include "bill/bill.h"

#include <stdlib.h>
#include <string.h>

#include "bill/opcode.h"
#include "util/memory.h"

#define UNKNOWN_SYMBOL "[unknown]"

static const char *symbol_name(const struct symbols *symbols, uint64_t address)
{
	const struct symbol *symbol = symbols_find(symbols, address);

	return symbol ? symbol->name : UNKNOWN_SYMBOL;
}

/*
 * Each step's phase and symbol. Code outside of all paths (C functions, fix-ups out of line) belongs to the phase that
 * went there.
 */
static void name_steps(struct bill *bill, const struct symbols *kernel,
		       const struct symbols *program)
{
	const struct body *body = bill->body;
	const char *phase = PHASE_KERNEL;

	for (size_t i = 0; i < body->count; i++) {
		const struct ledger_insn *insn = body_insn(body, i);
		struct bill_step *step = &bill->steps[i];

		if (ledger_in_kernel(insn)) {
			const struct phase *here = symbols_find_phase(kernel, insn->address);

			if (here)
				phase = here->name;
			*step = (struct bill_step){phase, symbol_name(kernel, insn->address)};
		} else if (ledger_in_kernel(body_insn(body, i + 1))) {
			*step = (struct bill_step){PHASE_ENTER, insn->text};
			phase = PHASE_KERNEL;
		} else {
			*step =
			    (struct bill_step){PHASE_RING3, symbol_name(program, insn->address)};
		}
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

static void count_special(struct bill *bill, const char *name)
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
	bill->specials[at].count++;
}

/* A branch that did not fall through. The window goes on behind the body's last step. */
static bool taken(const struct body *body, size_t step, const struct opcode *opcode)
{
	const struct ledger_insn *insn = body_insn(body, step);

	return opcode->branch && body_insn(body, step + 1)->address != insn->address + insn->size;
}

static struct bill_sums sums_of(const struct body *body, size_t step, const struct opcode *opcode)
{
	const struct ledger_step *at = &body->steps[step];
	struct bill_sums sums = {.count = body_counts(body, step),
				 .taken = taken(body, step, opcode)};

	for (uint32_t i = 0; i < at->access_count; i++) {
		const struct ledger_access *access = &body->ledger->accesses[at->access_first + i];

		sums.loads += !access->store;
		sums.stores += access->store;
		*(access->store ? &sums.bytes_stored : &sums.bytes_loaded) += access->size;
	}
	return sums;
}

static void sums_add(struct bill_sums *to, const struct bill_sums *sums)
{
	to->count += sums->count;
	to->loads += sums->loads;
	to->stores += sums->stores;
	to->bytes_loaded += sums->bytes_loaded;
	to->bytes_stored += sums->bytes_stored;
	to->taken += sums->taken;
}

void bill_make(struct bill *bill, const struct body *body, const struct symbols *kernel,
	       const struct symbols *program)
{
	*bill = (struct bill){.body = body};
	bill->steps = memory_new(body->count, sizeof(*bill->steps));
	name_steps(bill, kernel, program);
	for (size_t i = 0; i < body->count; i++) {
		const struct ledger_insn *insn = body_insn(body, i);
		struct opcode opcode = opcode_of(insn->bytes, insn->size);
		struct bill_sums sums = sums_of(body, i, &opcode);

		sums_add(&line_of(bill, &bill->steps[i])->sums, &sums);
		sums_add(&bill->sums, &sums);
		if (opcode.special && sums.count)
			count_special(bill, opcode.special);
	}
	bill->stack_bytes = bill_stack_bytes(body);
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
