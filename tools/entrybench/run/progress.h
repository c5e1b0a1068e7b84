/* What the user sees on stderr while a run goes on: a bar on a terminal, and lines that do not tear it. */
#ifndef RUN_PROGRESS_H
#define RUN_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

/* quiet: neither bar nor remarks. Without this there are remarks and no bar. */
void progress_open(bool quiet, bool bar);

/* So many of so many boots after so many seconds. */
void progress_show(size_t done, size_t total, double seconds);
void progress_clear(void);

/* A remark, "entrybench: ...". */
void remark(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
