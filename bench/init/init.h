/*
 * The records that process 1 of a Linux guest sends in the kernel's place.
 */
#ifndef BENCH_INIT_H
#define BENCH_INIT_H

/* The `boot` record: kernel release and what CPUID says. */
void boot_send(void);

/* Every text symbol of /proc/kallsyms as a `symbol` record. */
void symbols_send(void);

#endif
