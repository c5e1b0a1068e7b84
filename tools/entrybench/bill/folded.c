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
#include "base/memory.h"

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
		int64_t count;
	} * at;
	size_t count;
};

static void fold_add(struct folds *folds, char *text, int sign)
{
	for (size_t i = 0; i < folds->count; i++)
		if (strcmp(folds->at[i].text, text) == 0) {
			folds->at[i].count += sign;
			free(text);
			return;
		}
	folds->at = memory_grow(folds->at, folds->count, sizeof(*folds->at));
	folds->at[folds->count++] = (struct fold){text, sign};
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

static uint64_t access_address(const struct bill_step *step, bool store)
{
	for (size_t i = 0; i < step->access_count; i++)
		if (step->accesses[i].store == store)
			return step->accesses[i].address;
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

static void fold_steps(struct folds *folds, const char *root, const struct bill *bill)
{
	struct stack stack = {.depth = 0};
	uint64_t call_slot = 0;

	for (size_t i = 0; i < bill->step_count; i++) {
		const struct bill_step *step = &bill->steps[i];
		struct opcode opcode = {0};

		if (step->insn)
			opcode = opcode_of(step->insn->bytes, step->insn->size);
		/* Phases change only in the entry code, below all calls. */
		if (new_phase(&stack, step))
			stack.depth = 0;
		stack_enter(&stack, step, call_slot);
		if (step->counted)
			fold_add(folds, fold_text(root, &stack), step->sign);
		call_slot = opcode.call ? access_address(step, true) : 0;
		if (opcode.ret)
			stack_return(&stack, access_address(step, false));
	}
}

void bill_write_folded(FILE *out, const char *root, const struct bill *bill)
{
	struct folds folds = {0};

	fold_steps(&folds, root, bill);
	for (size_t i = 0; i < folds.count; i++) {
		if (folds.at[i].count)
			fprintf(out, "%s %" PRId64 "\n", folds.at[i].text, folds.at[i].count);
		free(folds.at[i].text);
	}
	free(folds.at);
}
