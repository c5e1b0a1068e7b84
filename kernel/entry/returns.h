/*
 * Steps round the RETs of the kernel: what an entry does before the first one, and RETs in entry
 * code itself. The thunk that they lead to is in return_thunk.S. A part of calling.h, which
 * includes it where it belongs.
 */
/* clang-format off */

/*
 * Before the first RET after an entry: no RET of the kernel follows what ring 3 has trained. Needs
 * the kernel's page table. Clobbers rax, flags and two words below rsp.
 */
#if FEATURE_return_thunk_retbleed || FEATURE_return_thunk_srso
.macro UNTRAIN_RETURNS
	call	untrain_returns
.endm
#elif FEATURE_call_depth_on
.macro UNTRAIN_RETURNS
	movabsq	$(1 << 63), %rax
	movq	%rax, call_depth(%rip)
.endm
#else
.macro UNTRAIN_RETURNS
.endm
#endif

/*
 * A RET of entry code that returns as often as it calls, so its depth is not counted. With its=on
 * it lies in the upper half of a cache line itself (SKIP_TO_UPPER_HALF).
 */
#if FEATURE_return_thunk_retbleed || FEATURE_return_thunk_srso
.macro RETURN_FROM_LOOP
	RETURN
.endm
#else
.macro RETURN_FROM_LOOP
	ret
.endm
#endif

/* A RET that runs on GS and CR3 of whoever was interrupted, where the thunk may not be mapped. */
#if FEATURE_its_on && FEATURE_call_depth_on
.macro RETURN_ANYWHERE
	jmp	uncounted_return
.endm
#elif FEATURE_its_on || FEATURE_return_thunk_retbleed
.macro RETURN_ANYWHERE
	RETURN
.endm
#else
.macro RETURN_ANYWHERE
	ret
.endm
#endif

/*
 * Indirect Target Selection: moves what begins at \from, the next label behind a border of 64
 * bytes, so that the RET at \ret is the first instruction of the line's upper half.
 */
#if FEATURE_its_on
.macro SKIP_TO_UPPER_HALF from:req ret:req
	.skip	32 - (\ret - \from), 0xcc
.endm
#else
.macro SKIP_TO_UPPER_HALF from:req ret:req
.endm
#endif
