/* Closed lists of names, as they stand in run.json and in tables. */
#include "model/model.h"

const char *const class_names[] = {
    [CLASS_SILICON] = "silicon",
    [CLASS_DETERMINISTIC] = "deterministic",
    NULL,
};

const char *const class_units[] = {
    [CLASS_SILICON] = "cycles",
    [CLASS_DETERMINISTIC] = "instructions",
    NULL,
};

const char *const status_names[] = {
    [STATUS_OK] = "ok",		  [STATUS_SKIPPED] = "skipped",	  [STATUS_FAILED] = "failed",
    [STATUS_TIMEOUT] = "timeout", [STATUS_PANICKED] = "panicked", NULL,
};

int name_index(const char *const *names, const char *name)
{
	for (int i = 0; names[i]; i++)
		if (!strcmp(names[i], name))
			return i;
	return -1;
}

static const struct {
	const char *name, *about;
} flags[] = {
    {"unstable", "minimum and 10th percentile of the batches differ by more than 2 %"},
    {"disturbed", "boots in which the median batch was 2 % off the best: something else ran; they "
		  "count only where fewer than 5 others are there"},
    {"clock_step", "one window cannot resolve less than the clock's step"},
    {"clock_backwards", "the clock went back between two readings"},
    {"negative_window", "a window ended before it began"},
    {"negative_difference", "more crossings took less time"},
    {"no_kernel", "the entry returns at once: only the crossing itself is measured"},
    {"interrupted", "readings that the kernel's timer or lists made longer"},
    {"unequal_boots", "boots of a deterministic machine differ"},
    {"few_boots", "too few boots for an interval"},
    {"apic_trap", "more than 10 times a system call: this kernel reads the local APIC on INT 0x80, "
		  "and the hypervisor traps it, so the cost says nothing of the gate"},
    {"unsafe", "leaves out a check that real kernels need: for measurement only"},
};

const char *flag_about(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(flags); i++)
		if (!strcmp(flags[i].name, name))
			return flags[i].about;
	return NULL;
}
