/* The plan: complete, interleaved, shuffled anew for every boot, and the same for the same seed. */
#include "scratch.h"

#include "base/near.h"
#include "run/plan.h"

#define CASES 12
#define PAIRS 5
#define BOOTS 8

static const size_t cases[CASES] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};

static void make(struct plan *plan, uint64_t seed)
{
	struct plan_pair pairs[PAIRS] = {0};

	for (size_t i = 0; i < PAIRS; i++)
		pairs[i] = (struct plan_pair){
		    .cases = cases, .case_count = CASES - i, .boots = i == 4 ? 2 : BOOTS};
	plan_make(plan, pairs, PAIRS, seed);
}

static bool same_order(const struct plan_boot *a, const struct plan_boot *b)
{
	return a->case_count == b->case_count &&
	       !memcmp(a->cases, b->cases, a->case_count * sizeof(*a->cases));
}

static bool same_plan(const struct plan *a, const struct plan *b)
{
	bool same = a->boot_count == b->boot_count;

	for (size_t i = 0; same && i < a->boot_count; i++)
		same = a->boots[i].pair == b->boots[i].pair &&
		       a->boots[i].number == b->boots[i].number &&
		       same_order(&a->boots[i], &b->boots[i]);
	return same;
}

static void test_complete(void **state)
{
	unsigned seen[PAIRS][BOOTS] = {0};
	struct plan plan;

	(void)state;
	make(&plan, 1);
	assert_int_equal(plan.boot_count, 4 * BOOTS + 2);
	for (size_t i = 0; i < plan.boot_count; i++) {
		const struct plan_boot *boot = &plan.boots[i];
		unsigned bits = 0;

		seen[boot->pair][boot->number]++;
		for (size_t c = 0; c < boot->case_count; c++)
			bits |= 1u << boot->cases[c];
		assert_int_equal(boot->case_count, CASES - boot->pair);
		assert_int_equal(bits, (1u << (CASES - boot->pair)) - 1);
	}
	for (size_t p = 0; p < PAIRS; p++)
		for (size_t b = 0; b < BOOTS; b++)
			assert_int_equal(seen[p][b], p < 4 || b < 2);
	plan_free(&plan);
}

/* No variant gets its second boot before every one has had its first. */
static void test_interleaved(void **state)
{
	struct plan plan;

	(void)state;
	make(&plan, 2);
	for (size_t i = 1; i < plan.boot_count; i++)
		assert_true(plan.boots[i].number >= plan.boots[i - 1].number);
	plan_free(&plan);
}

static void test_shuffled(void **state)
{
	unsigned same_cases = 0, same_first = 0;
	struct plan plan;

	(void)state;
	make(&plan, 3);
	for (size_t i = 1; i < plan.boot_count; i++)
		same_cases += same_order(&plan.boots[i], &plan.boots[i - 1]);
	for (size_t i = PAIRS; i < plan.boot_count; i++)
		same_first += plan.boots[i].number != plan.boots[i - 1].number &&
			      plan.boots[i].pair == plan.boots[0].pair;
	assert_int_equal(same_cases, 0);
	assert_true(same_first < BOOTS - 1);
	plan_free(&plan);
}

static void test_seed(void **state)
{
	struct plan a, b, c;

	(void)state;
	make(&a, 4);
	make(&b, 4);
	make(&c, 5);
	assert_true(same_plan(&a, &b));
	assert_false(same_plan(&a, &c));
	plan_free(&a);
	plan_free(&b);
	plan_free(&c);
	assert_true(plan_fresh_seed() <= UINT32_MAX);
}

static void test_near(void **state)
{
	static const struct {
		const char *word, *answer;
	} words[] = {
	    {"sysert", "; did you mean sysret?"},
	    {"kpti", "; did you mean sysret-kpti?"},
	    {"irett", "; did you mean iret?"},
	    {"something", ""},
	    {"x*", ""},
	    {"", ""},
	};
	struct strings names = {0};

	(void)state;
	strings_add(&names, "iret");
	strings_add(&names, "sysret");
	strings_add(&names, "sysret-kpti");
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		char *near = did_you_mean(words[i].word, &names);

		assert_string_equal(near, words[i].answer);
		free(near);
	}
	strings_free(&names);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_complete), cmocka_unit_test(test_interleaved),
	    cmocka_unit_test(test_shuffled), cmocka_unit_test(test_seed),
	    cmocka_unit_test(test_near),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
