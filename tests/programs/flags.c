/*
 * RFLAGS through system calls and exceptions: ring 3 gets back what it had, and ring 0 does not
 * mind.
 */
#include "show.h"

#include <stdint.h>
#include <sys/mman.h>

#define CF   0x1ul
#define DF   0x400ul
#define IOPL 0x3000ul
#define NT   0x4000ul
#define RF   0x10000ul
#define AC   0x40000ul
#define ID   0x200000ul

static char *fresh;

/*
 * RFLAGS after a system call, or after a page fault that the kernel serves, that was made with
 * `flags`.
 */
static uint64_t through(uint64_t flags, int fault)
{
	uint64_t result, scratch = 0;
	char *place = fresh;
	fresh += fault ? 4096 : 0;
	if (fault)
		__asm__ volatile(
		    "pushq %1; popfq; movb $1, (%2); pushfq; popq %0; pushq $0x202; popfq"
		    : "=r"(result)
		    : "r"(flags), "r"(place)
		    : "memory", "cc");
	else
		__asm__ volatile("pushq %2; popfq; syscall; pushfq; popq %0; pushq $0x202; popfq"
				 : "=&r"(result), "=a"(scratch)
				 : "r"(flags), "a"(SYS_getppid)
				 : "rcx", "r11", "memory", "cc");
	return result;
}

int main(void)
{
	static const struct {
		const char *name;
		uint64_t flags;
	} cases[] = {{"none", 0x202},
		     {"CF", CF | 0x202},
		     {"DF", DF | 0x202},
		     {"NT", NT | 0x202},
		     {"AC", AC | 0x202},
		     {"ID", ID | 0x202},
		     {"IOPL", IOPL | 0x202},
		     {"RF", RF | 0x202},
		     {"IF clear", 0x2},
		     {"VM", 0x20202},
		     {"many", CF | DF | NT | AC | ID | 0x8d4 | 0x202}};
	fresh = mmap(NULL, 100 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		printf("%s: syscall %lx", cases[i].name, through(cases[i].flags, 0));
		printf(" fault %lx\n", through(cases[i].flags, 1));
	}
	/* rcx and r11 after SYSCALL are the return address and RFLAGS */
	uint64_t rcx, r11, rip;
	__asm__ volatile("syscall; 1: lea 1b(%%rip), %2; mov %%rcx, %0; mov %%r11, %1"
			 : "=r"(rcx), "=r"(r11), "=r"(rip)
			 : "a"(SYS_getppid)
			 : "rcx", "r11", "memory");
	printf("rcx is rip: %d, r11 %lx\n", rcx == rip, r11 & ~0x8d5ul);
	return 0;
}
