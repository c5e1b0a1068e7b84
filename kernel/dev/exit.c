/* The end of a boot. */
#include "boot/boot.h"
#include "cpu/cpu.h"
#include "dev/dev.h"

#define ISA_DEBUG_EXIT 0xf4   /* QEMU ends with (value << 1) | 1 */
#define BOCHS_SHUTDOWN 0x8900 /* Bochs ends when it has read this word */

#define RESET_CONTROL 0xcf9 /* PCI chipsets: 2, then 6, resets */
#define KEYBOARD      0x64  /* 0xfe there resets where that does nothing */
#define DELAY_PORT    0x80
#define SECOND	      1000000 /* writes to it: each takes about a microsecond on a real bus */

/* "reset" on the command line: a real machine, which goes on with the next boot of its plan. */
static void reset(void)
{
	keep_finish();
	console_drain();
	for (int i = 0; i < SECOND; i++)
		outb(DELAY_PORT, 0);
	outb(RESET_CONTROL, 2);
	outb(RESET_CONTROL, 6);
	outb(KEYBOARD, 0xfe);
}

void machine_exit(enum exit_status status)
{
	irq_disable();
	if (boot_option("reset"))
		reset();
	outb(ISA_DEBUG_EXIT, status);
	for (const char *c = "Shutdown"; *c; c++)
		outb(BOCHS_SHUTDOWN, *c);
	for (;;)
		__asm__ volatile("hlt");
}
