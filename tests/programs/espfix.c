/*
 * Returns from signals to 16-bit stack segments of the LDT, on kernels with ESPFIX64: ESP must be
 * the program's own, all of it; and a frame that IRET refuses there is a #GP without an error code.
 */
#include "show.h"

#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <ucontext.h>

/* Linux' <asm/ldt.h> is not there for musl. */
struct user_desc {
	unsigned entry_number, base_addr, limit;
	unsigned seg_32bit : 1, contents : 2, read_exec_only : 1, limit_in_pages : 1;
	unsigned seg_not_present : 1, useable : 1, lm : 1;
};

enum { STACK_16, STACK_32, ABSENT, READ_ONLY, CODE, ENTRIES };
enum { CS_32 = 0x23, CS_64 = 0x33, SIZE_16 = 0x10000 };

static uint64_t wanted_ip, wanted_sp;
static uint16_t wanted_cs, wanted_ss;
static gregset_t before, got;
static int ended_by;

/* Where 32-bit code arrives: ESP to ecx, a push and a pop to ebx, ESP to esi, UD2. */
static const unsigned char landing[] = {0x89, 0xe1, 0x51, 0x5b, 0x89, 0xe6, 0x0f, 0x0b};
static unsigned char *code, *stack;

static uint16_t selector(int entry)
{
	return (uint16_t)(entry << 3 | 7);
}

static void go(int signal, siginfo_t *info, void *context)
{
	greg_t *regs = ((ucontext_t *)context)->uc_mcontext.gregs;
	(void)signal;
	(void)info;
	memcpy(before, regs, sizeof(before));
	regs[REG_RIP] = (greg_t)wanted_ip;
	regs[REG_RSP] = (greg_t)wanted_sp;
	regs[REG_CSGSFS] =
	    (regs[REG_CSGSFS] & 0x0000ffffffff0000) | wanted_cs | (greg_t)wanted_ss << 48;
}

/* What ended it; the program goes on behind its raise(). */
static void back(int signal, siginfo_t *info, void *context)
{
	greg_t *regs = ((ucontext_t *)context)->uc_mcontext.gregs;
	(void)info;
	memcpy(got, regs, sizeof(got));
	memcpy(regs, before, sizeof(before));
	ended_by = signal;
}

static void on(int signal, void (*handler)(int, siginfo_t *, void *))
{
	struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO | SA_ONSTACK};
	sigaction(signal, &action, NULL);
}

static void land(const char *name, uint64_t ip, uint16_t cs, uint16_t ss, uint64_t sp)
{
	wanted_ip = ip;
	wanted_cs = cs;
	wanted_ss = ss;
	wanted_sp = sp;
	raise(SIGUSR1);
	printf("%s: signal %d", name, ended_by);
}

/* ---- arriving ---- */

static void arrive(const char *name, int entry, uint32_t sp)
{
	land(name, (uintptr_t)code, CS_32, selector(entry), sp);
	printf(", sp %x: esp %x, popped %x, esp then %x, in the frame %x, cs %x ss %x\n", sp,
	       (unsigned)got[REG_RCX], (unsigned)got[REG_RBX], (unsigned)got[REG_RSI],
	       (unsigned)got[REG_RSP], (unsigned)(uint16_t)got[REG_CSGSFS],
	       (unsigned)(uint16_t)((uint64_t)got[REG_CSGSFS] >> 48));
}

static void arrivals(void)
{
	for (int bit = 16; bit < 32; bit++)
		arrive("16 bits", STACK_16, 1u << bit | 0x8008);
	arrive("16 bits", STACK_16, 0x8008);
	arrive("16 bits", STACK_16, 0xffff8008);
	arrive("32 bits", STACK_32, 0x8008);
}

/* ---- being refused ---- */

static void refuse(const char *name, uint64_t ip, uint16_t cs, uint16_t ss)
{
	land(name, ip, cs, ss, 0x1234abc0);
	printf(", trap %d, error %x, rip as asked %d, rsp %lx, cs %x ss %x\n", (int)got[REG_TRAPNO],
	       (unsigned)got[REG_ERR], (uint64_t)got[REG_RIP] == ip, (uint64_t)got[REG_RSP],
	       (unsigned)(uint16_t)got[REG_CSGSFS],
	       (unsigned)(uint16_t)((uint64_t)got[REG_CSGSFS] >> 48));
}

static void refusals(void)
{
	uint64_t ip = (uintptr_t)code;
	refuse("cs beyond the GDT", ip, 0xfff3, selector(STACK_16));
	refuse("cs of data", ip, 0x2b, selector(STACK_16));
	refuse("null cs", ip, 3, selector(STACK_16));
	refuse("ss not present", ip, CS_32, selector(ABSENT));
	refuse("ss read-only", ip, CS_32, selector(READ_ONLY));
	refuse("ss of code", ip, CS_32, selector(CODE));
	refuse("ss beyond the LDT", ip, CS_32, selector(ENTRIES));
	arrive("afterwards", STACK_16, 0x76548008);
}

/* ---- */

static unsigned char *low_pages(size_t size)
{
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE | PROT_EXEC,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	if (at == MAP_FAILED)
		exit(1);
	return at;
}

static void fill_ldt(void)
{
	struct user_desc entries[ENTRIES] = {
	    [STACK_32] = {.seg_32bit = 1},
	    [ABSENT] = {.seg_not_present = 1},
	    [READ_ONLY] = {.read_exec_only = 1},
	    [CODE] = {.contents = 2},
	};
	for (int i = 0; i < ENTRIES; i++) {
		entries[i].entry_number = (unsigned)i;
		entries[i].base_addr = (unsigned)(uintptr_t)stack;
		entries[i].limit = SIZE_16 - 1;
		SHOW(syscall(SYS_modify_ldt, 0x11, &entries[i], sizeof(entries[i])));
	}
}

int main(void)
{
	static unsigned char signal_stack[65536];
	stack_t alternate = {.ss_sp = signal_stack, .ss_size = sizeof(signal_stack)};

	setvbuf(stdout, NULL, _IOFBF, 16384);
	code = low_pages(4096);
	stack = low_pages(SIZE_16);
	memcpy(code, landing, sizeof(landing));
	fill_ldt();
	sigaltstack(&alternate, NULL);
	on(SIGUSR1, go);
	on(SIGILL, back);
	on(SIGSEGV, back);
	on(SIGBUS, back);
	arrivals();
	refusals();
	return 0;
}
