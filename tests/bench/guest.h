/*
 * Boots a stock Linux kernel in a guest (the script `guest`) and keeps what its console said.
 */
#ifndef TESTS_GUEST_H
#define TESTS_GUEST_H

enum { GUEST_OK = 33, GUEST_FAILED = 35 };

/* Makes and removes the folder that boots need. */
void guest_open(void);
void guest_close(void);

/* A file name in that folder; lasts until the next call. */
const char *guest_path(const char *name);

/*
 * Boots with that plan. Returns QEMU's exit status and the console's text, for free(). Ends the
 * test program with status 77, "skipped", where there is no kernel to boot.
 */
int guest_boot(const char *plan, const char *qemu_arguments, char **console);

/* Any file's text, for free(). */
char *guest_read(const char *path);

#endif
