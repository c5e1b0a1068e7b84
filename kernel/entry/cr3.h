/*
 * Steps of the paths that change the page table (KPTI). A part of calling.h, which includes it
 * where it belongs.
 */
/* clang-format off */

/*
 * To the kernel's page table. Clobbers \scratch and flags. Needs: code and GS block mapped in both
 * tables. With PCIDs bit 63 keeps the TLB entries of the address space entered (SDM 3A 4.10.4.1).
 */
#if FEATURE_kpti_pcid
.macro SWITCH_TO_KERNEL_CR3 scratch:req
	movq	%cr3, \scratch
	btsq	$CR3_NOFLUSH_BIT, \scratch
	andq	$~(CR3_USER_TABLE | CR3_USER_PCID), \scratch
	movq	\scratch, %cr3
.endm
.macro SWITCH_TO_USER_CR3 scratch:req
	movq	%cr3, \scratch
	orq	$(CR3_USER_TABLE | CR3_USER_PCID), \scratch
	btsq	$CR3_NOFLUSH_BIT, \scratch
	movq	\scratch, %cr3
.endm
#elif FEATURE_kpti_on
.macro SWITCH_TO_KERNEL_CR3 scratch:req
	movq	%cr3, \scratch
	andq	$~CR3_USER_TABLE, \scratch
	movq	\scratch, %cr3
.endm
.macro SWITCH_TO_USER_CR3 scratch:req
	movq	%cr3, \scratch
	orq	$CR3_USER_TABLE, \scratch
	movq	\scratch, %cr3
.endm
#else
.macro SWITCH_TO_KERNEL_CR3 scratch:req
.endm
.macro SWITCH_TO_USER_CR3 scratch:req
.endm
#endif

/*
 * For entries that may interrupt the kernel at any place, the entry code included: whichever table
 * was in use goes to \save (a register that C preserves) and comes back with RESTORE_CR3. Clobbers
 * \scratch and flags.
 */
#if KPTI
.macro SAVE_AND_SWITCH_TO_KERNEL_CR3 scratch:req save:req
	movq	%cr3, \save
	movq	\save, \scratch
	SWITCH_TO_KERNEL_CR3 \scratch
.endm
.macro RESTORE_CR3 save:req
#if FEATURE_kpti_pcid
	btsq	$CR3_NOFLUSH_BIT, \save
#endif
	movq	\save, %cr3
.endm
#else
.macro SAVE_AND_SWITCH_TO_KERNEL_CR3 scratch:req save:req
.endm
.macro RESTORE_CR3 save:req
.endm
#endif
