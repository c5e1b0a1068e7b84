/*
 * Process 1 of a stock Linux guest: runs a plan, frames it, says what failed; and two boots agree
 * to the last digit.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmocka_all.h"
#include "guest.h"
#include "records.h"

enum { PROGRAMS = 4 };

#define FEW "--batch 8 --repeats 10 --windows 10 --warmup 16"

#define GOOD                                                                                       \
	"bench/null_syscall --stream 0 " FEW "\n"                                                  \
	"bench/enosys --stream 1 " FEW "\n"                                                        \
	"bench/touch_pages 8 --stream 2 " FEW "\n"                                                 \
	"bench/sigreturn_exit iret-rcx --stream 3 " FEW "\n"

static char *with_symbols, *with_failures; /* consoles of the two boots */

static int boot_twice(void **state)
{
	(void)state;
	guest_open();
	assert_int_equal(guest_boot("symbols\n" GOOD, "", &with_symbols), GUEST_OK);
	assert_int_equal(guest_boot(GOOD "bench/enosys --batch none\nbench/nothing --stream 5\n",
				    "", &with_failures),
			 GUEST_FAILED);
	return 0;
}

static int forget(void **state)
{
	(void)state;
	guest_close();
	free(with_symbols);
	free(with_failures);
	return 0;
}

static struct stream decode(const char *console, const char *name)
{
	struct stream stream = stream_decode(console, name);

	if (stream.error[0] != '\0')
		fail_msg("stream %s: %s", name, stream.error);
	return stream;
}

/*
 * The kernel's timer may hit any window, so boots agree in the smallest reading, not in every one.
 */
static void both_boots_say_the_same(void **state)
{
	static const char *const kinds[] = {"crossing", "twin", "bare", "empty_loop",
					    "function_call"};

	(void)state;
	for (int program = 0; program < PROGRAMS; program++) {
		char name[12];

		snprintf(name, sizeof(name), "%d", program);
		struct stream a = decode(with_symbols, name), b = decode(with_failures, name);
		for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
			for (int64_t n = 8; n <= 16; n += 8) {
				struct readings in_a = stream_readings(&a, "batch", kinds[i], n);
				struct readings in_b = stream_readings(&b, "batch", kinds[i], n);
				assert_int_equal(in_a.count, 10);
				assert_int_equal(in_b.count, 10);
				assert_int_equal(in_a.min, in_b.min);
			}
		}
		stream_free(&a);
		stream_free(&b);
	}
}

static void round_trips_are_whole_instructions(void **state)
{
	(void)state;
	struct stream stream = decode(with_symbols, "0");
	int64_t crossing = stream_readings(&stream, "batch", "crossing", 16).min -
			   stream_readings(&stream, "batch", "crossing", 8).min;
	int64_t bare = stream_readings(&stream, "batch", "bare", 16).min -
		       stream_readings(&stream, "batch", "bare", 8).min;
	struct readings window = stream_readings(&stream, "window", "crossing", 0);
	struct readings empty = stream_readings(&stream, "window", "empty_window", 0);

	assert_int_equal(bare, 8 * 4); /* mov, mov, dec, jnz */
	assert_int_equal((crossing - bare) % 8, 0);
	/* A single window has the crossing and the mov before it. */
	assert_int_equal(window.min - empty.min, (crossing - bare) / 8 + 1);
	stream_free(&stream);
}

static void kernel_stream_has_the_symbols(void **state)
{
	(void)state;
	struct stream stream = decode(with_symbols, "kernel");
	const struct record *record;
	size_t entries = 0;

	for (size_t at = 0; (record = stream_next(&stream, "symbol", &at)) != NULL;) {
		assert_int_equal(strlen(record_value(record, "address")), 16);
		if (strcmp(record_value(record, "name"), "entry_SYSCALL_64") == 0) {
			assert_string_equal(record_value(record, "kind"), "T");
			entries++;
		}
	}
	assert_int_equal(entries, 1);
	assert_true(stream.count > 10000);
	stream_free(&stream);
}

static void kernel_stream_says_what_failed(void **state)
{
	(void)state;
	struct stream good = decode(with_symbols, "kernel"), bad = decode(with_failures, "kernel");
	const struct record *end = &good.records[good.count - 1];

	assert_string_equal(record_value(end, "status"), "ok");
	assert_string_equal(record_value(end, "reason"), "");
	assert_int_equal(record_integer(end, "programs"), PROGRAMS);
	assert_int_equal(record_integer(end, "failed"), 0);
	end = &bad.records[bad.count - 1];
	assert_string_equal(record_value(end, "status"), "failed");
	assert_string_equal(record_value(end, "reason"), "bench/enosys: ended with status 2");
	assert_int_equal(record_integer(end, "programs"), PROGRAMS + 2);
	assert_int_equal(record_integer(end, "failed"), 2);
	assert_true(record_value(&bad.records[0], "variant")[0] >= '0');
	stream_free(&good);
	stream_free(&bad);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(both_boots_say_the_same),
	    cmocka_unit_test(round_trips_are_whole_instructions),
	    cmocka_unit_test(kernel_stream_has_the_symbols),
	    cmocka_unit_test(kernel_stream_says_what_failed),
	};

	return cmocka_run_group_tests(tests, boot_twice, forget);
}
