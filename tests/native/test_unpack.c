/* Initrds taken apart: what was put in comes out, and nothing damaged or hostile gets through. */
#include "scratch.h"

#include <sys/stat.h>

#include "machine/archive_write.h"
#include "machine/archive_read.h"

#define HEADER_SIZE 110

/* Writes the archive as DIR/initrd, and unpacks it into DIR/out. */
static int unpack(const char *dir, const void *data, size_t size, struct error *error)
{
	char *file = path_join(dir, "initrd"), *out = path_join(dir, "out");
	int result;

	folder_remove(out);
	assert_int_equal(folder_make(out, error), 0);
	assert_int_equal(file_replace(dir, "initrd", data, size, error), 0);
	result = archive_unpack(file, out, error);
	free(file);
	free(out);
	return result;
}

static void assert_content(const char *dir, const char *name, const char *text)
{
	char *path = memory_format("%s/out/%s", dir, name);
	char *content = file_read(path, NULL, NULL);
	struct stat facts;

	assert_non_null(content);
	assert_string_equal(content, text);
	assert_int_equal(stat(path, &facts), 0);
	assert_int_equal(facts.st_mode & 0111, 0111);
	free(content);
	free(path);
}

static void test_several_archives(void **state)
{
	struct archive programs = {0}, plan = {0};
	struct error error = {""};
	char *whole;
	size_t size;

	archive_add(&programs, "bench/a", "12345", 5);
	archive_add(&programs, "bench/deep/b", "", 0);
	archive_finish(&programs);
	archive_add(&plan, "plan", "bench/a\n", 8);
	archive_finish(&plan);
	size = programs.size + 512 + plan.size;
	whole = memory_new(size, 1);
	memcpy(whole, programs.data, programs.size);
	memcpy(whole + programs.size + 512, plan.data, plan.size);
	assert_int_equal(unpack(*state, whole, size, &error), 0);
	assert_content(*state, "bench/a", "12345");
	assert_content(*state, "bench/deep/b", "");
	assert_content(*state, "plan", "bench/a\n");
	free(whole);
	archive_free(&programs);
	archive_free(&plan);
}

static void test_cut_short(void **state)
{
	struct archive archive = {0};
	struct error error = {""};

	archive_add(&archive, "file", "0123456789", 10);
	/* Everything that is no whole entry is refused. */
	for (size_t size = 1; size < HEADER_SIZE + 5 + 1 + 10; size++)
		assert_int_equal(unpack(*state, archive.data, size, &error), -1);
	assert_int_equal(unpack(*state, archive.data, archive.size, &error), 0);
	archive_free(&archive);
}

static void test_names(void **state)
{
	static const char *const bad[] = {"/etc/x", "../x", "a/../../x", "a/..", "..", ""};
	static const char *const good[] = {"..x", "x..", "...", "a..b"};
	struct error error = {""};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct archive archive = {0};

		/* Without the folders that archive_add() makes for a name. */
		archive_add(&archive, "0123456789", "x", 1);
		strcpy(archive.data + HEADER_SIZE, bad[i]);
		assert_int_equal(unpack(*state, archive.data, archive.size, &error), -1);
		assert_non_null(strstr(error.text, "leads out of its folder"));
		archive_free(&archive);
	}
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct archive archive = {0};

		archive_add(&archive, good[i], "x", 1);
		assert_int_equal(unpack(*state, archive.data, archive.size, &error), 0);
		archive_free(&archive);
	}
}

/* One byte of the header changed. */
static void assert_refused(const char *dir, size_t at, char byte, const char *why)
{
	struct archive archive = {0};
	struct error error = {""};

	archive_add(&archive, "file", "x", 1);
	archive.data[at] = byte;
	assert_int_equal(unpack(dir, archive.data, archive.size, &error), -1);
	assert_non_null(strstr(error.text, why));
	archive_free(&archive);
}

static void test_damaged_headers(void **state)
{
	assert_refused(*state, 5, '7', "no newc cpio header");
	assert_refused(*state, 54 + 7, 'g', "not hexadecimal");
	assert_refused(*state, 54, 'f', "cut short");
	assert_refused(*state, 94, 'f', "has no end");
	assert_refused(*state, 94 + 7, '0', "has no end");
	/* 0x8000 is a plain file, 0xa000 a symbolic link. */
	assert_refused(*state, 14 + 4, 'a', "neither file nor folder");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    SCRATCH_TEST(test_several_archives),
	    SCRATCH_TEST(test_cut_short),
	    SCRATCH_TEST(test_names),
	    SCRATCH_TEST(test_damaged_headers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
