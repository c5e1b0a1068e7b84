/* What the kernel stream says of the programs: start, fault, what is missing, end. */
#include <math.h>

#include "guest/guest.h"
#include "scratch.h"

/* Gives a record, without its frame. NULL, or what is wrong with it. */
static const char *take(struct guest *guest, const char *body)
{
	static char text[EB_RECORD_MAX];
	struct record record;

	snprintf(text, sizeof(text), "@EB1 kernel 1 %s", body);
	assert_null(record_parse(text, strlen(text), &record));
	return kernel_take(guest, &record);
}

/* One of three programs. */
static struct guest *new_guest(void)
{
	struct guest *guest = guest_new(NULL, NULL, 1);

	for (int i = 0; i < 3; i++)
		guest_add_program(guest, NULL, NULL);
	return guest;
}

static void test_ends(void **state)
{
	struct guest *guest = new_guest();
	const struct guest_program *program = guest->programs;

	(void)state;
	assert_false(program->begun);
	assert_null(take(guest, "start line=0"));
	assert_true(guest->kernel.running && program[0].begun && !program[1].begun);
	assert_false(program->ended);
	assert_null(take(guest, "program line=0 status=0 signal= error="));
	assert_null(program->how);
	assert_true(program->ended && program->boot.exit_status == 0 && !guest->kernel.running);
	program++;
	assert_null(take(guest, "start line=1"));
	assert_null(take(guest, "count name=enosys call=fork nr=57 value=2"));
	assert_null(take(guest, "program line=1 status=3 signal= error="));
	assert_string_equal(program->how, "the program ended with status 3; the core lacks what it "
					  "asked for: fork (2)");
	assert_true(program->boot.exit_status == 3);
	assert_string_equal(pairs_get(&program->boot.counts, "enosys.fork"), "2");
	program++;
	assert_null(take(guest, "program line=2 status=0 signal= error=no%20such%20file"));
	assert_string_equal(program->how, "the program cannot be run: no such file");
	assert_true(program->begun && isnan(program->boot.exit_status));
	assert_int_equal(program->boot.counts.count, 0);
	/* Once is enough, and of programs that are not there nobody wants to know. */
	assert_null(take(guest, "program line=2 status=0 signal= error="));
	assert_null(take(guest, "program line=3 status=0 signal= error="));
	assert_null(take(guest, "start line=3"));
	assert_true(isnan(program->boot.exit_status));
	guest_free(guest);
}

/* The first fault is the reason, for the program that it ended alone. */
static void test_faults(void **state)
{
	struct guest *guest = new_guest();
	const struct guest_program *programs = guest->programs;

	(void)state;
	assert_null(take(guest, "fault what=out%20of%20memory"));
	assert_null(take(guest, "fault what=%23PF ip=1 sp=2 error=6 address=3"));
	assert_null(take(guest, "program line=0 status=0 signal=SIGKILL error="));
	assert_string_equal(programs[0].how, "the program was killed by SIGKILL (out of memory)");
	assert_string_equal(programs[0].boot.signal, "SIGKILL");
	assert_true(isnan(programs[0].boot.exit_status));
	assert_null(take(guest, "fault what=%23GP ip=7ffffffff000 sp=2 error=0"));
	assert_null(take(guest, "program line=1 status=0 signal=SIGSEGV error="));
	assert_string_equal(programs[1].how,
			    "the program was killed by SIGSEGV (#GP at ip 7ffffffff000)");
	assert_null(take(guest, "program line=2 status=0 signal=SIGTERM error="));
	assert_string_equal(programs[2].how, "the program was killed by SIGTERM");
	guest_free(guest);
}

static void test_malformed(void **state)
{
	struct guest *guest = new_guest();

	(void)state;
	assert_non_null(take(guest, "start"));
	assert_non_null(take(guest, "start line=x"));
	assert_non_null(take(guest, "fault ip=1"));
	assert_non_null(take(guest, "program line=0 status=-1 signal= error="));
	assert_non_null(take(guest, "program line=0 status=0 signal="));
	assert_false(guest->kernel.running || guest->programs->begun || guest->programs->ended);
	guest_free(guest);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_ends),
	    cmocka_unit_test(test_faults),
	    cmocka_unit_test(test_malformed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
