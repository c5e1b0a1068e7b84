/*
 * sigreturn_exit on a stock kernel, watched instruction by instruction (docs/ledger.md): the case
 * `sysret` leaves by SYSRETQ, the others by IRETQ, and before the kernel looks at the one word that
 * differs, they execute the same.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmocka_all.h"
#include "guest.h"
#include "records.h"

enum { CASES = 3, STEPS_MAX = 4000, INSNS_MAX = 100000, TEXT_MAX = 40 };

static const char *const cases[CASES] = {"sysret", "iret-rcx", "iret-r11"};

/* What one single-shot window executed. */
struct course {
	int64_t length; /* as the program's own record has it */
	int steps[STEPS_MAX];
	size_t count;
};

static struct course courses[CASES];
static char insns[INSNS_MAX][TEXT_MAX];
static uint64_t addresses[INSNS_MAX];

/* The single-shot reading of each case. */
static void read_lengths(const char *console)
{
	for (int i = 0; i < CASES; i++) {
		char name[12];

		snprintf(name, sizeof(name), "%d", i);
		struct stream stream = stream_decode(console, name);
		assert_string_equal(stream.error, "");
		courses[i].length = stream_readings(&stream, "window", "crossing", 0).min;
		stream_free(&stream);
	}
}

static void read_ledger_line(const char *line, struct course **current)
{
	int number, crossings, taken;
	uint64_t address;
	int64_t length;

	if (sscanf(line, "insn %d %" SCNx64 " %*s %n", &number, &address, &taken) == 2) {
		assert_true(number < INSNS_MAX);
		addresses[number] = address;
		snprintf(insns[number], TEXT_MAX, "%s", line + taken);
		insns[number][strcspn(insns[number], " \n")] = '\0';
	} else if (sscanf(line, "window %*d steps %" SCNd64 " crossings %d", &length, &crossings) ==
		   2) {
		*current = NULL;
		for (int i = 0; i < CASES; i++)
			if (length == courses[i].length && crossings == 1 && courses[i].count == 0)
				*current = &courses[i];
	} else if (*current != NULL && sscanf(line, "step %d", &number) == 1) {
		assert_true((*current)->count < STEPS_MAX);
		(*current)->steps[(*current)->count++] = number;
	}
}

static int boot_and_read(void **state)
{
	char arguments[300], line[4096], *console;
	struct course *current = NULL;

	(void)state;
	guest_open();
	snprintf(arguments, sizeof(arguments), "-plugin %s,out=%s", LEDGER, guest_path("ledger"));
	int status = guest_boot("bench/sigreturn_exit sysret --stream 0 --batch 1 --windows 5\n"
				"bench/sigreturn_exit iret-rcx --stream 1 --batch 1 --windows 5\n"
				"bench/sigreturn_exit iret-r11 --stream 2 --batch 1 --windows 5\n",
				arguments, &console);
	assert_int_equal(status, GUEST_OK);
	read_lengths(console);
	FILE *ledger = fopen(guest_path("ledger"), "r");
	assert_non_null(ledger);
	while (fgets(line, sizeof(line), ledger) != NULL)
		read_ledger_line(line, &current);
	fclose(ledger);
	free(console);
	guest_close();
	return 0;
}

/* The step that goes back to ring 3: the last one in the kernel's half. */
static size_t leaving_step(const struct course *course)
{
	for (size_t i = course->count; i-- > 0;)
		if (addresses[course->steps[i]] >> 63 != 0)
			return i;
	fail_msg("the window of length %" PRId64 " never was in the kernel", course->length);
	return 0;
}

static size_t occurrences(const struct course *course, size_t from, const char *text)
{
	size_t count = 0;

	for (size_t i = from; i < course->count; i++)
		count += strncmp(insns[course->steps[i]], text, strlen(text)) == 0;
	return count;
}

static void cases_leave_as_they_say(void **state)
{
	(void)state;
	for (int i = 0; i < CASES; i++) {
		assert_int_equal(courses[i].count, courses[i].length);
		const char *text = insns[courses[i].steps[leaving_step(&courses[i])]];
		if (strcmp(text, i == 0 ? "sysretq" : "iretq") != 0)
			fail_msg("%s leaves by %s", cases[i], text);
	}
}

static void nothing_else_differs(void **state)
{
	const struct course *sysret = &courses[0];

	(void)state;
	for (int i = 1; i < CASES; i++) {
		const struct course *iret = &courses[i];
		size_t same = 0;

		while (same < sysret->count && same < iret->count &&
		       sysret->steps[same] == iret->steps[same])
			same++;
		/* Where they part, the decision is all that is left: no call, as many SWAPGS. */
		assert_true(same > sysret->count * 9 / 10);
		assert_int_equal(occurrences(sysret, same, "call"), 0);
		assert_int_equal(occurrences(iret, same, "call"), 0);
		assert_int_equal(occurrences(sysret, same, "swapgs"), 1);
		assert_int_equal(occurrences(iret, same, "swapgs"), 1);
		assert_int_equal(strncmp(insns[sysret->steps[same - 1]], "j", 1), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(cases_leave_as_they_say),
	    cmocka_unit_test(nothing_else_differs),
	};

	return cmocka_run_group_tests(tests, boot_and_read, NULL);
}
