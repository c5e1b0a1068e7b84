/*
 * The plan (docs/architecture.md, "Initrd and plan"), read as the core reads it.
 */
#ifndef BENCH_INIT_PLAN_H
#define BENCH_INIT_PLAN_H

/* Reads the file `plan` of the working folder. NULL, or what is wrong with it. */
const char *plan_read(void);

/*
 * The words of the next line, ended by NULL; good until the next call. NULL at the plan's end, or
 * where a line is malformed, and *wrong then says how.
 */
char *const *plan_next(const char **wrong);

#endif
