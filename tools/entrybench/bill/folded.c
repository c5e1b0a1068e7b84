/*
 * Folded stacks. Call stacks of a round trip are rebuilt from its calls and returns: a call's frame
 * lives as long as its return address is on the stack, so it goes when a return loads from that
 * place or from one above it. That holds for retpolines as well, which return to where no call came
 * from.
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

static struct frame *frame_at(const struct stack *stack, guint index)
{
	return &g_array_index(stack->frames, struct frame, index);
}

static uint64_t access_address(const struct bill_step *step, bool store)
{
	for (size_t i = 0; i < step->access_count; i++)
		if (step->accesses[i].store == store)
			return step->accesses[i].address;
	return 0;
}

/* A jump replaces the innermost frame. Phases change only in the entry code, below all calls. */
static void stack_enter(struct stack *stack, const struct bill_step *step, uint64_t call_slot)
{
	const struct frame frame = {step->symbol, call_slot};

	if (!stack->phase || strcmp(stack->phase, step->phase) != 0)
		g_array_set_size(stack->frames, 0);
	stack->phase = step->phase;
	if (stack->frames->len == 0 || call_slot)
		g_array_append_val(stack->frames, frame);
	else
		frame_at(stack, stack->frames->len - 1)->symbol = step->symbol;
}

static void stack_return(struct stack *stack, uint64_t slot)
{
	while (stack->frames->len > 1 && frame_at(stack, stack->frames->len - 1)->slot <= slot)
		g_array_set_size(stack->frames, stack->frames->len - 1);
}

static const char *stack_text(const struct stack *stack)
{
	g_autoptr(GString) text = g_string_new(frame_at(stack, 0)->symbol);

	for (guint i = 1; i < stack->frames->len; i++)
		g_string_append_printf(text, ";%s", frame_at(stack, i)->symbol);
	return intern(text->str);
}

/* Lines whose symbols are whole stacks. */
static GArray *fold_steps(const struct bill *bill)
{
	GArray *lines = g_array_new(false, false, sizeof(struct bill_line));
	g_autoptr(GArray) frames = g_array_new(false, false, sizeof(struct frame));
	struct stack stack = {.frames = frames};
	uint64_t call_slot = 0;

	for_each_in(const struct bill_step, step, bill->steps) {
		stack_enter(&stack, step, call_slot);
		if (step->counted)
			bill_line(lines, stack.phase, stack_text(&stack))->sums[BILL_COUNT] +=
			    step->sign;
		call_slot = step->insn && step->insn->call ? access_address(step, true) : 0;
		if (step->insn && step->insn->ret)
			stack_return(&stack, access_address(step, false));
	}
	return lines;
}

/* way NULL: none. */
static void write_lines(FILE *out, const char *variant, const char *way, const GArray *lines)
{
	for_each_in(const struct bill_line, line, lines)
		if (line->sums[BILL_COUNT] != 0)
			fprintf(out, "%s;%s%s%s%s%s %.0f\n", variant, way ? way : "",
				way ? ";" : "", line->phase, *line->phase ? ";" : "", line->symbol,
				line->sums[BILL_COUNT]);
}

void bill_write_folded(FILE *out, const struct bill *bill)
{
	g_autoptr(GArray) stacks = fold_steps(bill);

	write_lines(out, bill->variant, NULL, stacks);
	for (guint i = 0; bill->ways && i < bill->ways->len; i++) {
		const struct bill_way *way = &g_array_index(bill->ways, struct bill_way, i);

		write_lines(out, bill->variant, way->name, way->lines);
	}
}

/* The first frames of a stack, depth + 1 of them; NULL: it has fewer. */
static char *outer_frames(const char *stack, size_t depth)
{
	const char *end = stack - 1;

	for (size_t i = 0; i <= depth; i++) {
		if (i && !*end)
			return NULL;
		end += 1 + strcspn(end + 1, ";");
	}
	return g_strndup(stack, (size_t)(end - stack));
}

/* Frames of that depth from the left to the right; those side by side are one. */
static void put_depth(struct table *data, const GArray *stacks, size_t depth)
{
	g_autofree char *last = NULL;
	double from = 0, at = 0;

	for (guint i = 0; i <= stacks->len; i++) {
		const struct bill_line *line = i < stacks->len ? LINE(stacks, i) : NULL;
		g_autofree char *stack =
		    line ? g_strjoin(";", "round trip", line->phase, line->symbol, NULL) : NULL;
		g_autofree char *frames = stack ? outer_frames(stack, depth) : NULL;

		if (g_strcmp0(frames, last) != 0) {
			if (last && at > from) {
				table_row(data);
				table_put_text(data, "label",
					       depth ? strrchr(last, ';') + 1 : last);
				table_put_number(data, "depth", (double)depth);
				table_put_number(data, "from", from);
				table_put_number(data, "to", at);
			}
			from = at;
			g_free(last);
			last = g_steal_pointer(&frames);
		}
		at += line ? MAX(line->sums[BILL_COUNT], 0) : 0;
	}
}

void bill_put_flame(struct table *data, const struct bill *bill)
{
	g_autoptr(GArray) stacks = fold_steps(bill);
	size_t rows = SIZE_MAX;

	for (size_t depth = 0; rows != table_rows(data); depth++) {
		rows = table_rows(data);
		put_depth(data, stacks, depth);
	}
}
