/*
 * Usage: inject SOCKET ANNOUNCEMENT
 *
 * Sends real machine checks, or NMIs, to a guest that runs the program `interruption injected`.
 * SOCKET is that of QEMU's gdbstub, ANNOUNCEMENT the address (in hex) of the core's function
 * audit_injection_wanted(address, what, leaves). When the CPU comes to `address` the machine stops,
 * QEMU's monitor raises `what`, and it arrives before that instruction runs. When it has been
 * served the machine stops at the same place again, unless it `leaves`: all registers of the CPU
 * must be what they were, MSRs and control registers included. Exit status: 0 all right, 1 not.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <entrybench/audit.h>

#include "gdb_remote.h"

/*
 * An uncorrected error of bank 0, after which the program can go on (SDM 3B 16.3.2.2; MCIP and
 * RIPV).
 */
#define MACHINE_CHECK "mce 0 0 0xb000000000000000 5 0 0"

/* As QEMU's gdbstub sends them in answer to `g`, in 64-bit code: two hex digits a byte. */
static const struct {
	const char *name;
	unsigned bytes, count;
} registers[] = {
    {"rax", 8, 1},     {"rbx", 8, 1},	      {"rcx", 8, 1},
    {"rdx", 8, 1},     {"rsi", 8, 1},	      {"rdi", 8, 1},
    {"rbp", 8, 1},     {"rsp", 8, 1},	      {"r8", 8, 1},
    {"r9", 8, 1},      {"r10", 8, 1},	      {"r11", 8, 1},
    {"r12", 8, 1},     {"r13", 8, 1},	      {"r14", 8, 1},
    {"r15", 8, 1},     {"rip", 8, 1},	      {"rflags", 4, 1},
    {"cs", 4, 1},      {"ss", 4, 1},	      {"ds", 4, 1},
    {"es", 4, 1},      {"fs", 4, 1},	      {"gs", 4, 1},
    {"FS base", 8, 1}, {"GS base", 8, 1},     {"kernel GS base", 8, 1},
    {"cr0", 8, 1},     {"cr2", 8, 1},	      {"cr3", 8, 1},
    {"cr4", 8, 1},     {"cr8", 8, 1},	      {"efer", 8, 1},
    {"st", 10, 8},     {"fpu control", 4, 8}, {"xmm", 16, 16},
    {"mxcsr", 4, 1},
};
enum {
	REGISTERS = sizeof(registers) / sizeof(registers[0]),
	RDX = 3,
	RSI = 4,
	RDI = 5,
	RIP = 16,
	RFLAGS = 17
};

static char before[GDB_PACKET_MAX];
static uint64_t announcement;
static unsigned sent[2], failures; /* machine checks, NMIs */

static size_t digits_of(unsigned index)
{
	return 2 * (size_t)registers[index].bytes * registers[index].count;
}

/* Where register `index` begins in an answer. */
static size_t digits_before(unsigned index)
{
	size_t digits = 0;

	for (unsigned i = 0; i < index; i++)
		digits += digits_of(i);
	return digits;
}

/* A register of 64 bits, its bytes from the lowest. */
static uint64_t value(const char *all, unsigned index)
{
	uint64_t word = 0;
	unsigned byte;

	for (unsigned i = 8; i-- > 0;)
		if (sscanf(all + digits_before(index) + 2 * i, "%2x", &byte) == 1)
			word = word << 8 | byte;
	return word;
}

/*
 * RF comes back set, as after every exception that the core goes on from; one instruction later it
 * is gone.
 */
static void set_rf(char *all)
{
	char *digit = all + digits_before(RFLAGS) + 5; /* third byte, low half */
	char text[2] = {*digit, '\0'};

	*digit = "0123456789abcdef"[strtoul(text, NULL, 16) | 1];
}

static void compare(uint64_t address)
{
	static char after[GDB_PACKET_MAX];

	snprintf(after, sizeof(after), "%s", gdb_ask("g"));
	if (strlen(after) != digits_before(REGISTERS) || strlen(before) != strlen(after)) {
		printf("FAIL: inject: QEMU sends other registers than are known here\n");
		exit(1);
	}
	set_rf(before);
	set_rf(after);
	for (unsigned i = 0; i < REGISTERS; i++) {
		size_t at = digits_before(i), n = digits_of(i);
		if (memcmp(before + at, after + at, n) == 0)
			continue;
		failures++;
		printf("FAIL: inject: %llx: %s was %.*s and is %.*s\n", (unsigned long long)address,
		       registers[i].name, (int)n, before + at, (int)n, after + at);
	}
}

/* The CPU stands at `address`. Returns whether the machine still runs. */
static bool inject_at(uint64_t address, uint64_t what, bool leaves)
{
	snprintf(before, sizeof(before), "%s", gdb_ask("g"));
	gdb_monitor(what == EB_INJECT_NMI ? "nmi" : MACHINE_CHECK);
	sent[what == EB_INJECT_NMI]++;
	if (leaves)
		gdb_breakpoint("z0", address);
	if (!gdb_continue())
		return false;
	if (leaves)
		return true;
	if (value(gdb_ask("g"), RIP) != address) {
		printf("FAIL: inject: %llx: what was raised did not return there\n",
		       (unsigned long long)address);
		failures++;
		return true;
	}
	compare(address);
	gdb_breakpoint("z0", address);
	return gdb_continue();
}

/*
 * The CPU stands at the NOP with which the announcement begins, or at the ENDBR64 before it, and
 * would stop there at once again. To move RIP costs less than to have the machine run one
 * instruction.
 */
static void step_over_nop(void)
{
	char packet[32];

	snprintf(packet, sizeof(packet), "m%llx,4", (unsigned long long)announcement);
	const char *bytes = gdb_ask(packet);
	unsigned length = strcmp(bytes, "f30f1efa") == 0 ? 4 : 1;
	if (length == 1 && strncmp(bytes, "90", 2) != 0) {
		printf("FAIL: inject: the announcement does not begin with a NOP\n");
		exit(1);
	}
	int used = snprintf(packet, sizeof(packet), "P%x=", RIP);
	uint64_t rip = announcement + length;

	for (unsigned i = 0; i < 8; i++)
		used += snprintf(packet + used, sizeof(packet) - (size_t)used, "%02x",
				 (unsigned)(rip >> 8 * i & 0xff));
	if (strcmp(gdb_ask(packet), "OK") != 0) {
		printf("FAIL: inject: QEMU does not let RIP be set\n");
		exit(1);
	}
}

/*
 * From one announcement to the next: the place may be passed by or not. Returns whether the machine
 * still runs.
 */
static bool serve(void)
{
	const char *all = gdb_ask("g");
	uint64_t address = value(all, RDI), what = value(all, RSI);
	bool leaves = value(all, RDX);

	step_over_nop();
	if (!address)
		return gdb_continue();
	gdb_breakpoint("Z0", address);
	if (!gdb_continue())
		return false;
	if (value(gdb_ask("g"), RIP) == address)
		return inject_at(address, what, leaves);
	gdb_breakpoint("z0", address);
	return true;
}

int main(int argc, char **argv)
{
	if (argc != 3) {
		fprintf(stderr, "inject: usage: inject SOCKET ANNOUNCEMENT\n");
		return 2;
	}
	announcement = strtoull(argv[2], NULL, 16);
	gdb_connect(argv[1]);
	gdb_ask("qXfer:features:read:target.xml:0,1"); /* before that QEMU does not know "P" */
	gdb_breakpoint("Z0", announcement);
	for (bool runs = gdb_continue(); runs && failures < 10;)
		runs = serve();
	if (failures)
		gdb_kill();
	printf("INJECTED: %u machine checks, %u NMIs, %u failures\n", sent[0], sent[1], failures);
	return failures != 0 || sent[0] == 0;
}
