/*
 * Every vector by INT n, and every far call into the GDT beyond ring 3's segments: what is open to
 * ring 3 and what is not.
 */
#include "show.h"

#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <ucontext.h>

enum { GETPID_32 = 20 };

#define VECTORS 256u

static sigjmp_buf again;
static struct {
	int signal, code;
	long trap, error;
} got;

static void caught(int signal, siginfo_t *info, void *context)
{
	const greg_t *regs = ((ucontext_t *)context)->uc_mcontext.gregs;
	got.signal = signal;
	got.code = info->si_code;
	got.trap = regs[REG_TRAPNO];
	got.error = regs[REG_ERR];
	siglongjmp(again, 1);
}

/*
 * Refused as every gate of ring 0 is. QEMU counts 16 bytes an entry in the error code, the CPU 8
 * (SDM 3A 6.13).
 */
static int is_refused(unsigned vector)
{
	return got.signal == SIGSEGV && got.code == SI_KERNEL && got.trap == 13 &&
	       (got.error == vector * 8 + 2 || got.error == vector * 16 + 2);
}

static uint8_t *code;

/* Whether the vector is refused; what else comes of it is said. */
static int try(unsigned vector)
{
	memcpy(code, "\xcd\0\xc3", 3); /* int n; ret */
	code[1] = vector;
	if (sigsetjmp(again, 1)) {
		if (is_refused(vector))
			return 1;
		printf("INT %u: signal %d, code %d, trap %ld\n", vector, got.signal, got.code,
		       got.trap);
		return 0;
	}
	long result = GETPID_32;
	__asm__ volatile("call *%1"
			 : "+a"(result)
			 : "r"(code)
			 : "memory", "cc", "r8", "r9", "r10", "r11");
	printf("INT %u: comes back, %s\n", vector,
	       result == getpid() ? "with the process's number" : "with nothing");
	return 0;
}

static void vectors(void)
{
	unsigned refused = 0;
	code = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		    0);
	for (unsigned vector = 0; vector < VECTORS; vector++)
		refused += try(vector);
	printf("%u of %u vectors: refused\n", refused, VECTORS);
}

static void call(unsigned selector)
{
	static struct {
		uint32_t offset;
		uint16_t selector;
	} __attribute__((packed)) target;
	target.selector = selector;
	if (!sigsetjmp(again, 1)) {
		__asm__ volatile("lcall *%0" : : "m"(target) : "memory");
		printf("far call to %x: comes back\n", target.selector);
	} else {
		printf("far call to %x: signal %d, trap %ld, error %lx\n", target.selector,
		       got.signal, got.trap, got.error);
	}
}

static void far_calls(void)
{
	for (unsigned entry = 7; entry < 18; entry++)
		call(entry * 8 + 3);
}

int main(void)
{
	struct sigaction action = {.sa_sigaction = caught, .sa_flags = SA_SIGINFO};
	sigaction(SIGSEGV, &action, NULL);
	sigaction(SIGTRAP, &action, NULL);
	sigaction(SIGBUS, &action, NULL);
	vectors();
	far_calls();
	return 0;
}
