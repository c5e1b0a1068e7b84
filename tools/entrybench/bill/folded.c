/*
 * Call stacks of a round trip, rebuilt from its calls and returns: a call's frame lives as long as
 * its return address is on the stack, so it goes when a return loads from that place or from one
 * above it. That holds for retpolines as well, which return to where no call came from.
 */
#include "bill/bill.h"

struct frame {
	const char *symbol;
	uint64_t slot; /* where its return address lies; 0: not entered by a call */
};

struct stack {
	GArray *frames;
	const char *phase;
};

static struct frame *innermost(const struct stack *stack)
{
	return &g_array_index(stack->frames, struct frame, stack->frames->len - 1);
}

/* Lines of the output in the order in which they first come. */
struct folds {
	GPtrArray *texts;
	GHashTable *counts;
};

static void fold_add(struct folds *folds, const struct bill *bill, const struct stack *stack,
		     int sign)
{
	g_autoptr(GString) text = g_string_new(NULL);
	int64_t count;

	g_string_printf(text, "%s;%s", bill->variant, stack->phase);
	for (guint i = 0; i < stack->frames->len; i++)
		g_string_append_printf(text, ";%s",
				       g_array_index(stack->frames, struct frame, i).symbol);
	if (!g_hash_table_contains(folds->counts, text->str))
		g_ptr_array_add(folds->texts, g_strdup(text->str));
	count = (int64_t)GPOINTER_TO_SIZE(g_hash_table_lookup(folds->counts, text->str)) + sign;
	g_hash_table_insert(folds->counts, g_strdup(text->str), GSIZE_TO_POINTER(count));
}

static uint64_t access_address(const struct bill_step *step, bool store)
{
	for (size_t i = 0; i < step->access_count; i++)
		if (step->accesses[i].store == store)
			return step->accesses[i].address;
	return 0;
}

/*
 * The step's function is the innermost frame; one that was jumped to takes the place of the one
 * before. Phases change only in the entry code, below all calls.
 */
static void stack_enter(struct stack *stack, const struct bill_step *step, uint64_t call_slot)
{
	const struct frame frame = {step->symbol, call_slot};

	if (!stack->phase || strcmp(stack->phase, step->phase) != 0)
		g_array_set_size(stack->frames, 0);
	stack->phase = step->phase;
	if (stack->frames->len == 0 || call_slot)
		g_array_append_val(stack->frames, frame);
	else
		innermost(stack)->symbol = step->symbol;
}

static void stack_return(struct stack *stack, uint64_t slot)
{
	while (stack->frames->len > 1 && innermost(stack)->slot <= slot)
		g_array_set_size(stack->frames, stack->frames->len - 1);
}

static void fold_steps(struct folds *folds, const struct bill *bill)
{
	g_autoptr(GArray) frames = g_array_new(false, false, sizeof(struct frame));
	struct stack stack = {.frames = frames};
	uint64_t call_slot = 0;

	for (size_t i = 0; i < bill->steps->len; i++) {
		const struct bill_step *step = &g_array_index(bill->steps, struct bill_step, i);

		stack_enter(&stack, step, call_slot);
		if (step->counted)
			fold_add(folds, bill, &stack, step->sign);
		call_slot = step->insn && step->insn->call ? access_address(step, true) : 0;
		if (step->insn && step->insn->ret)
			stack_return(&stack, access_address(step, false));
	}
}

void bill_write_folded(FILE *out, const struct bill *bill)
{
	g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GHashTable) counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	struct folds folds = {texts, counts};

	fold_steps(&folds, bill);
	for (guint i = 0; i < texts->len; i++) {
		int64_t count =
		    (int64_t)GPOINTER_TO_SIZE(g_hash_table_lookup(counts, texts->pdata[i]));

		if (count)
			fprintf(out, "%s %" PRId64 "\n", (char *)texts->pdata[i], count);
	}
}
