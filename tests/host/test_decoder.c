/* The record decoder on whole, noisy, damaged, truncated and reordered streams. */
#include <inttypes.h>
#include <zlib.h>

#include "record/record.h"
#include "scratch.h"

struct seen {
	unsigned records, begins, ends;
	char last[200];
};

static void see(void *context, int stream, const struct record *record)
{
	struct seen *seen = context;

	seen->records++;
	seen->begins += !strcmp(record->type, EB_TYPE_BEGIN);
	seen->ends += !strcmp(record->type, EB_TYPE_END);
	snprintf(seen->last, sizeof(seen->last), "%d %" PRIu64 " %s", stream, record->seq,
		 record->type);
}

/* A record line with its CRC, without newline. */
static const char *line(const char *body)
{
	static char text[32][2 * EB_RECORD_MAX + 50];
	static unsigned turn;
	char *at = text[turn++ % 32];
	uint32_t crc = EB_CRC_START;
	int size = sprintf(at, "%s%s", EB_RECORD_MAGIC, body);

	for (int i = 0; i < size; i++)
		crc = eb_crc_byte(crc, (uint8_t)at[i]);
	sprintf(at + size, " *%08" PRIx32, eb_crc_finish(crc));
	return at;
}

/* One stream of five records, among other text. */
static char *whole(void)
{
	return g_strdup_printf(
	    "noise\n%s\nprintf %s\r\n%s\n\n%s\x1b[0m\n@EB\n%s\n",
	    line("0 0 begin bench=a param= harness=1"), line("0 1 clock step=1 min=5 backwards=0"),
	    line("0 2 batch of=crossing n=4 hist=220:3"), line("0 3 flag name=x"),
	    line("0 4 end records=5 status=ok reason="));
}

/* Feeds text and returns the problem of stream 0, "" if there is none. */
static const char *problem_of(const char *text, size_t size, struct seen *seen)
{
	static char problem[300];
	struct decoder *decoder = decoder_new(1, see, NULL, seen);

	*seen = (struct seen){0};
	decoder_feed(decoder, text, size);
	decoder_finish(decoder);
	strcpy(problem, decoder_problem(decoder, 0) ? decoder_problem(decoder, 0) : "");
	decoder_free(decoder);
	return problem;
}

static void says(const char *text, const char *expected)
{
	struct seen seen;
	const char *problem = problem_of(text, strlen(text), &seen);

	if (!strstr(problem, expected))
		fail_msg("\"%s\" does not say \"%s\"", problem, expected);
}

/* zlib reads what the guest writes. */
static void test_crc(void **state)
{
	uint32_t crc = EB_CRC_START, slow = EB_CRC_START;
	uint8_t bytes[100];

	(void)state;
	for (const char *c = "123456789"; *c; c++)
		crc = eb_crc_byte(crc, (uint8_t)*c);
	assert_int_equal(eb_crc_finish(crc), 0xcbf43926);
	for (size_t size = 0; size < sizeof(bytes); size++) {
		bytes[size] = (uint8_t)(size * 167 + 13);
		assert_int_equal(crc32_z(0, bytes, size), eb_crc_finish(slow));
		slow = eb_crc_byte(slow, bytes[size]);
	}
}

static void test_whole_stream(void **state)
{
	char *text = whole();
	struct seen seen;

	(void)state;
	assert_string_equal(problem_of(text, strlen(text), &seen), "");
	assert_int_equal(seen.records, 5);
	assert_string_equal(seen.last, "0 4 end");
	/* A last line may lack its newline. */
	assert_string_equal(problem_of(text, strlen(text) - 1, &seen), "");
	free(text);
}

static void test_bytes_one_by_one(void **state)
{
	char *text = whole();
	struct seen seen = {0};
	struct decoder *decoder = decoder_new(1, see, NULL, &seen);

	(void)state;
	for (const char *c = text; *c; c++)
		decoder_feed(decoder, c, 1);
	decoder_finish(decoder);
	assert_null(decoder_problem(decoder, 0));
	assert_int_equal(seen.records, 5);
	decoder_free(decoder);
	free(text);
}

/*
 * Whatever byte of a record changes, is lost or is doubled: the stream must not pass with other
 * content.
 */
static void test_every_single_damage(void **state)
{
	char *text = whole();
	size_t size = strlen(text), damaged = 0;
	char *copy = g_malloc0(size + 2);
	struct seen seen;

	(void)state;
	for (size_t i = 0; i < size; i++) {
		const char *from = text + i;
		bool in_record;

		while (from > text && from[-1] != '\n')
			from--;
		from = strstr(from, EB_RECORD_MAGIC);
		in_record = from && from <= text + i && text + i < strstr(from, " *") + 10;
		for (int bit = 0; bit < 8; bit++) {
			memcpy(copy, text, size);
			copy[i] ^= (char)(1 << bit);
			if (!problem_of(copy, size, &seen)[0]) {
				assert_false(in_record);
				assert_int_equal(seen.records, 5);
			}
			damaged += in_record;
		}
		memcpy(copy, text, i);
		memcpy(copy + i, text + i + 1, size - i - 1);
		if (in_record)
			assert_string_not_equal(problem_of(copy, size - 1, &seen), "");
		memcpy(copy + i + 1, text + i, size - i);
		copy[i] = text[i];
		/* "@@EB1" is a record behind an '@' of somebody else, and "*crcc" has its CRC. */
		if (in_record && text[i] != '@' && text + i != strstr(from, " *") + 9)
			assert_string_not_equal(problem_of(copy, size + 1, &seen), "");
	}
	assert_true(damaged > 1000);
	free(copy);
	free(text);
}

/* Cut anywhere before its last record's end, a stream is never whole. */
static void test_every_truncation(void **state)
{
	char *text = whole();
	struct seen seen;

	(void)state;
	for (size_t size = 0; size + 1 < strlen(text); size++)
		assert_string_not_equal(problem_of(text, size, &seen), "");
	free(text);
}

static void test_reasons(void **state)
{
	const char *begin = line("0 0 begin bench=a");
	const char *one = line("0 1 flag name=x");
	const char *two = line("0 2 end records=3 status=ok");
	const char *four = line("0 4 end records=5 status=ok");
	char text[9000];

	(void)state;
	says("", "it never began (no damaged line)");
	sprintf(text, "%s\n%s\n", begin, two);
	says(text, "record 1 is lost (no damaged line)");
	sprintf(text, "%s\n%s\n", begin, four);
	says(text, "records 1 to 3 are lost");
	sprintf(text, "%s\n%s\n%s\n%s\n", begin, one, one, two);
	says(text, "record 1 came again or late, after record 1");
	sprintf(text, "%s\n%s\n%s\n", one, begin, two);
	says(text, "record 0 is lost");
	sprintf(text, "%s\n%s\n", begin, one);
	says(text, "it breaks off after record 1");
	sprintf(text, "%s\n%s\n%s\n%s\n", begin, one, two, one);
	says(text, "record 1 came after the last one");
	sprintf(text, "%s\n", line("0 0 flag name=x"));
	says(text, "record 0 is of type flag");
	sprintf(text, "%s\n%s\n", begin, line("0 1 begin bench=a"));
	says(text, "record 1 is of type begin");
	sprintf(text, "%s\n%s\n", begin, line("0 1 end records=9 status=ok"));
	says(text, "number 1 but counts 9 records");
	sprintf(text, "%s\n%s\n", begin, line("0 1 end status=ok"));
	says(text, "does not count the records");
	sprintf(text, "%s\n%.20s\n%s\n", begin, one, two);
	says(text, "a record without its CRC: \"@EB1 0 1 flag name=x");
	sprintf(text, "%s\n%s\n%s\n", begin, line("7 1 flag name=x"), two);
	says(text, "a record of unknown stream: \"@EB1 7 1 flag");
	sprintf(text, "%s\n%s\n%s\n", begin, line("0 1 flag name"), two);
	says(text, "a field without key or '='");
	sprintf(text, "%s\n%s\n%s\n", begin, line("0 1 flag name=%4"), two);
	says(text, "an escape that is no %XX");
	sprintf(text, "%s\n%s\n%s\n", begin, line("0 18446744073709551616 flag"), two);
	says(text, "a sequence number that is none");
}

/* A record cut short does not take the next one along, and one on a very long line is found. */
static void test_shared_lines(void **state)
{
	const char *begin = line("0 0 begin bench=a");
	const char *end = line("0 1 end records=2 status=ok");
	char *noise = g_malloc0(100001);
	struct seen seen;
	char *text;

	(void)state;
	memset(noise, '.', 100000);
	for (size_t i = 0; i < 100000; i += 997)
		memcpy(noise + i, "@EB1 ", 5);
	text = g_strdup_printf("@EB1 0 0 beg%s\n%s%s%s%s\n", begin, noise, end, noise, noise);
	assert_string_equal(problem_of(text, strlen(text), &seen), "");
	assert_int_equal(seen.records, 2);
	free(text);
	free(noise);
}

static void test_length_limits(void **state)
{
	char value[EB_RECORD_MAX + 1], body[EB_RECORD_MAX + 100];
	size_t frame = strlen(line("0 1 flag x="));
	struct seen seen;
	char *text;

	(void)state;
	for (size_t size = EB_RECORD_MAX - 1; size <= EB_RECORD_MAX + 1; size++) {
		memset(value, 'v', size - frame);
		value[size - frame] = 0;
		sprintf(body, "0 1 flag x=%s", value);
		assert_int_equal(strlen(line(body)), size);
		text = g_strdup_printf("%s\n%s\r\n%s\n", line("0 0 begin bench=a"), line(body),
				       line("0 2 end records=3 status=ok"));
		assert_int_equal(!problem_of(text, strlen(text), &seen)[0], size <= EB_RECORD_MAX);
		free(text);
	}
}

static void test_streams_apart(void **state)
{
	struct seen seen = {0};
	struct decoder *decoder = decoder_new(2, see, NULL, &seen);
	char text[2000];

	(void)state;
	sprintf(text, "%s\n%s\n%s\n%s\n%s\n", line("kernel 0 boot variant=v"),
		line("1 0 begin bench=b"), line("0 0 begin bench=a"), line("1 1 end records=2"),
		line("kernel 1 exit records=2"));
	decoder_feed(decoder, text, strlen(text));
	decoder_finish(decoder);
	assert_null(decoder_problem(decoder, STREAM_KERNEL));
	assert_null(decoder_problem(decoder, 1));
	assert_non_null(decoder_problem(decoder, 0));
	assert_true(decoder_began(decoder, 0));
	assert_int_equal(seen.records, 5);
	decoder_free(decoder);
}

struct heard {
	struct seen seen; /* for see() */
	char *text;
	size_t size;
};

/* Records show among the text as dots. */
static void see_dot(void *context, int stream, const struct record *record)
{
	struct heard *heard = context;

	(void)stream;
	(void)record;
	heard->text[heard->size++] = '.';
}

static void hear(void *context, const char *bytes, size_t size)
{
	struct heard *heard = context;

	memcpy(heard->text + heard->size, bytes, size);
	heard->size += size;
}

/* The text of a console, fed in pieces of that size. */
static void hears(const char *console, size_t piece, const char *expected)
{
	size_t size = strlen(console);
	struct heard heard = {.text = g_malloc0(size + 1)};
	struct decoder *decoder = decoder_new(1, see_dot, hear, &heard);

	for (size_t at = 0; at < size; at += piece)
		decoder_feed(decoder, console + at, size - at < piece ? size - at : piece);
	decoder_finish(decoder);
	heard.text[heard.size] = 0;
	assert_string_equal(heard.text, expected);
	decoder_free(decoder);
	free(heard.text);
}

/* What is no record comes to the byte and in its place; a record's newline is the record's. */
static void test_text(void **state)
{
	const char *one = line("0 0 begin bench=a"), *two = line("0 1 end records=2 status=ok");
	char *console = g_strdup_printf("a\r\n%s\n\nno newline%s\r\nb@EB1 \n%s c\n%s%s\nd", one,
					two, line("7 0 flag name=x"), one, two);
	char *expected =
	    g_strdup_printf("a\r\n.\nno newline.b@EB1 \n%s c\n..d", line("7 0 flag name=x"));
	char *longest = g_malloc0(10001);

	(void)state;
	for (size_t piece = 1; piece < strlen(console); piece++)
		hears(console, piece, expected);
	for (size_t i = 0; i < 10000; i++)
		longest[i] = (char)('a' + i % 26);
	memcpy(longest + 1998, "@EB1 @EB", 8);
	hears(longest, 10000, longest);
	hears(longest, 7, longest);
	free(longest);
	free(expected);
	free(console);
}

static bool add_reading(void *context, int64_t reading, uint64_t count)
{
	int64_t *sum = context;

	sum[0] += reading * (int64_t)count;
	sum[1] += (int64_t)count;
	return sum[1] < 100;
}

static void test_fields(void **state)
{
	char text[] = "@EB1 0 1 x a=1 b= c=%41%20%25%0Ab";
	int64_t sum[2] = {0, 0};
	struct record record;
	char value[20];

	(void)state;
	assert_null(record_parse(text, strlen(text), &record));
	assert_string_equal(record_get(&record, "a"), "1");
	assert_string_equal(record_get(&record, "b"), "");
	assert_null(record_get(&record, "d"));
	record_text(&record, "c", value, sizeof(value));
	assert_string_equal(value, "A %?b");
	record_text(&record, "c", value, 3);
	assert_string_equal(value, "A ");
	assert_true(readings_each("-3:2,7:1", false, add_reading, sum));
	assert_true(sum[0] == 1 && sum[1] == 3);
	assert_true(readings_each("1,2,3", true, add_reading, sum));
	assert_true(sum[0] == 7 && sum[1] == 6);
	assert_true(readings_each("", false, add_reading, sum));
	assert_false(readings_each("1", false, add_reading, sum));
	assert_false(readings_each("1:0", false, add_reading, sum));
	assert_false(readings_each("1:-1", false, add_reading, sum));
	assert_false(readings_each("1:2,", false, add_reading, sum));
	assert_false(readings_each("1:2;3:4", false, add_reading, sum));
	assert_true(readings_each("-9223372036854775808:1", false, add_reading, (int64_t[2]){0}));
	assert_true(readings_each("9223372036854775807:1", false, add_reading, (int64_t[2]){0}));
	assert_false(readings_each("9223372036854775808:1", false, add_reading, sum));
	assert_false(readings_each("-9223372036854775809:1", false, add_reading, sum));
	assert_false(readings_each("99999999999999999999:1", false, add_reading, sum));
	assert_false(readings_each(" 1:1", false, add_reading, sum));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_crc),
	    cmocka_unit_test(test_whole_stream),
	    cmocka_unit_test(test_bytes_one_by_one),
	    cmocka_unit_test(test_every_single_damage),
	    cmocka_unit_test(test_every_truncation),
	    cmocka_unit_test(test_reasons),
	    cmocka_unit_test(test_shared_lines),
	    cmocka_unit_test(test_length_limits),
	    cmocka_unit_test(test_streams_apart),
	    cmocka_unit_test(test_text),
	    cmocka_unit_test(test_fields),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
