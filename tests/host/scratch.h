/* A folder of its own for a test, gone when the test ends. */
#ifndef TESTS_SCRATCH_H
#define TESTS_SCRATCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"

/* For cmocka's setup and teardown: *state is the folder's path. */
static inline int scratch_setup(void **state)
{
	char *dir = g_strdup("/tmp/entrybench-test-XXXXXX");

	*state = mkdtemp(dir);
	return *state ? 0 : -1;
}

static inline int scratch_teardown(void **state)
{
	folder_remove(*state);
	free(*state);
	return 0;
}

#define SCRATCH_TEST(test) cmocka_unit_test_setup_teardown(test, scratch_setup, scratch_teardown)

#endif
