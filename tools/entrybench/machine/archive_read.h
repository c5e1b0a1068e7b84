/* Reads newc cpio archives: takes an initrd apart again, for programs that run without a guest. */
#ifndef MACHINE_ARCHIVE_READ_H
#define MACHINE_ARCHIVE_READ_H

#include "base/error.h"

/*
 * Writes the files of the archives in FILE, one behind the other, into a folder that is there: folders and plain files
 * only, all with mode 0755. 0, or -1 with error set; what was written until then stays.
 */
int archive_unpack(const char *file, const char *folder, struct error *error);

#endif
