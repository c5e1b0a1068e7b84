/*
 * DO_SYSCALL_64: the C function that the variant's SYSCALL entry calls. The core has one for each
 * pair of dispatch and choice (syscall/dispatch.c).
 */
#ifndef KERNEL_ENTRY_DISPATCH_H
#define KERNEL_ENTRY_DISPATCH_H

#if FEATURE_entry_fred && FEATURE_dispatch_switch
#define DO_SYSCALL_64 do_fred_ring3_switch
#elif FEATURE_entry_fred
#define DO_SYSCALL_64 do_fred_ring3
#elif FEATURE_dispatch_switch && FEATURE_choice_c
#define DO_SYSCALL_64 do_syscall_64_switch_choosing
#elif FEATURE_dispatch_switch
#define DO_SYSCALL_64 do_syscall_64_switch
#elif FEATURE_choice_c
#define DO_SYSCALL_64 do_syscall_64_choosing
#else
#define DO_SYSCALL_64 do_syscall_64
#endif

/* Its first instruction is the first of C, at least for getppid. */
#if FEATURE_dispatch_lean
#define SYSCALL_C sys_getppid
#else
#define SYSCALL_C DO_SYSCALL_64
#endif

#if FEATURE_entry_fred && (FEATURE_dispatch_lean || FEATURE_dispatch_asm)
#error "dispatch=lean and dispatch=asm are entries for SYSCALL alone, and FRED has one for all"
#endif
#if FEATURE_shstk_on && FEATURE_entry_fred
#error "shstk=on is not in entry=fred: the FRED of Bochs does not keep SSP, so nothing can test it"
#endif
#if CORE_RETURN_THUNK && (FEATURE_entry_fred || FEATURE_dispatch_asm)
#error "return thunks: CPUs with FRED need none, and linux-4.4 predates them"
#endif
#if FEATURE_kcfi_on && (!FEATURE_ibt_on || FEATURE_dispatch_lean)
#error "kcfi=on is for ibt=on, and dispatch=lean calls by plain pointers"
#endif
#if CORE_ENDBR && FEATURE_dispatch_asm
#error "linux-4.4 predates ibt=on"
#endif
#if !FEATURE_return_thunk_off && (FEATURE_call_depth_on || FEATURE_its_on)
#error "return_thunk is for AMD's CPUs, call_depth and its are for Intel's: a kernel has one thunk"
#endif

#endif
