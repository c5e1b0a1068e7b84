/* Records the open window, and keeps it when it closes. */
#include "window.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"

struct access {
	uint32_t step;
	uint8_t size;
	bool store;
	uint64_t address;
};

struct trace {
	uint32_t *steps; /* ids of instructions */
	size_t step_count, step_room;
	struct access *accesses;
	size_t access_count, access_room;
	uint64_t hash;	    /* of the steps */
	uint64_t crossings; /* from ring 3 to an upper-half address */
	bool in_kernel;
};

struct window {
	struct trace trace; /* steps is NULL where they were not kept */
	uint64_t times;
};

static bool is_open;
static struct trace current;
static struct window *windows;
static size_t window_count, window_room, steps_kept;

static void trace_clear(struct trace *trace)
{
	trace->step_count = trace->access_count = 0;
	trace->hash = 0xcbf29ce484222325u; /* FNV-1a, a 32-bit id at a time */
	trace->crossings = 0;
	trace->in_kernel = false;
}

static void trace_add(struct trace *trace, const struct insn *insn)
{
	if (trace->step_count == trace->step_room) {
		trace->step_room = trace->step_room ? 2 * trace->step_room : 4096;
		trace->steps = memory_resize(trace->steps, trace->step_room, sizeof *trace->steps);
	}
	trace->steps[trace->step_count++] = insn->id;
	trace->hash = (trace->hash ^ insn->id) * 0x100000001b3u;
	if (insn->kernel && !trace->in_kernel)
		trace->crossings++;
	trace->in_kernel = insn->kernel;
}

static void window_forget_trace(struct window *window)
{
	if (!window->trace.steps)
		return;
	steps_kept -= window->trace.step_count;
	free(window->trace.steps);
	free(window->trace.accesses);
	window->trace.steps = NULL;
	window->trace.accesses = NULL;
}

/* Takes the current trace over, if there is room. */
static void window_keep_trace(struct window *window)
{
	size_t size = current.step_count;

	for (size_t i = 0; i < window_count && steps_kept + size > WINDOW_STEPS_KEPT; i++)
		if (windows[i].times == 1)
			window_forget_trace(&windows[i]);
	if (steps_kept + size > WINDOW_STEPS_KEPT)
		return;
	steps_kept += size;
	window->trace = current;
	current = (struct trace){.steps = NULL};
}

static struct window *window_find(void)
{
	for (size_t i = 0; i < window_count; i++)
		if (windows[i].trace.hash == current.hash &&
		    windows[i].trace.step_count == current.step_count)
			return &windows[i];
	if (window_count == window_room) {
		window_room = window_room ? 2 * window_room : 64;
		windows = memory_resize(windows, window_room, sizeof *windows);
	}
	windows[window_count] = (struct window){.trace = current};
	windows[window_count].trace.steps = NULL;
	windows[window_count].trace.accesses = NULL;
	return &windows[window_count++];
}

static void window_close(void)
{
	struct window *window = window_find();

	window->times++;
	if (!window->trace.steps)
		window_keep_trace(window);
}

void window_step(const struct insn *insn)
{
	if (is_open)
		trace_add(&current, insn);
	if (insn->reading == READING_NONE) {
		is_open = is_open && current.step_count < WINDOW_STEPS_MAX;
		return;
	}
	if (is_open && insn->reading != READING_OPENS)
		window_close();
	is_open = insn->reading != READING_CLOSES;
	trace_clear(&current);
}

void window_access(uint64_t address, unsigned int size, bool store)
{
	if (!is_open || current.step_count == 0)
		return;
	if (current.access_count == current.access_room) {
		current.access_room = current.access_room ? 2 * current.access_room : 4096;
		current.accesses =
		    memory_resize(current.accesses, current.access_room, sizeof *current.accesses);
	}
	current.accesses[current.access_count++] = (struct access){
	    .step = (uint32_t)(current.step_count - 1),
	    .size = (uint8_t)size,
	    .store = store,
	    .address = address,
	};
}

static void write_insn(FILE *file, uint32_t number, const struct insn *insn)
{
	fprintf(file, "insn %" PRIu32 " %" PRIx64 " ", number, insn->address);
	for (size_t i = 0; i < insn->size; i++)
		fprintf(file, "%02x", insn->bytes[i]);
	fprintf(file, " %s\n", insn->text ? insn->text : "");
}

/*
 * The file numbers instructions from 1 in the order in which it names them first; `numbers` says
 * which have one.
 */
struct numbering {
	uint32_t *numbers; /* by id; 0: none yet */
	uint32_t count;
};

static void write_new_insns(FILE *file, const struct trace *trace, struct numbering *numbering)
{
	for (size_t i = 0; i < trace->step_count; i++) {
		uint32_t id = trace->steps[i];

		if (numbering->numbers[id])
			continue;
		numbering->numbers[id] = ++numbering->count;
		write_insn(file, numbering->count, insn_by_id(id));
	}
}

static void write_trace(FILE *file, const struct trace *trace, const struct numbering *numbering)
{
	const struct access *access = trace->accesses;
	const struct access *end = access + trace->access_count;

	for (size_t i = 0; i < trace->step_count; i++) {
		fprintf(file, "step %" PRIu32, numbering->numbers[trace->steps[i]]);
		for (; access < end && access->step == i; access++)
			fprintf(file, " %c%u@%" PRIx64, access->store ? 'S' : 'L', access->size,
				access->address);
		fputc('\n', file);
	}
}

bool window_write_all(FILE *file)
{
	size_t id_count = insn_count();
	struct numbering numbering = {
	    .numbers = memory_resize(NULL, id_count + 1, sizeof *numbering.numbers)};

	memset(numbering.numbers, 0, (id_count + 1) * sizeof *numbering.numbers);
	fputs("entrybench-ledger 1\n", file);
	for (size_t i = 0; i < window_count; i++) {
		const struct trace *trace = &windows[i].trace;
		bool shown = trace->steps && windows[i].times > 1;

		if (shown)
			write_new_insns(file, trace, &numbering);
		fprintf(file, "window %zu steps %zu crossings %" PRIu64 " times %" PRIu64 " %s\n",
			i, trace->step_count, trace->crossings, windows[i].times,
			shown ? "traced" : "untraced");
		if (shown)
			write_trace(file, trace, &numbering);
	}
	fprintf(file, "end %zu\n", window_count);
	free(numbering.numbers);
	return !ferror(file);
}
