/* Words for assembly files: entries, phases, exception-table rows, per-CPU fields. */
/* clang-format off */
#ifndef KERNEL_ASM_H
#define KERNEL_ASM_H

#include "asm-offsets.h"

#define PER_CPU(field) %gs:PERCPU_##field

#include "cpu/cpu.h"
#include "cpu/selectors.h"
#include "entry/erase.h"
#include "entry/phase.h"
#include "mm/layout.h"
#include "cpu/fred.h"

.macro ENTRY name
	.globl \name
	.type \name, @function
	.balign 16
\name:
.endm

.macro END name
	.size \name, . - \name
.endm

/*
 * RET, as the kind of core has it that the variant is made with (kernel/CMakeLists.txt), and the
 * CALL of a C function.
 */
#if CORE_RETURN_THUNK
.macro RETURN
	jmp	__x86_return_thunk
.endm
#else
.macro RETURN
	ret
.endm
#endif

/*
 * What an indirect branch, a gate or SYSCALL may lead to (ibt=on); the same before an ENTRY that
 * goes on, past what aligns that.
 */
#if CORE_ENDBR
.macro ENDBR
	endbr64
.endm
.macro ENDBR_BEFORE entry:req
	endbr64
	jmp	\entry
.endm
#else
.macro ENDBR
.endm
.macro ENDBR_BEFORE entry:req
.endm
#endif

#if CORE_CALL_DEPTH
.macro CALL_C function:req
	sarq	$5, call_depth(%rip)
	call	\function
.endm
#else
.macro CALL_C function:req
	call	\function
.endm
#endif

/* What a C function leaves as it finds it, besides rsp (psABI, "Registers"). */
.macro PUSH_CALLEE_SAVED
	pushq	%rbx
	pushq	%rbp
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
.endm

.macro POP_CALLEE_SAVED
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbp
	popq	%rbx
.endm

/* A fault at `from` in ring 0 continues at `to` instead of a panic. */
.macro EXTABLE from to
	.pushsection .extable, "a"
	.balign 8
	.quad \from, \to
	.popsection
.endm

#endif
