/*
 * Interrupts every instruction of the entry and exit paths: a #DB, a #MC and two NMIs in a row at
 * each, and in an NMI's own path a second NMI. With the argument `injected` the #MC is a real one,
 * which tests/guest/inject has QEMU's monitor send. The list of instructions is the file `points`
 * (tests/guest/interruption makes it from the image). The core checks what each interruption finds,
 * this program what ring 3 gets back. All of the list must have been reached.
 */
#include "harness/shadow_stack.h"
#include "interruption.h"

static unsigned ways_tried; /* of BY_* */
static uint64_t totals[3];  /* breaks, NMIs, in NMIs */

static void judge(struct point *point, const struct scenario *scenario, unsigned way)
{
	static struct eb_interrupted result;

	audit(EB_AUDIT_INTERRUPTED, (uint64_t)&result, 0, 0);
	EXPECT(!result.wrongs, "%s, %s at %lx: wrong: %d at ip %lx: %lx, must be %lx",
	       scenario->name, point->path, point->address, (int)result.what, result.ip, result.got,
	       result.want);
	uint64_t nmis = request.nmi_at ? result.breaks + result.nested : 2 * result.breaks;
	EXPECT(result.nmis == nmis, "%s, %s at %lx: %lx NMIs, must be %lx", scenario->name,
	       point->path, point->address, result.nmis, nmis);
	totals[0] += result.breaks;
	totals[1] += result.nmis;
	totals[2] += result.nested;
	if (request.nmi_at ? result.nested : result.breaks) {
		point->done |= way | NMI;
		point->reached_by |= 1ull << (scenario - scenarios);
	}
}

static void interrupt_at(struct point *point, const struct scenario *scenario, unsigned way)
{
	request.at = point->address;
	request.injected = way == BY_INJECTED_MC ? EB_INJECT_MACHINE_CHECK : EB_INJECT_NOTHING;
	request.nmi_at = scenario->nmi_at ? scenario->nmi_at() : 0;
	request.nmi_as = scenario->nmi_as;
	request.breakpoint_in_nmi = scenario->breakpoint_in_nmi;
	request.stepped = scenario->stepped;
	audit(EB_AUDIT_DIVERT, VECTOR_DB, way == BY_DB ? VECTOR_DB : VECTOR_MC, 0);
	audit(EB_AUDIT_DIVERT, VECTOR_BP,
	      scenario->breakpoint_as ? scenario->breakpoint_as : VECTOR_BP, 0);
	EXPECT_EQUAL(syscall_by_cross(EB_AUDIT_NUMBER, EB_AUDIT_INTERRUPT, (uint64_t)&request, 0),
		     0, "EB_AUDIT_INTERRUPT");
	uint64_t shadow = shadow_stack_pointer();
	scenario->cross();
	EXPECT_EQUAL(shadow_stack_pointer(), shadow, "the shadow stack's pointer");
	judge(point, scenario, way);
}

/* 32-bit code cannot run on a shadow stack. */
static bool can_be(const struct scenario *scenario)
{
	return !shadow_stack_pointer() ||
	       (!has_path(scenario, "fast_32") && !has_path(scenario, "sysenter"));
}

/* Machine checks from outside take their time: only where it is known that they come to pass. */
static bool worth_trying(const struct point *point, const struct scenario *scenario, unsigned way)
{
	return has_path(scenario, point->path) && way & ways_tried & scenario->ways &&
	       (scenario->again || !(way & point->done)) &&
	       (way != BY_INJECTED_MC || point->reached_by >> (scenario - scenarios) & 1);
}

static void run_scenarios(unsigned ways)
{
	ways_tried = ways;
	for (unsigned i = 0; i < point_count; i++)
		points[i].done = 0;
	for (unsigned i = 0; i < 3; i++)
		totals[i] = 0;
	for (const struct scenario *at = scenarios; at < scenarios + scenario_count; at++)
		for (unsigned i = 0; i < point_count; i++)
			for (unsigned way = BY_DB; way <= BY_INJECTED_MC; way <<= 1)
				if (can_be(at) && worth_trying(&points[i], at, way))
					interrupt_at(&points[i], at, way);
}

static void run(void)
{
	if (text_equal(argument, "injected")) {
		run_scenarios(BY_MC);
		run_scenarios(BY_INJECTED_MC);
	} else {
		run_scenarios(BY_DB | BY_MC);
	}
}

/* ---- coverage ---- */

static unsigned wanted_ways(const char *path)
{
	unsigned ways = 0;

	for (unsigned i = 0; i < scenario_count; i++)
		if (can_be(&scenarios[i]) && has_path(&scenarios[i], path))
			ways |= scenarios[i].ways;
	return ways;
}

static bool is_reached(const struct point *point, unsigned want)
{
	bool done = want && point->done == (want | NMI);

	EXPECT(done, "%s: %lx was not reached: %lx", point->path, point->address,
	       (uint64_t)point->done);
	return done;
}

/*
 * How many of the points count, in all. An instruction of a path "shallow_..." need not be reached:
 * C's use of the stack decides.
 */
static unsigned check_coverage(unsigned *shallow, unsigned *own)
{
	unsigned reached = 0;

	for (unsigned i = 0; i < point_count; i++) {
		unsigned ways = wanted_ways(points[i].path), want = ways & ways_tried;

		if (ways && !want) {
			++*own;
			continue;
		}
		if (!points[i].done && text_starts(points[i].path, "shallow")) {
			++*shallow;
			continue;
		}
		reached += is_reached(&points[i], want);
	}
	return reached;
}

static void test_coverage(void)
{
	unsigned shallow = 0, own = 0, reached = check_coverage(&shallow, &own);

	if (shallow)
		say("LEFT OUT: %d instructions of the erase after system calls, which their use "
		    "of the stack skips",
		    (int)shallow);
	if (own)
		say("LEFT OUT: %d instructions of #MC's own path: the next one while one is served "
		    "ends any machine",
		    (int)own);
	say("COVERAGE: %d of %d instructions; %d breaks, %d NMIs, %d of them sent in an NMI",
	    (int)reached, (int)(point_count - shallow - own), (int)totals[0], (int)totals[1],
	    (int)totals[2]);
}

/* ---- tests ---- */

static void begin(void)
{
	EXPECT(read_points(), "%d instructions in the list", (int)point_count);
	crossings_begin();
	set_plain_gs_base();
}

static const char *no_shadow_stack(void)
{
	return shadow_stack_pointer() ? NULL : "no shadow stack";
}

static void test_shadow_stack(void)
{
	unsigned reached = 0;

	begin();
	run();
	for (unsigned i = 0; i < point_count; i++) {
		unsigned want = wanted_ways(points[i].path) & ways_tried;
		if (want && (points[i].done || !text_starts(points[i].path, "shallow")))
			reached += is_reached(&points[i], want);
	}
	say("COVERAGE: %d instructions on a shadow stack; %d breaks, %d NMIs", (int)reached,
	    (int)totals[0], (int)totals[1]);
}

static void test_points(void)
{
	shadow_stack_end();
	if (!point_count)
		begin();
	run();
}

static const char *no_fsgsbase(void)
{
	return has("paranoid=fsgsbase") ? NULL : "ring 3 has no WRGSBASE";
}

/*
 * With real machine checks the negative one is enough: the entry is the same, and each costs time.
 */
static const char *no_second_round(void)
{
	return ways_tried & BY_INJECTED_MC ? "tested without injection" : no_fsgsbase();
}

/* Negative, as the kernel's is: whoever goes by the sign takes ring 3's for the kernel's. */
static void test_negative_gs_base(void)
{
	set_gs_base(0xffffc90000001000);
	run();
}

/* The very one: no entry can tell that it is ring 3's, and none must need to. */
static void test_kernels_gs_base(void)
{
	static struct eb_state state;

	audit(EB_AUDIT_STATE, (uint64_t)&state, 0, 0);
	set_gs_base(state.percpu);
	run();
}

static const char *no_sysexit(void)
{
	return has("entry=fred") ? "FRED has no SYSEXIT" : NULL;
}

static const char *not_from_outside(void)
{
	return ways_tried & BY_INJECTED_MC ? NULL : "nobody injects";
}

static const struct test tests[] = {
    {"interruptions leave no trace on a shadow stack", test_shadow_stack, no_shadow_stack},
    {"interruptions leave no trace", test_points, NULL},
    {"every instruction was interrupted", test_coverage, NULL},
    {"no trace with a negative GS base in ring 3", test_negative_gs_base, no_fsgsbase},
    {"every instruction with a negative GS base", test_coverage, no_fsgsbase},
    {"no trace with the kernel's GS base in ring 3", test_kernels_gs_base, no_second_round},
    {"every instruction with the kernel's GS base", test_coverage, no_second_round},
    {"a breakpoint on SYSEXIT, NMIs and an interrupt behind it", test_sysexit_breakpoint,
     no_sysexit},
    {"a machine check behind STI, NMIs and an interrupt behind it", test_sysexit_machine_check,
     not_from_outside},
    {"an NMI behind STI, an interrupt behind it", test_sysexit_nmi, not_from_outside},
};

const struct program program = {"interruption", tests, sizeof(tests) / sizeof(tests[0]), true};
