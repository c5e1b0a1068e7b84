/* What this host is, from sysfs and procfs: read only, nothing is changed. */
#ifndef HOST_FACTS_H
#define HOST_FACTS_H

#include "model/run.h"

/* Fills in what can be found; facts is zeroed or filled before. */
void host_facts_read(struct host_facts *facts);

/* The first line of a small file, "" where there is none. Free it. */
char *host_file_line(const char *path);

/* CPUs that this process may use, ascending; count never 0. Free it. */
int *host_cpus(unsigned *count);

#endif
