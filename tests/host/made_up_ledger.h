/* Ledgers made up in memory, for tests of what is read out of them. */
#ifndef TESTS_MADE_UP_LEDGER_H
#define TESTS_MADE_UP_LEDGER_H

#include <string.h>

#include "bill/ledger.h"
#include "base/memory.h"

/* An instruction of these bytes, its index. */
static inline uint32_t made_up_insn(struct ledger *ledger, uint64_t address, const char *bytes,
				    size_t size, const char *text)
{
	struct ledger_insn insn = {
	    .address = address, .size = (uint8_t)size, .text = memory_copy(text)};

	memcpy(insn.bytes, bytes, size);
	ledger->insns = memory_grow(ledger->insns, ledger->insn_count, sizeof(insn));
	ledger->insns[ledger->insn_count] = insn;
	return (uint32_t)ledger->insn_count++;
}

#define INSN(ledger, address, bytes, text)                                                         \
	made_up_insn(ledger, address, bytes, sizeof(bytes) - 1, text)

/* Opens a traced window; the steps that follow are its course. */
static inline void made_up_window(struct ledger *ledger)
{
	ledger->windows =
	    memory_grow(ledger->windows, ledger->window_count, sizeof(*ledger->windows));
	ledger->windows[ledger->window_count++] =
	    (struct ledger_window){.times = 2, .traced = true, .first = ledger->step_count};
}

static inline void made_up_step(struct ledger *ledger, uint32_t insn)
{
	struct ledger_window *window = &ledger->windows[ledger->window_count - 1];
	bool kernel = ledger_in_kernel(&ledger->insns[insn]);
	bool before = window->length &&
		      ledger_in_kernel(&ledger->insns[ledger->steps[ledger->step_count - 1].insn]);

	window->length++;
	window->crossings += kernel && !before;
	ledger->steps = memory_grow(ledger->steps, ledger->step_count, sizeof(*ledger->steps));
	ledger->steps[ledger->step_count++] =
	    (struct ledger_step){.insn = insn, .access_first = (uint32_t)ledger->access_count};
}

/* An access of the last step. */
static inline void made_up_access(struct ledger *ledger, uint64_t address, unsigned int size,
				  bool store)
{
	ledger->accesses =
	    memory_grow(ledger->accesses, ledger->access_count, sizeof(*ledger->accesses));
	ledger->accesses[ledger->access_count++] =
	    (struct ledger_access){address, (uint8_t)size, store};
	ledger->steps[ledger->step_count - 1].access_count++;
}

#endif
