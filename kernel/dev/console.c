/*
 * The console: port 0xE9 where it answers with its own number (QEMU's debugcon, Bochs), else COM1;
 * and the screen and RAM beside it.
 */
#include "cpu/cpu.h"
#include "dev/dev.h"

#define DEBUG_PORT   0xe9
#define COM1	     0x3f8
#define COM1_LSR     (COM1 + 5)
#define LSR_TX_EMPTY 0x20
#define LSR_IDLE     0x40

static bool debug_port;

void console_init(void)
{
	debug_port = inb(DEBUG_PORT) == DEBUG_PORT;
	if (debug_port)
		return;
	outb(COM1 + 1, 0);    /* no interrupts */
	outb(COM1 + 3, 0x80); /* divisor latch */
	outb(COM1 + 0, 1);    /* 115200 baud */
	outb(COM1 + 1, 0);
	outb(COM1 + 3, 0x03); /* 8 data bits, no parity, one stop bit */
	outb(COM1 + 2, 0x07); /* FIFOs on and clear */
}

const char *console_name(void)
{
	return debug_port ? "port-e9" : "com1";
}

static void com1_put(char c)
{
	/* A machine without a COM1 reads 0xff here, which has the bit set: no wait for ever. */
	while (!(inb(COM1_LSR) & LSR_TX_EMPTY))
		__builtin_ia32_pause();
	outb(COM1, c);
}

void console_drain(void)
{
	while (!debug_port && !(inb(COM1_LSR) & LSR_IDLE))
		__builtin_ia32_pause();
}

void console_write(const char *bytes, size_t n)
{
	screen_write(bytes, n);
	keep_write(bytes, n);
	for (size_t i = 0; i < n; i++) {
		if (debug_port)
			outb(DEBUG_PORT, bytes[i]);
		else
			com1_put(bytes[i]);
	}
}
