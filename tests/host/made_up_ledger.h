/* Ledgers made up in memory, for tests of what is read out of them. */
#ifndef TESTS_MADE_UP_LEDGER_H
#define TESTS_MADE_UP_LEDGER_H

#include <string.h>

#include "bill/ledger.h"

/* An instruction of these bytes, its index. */
static inline uint32_t made_up_insn(struct ledger *ledger, uint64_t address, const char *bytes,
				    size_t size, const char *text)
{
	struct ledger_insn insn = {.address = address, .size = (uint8_t)size};

	memcpy(insn.bytes, bytes, size);
	return ledger_add_insn(ledger, insn, text);
}

#define INSN(ledger, address, bytes, text)                                                         \
	made_up_insn(ledger, address, bytes, sizeof(bytes) - 1, text)

static inline struct ledger_insn *made_up_insn_at(const struct ledger *ledger, size_t index)
{
	return &g_array_index(ledger->insns, struct ledger_insn, index);
}

static inline struct ledger_step *made_up_step_at(const struct ledger *ledger, size_t index)
{
	return &g_array_index(ledger->steps, struct ledger_step, index);
}

/* Opens a traced window; the steps that follow are its trace. */
static inline void made_up_window(struct ledger *ledger)
{
	const struct ledger_window window = {
	    .times = 2, .traced = true, .first = ledger->steps->len};

	g_array_append_val(ledger->windows, window);
}

static inline void made_up_step(struct ledger *ledger, uint32_t insn)
{
	const struct ledger_step step = {.insn = insn, .access_first = ledger->accesses->len};

	g_array_index(ledger->windows, struct ledger_window, ledger->windows->len - 1).length++;
	g_array_append_val(ledger->steps, step);
}

/* An access of the last step. */
static inline void made_up_access(struct ledger *ledger, uint64_t address, unsigned int size,
				  bool store)
{
	const struct ledger_access access = {address, (uint8_t)size, store};

	g_array_append_val(ledger->accesses, access);
	made_up_step_at(ledger, ledger->steps->len - 1)->access_count++;
}

#endif
