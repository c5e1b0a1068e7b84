/*
 * The contract between the core's private system call eb_mechanism (number 4100) and the benchmarks
 * of its other ways in: what a program must arrange before it can time one. Whatever it asks for
 * concerns nobody but itself and ends with it.
 *
 *	eb_mechanism(op, a, b) returns what the operation says below, or a negative errno.
 *
 * Plain decimal: the numbers also paste into assembly.
 */
#ifndef ENTRYBENCH_MECHANISM_H
#define ENTRYBENCH_MECHANISM_H

#define EB_MECHANISM_NUMBER 4100

/*
 * Gates with empty handlers: a far return, and an interrupt return, as the first instruction. They
 * are closed until EB_MECHANISM_GATES.
 */
#define EB_CALL_GATE	  131 /* selector of the call gate */
#define EB_INTERRUPT_GATE 130 /* vector of the interrupt gate */

/* Operations. */
#define EB_MECHANISM_LANDING_PAD                                                                   \
	0 /* (address below 4 GiB): where SYSENTER and 32-bit SYSCALL return to; 0 */
#define EB_MECHANISM_FIXUP                                                                         \
	1 /* (vector, length): such an exception goes on `length` bytes further; 0 */
#define EB_MECHANISM_FIXUPS 2 /* (): exceptions that went on so */
#define EB_MECHANISM_SELF_IPI                                                                      \
	3 /* (1): an interrupt that arrives when this call has returned; (0): all but that; 0 */
#define EB_MECHANISM_TIMER                                                                         \
	4 /* (ticks): an interrupt of the APIC timer after that many; (0): none; 0 */
#define EB_MECHANISM_INTERRUPTS 5 /* (): interrupts and NMIs of these kinds so far */
/* (EB_WORK_*): pending at every system call from the next one on; 0 */
#define EB_MECHANISM_WORK 6

#define EB_MECHANISM_SELF_NMI                                                                      \
	7 /* (1): an NMI in ring 0, before this call returns; (0): all but that; 0 */

#define EB_MECHANISM_GATES                                                                         \
	8 /* (1): opens the empty gates to ring 3; (0): closes them, as Linux has them; 0 */

#define EB_MECHANISM_SHADOW_STACK                                                                  \
	9 /* (): a shadow stack for the caller, as ARCH_SHSTK_ENABLE gives one; 0 */

#define EB_WORK_ENTRY 1
#define EB_WORK_EXIT  2

#endif
