/*
 * The constant description of one variant; compiled for each image with that variant's FEATURE_*
 * and VARIANT_* macros.
 */
#include "entry/variant.h"
#include "entry/dispatch.h"
#include "cpu/fred.h"

extern const u8 SYSCALL_C[];
extern void return_to_user_from_c(void);
#if FEATURE_entry_fred
extern const u8 entry_fred[];
extern const u8 eretu_to_user[];
extern void fred_unblock_nmis(void);
#else
extern void VARIANT_SYSCALL_64(void);
extern void entry_syscall_32(void);
extern void entry_sysenter(void);
#if FEATURE_int80_c
#define VARIANT_INT80 int80_stub
#else
#define VARIANT_INT80 entry_int80
#endif
extern void VARIANT_INT80(void);
extern void entry_call_gate(void);
extern void entry_interrupt_gate(void);
extern const u8 sysenter_end[];
extern const u8 sysexit_to_user[];
extern const u8 entry_nmi[];
extern const u8 nmi_iret[];
extern const u8 vector_stubs[];
#endif

__attribute__((section(".entry.variant"))) const struct entry_variant entry_variant = {
    .name = VARIANT_NAME,
    .features = VARIANT_FEATURES,
    .needs = VARIANT_NEEDS,
    .kpti = FEATURE_kpti_pcid ? KPTI_PCID
	    : FEATURE_kpti_on ? KPTI_ON
			      : KPTI_OFF,
    .trampoline = FEATURE_kpti_on || FEATURE_kpti_pcid || FEATURE_erase_on,
    .stamped = STAMPED,
    .la57 = FEATURE_la57_on,
    .ibt = FEATURE_ibt_on,
    .fsgsbase = FEATURE_paranoid_fsgsbase,
    .bhi_dis_s = FEATURE_bhb_dis_s,
    .rseq = FEATURE_rseq_on,
    .shstk = FEATURE_shstk_on,
    .espfix = FEATURE_espfix_on,
    .kstack_prandom = FEATURE_kstack_offset_on,
    .syscall_c = SYSCALL_C,
    .return_to_user = return_to_user_from_c,
#if FEATURE_entry_fred
    .fred = entry_fred,
    .eretu = eretu_to_user,
    .unblock_nmis = fred_unblock_nmis,
    .above_regs = sizeof(struct fred_frame) - sizeof(struct pt_regs),
#else
    .syscall_64 = VARIANT_SYSCALL_64,
    .syscall_32 = entry_syscall_32,
    .sysenter = entry_sysenter,
    .int80 = VARIANT_INT80,
    .call_gate = entry_call_gate,
    .interrupt_gate = entry_interrupt_gate,
    .step_in_syscall = FEATURE_dispatch_lean,
    .sysenter_end = sysenter_end,
    .sysexit = sysexit_to_user,
    .nmi = entry_nmi,
    .nmi_iret = nmi_iret,
    .vector_stubs = vector_stubs,
#endif
};
