/* Machine checks: what the banks say is the end of the kernel, unless a test has asked for one. */
#include "cpu/cpu.h"
#include "cpu/machine_check.h"
#include "lib/lib.h"

/* SDM 3B 16.3 */
#define MSR_MCG_CAP		0x179
#define MCG_CAP_BANKS		0xff
#define MSR_MCG_STATUS		0x17a
#define MCG_MCIP		(1 << 2)
#define MSR_MC_STATUS		0x401 /* of bank 0; four MSRs a bank */
#define MSR_MC_ADDRESS		0x402
#define MC_STATUS_VALID		(1ull << 63)
#define MC_STATUS_ADDRESS_VALID (1ull << 58)

bool machine_check_take(void)
{
	if (!(rdmsr(MSR_MCG_STATUS) & MCG_MCIP))
		return false;
	u32 banks = rdmsr(MSR_MCG_CAP) & MCG_CAP_BANKS;
	for (u32 bank = 0; bank < banks; bank++)
		wrmsr(MSR_MC_STATUS + 4 * bank, 0);
	wrmsr(MSR_MCG_STATUS, 0); /* last: a second one before resets the machine */
	return true;
}

void machine_check_panic(const struct pt_regs *regs)
{
	u32 banks = cpu_has("mce") ? rdmsr(MSR_MCG_CAP) & MCG_CAP_BANKS : 0;
	for (u32 bank = 0; bank < banks; bank++) {
		u64 status = rdmsr(MSR_MC_STATUS + 4 * bank);
		if (!(status & MC_STATUS_VALID))
			continue;
		u64 address =
		    status & MC_STATUS_ADDRESS_VALID ? rdmsr(MSR_MC_ADDRESS + 4 * bank) : 0;
		panic(regs, "machine check: bank %u, status %lx, address %lx", bank, status,
		      address);
	}
	panic(regs, "machine check: no bank says what of");
}
