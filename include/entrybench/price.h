/*
 * The instructions that the core prices in ring 0 (private system call 4098): one list for the core, which has the code, and
 * the benchmark, which has the parameters.
 */
#ifndef ENTRYBENCH_PRICE_H
#define ENTRYBENCH_PRICE_H

/*
 * PRICE(name, CPU feature it needs or "", instructions in one copy that are not its preparation). A name with two parts is
 * the pair of both, since one alone would leave the CPU changed.
 */
#define EB_PRICES(PRICE)                                                                           \
	PRICE(swapgs_swapgs, "", 2)                                                                \
	PRICE(mov_cr3_flush, "", 1)                                                                \
	PRICE(mov_cr3_noflush, "pcid", 1)                                                          \
	PRICE(rdmsr_gs_base, "", 1)                                                                \
	PRICE(wrmsr_gs_base, "", 1)                                                                \
	PRICE(rdmsr_spec_ctrl, "ibrs", 1)                                                          \
	PRICE(wrmsr_spec_ctrl, "ibrs", 1)                                                          \
	PRICE(rdgsbase, "fsgsbase", 1)                                                             \
	PRICE(wrgsbase, "fsgsbase", 1)                                                             \
	PRICE(iretq_ring0, "", 1)                                                                  \
	PRICE(lretq_ring0, "", 1)                                                                  \
	PRICE(int_iretq, "", 2)                                                                    \
	PRICE(invpcid, "invpcid", 1)                                                               \
	PRICE(invlpg, "", 1)                                                                       \
	PRICE(cli_sti, "", 2)                                                                      \
	PRICE(stac_clac, "smap", 2)                                                                \
	PRICE(pushfq_popfq, "", 2)                                                                 \
	PRICE(lfence, "", 1)                                                                       \
	PRICE(verw, "", 1)

#define EB_PRICE_INDEX(name, needs, count) EB_PRICE_##name,
enum eb_price { EB_PRICES(EB_PRICE_INDEX) EB_PRICE_COUNT };

/* What stands in the timed copies. */
enum eb_price_part {
	EB_PRICE_PRICED, /* preparation and instruction */
	EB_PRICE_BARE,	 /* preparation */
	EB_PRICE_NOPS,	 /* preparation and nops of the instruction's length */
	EB_PRICE_PARTS
};

#define EB_PRICE_COPIES 128 /* at most in one window */

#endif
