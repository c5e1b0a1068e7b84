/*
 * No translation outlives the page-table entry that it came from, neither for ring 3 nor for the
 * kernel, which with PCIDs have TLB entries of their own that no CR3 write flushes.
 */
#include "harness/signal_frame.h"
#include "lib/test.h"

enum { PAGE = 4096, READ = 1, WRITE = 2, EXEC = 4, ALL = READ | WRITE | EXEC };
enum { SYS_MPROTECT = 10, SYS_MUNMAP = 11, SYS_MREMAP = 25, MAYMOVE_FIXED = 3 };
enum { ANONYMOUS_FIXED = 0x32, EFAULT = 14, RET = 0xc3, LENGTH = 2, ENDLESS = 1000 };

static uint8_t *const page = (uint8_t *)0x10000000000, *const elsewhere = (uint8_t *)0x10000400000;

static volatile unsigned faults, all_faults;
static volatile uint8_t value;

/* ---- accesses; each faulting instruction is two bytes long ---- */

static void skip(int number, void *info, struct signal_context *context)
{
	(void)number;
	(void)info;
	faults++;
	if (++all_faults > ENDLESS)
		sys_exit(1); /* the kernel goes back to elsewhere than it was told to */
	if (context->rip != (uint64_t)page) {
		context->rip += LENGTH;
		return;
	}
	context->rip = *(uint64_t *)context->rsp; /* not to the page: back to the caller */
	context->rsp += 8;
}

static void read_page(void)
{
	uint8_t byte = 0xee;
	__asm__ volatile(".byte 0x8a, 0x07" : "+a"(byte) : "D"(page) : "memory");
	value = byte;
}

static void write_page(void)
{
	__asm__ volatile(".byte 0x88, 0x07" : : "a"(RET), "D"(page) : "memory");
}

static void run_page(void)
{
	__asm__ volatile("sub $128, %%rsp; .byte 0xff, 0xd7; add $128, %%rsp"
			 :
			 : "D"(page)
			 : "memory");
}

static const struct {
	const char *name;
	unsigned right;
	void (*run)(void);
} accesses[] = {{"write", WRITE, write_page}, {"read", READ, read_page}, {"run", EXEC, run_page}};
enum { ACCESSES = sizeof(accesses) / sizeof(accesses[0]) };

/* By the kernel, for ring 3: 0 or -EFAULT. */
static long kernel_writes(void)
{
	return audit(EB_AUDIT_FEATURES, (uint64_t)page, PAGE, 0);
}

/* ---- who ---- */

static void here(void (*function)(void))
{
	function();
}

static void in_thread(void (*function)(void))
{
	worker_ask(function);
	worker_wait();
}

/* ---- the tests ---- */

/* Fills every TLB there is: both threads', the kernel's and ring 3's, by all ways of access. */
static void map_and_touch(void)
{
	long at = sys_call(SYS_MMAP, (long)page, PAGE, ALL, ANONYMOUS_FIXED, -1, 0);

	EXPECT_EQUAL(at, page, "mmap");
	EXPECT(kernel_writes() > 0, "the kernel cannot write to the fresh page");
	faults = 0;
	for (unsigned i = 0; i < ACCESSES; i++) {
		here(accesses[i].run);
		in_thread(accesses[i].run);
	}
	EXPECT(!faults && value == RET, "the fresh page faults");
}

static void check(const char *after, unsigned rights)
{
	void (*const who[])(void (*)(void)) = {here, in_thread, here};

	for (unsigned w = 0; w < sizeof(who) / sizeof(who[0]); w++)
		for (unsigned i = 0; i < ACCESSES; i++) {
			faults = 0;
			who[w](accesses[i].run);
			EXPECT(faults == !(rights & accesses[i].right), "after %s: %s %s", after,
			       accesses[i].name, faults ? "faults" : "goes through");
		}
}

static void check_kernel(const char *after, bool allowed)
{
	long result = kernel_writes();

	EXPECT(allowed ? result > 0 : result == -EFAULT, "after %s: the kernel's write is %d",
	       after, (int)result);
}

static void unmap(void)
{
	sys_call(SYS_MUNMAP, (long)page, PAGE, 0, 0, 0, 0);
}

static void test_munmap(void)
{
	map_and_touch();
	unmap();
	check("munmap", 0);
	check_kernel("munmap", false);
	map_and_touch();
	unmap();
	check_kernel("munmap", false);
	check("munmap", 0);
}

static void test_mprotect(void)
{
	static const struct {
		const char *name;
		unsigned prot, rights;
	} rows[] = {
	    {"PROT_NONE", 0, 0},
	    {"PROT_READ", READ, READ},
	    {"PROT_READ | PROT_WRITE", READ | WRITE, READ | WRITE},
	    {"PROT_READ | PROT_EXEC", READ | EXEC, READ | EXEC},
	};

	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		map_and_touch();
		sys_call(SYS_MPROTECT, (long)page, PAGE, rows[i].prot, 0, 0, 0);
		check(rows[i].name, rows[i].rights);
		check_kernel(rows[i].name, rows[i].rights & WRITE);
		unmap();
	}
}

/* Where the old page shows through, a byte of it does. */
static void check_zeros(const char *after)
{
	here(read_page);
	EXPECT(value == 0, "after %s: the old page is there for ring 3", after);
	value = 1;
	in_thread(read_page);
	EXPECT(value == 0, "after %s: the old page is there for another thread", after);
	EXPECT(kernel_writes() > 0, "after %s: the kernel cannot write", after);
	here(read_page);
	EXPECT(value != 0, "after %s: the kernel writes to another page", after);
}

static void test_replaced(void)
{
	map_and_touch();
	sys_call(SYS_MADVISE, (long)page, PAGE, MADVISE_DONTNEED, 0, 0, 0);
	check_zeros("MADV_DONTNEED");
	unmap();
	map_and_touch();
	sys_call(SYS_MMAP, (long)page, PAGE, ALL, ANONYMOUS_FIXED, -1, 0);
	check_zeros("MAP_FIXED");
	unmap();
}

static void test_mremap(void)
{
	map_and_touch();
	long to = sys_call(SYS_MREMAP, (long)page, PAGE, PAGE, MAYMOVE_FIXED, (long)elsewhere, 0);
	EXPECT_EQUAL(to, elsewhere, "mremap");
	check("mremap", 0);
	check_kernel("mremap", false);
	EXPECT(*(volatile uint8_t *)elsewhere == RET, "what was moved is not there");
	sys_call(SYS_MUNMAP, (long)elsewhere, PAGE, 0, 0, 0, 0);
}

static void with_thread(void (*test)(void))
{
	signal_handle(SIGNAL_SEGV, skip);
	worker_begin();
	test();
	worker_end();
	signal_handle(SIGNAL_SEGV, SIGNAL_DEFAULT);
}

static void munmap_with_thread(void)
{
	with_thread(test_munmap);
}

static void mprotect_with_thread(void)
{
	with_thread(test_mprotect);
}

static void replaced_with_thread(void)
{
	with_thread(test_replaced);
}

static void mremap_with_thread(void)
{
	with_thread(test_mremap);
}

static const struct test tests[] = {
    {"nothing is left of a page after munmap", munmap_with_thread, NULL},
    {"nothing is left of rights after mprotect", mprotect_with_thread, NULL},
    {"nothing is left of a page that was replaced", replaced_with_thread, NULL},
    {"nothing is left of a page that has moved", mremap_with_thread, NULL},
};

const struct program program = {"tlb", tests, sizeof(tests) / sizeof(tests[0]), false};
