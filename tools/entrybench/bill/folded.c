/*
 * Call stacks of a round trip, rebuilt from its calls and returns: a call's frame lives as long as its return address is
 * on the stack, so it goes when a return loads from that place or from one above it. That holds for retpolines as well,
 * which return to where no call came from.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "bill/opcode.h"
#include "bill/output.h"
#include "util/memory.h"

#define DEPTH_MAX 64

struct frame {
	const char *symbol;
	uint64_t slot; /* where its return address lies; 0: not entered by a call */
};

struct stack {
	struct frame at[DEPTH_MAX];
	size_t depth;
	const char *phase;
};

/* Lines of the output with their counts. */
struct folds {
	struct fold {
		char *text;
		uint64_t count;
	} * at;
	size_t count;
};

static void fold_add(struct folds *folds, char *text)
{
	for (size_t i = 0; i < folds->count; i++)
		if (strcmp(folds->at[i].text, text) == 0) {
			folds->at[i].count++;
			free(text);
			return;
		}
	folds->at = memory_grow(folds->at, folds->count, sizeof(*folds->at));
	folds->at[folds->count++] = (struct fold){text, 1};
}

/* "root;phase;frame;frame" */
static char *fold_text(const char *root, const struct stack *stack)
{
	char *text = memory_format("%s;%s", root, stack->phase);

	for (size_t i = 0; i < stack->depth; i++) {
		char *longer = memory_format("%s;%s", text, stack->at[i].symbol);

		free(text);
		text = longer;
	}
	return text;
}

static uint64_t access_address(const struct body *body, size_t step, bool store)
{
	const struct ledger_step *at = &body->steps[step];

	for (uint32_t i = 0; i < at->access_count; i++) {
		const struct ledger_access *access = &body->ledger->accesses[at->access_first + i];

		if (access->store == store)
			return access->address;
	}
	return 0;
}

/* The step's function is the innermost frame; one that was jumped to takes the place of the one before. */
static void stack_enter(struct stack *stack, const struct bill_step *step, uint64_t call_slot)
{
	bool called = call_slot && stack->depth && stack->depth < DEPTH_MAX;

	stack->phase = step->phase;
	if (stack->depth == 0 || called)
		stack->at[stack->depth++] = (struct frame){step->symbol, call_slot};
	else
		stack->at[stack->depth - 1].symbol = step->symbol;
}

static void stack_return(struct stack *stack, uint64_t slot)
{
	while (stack->depth > 1 && stack->at[stack->depth - 1].slot <= slot)
		stack->depth--;
}

static bool new_phase(const struct stack *stack, const struct bill_step *step)
{
	return !stack->phase || strcmp(stack->phase, step->phase) != 0;
}

void bill_write_folded(FILE *out, const char *root, const struct bill *bill)
{
	const struct body *body = bill->body;
	struct stack stack = {.depth = 0};
	struct folds folds = {0};
	uint64_t call_slot = 0;

	for (size_t i = 0; i < body->count; i++) {
		const struct ledger_insn *insn = body_insn(body, i);
		struct opcode opcode = opcode_of(insn->bytes, insn->size);

		/* Phases change only in the entry code, below all calls. */
		if (new_phase(&stack, &bill->steps[i]))
			stack.depth = 0;
		stack_enter(&stack, &bill->steps[i], call_slot);
		if (body_counts(body, i))
			fold_add(&folds, fold_text(root, &stack));
		call_slot = opcode.call ? access_address(body, i, true) : 0;
		if (opcode.ret)
			stack_return(&stack, access_address(body, i, false));
	}
	for (size_t i = 0; i < folds.count; i++) {
		fprintf(out, "%s %" PRIu64 "\n", folds.at[i].text, folds.at[i].count);
		free(folds.at[i].text);
	}
	free(folds.at);
}
