/* The cpio writer, judged by cpio(1). */
#include "scratch.h"

#include <sys/stat.h>
#include <unistd.h>

#include "machine/archive_write.h"

/* Runs a shell command within the folder and returns what it prints. */
static char *shell(const char *dir, const char *command)
{
	char *line = memory_format("cd '%s' && { %s ; } 2>&1", dir, command);
	char *text = memory_new(1, 65536);
	FILE *pipe = popen(line, "r");

	assert_non_null(pipe);
	text[fread(text, 1, 65535, pipe)] = 0;
	pclose(pipe);
	free(line);
	return text;
}

static void expect(const char *dir, const char *command, const char *output)
{
	char *text = shell(dir, command);

	assert_string_equal(text, output);
	free(text);
}

static void save(const char *dir, const struct archive *archive)
{
	struct error error;

	assert_int_equal(file_replace(dir, "a", archive->data, archive->size, &error), 0);
}

/* Names and contents of all lengths modulo four, so that every padding is met. */
static void test_unpacks(void **state)
{
	struct archive archive = {0};
	char name[20], data[10];

	for (int i = 0; i < 9; i++) {
		memset(data, 'a' + i, sizeof(data));
		sprintf(name, "bench/%.*s", i + 1, "program_x");
		archive_add(&archive, name, data, (size_t)i);
	}
	archive_finish(&archive);
	assert_int_equal(archive.size % 4, 0);
	save(*state, &archive);
	expect(*state, "cpio -t --quiet < a | tr '\\n' ' '",
	       "bench bench/p bench/pr bench/pro bench/prog bench/progr bench/progra "
	       "bench/program bench/program_ bench/program_x ");
	expect(*state,
	       "cpio -id --quiet < a && cat bench/progr bench/program_x && ls -l bench/p | "
	       "cut -c1-10",
	       "eeeeiiiiiiii-rwxr-xr-x\n");
	archive_free(&archive);
}

static void test_file_of_host(void **state)
{
	struct archive archive = {0};
	struct error error;
	char *path = path_join(*state, "input");

	assert_int_equal(file_replace(*state, "input", "12345", 5, &error), 0);
	assert_int_equal(archive_add_file(&archive, "plan", path, &error), 0);
	assert_int_equal(archive_add_file(&archive, "none", "/no/such/file", &error), -1);
	assert_non_null(strstr(error.text, "/no/such/file"));
	archive_finish(&archive);
	save(*state, &archive);
	expect(*state, "cpio -i --quiet < a && cat plan", "12345");
	archive_free(&archive);
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    SCRATCH_TEST(test_unpacks),
	    SCRATCH_TEST(test_file_of_host),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
