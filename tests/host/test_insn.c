/*
 * What the bill makes of Zydis' answer: names, branches, stack work; encodings as GNU as makes
 * them.
 */
#include "bill/ledger.h"
#include "scratch.h"

static struct ledger_insn of(const char *hex)
{
	struct ledger_insn insn = {0};

	for (; hex[2 * insn.size]; insn.size++) {
		char pair[3] = {hex[2 * insn.size], hex[2 * insn.size + 1], '\0'};

		insn.bytes[insn.size] = (uint8_t)strtoul(pair, NULL, 16);
	}
	insn_decode(&insn);
	return insn;
}

static void test_specials(void **state)
{
	static const struct {
		const char *hex, *name;
	} rows[] = {
	    {"0f05", "SYSCALL"},
	    {"480f07", "SYSRETQ"},
	    {"0f07", "SYSRETL"},
	    {"0f01f8", "SWAPGS"},
	    {"0f20d8", "MOV from CR3"},
	    {"0f22d8", "MOV to CR3"},
	    {"410f22df", "MOV to CR3"},
	    {"0f22e0", "MOV to CR4"},
	    {"440f22c0", "MOV to CR8"},
	    {"0f30", "WRMSR"},
	    {"0f32", "RDMSR"},
	    {"0f31", "RDTSC"},
	    {"0f01f9", "RDTSCP"},
	    {"48cf", "IRETQ"},
	    {"cf", "IRETD"},
	    {"cd80", "INT"},
	    {"cc", "INT3"},
	    {"0f0b", "UD2"},
	    {"0faee8", "LFENCE"},
	    {"0faef0", "MFENCE"},
	    {"0faef8", "SFENCE"},
	    {"f3480faec8", "RDGSBASE"},
	    {"f3480faed9", "WRGSBASE"},
	    {"0f00e8", "VERW"},
	    {"0f002c2500000080", "VERW"},
	    {"0f00d8", "LTR"},
	    {"fa", "CLI"},
	    {"fb", "STI"},
	    {"0f01cb", "STAC"},
	    {"0f01ca", "CLAC"},
	    {"660f388206", "INVPCID"},
	    {"0f0138", "INVLPG"},
	    {"0f0110", "LGDT"},
	    {"0fa2", "CPUID"},
	    {"9c", "PUSHF"},
	    {"9d", "POPF"},
	    {"f4", "HLT"},
	    {"f390", "PAUSE"},
	    {"8ee0", "MOV to FS"},
	    {"ee", "OUT"},
	    {"e460", "IN"},
	    {"f00fb10f", "LOCK"},
	    {"48ff2d00000000", "JMP far"},
	    {"48cb", "RET far"},
	    {"0fae20", "XSAVE"},
	    {"480fae20", "XSAVE"},
	    {"480fae00", "FXSAVE"},
	    {"f087", NULL}, /* cut short */
	    {"8cd8", NULL}, /* mov %ds,%eax */
	    {"0f21c0", "MOV from DR"},
	    {"f30f01ca", "ERETU"},
	    {"f20f01ca", "ERETS"},
	    {"0fc71f", "XRSTORS"},
	    {"480fc708", NULL},		  /* cmpxchg16b */
	    {"90", NULL},		  /* nop */
	    {"4889e5", NULL},		  /* mov %rsp,%rbp */
	    {"65488b242510600000", NULL}, /* mov %gs:...,%rsp */
	    {"660f1f840000000000", NULL},
	    {"c5f877", NULL},	/* vzeroupper */
	    {"0f3805c1", NULL}, /* phsubw: not SYSCALL */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *name = of(rows[i].hex).special;

		if (!!name != !!rows[i].name || (name && strcmp(name, rows[i].name) != 0))
			fail_msg("%s is %s, not %s", rows[i].hex, name ? name : "ordinary",
				 rows[i].name ? rows[i].name : "ordinary");
	}
}

static void test_control_flow(void **state)
{
	(void)state;
	assert_true(of("e800000000").call && of("e800000000").branch);
	assert_true(of("41ffd3").call); /* call *%r11 */
	assert_true(of("ff142500000000").call);
	assert_true(of("c3").ret && of("c3").branch && of("f3c3").ret);
	assert_true(of("ffe0").branch && !of("ffe0").call);
	assert_true(of("7505").branch && of("0f8400000000").branch && of("eb05").branch);
	assert_false(of("0f05").branch);
	assert_false(of("ff30").branch); /* push (%rax) */
	assert_false(of("0fe8c1").call); /* psubsb */
}

static void test_stack(void **state)
{
	(void)state;
	assert_true(of("50").push && of("4157").push && of("6a2b").push && of("ff30").push);
	assert_true(of("e800000000").push && of("9c").push && of("ff14c5000000ff").push &&
		    of("ff1b").push); /* the last is a far call */
	assert_true(of("415f").pop && of("c3").pop && of("9d").pop && of("c9").pop);
	assert_false(of("50").pop || of("58").push || of("ffe0").push);
	assert_false(of("4889442408").push); /* mov %rax,8(%rsp): known by its page */
	assert_false(of("0f50c1").push);     /* movmskps */
}

static void test_entering(void **state)
{
	(void)state;
	assert_true(of("0f05").enters && of("0f34").enters && of("cd80").enters &&
		    of("0f0b").enters && of("cc").enters && of("48ff18").enters);
	assert_true(of("cd80").by_gate && of("cc").by_gate && of("0f0b").by_gate);
	assert_false(of("0f05").by_gate || of("48ff18").by_gate || of("48cf").by_gate);
	assert_true(of("48cf").iret && of("cf").iret && !of("48cb").iret);
	assert_true(of("480f07").sysret && of("0f35").sysret && !of("48cf").sysret);
	assert_true(of("48cf").pop_frame && of("48cb").pop_frame);
	assert_false(of("cf").pop_frame || of("c3").pop_frame);
	assert_false(of("8b00").enters); /* a load that faults */
	assert_false(of("f7f1").enters); /* div */
}

/* The list of the SDM, and not what merely waits or moves between rings. */
static void test_serialising(void **state)
{
	static const char *const yes[] = {"48cf",   "0fa2",   "0f22d8", "0f22e0", "0f30",
					  "0f0138", "0f0110", "0f00d8", "0f23c0", "0f09"};
	static const char *const no[] = {"0f05",   "480f07", "0f20d8",	   "440f22c0", "0f32",
					 "0faee8", "8ee0",   "660f388206", "fa",       "90"};

	(void)state;
	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
		if (!of(yes[i]).serialising)
			fail_msg("%s does not serialise", yes[i]);
	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		if (of(no[i]).serialising)
			fail_msg("%s serialises", no[i]);
}

/* One shape whatever the numbers, another for other registers, sizes and operations. */
static void test_shape(void **state)
{
	(void)state;
	assert_int_equal(of("b86e000000").shape, of("b801000000").shape); /* mov $..., %eax */
	assert_int_equal(of("75f0").shape, of("0f8500010000").shape);	  /* jnz */
	assert_int_equal(of("8b4708").shape, of("8b8700010000").shape);	  /* mov ...(%rdi), %eax */
	assert_int_equal(of("6a01").shape, of("6800010000").shape);	  /* push $... */
	assert_int_not_equal(of("b86e000000").shape, of("bb6e000000").shape);
	assert_int_not_equal(of("8b4708").shape, of("488b4708").shape);
	assert_int_not_equal(of("8b4708").shape, of("658b4708").shape);
	assert_int_not_equal(of("8b4708").shape, of("894708").shape);
	assert_int_not_equal(of("75f0").shape, of("74f0").shape);
}

static void test_short_bytes(void **state)
{
	(void)state;
	assert_null(of("0f").special);
	assert_null(of("66").special);
	assert_null(of("48").special);
	assert_null(of("").special);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_specials),	cmocka_unit_test(test_control_flow),
	    cmocka_unit_test(test_stack),	cmocka_unit_test(test_entering),
	    cmocka_unit_test(test_short_bytes), cmocka_unit_test(test_serialising),
	    cmocka_unit_test(test_shape),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
