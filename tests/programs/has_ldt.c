/*
 * Says whether this host's Linux loads what modify_ldt(2) takes: a kernel that is itself a guest of
 * some kinds answers 0 and leaves the LDT empty. Exit status 0, or 77 with the reason.
 */
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
	/*
	 * struct user_desc of Linux' <asm/ldt.h>: entry 0, base 0, a 32-bit data segment of 64 KiB,
	 * useable
	 */
	unsigned desc[4] = {0, 0, 0xffff, 1 | 1 << 6};
	unsigned long selector = 7;
	unsigned char loaded = 0;

	if (syscall(SYS_modify_ldt, 0x11, desc, sizeof(desc)) == 0)
		__asm__ volatile("verr %w1; setz %0" : "=r"(loaded) : "r"(selector) : "cc");
	if (loaded)
		return 0;
	puts("this host's Linux has no segments of the LDT to compare with");
	return 77;
}
