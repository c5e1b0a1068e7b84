/* The devices that the core needs: a console, an end, and the old interrupt controllers off. */
#ifndef KERNEL_DEV_H
#define KERNEL_DEV_H

#include "lib/types.h"

/*
 * What is no record is also shown on the screen that the loader left, where there is one
 * (screen.c).
 */
void screen_init(void);
void screen_write(const char *bytes, size_t n);

/*
 * What goes to the console is kept in RAM as well, where the command line says so (keep.c). The
 * place is taken before memory is handed out, and written to once there are page tables.
 */
void keep_reserve(void);
void keep_start(void);
const char *keep_refused(void); /* why not, or "" */
void keep_write(const char *bytes, size_t n);
void keep_finish(void); /* before a reset */

void console_init(void);
void console_write(const char *bytes, size_t n);
const char *console_name(void);
void console_drain(void); /* returns when the last byte is on the wire */

void pic_disable(void);

/* The local APIC (apic.c); without one the functions below apic_present() must not be called. */
void apic_init(void);
bool apic_present(void);
void apic_eoi(void);
bool apic_in_service(u8 vector); /* sent to the APIC, and not acknowledged yet */
void apic_self_ipi(u8 vector, bool send);
void apic_self_nmi(bool send);
void apic_timer_start(u8 vector, u32 ticks); /* one interrupt, after that many ticks of its clock */
u32 apic_timer_left(void);		     /* ticks */
void apic_timer_stop(void);		     /* may be called without an APIC too */

enum exit_status { EXIT_OK = 0x10, EXIT_FAILED = 0x11, EXIT_PANIC = 0x12, EXIT_UNSUPPORTED = 0x13 };

/*
 * Ends the machine by whatever it has: isa-debug-exit, Bochs' shutdown port, else halts for ever.
 */
__noreturn void machine_exit(enum exit_status status);

#endif
