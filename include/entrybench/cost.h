/*
 * The instructions that the core times in ring 0 (private system call 4098): one list for the core,
 * which has the code, and the benchmark, which has the parameters.
 */
#ifndef ENTRYBENCH_COST_H
#define ENTRYBENCH_COST_H

/*
 * COST(name, CPU feature it needs or "", instructions in one copy that are not its preparation). A
 * name with two parts is the pair of both, since one alone would leave the CPU changed.
 */
#define EB_COSTS(COST)                                                                             \
	COST(swapgs_swapgs, "", 2)                                                                 \
	COST(mov_cr3_flush, "", 1)                                                                 \
	COST(mov_cr3_noflush, "pcid", 1)                                                           \
	COST(rdmsr_gs_base, "", 1)                                                                 \
	COST(wrmsr_gs_base, "", 1)                                                                 \
	COST(rdmsr_spec_ctrl, "ibrs", 1)                                                           \
	COST(wrmsr_spec_ctrl, "ibrs", 1)                                                           \
	COST(wrmsr_pred_cmd, "ibrs", 1)                                                            \
	COST(rdgsbase, "fsgsbase", 1)                                                              \
	COST(wrgsbase, "fsgsbase", 1)                                                              \
	COST(iretq_ring0, "", 1)                                                                   \
	COST(lretq_ring0, "", 1)                                                                   \
	COST(int_iretq, "", 2)                                                                     \
	COST(invpcid, "invpcid", 1)                                                                \
	COST(invlpg, "", 1)                                                                        \
	COST(cli_sti, "", 2)                                                                       \
	COST(stac_clac, "smap", 2)                                                                 \
	COST(pushfq_popfq, "", 2)                                                                  \
	COST(lfence, "", 1)                                                                        \
	COST(verw, "", 1)

#define EB_COST_INDEX(name, needs, count) EB_COST_##name,
enum eb_cost { EB_COSTS(EB_COST_INDEX) EB_COST_COUNT };

/* What stands in the timed copies. */
enum eb_cost_part {
	EB_COST_WHOLE, /* preparation and instruction */
	EB_COST_BARE,  /* preparation */
	EB_COST_NOPS,  /* preparation and nops of the instruction's length */
	EB_COST_PARTS
};

#define EB_COST_COPIES 128 /* at most in one window */

#endif
