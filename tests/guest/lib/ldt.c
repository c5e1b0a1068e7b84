/* Fills the LDT. */
#include "ldt.h"
#include "harness/sys.h"

enum { SYS_MODIFY_LDT = 154, LDT_WRITE = 0x11 };

/* As Linux has it (uapi/asm/ldt.h). */
struct user_desc {
	uint32_t index, base, limit;
	uint32_t seg_32bit : 1, contents : 2, read_exec_only : 1, limit_in_pages : 1;
	uint32_t seg_not_present : 1, useable : 1, long_mode : 1;
};
enum { DATA = 0, CODE = 2 };

uint8_t ldt_stack[0x10000] __attribute__((aligned(4096)));

bool ldt_fill(void)
{
	static const struct user_desc entries[LDT_COUNT] = {
	    [LDT_STACK_16] = {.contents = DATA},
	    [LDT_STACK_32] = {.contents = DATA, .seg_32bit = 1},
	    [LDT_ABSENT] = {.contents = DATA, .seg_not_present = 1},
	    [LDT_READ_ONLY] = {.contents = DATA, .read_exec_only = 1},
	    [LDT_CODE] = {.contents = CODE},
	};
	bool taken = true;

	for (uint32_t i = 0; i < LDT_COUNT; i++) {
		struct user_desc entry = entries[i];
		entry.index = i;
		entry.base = (uint32_t)(uintptr_t)ldt_stack;
		entry.limit = sizeof(ldt_stack) - 1;
		taken &=
		    sys_call(SYS_MODIFY_LDT, LDT_WRITE, (long)&entry, sizeof(entry), 0, 0, 0) == 0;
	}
	return taken;
}
