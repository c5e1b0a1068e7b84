/*
 * The memory of shadow stacks: nothing but a shadow stack's own accesses changes it, those change
 * nothing else, and map_shadow_stack makes more of it.
 */
#include "shstk_cross.h"

enum { SYS_MPROTECT = 10, SYS_MUNMAP = 11, SYS_MREMAP = 25, SYS_UNAME = 63 };
enum { READ = 1, WRITE = 2, PRIVATE_ANONYMOUS = 0x22, MAYMOVE = 1 };
enum { RESTORE_TOKEN = 1 };
static const uint64_t four_gib = 1ull << 32;

static uint64_t map_memory(uint64_t size)
{
	return (uint64_t)sys_call(SYS_MMAP, 0, (long)size, READ | WRITE, PRIVATE_ANONYMOUS, -1, 0);
}

static long protect(uint64_t address, long how)
{
	return sys_call(SYS_MPROTECT, (long)address, PAGE, how, 0, 0, 0);
}

static void unmap(uint64_t address, uint64_t size)
{
	EXPECT_EQUAL(sys_call(SYS_MUNMAP, (long)address, (long)size, 0, 0, 0, 0), 0, "munmap");
}

static uint64_t word_at(uint64_t address)
{
	return *(volatile uint64_t *)address;
}

static void test_arguments(void)
{
	uint64_t there = (uint64_t)map_shadow_stack(0, 1, 0);

	EXPECT(there % PAGE == 0 && there > four_gib, "a stack at %lx", there);
	EXPECT_EQUAL(map_shadow_stack(0, PAGE, 2), -EINVAL, "unknown flags");
	EXPECT_EQUAL(map_shadow_stack(0, 0, 0), -EINVAL, "no size");
	EXPECT_EQUAL(map_shadow_stack(0, 4, SET_TOKEN), -ENOSPC, "no room for the token");
	EXPECT_EQUAL(map_shadow_stack(0, 12, SET_TOKEN), -EINVAL, "a token that is not aligned");
	EXPECT_EQUAL(map_shadow_stack(0, -1ull, 0), -EOVERFLOW, "a size that wraps round");
	EXPECT_EQUAL(map_shadow_stack(PAGE, PAGE, 0), -ERANGE, "below 4 GiB");
	EXPECT_EQUAL(map_shadow_stack(there, PAGE, 0), -EEXIST, "where one is");
	EXPECT_EQUAL(map_shadow_stack(there + 8, PAGE, 0), -EINVAL, "not on a page's border");
	unmap(there, PAGE);
	EXPECT_EQUAL(map_shadow_stack(there, PAGE, 0), there, "where none is");
	unmap(there, PAGE);
}

/* The next mapping that fits would lie right below. */
static void test_guard(void)
{
	uint64_t place = map_memory(8 * PAGE);

	unmap(place, 8 * PAGE);
	EXPECT_EQUAL(map_shadow_stack(place + 4 * PAGE, 4 * PAGE, 0), place + 4 * PAGE, "a stack");
	EXPECT_EQUAL(map_memory(PAGE), place + 2 * PAGE, "memory below a stack");
	unmap(place + 2 * PAGE, PAGE);
	EXPECT_EQUAL(map_shadow_stack(0, PAGE, 0), place + 2 * PAGE, "a stack below a stack");
	unmap(place + 2 * PAGE, PAGE);
	unmap(place + 4 * PAGE, 4 * PAGE);
}

static uint64_t seen;

static void look(void)
{
	seen = shadow_stack_pointer();
}

static void test_token(void)
{
	uint64_t before = shadow_stack_pointer();
	uint64_t there = (uint64_t)map_shadow_stack(0, 2 * PAGE - 16, SET_TOKEN);
	uint64_t top = there + 2 * PAGE - 16, token = top - WORD;

	faults_handled();
	EXPECT_EQUAL(word_at(token), top | RESTORE_TOKEN, "the token");
	for (int i = 0; i < 2; i++) {
		call_on_shadow_stack(token, look);
		EXPECT_EQUAL(seen, token, "the pointer on the other stack, a word below its top");
		EXPECT_EQUAL(word_at(token), top | RESTORE_TOKEN, "the token afterwards");
	}
	EXPECT_EQUAL(shadow_stack_pointer(), before, "the pointer afterwards");
	EXPECT_EQUAL(try_rstorssp(there, 0), 1, "RSTORSSP of no token");
	expect_fault(SEGV_CPERR, VECTOR_CP, CP_RSTORSSP, 0, "RSTORSSP of no token");
	unmap(there, 2 * PAGE);
}

static void refuse_store(uint64_t address, uint64_t present)
{
	EXPECT_EQUAL(try_store(address, 1), 1, "a store to a shadow stack");
	expect_fault(SEGV_ACCERR, VECTOR_PF, PF_USER | PF_WRITE | present, address, "a store");
}

/* Pages that are not there yet are no way round. */
static void test_writes(void)
{
	uint64_t there = (uint64_t)map_shadow_stack(0, 3 * PAGE, 0);

	faults_handled();
	refuse_store(there, 0);
	EXPECT_EQUAL(sys_call(SYS_UNAME, (long)there, 0, 0, 0, 0, 0), -EFAULT, "uname");
	EXPECT_EQUAL(try_load(there, 0), 0, "a load");
	refuse_store(there, PF_PRESENT);
	EXPECT_EQUAL(sys_call(SYS_UNAME, (long)there, 0, 0, 0, 0, 0), -EFAULT, "uname");
	EXPECT_EQUAL(sys_call(SYS_UNAME, (long)shadow_stack_pointer() - 512, 0, 0, 0, 0, 0),
		     -EFAULT, "uname to the stack in use");
	EXPECT_EQUAL(word_at(there), 0, "what nobody has written");
	refuse_store(shadow_stack_pointer(), PF_PRESENT);
	unmap(there, 3 * PAGE);
}

static void test_protect(void)
{
	uint64_t there = (uint64_t)map_shadow_stack(0, PAGE, SET_TOKEN);
	uint64_t token = there + PAGE - WORD;

	faults_handled();
	EXPECT_EQUAL(protect(there, READ), 0, "mprotect");
	EXPECT_EQUAL(try_rstorssp(token, 0), 1, "RSTORSSP");
	fault.error &= ~(uint64_t)PF_WRITE; /* whether it reads first */
	expect_fault(SEGV_ACCERR, VECTOR_PF, PF_SHSTK | PF_USER | PF_PRESENT, token, "RSTORSSP");
	EXPECT_EQUAL(protect(there, READ | WRITE), 0, "mprotect");
	refuse_store(token, PF_PRESENT);
	call_on_shadow_stack(token, look);
	EXPECT_EQUAL(seen, token, "the pointer on a stack that may be written again");
	uint64_t moved = (uint64_t)sys_call(SYS_MREMAP, (long)there, PAGE, 2 * PAGE, MAYMOVE, 0, 0);
	EXPECT(moved % PAGE == 0, "mremap returned %lx", moved);
	refuse_store(moved, PF_PRESENT);
	refuse_store(moved + PAGE, 0);
	unmap(moved, 2 * PAGE);
}

/* Ordinary memory that holds a perfect token; at last it is dirty and can no longer be written. */
static void test_no_stack(void)
{
	uint64_t there = map_memory(2 * PAGE), token = there + PAGE - WORD;

	faults_handled();
	EXPECT_EQUAL(try_rstorssp(there + PAGE, 0), 1, "RSTORSSP of a page that is not there");
	expect_fault(SEGV_ACCERR, VECTOR_PF, fault.error | PF_SHSTK, there + PAGE,
		     "a page that is not there");
	EXPECT_EQUAL(try_store(token, (token + WORD) | RESTORE_TOKEN), 0, "a store");
	for (int i = 0; i < 2; i++) {
		EXPECT_EQUAL(try_rstorssp(token, 0), 1, "RSTORSSP of memory");
		expect_fault(SEGV_ACCERR, VECTOR_PF, fault.error | PF_SHSTK | PF_PRESENT, token,
			     "RSTORSSP of memory");
		EXPECT_EQUAL(protect(there, READ), 0, "mprotect");
	}
	unmap(there, 2 * PAGE);
}

static const struct test tests[] = {
    {"arguments of map_shadow_stack", test_arguments, no_shadow_stack},
    {"a page below a shadow stack stays free", test_guard, no_shadow_stack},
    {"a token leads to the other stack and back", test_token, no_shadow_stack},
    {"neither stores nor system calls write it", test_writes, no_shadow_stack},
    {"mprotect and mremap leave it what it is", test_protect, no_shadow_stack},
    {"other memory never becomes one", test_no_stack, no_shadow_stack},
};

const struct program program = {"shstk_memory", tests, sizeof(tests) / sizeof(tests[0]), true};
