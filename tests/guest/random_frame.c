/*
 * Random frames for rt_sigreturn: any registers, in code of 64, 32 and 16 bits, on stack segments
 * of the GDT and the LDT.
 */
#include "random.h"

#include "harness/signal_frame.h"
#include "harness/sys.h"
#include "harness/text.h"
#include "lib/ldt.h"

enum { READ_WRITE_EXEC = 7, LOW_ANONYMOUS = 0x62, PAGE = 4096, USER_STACK = 0x2b };

static uint8_t *target; /* below 4 GiB */
static struct signal_context context;

void frames_begin(void)
{
	target = (uint8_t *)sys_call(SYS_MMAP, 0, PAGE, READ_WRITE_EXEC, LOW_ANONYMOUS, -1, 0);
	ldt_fill();
	for (size_t i = 0; i < sizeof(ldt_stack); i++)
		ldt_stack[i] = (uint8_t)next();
}

static uint16_t code_selector(void)
{
	static const uint16_t selectors[] = {0x33, 0x33, 0x23, 0x23, LDT_CODE << 3 | 7};

	return below(8) ? selectors[below(sizeof(selectors) / sizeof(selectors[0]))]
			: (uint16_t)value();
}

/* Half of them of the LDT, good and bad ones. */
static uint16_t stack_selector(void)
{
	switch (below(4)) {
	case 0:
		return ldt_selector((enum ldt_entry)below(LDT_COUNT + 1));
	case 1:
		return ldt_selector(LDT_STACK_16);
	case 2:
		return USER_STACK;
	default:
		return (uint16_t)value();
	}
}

static void fill(void)
{
	uint64_t *words = (uint64_t *)&context;

	for (size_t i = 0; i < sizeof(context) / sizeof(words[0]); i++)
		words[i] = value();
	if (below(8))
		context.rip = (uint64_t)target + below(4);
	if (below(8))
		context.fpu_state = 0;
	if (below(8))
		context.flags = CONTEXT_FLAGS;
	context.cs = code_selector();
	context.ss = stack_selector();
	keep_signals(&context);
}

int random_frame(void)
{
	static const uint8_t call[] = {0x48, 0x89, 0xdc, 0x0f, 0x05}; /* mov %rbx, %rsp; syscall */
	uint64_t registers[16] = {[RAX] = SYS_RT_SIGRETURN, [RBX] = (uint64_t)&context};
	static uint64_t stack[64];

	fill();
	random_bytes_of_code(target);
	memcpy(target + PAGE - sizeof(call), call, sizeof(call));
	registers[RSP] = (uint64_t)(stack + 64);
	return attempt(registers, target + PAGE - sizeof(call));
}
