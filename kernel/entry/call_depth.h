/*
 * Call depth tracking in C (call_depth=on): included before every file of the core that is compiled
 * for it, so that each CALL of the compiler's is counted first. The counter moves by five bits a
 * call, and back with each RET (entry/return_thunk.S). Linux has the same instruction in the
 * padding before each function and lets the calls begin there.
 */
#ifndef KERNEL_CALL_DEPTH_H
#define KERNEL_CALL_DEPTH_H

/* clang-format off */
__asm__(".macro call function:vararg\n"
	"	sarq	$5, call_depth(%rip)\n"
	"	callq	\\function\n"
	".endm");
/* clang-format on */

#endif
