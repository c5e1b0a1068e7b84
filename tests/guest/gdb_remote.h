/*
 * The little of GDB's remote protocol that a test needs to stop QEMU's CPU, look at it and speak to
 * the monitor.
 */
#ifndef GUEST_GDB_REMOTE_H
#define GUEST_GDB_REMOTE_H

#include <stdbool.h>
#include <stdint.h>

enum { GDB_PACKET_MAX = 16384 };

/*
 * Waits up to ten seconds for the UNIX socket. Each of these ends the program with a message where
 * QEMU cannot be spoken to.
 */
void gdb_connect(const char *path);

/* Sends one packet and returns the answer, valid until the next one. */
const char *gdb_ask(const char *packet);

/* "Z0" or "z0": a breakpoint there, or none. */
void gdb_breakpoint(const char *how, uint64_t address);

/* Goes on to the next stop; false: the machine has ended. */
bool gdb_continue(void);

/* Ends the machine. */
void gdb_kill(void);

/* A command of QEMU's monitor, which must have nothing to say. */
void gdb_monitor(const char *command);

#endif
