/* How much of the time others use a core. */
#include <math.h>

#include "host/host.h"
#include "scratch.h"

static void counts_looks_that_are_worse(void **state)
{
	(void)state;
	double looks[100];

	for (size_t i = 0; i < 100; i++)
		looks[i] = i % 4 ? 0.25 : 0.3;
	struct core_share share = core_share_of(looks, 100);

	assert_true(share.part == 0.25 && share.adders == 4);
	/* The clock's steps are no thread. */
	for (size_t i = 0; i < 100; i++)
		looks[i] = i % 2 ? 0.25 : 0.252;
	assert_true(core_share_of(looks, 100).part == 0);
	assert_true(isnan(core_share_of(looks, 0).part));
}

static void looks_at_this_host(void **state)
{
	(void)state;
	struct core_share share;

	core_share_read(&share, 0, 0.05);
	/* No upper bound: on a busy virtual machine, short windows are off by any factor. */
	if (!(share.adders > 0 && share.part >= 0 && share.part <= 1))
		fail_msg("%f adds a cycle, shared %f of the time", share.adders, share.part);
	/* At once, or after all of the time: never more. */
	double waited = core_share_wait(0, 0.02);
	if (!(waited >= 0 && waited < 1))
		fail_msg("waited %f s", waited);
	assert_true(core_share_wait(0, 0) == 0 && core_share_wait(1000000, 1) == 0);
	core_share_read(&share, 1000000, 0.01);
	assert_true(isnan(share.part) && isnan(share.adders));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(counts_looks_that_are_worse),
	    cmocka_unit_test(looks_at_this_host),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
