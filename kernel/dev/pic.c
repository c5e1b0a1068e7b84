/*
 * The old interrupt controllers: firmware leaves them on vectors that are exceptions now; moved
 * away and masked.
 */
#include "cpu/cpu.h"
#include "dev/dev.h"

#define MASTER	  0x20
#define SLAVE	  0xa0
#define ICW1_INIT 0x11
#define ICW4_8086 0x01

static void pic_move(u16 port, u8 first_vector, u8 wiring)
{
	outb(port, ICW1_INIT);
	outb(port + 1, first_vector);
	outb(port + 1, wiring);
	outb(port + 1, ICW4_8086);
	outb(port + 1, 0xff); /* all masked */
}

void pic_disable(void)
{
	pic_move(MASTER, VECTOR_EXTERNAL, 1 << 2);
	pic_move(SLAVE, VECTOR_EXTERNAL + 8, 2);
}
