/*
 * The page tables, walked from inside: W^X everywhere, and with KPTI nothing of the kernel's in
 * ring 3's but the list here.
 */
#include "lib/allowed.h"
#include "lib/test.h"

enum { RANGES_MAX = 512 };

struct table {
	const char *name;
	enum eb_table which;
	struct eb_range ranges[RANGES_MAX];
	unsigned count;
};
static struct table kernel = {.name = "kernel's", .which = EB_TABLE_KERNEL};
static struct table user = {.name = "ring 3's", .which = EB_TABLE_USER};

/* The first address behind a range and all its repeats. */
static uint64_t end_of(const struct eb_range *range)
{
	return range->start + range->size + range->repeats * range->stride;
}

/* Once: nothing that is looked at here changes from test to test. */
static void read_table(struct table *table)
{
	uint64_t from = 0;

	if (table->count)
		return;
	while (table->count < RANGES_MAX) {
		struct eb_range *range = &table->ranges[table->count];
		if (audit(EB_AUDIT_RANGE, table->which, from, (uint64_t)range) != 1)
			return;
		table->count++;
		from = end_of(range);
		if (from < range->start || !from)
			return; /* the last page there is */
	}
	wrong("%s table has more than %d ranges", table->name, RANGES_MAX);
}

static bool is_user(const struct eb_range *range)
{
	return range->start < USER_END;
}

static bool overlap(uint64_t a, uint64_t a_size, uint64_t b, uint64_t b_size)
{
	return a < b + b_size && b < a + a_size;
}

static void check_wx(struct table *table)
{
	read_table(table);
	EXPECT(table->count > 0, "%s table is empty", table->name);
	for (unsigned i = 0; i < table->count; i++) {
		const struct eb_range *r = &table->ranges[i];
		EXPECT((r->flags & EB_RANGE_WRITE) == 0 || (r->flags & EB_RANGE_EXEC) == 0,
		       "%s table: %lx is writable and executable", table->name, r->start);
		EXPECT(((r->flags & EB_RANGE_USER) != 0) == is_user(r),
		       "%s table: %lx has flags %lx", table->name, r->start, r->flags);
	}
}

static void test_wx(void)
{
	check_wx(&kernel);
	check_wx(&user);
}

/* What is executable under one address is writable under no other. */
static void test_aliases(void)
{
	read_table(&kernel);
	for (unsigned i = 0; i < kernel.count; i++) {
		const struct eb_range *x = &kernel.ranges[i];
		if (is_user(x) || (x->flags & EB_RANGE_EXEC) == 0)
			continue;
		for (unsigned j = 0; j < kernel.count; j++) {
			const struct eb_range *w = &kernel.ranges[j];
			EXPECT((w->flags & EB_RANGE_WRITE) == 0 ||
				   !overlap(x->phys, x->size, w->phys, w->size),
			       "code at %lx is writable at %lx", x->start, w->start);
		}
	}
}

/* Ring 3's pages are none that hold the image or a kernel stack. */
static void test_user_pages(void)
{
	read_table(&user);
	read_table(&kernel);
	for (unsigned i = 0; i < user.count; i++) {
		const struct eb_range *u = &user.ranges[i];
		if (!is_user(u))
			continue;
		for (unsigned j = 0; j < kernel.count; j++) {
			const struct eb_range *k = &kernel.ranges[j];
			bool private = k->start >= KERNEL_STACKS;
			EXPECT(!private || !overlap(u->phys, u->size, k->phys, k->size),
			       "ring 3's page %lx is the kernel's at %lx", u->start, k->start);
		}
	}
}

static bool is_here(unsigned k)
{
	return !allowed[k].feature || has(allowed[k].feature);
}

static bool seen[ALLOWED];

static void check_page(uint64_t at, uint64_t flags)
{
	unsigned k = 0;

	while (k < ALLOWED && (!is_here(k) || at - allowed[k].start >= allowed[k].size))
		k++;
	EXPECT(k < ALLOWED, "page %lx is not on the list", at);
	if (k == ALLOWED)
		return;
	EXPECT(flags == allowed[k].flags, "%s: page %lx has flags %lx", allowed[k].name, at, flags);
	seen[k] = true;
}

/* Every page of the kernel's in ring 3's table stands in the list, with the rights that it says. */
static void test_allowed(void)
{
	read_table(&user);
	for (unsigned i = 0; i < user.count; i++) {
		const struct eb_range *r = &user.ranges[i];
		for (uint64_t n = 0; !is_user(r) && n <= r->repeats; n++)
			for (uint64_t at = 0; at < r->size; at += PAGE_SIZE)
				check_page(r->start + n * r->stride + at, r->flags);
	}
	for (unsigned k = 0; k < ALLOWED; k++)
		EXPECT(seen[k] || !is_here(k), "%s is not mapped", allowed[k].name);
}

/*
 * The ministack is one page, at each value of bits 31:16 once and nowhere else, and no alias may be
 * written or run.
 */
static void check_ministack(struct table *table, uint64_t flags)
{
	unsigned found = 0;

	read_table(table);
	for (unsigned i = 0; i < table->count; i++) {
		const struct eb_range *r = &table->ranges[i];
		if (end_of(r) <= ESPFIX_BASE || r->start >= ESPFIX_BASE + ESPFIX_SIZE)
			continue;
		found++;
		EXPECT_EQUAL(r->start, ESPFIX_BASE, "first alias");
		EXPECT_EQUAL(r->size, PAGE_SIZE, "size of an alias");
		EXPECT_EQUAL(r->stride, ESPFIX_STRIDE, "stride");
		EXPECT_EQUAL(r->repeats + 1, ESPFIX_SIZE / ESPFIX_STRIDE, "number of aliases");
		EXPECT_EQUAL(r->flags, flags, "flags of an alias");
	}
	EXPECT(found == 1, "%s table: %d ranges of aliases", table->name, (int)found);
}

static void test_ministack(void)
{
	check_ministack(&kernel, has("kpti=off") ? EB_RANGE_GLOBAL : 0);
	check_ministack(&user, has("kpti=off") ? EB_RANGE_GLOBAL : 0);
}

/*
 * With two tables: the same pages for ring 3 in both, nothing global, and no code of ring 3's for
 * the kernel to run.
 */
static void test_pair(void)
{
	read_table(&user);
	read_table(&kernel);
	for (unsigned i = 0; i < kernel.count; i++) {
		const struct eb_range *k = &kernel.ranges[i];
		EXPECT((k->flags & EB_RANGE_GLOBAL) == 0, "%lx is global", k->start);
		EXPECT(!is_user(k) || (k->flags & EB_RANGE_EXEC) == 0,
		       "the kernel could run ring 3's code at %lx", k->start);
	}
	for (unsigned i = 0; i < user.count; i++)
		EXPECT((user.ranges[i].flags & EB_RANGE_GLOBAL) == 0, "%lx is global in ring 3's",
		       user.ranges[i].start);
}

static volatile uint64_t peek_at;

static void peek(void)
{
	(void)*(volatile uint8_t *)peek_at;
}

/*
 * The error code of a page fault tells whether the address was mapped in the table that ring 3 ran
 * on.
 */
static void check_peek(const char *what, uint64_t address, bool mapped)
{
	enum { PRESENT = 1, USER = 4 };

	peek_at = address;
	EXPECT(catch_in(peek), "%s can be read", what);
	EXPECT_EQUAL(caught[0].vector, VECTOR_PF, "vector");
	EXPECT(caught[0].regs.orig_ax == (USER | (mapped ? PRESENT : 0)), "%s: error code %lx",
	       what, caught[0].regs.orig_ax);
	EXPECT_EQUAL(caught[0].cr2, address, "cr2");
}

/* Which table ring 3 really runs on: after a system call, and after an exception. */
static void test_ring3_table(void)
{
	uint64_t code = (uint64_t)audit(EB_AUDIT_PLACE, EB_PLACE_TRAP_C, 0, 0);
	bool mapped = has("kpti=off");

	sys_call(SYS_GETPPID, 0, 0, 0, 0, 0, 0);
	check_peek("the kernel's code", code, mapped);
	check_peek("the kernel's memory", DIRECT_MAP + KERNEL_LOAD - PAGE_SIZE, false);
	check_peek("a kernel stack", KERNEL_STACKS + KERNEL_STACK_SLOT - 8, mapped);
	check_peek("entry code", KERNEL_BASE + KERNEL_LOAD + BOOT_TEXT_SIZE, true);
	check_peek("the IDT", AREA(idt), true);
	check_peek("the ministack", ESPFIX_BASE + 5 * ESPFIX_STRIDE, has("espfix=on"));
}

static const char *without_ministack(void)
{
	return has("espfix=on") ? NULL : "no ministack";
}

static const char *without_kpti(void)
{
	return has("kpti=off") ? "one page table" : NULL;
}

static const struct test tests[] = {
    {"no page is both writable and executable", test_wx, NULL},
    {"code is writable at no other address", test_aliases, NULL},
    {"ring 3's pages are its own", test_user_pages, NULL},
    {"ring 3's table maps of the kernel what the list says, as it says", test_allowed,
     without_kpti},
    {"the ministack's aliases are one page, read-only", test_ministack, without_ministack},
    {"nothing global, no code of ring 3's for the kernel", test_pair, without_kpti},
    {"ring 3 runs on its own table", test_ring3_table, NULL},
};

const struct program program = {"tables", tests, sizeof(tests) / sizeof(tests[0]), true};
