/* What a stick keeps of its boots: what GRUB wrote is read, and nothing damaged or foreign is. */
#include <archive.h>
#include <archive_entry.h>

#include "run/run.h"
#include "scratch.h"

#define HEAD "# GRUB Environment Block\n"

/* What stands in RAM, as GRUB writes it: "r0= WORD WORD ...", a row for each 4 KiB. */
static char *written(const char *said, size_t kept, size_t all)
{
	uint32_t crc = EB_CRC_START, header[4];
	g_autoptr(GByteArray) bytes = g_byte_array_new();
	GString *text = g_string_new(HEAD);

	for (size_t i = 0; i < kept; i++)
		crc = eb_crc_byte(crc, (uint8_t)said[i]);
	header[0] = 0x314b4245;
	header[1] = (uint32_t)(sizeof(header) + kept);
	header[2] = (uint32_t)all;
	header[3] = eb_crc_finish(crc);
	g_byte_array_append(bytes, (const guint8 *)header, sizeof(header));
	g_byte_array_append(bytes, (const guint8 *)said, (guint)kept);
	while (bytes->len % 256)
		g_byte_array_append(bytes, (const guint8 *)"x", 1);
	for (guint i = 0; i < bytes->len; i += 4) {
		uint32_t word;

		memcpy(&word, bytes->data + i, sizeof(word));
		if (i % 4096 == 0)
			g_string_append_printf(text, "%sr%x=", i ? "\n" : "", i / 4096);
		g_string_append_printf(text, " %x", word);
	}
	g_string_append(text, "\n####");
	return g_string_free(text, FALSE);
}

static void expect(const char *text, const char *wrong, const char *content)
{
	g_autoptr(GString) stream = g_string_new(NULL);
	const char *said = keep_read(text, stream);

	if (wrong && !(said && strstr(said, wrong)))
		fail_msg("%.60s: %s instead of %s", text, said ?: "nothing", wrong);
	if (!wrong)
		assert_null(said);
	assert_string_equal(stream->str, content);
}

static void test_read(void **state)
{
	g_autofree char *many = g_strnfill(KEEP_SIZE - 16, 'y');
	g_autofree char *empty = written("", 0, 0), *little = written("hello\n", 6, 6);
	g_autofree char *full = written(many, KEEP_SIZE - 16, KEEP_SIZE - 16);

	(void)state;
	expect(empty, NULL, "");
	expect(little, NULL, "hello\n");
	expect(full, NULL, many);
}

/* The core had more to say than there is room. */
static void test_cut_by_core(void **state)
{
	g_autofree char *text = written("hello world\n", 5, 12);

	(void)state;
	expect(text, NULL,
	       "hello\nthe stick keeps 5 bytes of a boot, and this one sent 12: choose fewer "
	       "benchmarks (-B), or fewer windows (-n)\n");
}

static void test_damaged(void **state)
{
	g_autofree char *many = g_strnfill(9000, 'y'), *text = written(many, 9000, 9000);
	g_autofree char *cut = g_strndup(text, strlen(text) / 2 + 3);
	g_autofree char *ended = g_strconcat(cut, "\n", NULL);
	char *at;

	(void)state;
	expect("", "nothing was kept", "");
	expect(HEAD "########", "nothing was kept", "");
	expect(HEAD "r0=\n###", "nothing was kept", "");
	expect(HEAD "r0= 1 2 3\n", "cut short", "");
	expect(HEAD "r0= 314b4245 8 0 0\n", "not of this tool", "");
	expect(HEAD "r0= 12345678 10 0 0\n", "not of this tool", "");
	expect(HEAD "r0= 314b4245 ffffffff 0 0\n", "cut short", "");
	expect(HEAD "r0= 314b4245 10 0 1\n", "checksum", "");
	expect(HEAD "r0= 314b4245 word 0 0\n", "damaged", "");
	expect(HEAD "r0= 1314b4245 10 0 0\n", "damaged", "");
	expect(cut, "damaged", "");
	expect(ended, "cut short", "");
	at = strstr(text, "79797979");
	at[1] = '8';
	expect(text, "checksum", "");
	at[1] = '9';
	at = strstr(text, "\nr1=");
	at[2] = '9'; /* a row is lacking, the rest moves up */
	expect(text, "checksum", "");
}

/* More rows than the place has bytes. */
static void test_too_long(void **state)
{
	g_autoptr(GString) text = g_string_new(HEAD "r0=");

	(void)state;
	for (unsigned i = 0; i <= KEEP_SIZE / 4; i++)
		g_string_append(text, " 314b4245");
	g_string_append(text, "\n");
	expect(text->str, "damaged", "");
}

static void add(struct archive *to, const char *name, const char *text)
{
	struct archive_entry *entry = archive_entry_new();

	archive_entry_set_pathname(entry, name);
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_perm(entry, 0644);
	archive_entry_set_size(entry, (la_int64_t)strlen(text));
	assert_int_equal(archive_write_header(to, entry), ARCHIVE_OK);
	assert_int_equal(archive_write_data(to, text, strlen(text)), strlen(text));
	archive_entry_free(entry);
}

static void test_stick(void **state)
{
	g_autofree char *stick = g_build_filename(*state, "stick", NULL);
	g_autofree char *out = g_build_filename(*state, "out", NULL), *content = NULL;
	g_autofree char *one = written("one\n", 4, 4), *two = written("two\n", 4, 4);
	struct archive *to = archive_write_new();
	struct error error;

	archive_write_set_format_iso9660(to);
	assert_int_equal(archive_write_open_filename(to, stick), ARCHIVE_OK);
	add(to, "grub.cfg", "set timeout=0\n");
	add(to, "kept/0", one);
	add(to, "kept/1", HEAD "###");
	add(to, "kept/10", two);
	assert_int_equal(archive_write_free(to), ARCHIVE_OK);
	assert_true(keep_is_stick(stick));
	assert_int_equal(keep_collect(stick, out, &error), 0);
	content = file_read(out, NULL, &error);
	assert_true(!strcmp(content, "one\ntwo\n") || !strcmp(content, "two\none\n"));
}

static void test_no_stick(void **state)
{
	g_autofree char *file = g_build_filename(*state, "x", NULL);
	g_autofree char *out = g_build_filename(*state, "out", NULL);
	g_autofree char *zeros = g_malloc0(100000);
	struct error error = {""};

	assert_false(keep_is_stick(file));
	assert_false(keep_is_stick("/dev/null"));
	assert_int_equal(file_replace(*state, "x", zeros, 100000, &error), 0);
	assert_false(keep_is_stick(file));
	memcpy(zeros + 32769, "CD001", 5);
	assert_int_equal(file_replace(*state, "x", zeros, 100000, &error), 0);
	assert_true(keep_is_stick(file));
	assert_int_equal(keep_collect(file, out, &error), -1);
	assert_non_null(strstr(error.text, file));
	assert_false(g_file_test(out, G_FILE_TEST_EXISTS));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_read),    cmocka_unit_test(test_cut_by_core),
	    cmocka_unit_test(test_damaged), cmocka_unit_test(test_too_long),
	    SCRATCH_TEST(test_stick),	    SCRATCH_TEST(test_no_stick),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
