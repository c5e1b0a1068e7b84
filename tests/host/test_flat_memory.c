/* 10^8 readings go through decoder and histograms in less memory than the host tool may use. */
#include <sys/resource.h>

#include "guest/guest.h"
#include "scratch.h"
#include "record_line.h"

#ifdef __SANITIZE_ADDRESS__
#define READINGS 1000000ULL /* its own memory is not ours to judge */
#else
#define READINGS 100000000ULL
#endif
#define READINGS_RECORD 220
#define LIMIT_KIB	(64 * 1024)

static void take(void *context, int stream, const struct record *record)
{
	assert_int_equal(stream, 0);
	assert_null(program_take(context, record));
}

/* 220 readings with three or four digits: a record that is nearly full. */
static size_t make_record(char *line, uint64_t seq)
{
	static char values[16][EB_RECORD_MAX];
	char *value = values[seq % 16];
	char body[EB_RECORD_MAX];
	bool fill = !value[0];
	size_t size = 0;

	for (unsigned i = 0; fill && i < READINGS_RECORD; i++)
		size += (size_t)sprintf(value + size, "%s%lu", i ? "," : "",
					100 + (seq * 7919 + i * 104729) % 1000);
	sprintf(body, "0 %lu window of=crossing raw=%s", (unsigned long)seq, value);
	return record_line(line, body);
}

static long resident_kib(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

static void test_hundred_million(void **state)
{
	struct guest_program program;
	struct decoder *decoder = decoder_new(1, take, NULL, &program);
	uint64_t records = READINGS / READINGS_RECORD + 1, seq = 0;
	char line[EB_RECORD_MAX + 50], body[100];
	long before = resident_kib();

	(void)state;
	program_init(&program, "spin", "");
	decoder_feed(decoder, line, record_line(line, "0 0 begin bench=spin param= harness=1"));
	for (seq = 1; seq <= records; seq++)
		decoder_feed(decoder, line, make_record(line, seq));
	sprintf(body, "0 %lu end records=%lu status=ok reason=", (unsigned long)seq,
		(unsigned long)seq + 1);
	decoder_feed(decoder, line, record_line(line, body));
	decoder_finish(decoder);
	assert_null(decoder_problem(decoder, 0));
	assert_true(program_windows(&program, "crossing")->n == records * READINGS_RECORD);
	assert_true(resident_kib() - before < 4096);
#ifndef __SANITIZE_ADDRESS__
	assert_true(resident_kib() < LIMIT_KIB);
#endif
	decoder_free(decoder);
	program_clear(&program);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_hundred_million)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
