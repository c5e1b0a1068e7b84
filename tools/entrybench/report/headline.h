/* The first line of a report with silicon in it: what SYSRET saves against IRET. */
#ifndef REPORT_HEADLINE_H
#define REPORT_HEADLINE_H

#include "model/row.h"

/*
 * "SYSRET against IRET on <CPU>: ..." from the cells sigreturn_exit:iret-* of a silicon machine whose difference was shown,
 * with its interval, and the published figure; NULL where there are none. Free it.
 */
char *headline_text(const struct run *run, const struct rows *rows);

#endif
