/* Pages that fault: mapping them, giving them back, counting the faults. */
#include "fault_pages.h"

enum { PAGE = 4096, ROUNDS_MAX = 32768 };
enum { PROTECTION_READ_WRITE = 3, MAP_PRIVATE_ANONYMOUS = 0x22, MINOR_FAULTS = 8 };

static long give_back(char *area, uint64_t count)
{
	return sys_call(SYS_MADVISE, (long)area, (long)count * PAGE, MADVISE_DONTNEED, 0, 0, 0);
}

void fault_pages_give_back(char *area, uint64_t count)
{
	give_back(area, count);
}

/* Of this process so far, or a negative errno value. */
static long minor_faults(void)
{
	long usage[18] = {0};
	long result = sys_call(SYS_GETRUSAGE, 0, (long)usage, 0, 0, 0, 0);

	return result < 0 ? result : usage[MINOR_FAULTS];
}

struct verdict fault_pages_map(struct run *run, char **area)
{
	uint64_t rounds = 2 * run->options->batch;

	if (rounds > ROUNDS_MAX)
		return bench_failed(
		    "--batch may be 16384 at most here: each crossing takes a page");
	long address = sys_call(SYS_MMAP, 0, (long)rounds * PAGE, PROTECTION_READ_WRITE,
				MAP_PRIVATE_ANONYMOUS, -1, 0);
	if (address < 0 && address > -PAGE)
		return bench_unsupported("this kernel gives no memory by mmap");
	*area = (char *)address;
	sys_call(SYS_MADVISE, address, (long)rounds * PAGE, MADVISE_NOHUGEPAGE, 0, 0, 0);
	if (give_back(*area, rounds) != 0)
		return bench_unsupported("this kernel takes no pages back by madvise");
	if (minor_faults() < 0)
		return bench_unsupported("this kernel does not count page faults");
	return bench_ok();
}

struct verdict fault_pages_prove(struct run *run)
{
	uint64_t rounds = 2 * run->options->batch;
	long faults = minor_faults();

	run->loops->crossing(rounds, run->context);
	faults = minor_faults() - faults;
	return faults >= (long)rounds ? bench_ok()
				      : bench_failed_with("not each access faulted, but", faults);
}
