/*
 * How a benchmark says whether a kernel does what it should.
 */
#include "bench.h"
#include "text.h"

struct verdict bench_ok(void)
{
	return (struct verdict){OUTCOME_OK, ""};
}

struct verdict bench_unsupported(const char *text)
{
	return (struct verdict){OUTCOME_UNSUPPORTED, text};
}

struct verdict bench_failed(const char *text)
{
	return (struct verdict){OUTCOME_FAILED, text};
}

struct verdict bench_failed_with(const char *text, int64_t number)
{
	static char reason[200];
	size_t used = text_length(text);

	if (used > sizeof(reason) - TEXT_NUMBER_MAX - 1)
		used = sizeof(reason) - TEXT_NUMBER_MAX - 1;
	memcpy(reason, text, used);
	reason[used++] = ' ';
	text_from_signed(reason + used, number);
	return bench_failed(reason);
}

struct verdict bench_judge_getppid(uint64_t result)
{
	if (!sys_reaches_kernel())
		return result == SYS_GETPPID
			   ? bench_ok()
			   : bench_failed_with("RAX came back as", (int64_t)result);
	if (result != (uint64_t)sys_call(SYS_GETPPID, 0, 0, 0, 0, 0, 0) || (int64_t)result < 0)
		return bench_failed_with("getppid returned", (int64_t)result);
	return bench_ok();
}
