/* Indirect calls by a hash: a wrong one never reaches the function. */
#include "lib/test.h"

enum { EPERM = 1 };

static const char *without_kcfi(void)
{
	return has("kcfi=on") ? NULL : "calls by plain pointers";
}

static uint64_t number, turned;
static long result;

static void call(void)
{
	result = audit(EB_AUDIT_CALL, number, turned, 0);
}

static void expect_refusal(uint64_t of, uint64_t bits)
{
	number = of;
	turned = bits;
	EXPECT(!catch_in(call), "the program itself trapped");
	EXPECT_EQUAL(result, -EPERM, "a call by a wrong hash");
	EXPECT(caught_count == 1 && caught[0].vector == VECTOR_UD &&
		   (int64_t)caught[0].regs.ip < 0 && (caught[0].regs.cs & 3) == 0,
	       "%d traps, vector %d", (int)caught_count, (int)caught[0].vector);
}

static void test_right(void)
{
	number = SYS_GETPID;
	turned = 0;
	EXPECT(!catch_in(call), "the program itself trapped");
	EXPECT_EQUAL(result, sys_call(SYS_GETPID, 0, 0, 0, 0, 0, 0), "getpid by its hash");
	EXPECT_EQUAL(caught_count, 0, "traps");
}

static void test_wrong(void)
{
	for (int bit = 0; bit < 32; bit++)
		expect_refusal(SYS_GETPID, 1ul << bit);
	expect_refusal(SYS_GETPID, 0xffffffff);
}

/* A number that has no function of its own leads to a common one, by the same hash. */
static void test_common(void)
{
	expect_refusal(400, 1);
}

static void test_type(void)
{
	expect_refusal(SYS_EB_DEEP, 0);
}

static const struct test tests[] = {
    {"the right hash calls the function", test_right, without_kcfi},
    {"a hash with a bit turned is refused", test_wrong, without_kcfi},
    {"so it is where a number has no function", test_common, without_kcfi},
    {"the hash of another type is refused", test_type, without_kcfi},
};

const struct program program = {"kcfi", tests, sizeof(tests) / sizeof(tests[0]), true};
