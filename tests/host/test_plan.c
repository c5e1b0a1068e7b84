/* The plan: complete, interleaved, shuffled anew for every boot, and the same for the same seed. */
#include "run/run.h"
#include "scratch.h"

#define CASES 12
#define PAIRS 5
#define BOOTS 8

static const struct bench_case cases[CASES];

static void make(struct plan *plan, uint64_t seed)
{
	plan_init(plan);
	for (size_t i = 0; i < PAIRS; i++) {
		struct plan_pair *pair = plan_add_pair(plan, NULL, NULL);

		for (size_t c = 0; c < CASES - i; c++) {
			const struct plan_item item = {.bench = &cases[c]};

			g_array_append_val(pair->items, item);
		}
		pair->boots = i == 4 ? 2 : BOOTS;
	}
	plan_shuffle(plan, seed);
}

static const struct plan_boot *boot_of(const struct plan *plan, size_t i)
{
	return plan->boots->pdata[i];
}

static size_t pair_of(const struct plan *plan, size_t i)
{
	guint index;

	assert_true(g_ptr_array_find(plan->pairs, boot_of(plan, i)->pair, &index));
	return index;
}

static bool same_order(const struct plan_boot *a, const struct plan_boot *b)
{
	return a->items->len == b->items->len &&
	       !memcmp(a->items->data, b->items->data, a->items->len * sizeof(struct plan_item));
}

static bool same_plan(const struct plan *a, const struct plan *b)
{
	bool same = a->boots->len == b->boots->len;

	for (size_t i = 0; same && i < a->boots->len; i++)
		same = pair_of(a, i) == pair_of(b, i) &&
		       boot_of(a, i)->number == boot_of(b, i)->number &&
		       same_order(boot_of(a, i), boot_of(b, i));
	return same;
}

static void test_complete(void **state)
{
	unsigned seen[PAIRS][BOOTS] = {0};
	struct plan plan;

	(void)state;
	make(&plan, 1);
	assert_int_equal(plan.boots->len, 4 * BOOTS + 2);
	for (size_t i = 0; i < plan.boots->len; i++) {
		const struct plan_boot *boot = boot_of(&plan, i);
		size_t pair = pair_of(&plan, i);
		unsigned bits = 0;

		seen[pair][boot->number]++;
		for (unsigned k = 0; k < boot->items->len; k++)
			bits |= 1u << (plan_item(boot, k)->bench - cases);
		assert_int_equal(boot->items->len, CASES - pair);
		assert_int_equal(bits, (1u << (CASES - pair)) - 1);
	}
	for (size_t p = 0; p < PAIRS; p++)
		for (size_t b = 0; b < BOOTS; b++)
			assert_int_equal(seen[p][b], p < 4 || b < 2);
	plan_clear(&plan);
}

/* No variant gets its second boot before every one has had its first. */
static void test_interleaved(void **state)
{
	struct plan plan;

	(void)state;
	make(&plan, 2);
	for (size_t i = 1; i < plan.boots->len; i++)
		assert_true(boot_of(&plan, i)->number >= boot_of(&plan, i - 1)->number);
	plan_clear(&plan);
}

static void test_shuffled(void **state)
{
	unsigned same_cases = 0, same_first = 0;
	struct plan plan;

	(void)state;
	make(&plan, 3);
	for (size_t i = 1; i < plan.boots->len; i++)
		same_cases += same_order(boot_of(&plan, i), boot_of(&plan, i - 1));
	for (size_t i = PAIRS; i < plan.boots->len; i++)
		same_first += boot_of(&plan, i)->number != boot_of(&plan, i - 1)->number &&
			      pair_of(&plan, i) == pair_of(&plan, 0);
	assert_int_equal(same_cases, 0);
	assert_true(same_first < BOOTS - 1);
	plan_clear(&plan);
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
	plan_clear(&a);
	plan_clear(&b);
	plan_clear(&c);
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
