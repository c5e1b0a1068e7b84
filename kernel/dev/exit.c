/* The end of a boot. */
#include "cpu/cpu.h"
#include "dev/dev.h"

#define ISA_DEBUG_EXIT 0xf4   /* QEMU ends with (value << 1) | 1 */
#define BOCHS_SHUTDOWN 0x8900 /* Bochs ends when it has read this word */

void machine_exit(enum exit_status status)
{
	irq_disable();
	outb(ISA_DEBUG_EXIT, status);
	for (const char *c = "Shutdown"; *c; c++)
		outb(BOCHS_SHUTDOWN, *c);
	for (;;)
		__asm__ volatile("hlt");
}
