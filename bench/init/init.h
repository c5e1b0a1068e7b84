/*
 * The records that init sends in the kernel's place.
 */
#ifndef BENCH_INIT_H
#define BENCH_INIT_H

/* The `boot` record: who runs here, where its console goes, and what CPUID says. */
void boot_send(const char *variant, const char *console);

/* Every text symbol of /proc/kallsyms as a `symbol` record. */
void symbols_send(void);

#endif
