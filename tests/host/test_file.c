/* Names of files that are another one for every text, locks on folders, and files read whole. */
#include "scratch.h"

#include <glib.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void test_names_differ(void **state)
{
	static const char *const texts[] = {"q=,", "q=_",   "a=<", "a=>", "a b",
					    "a+b", "a%20b", "a/b", ".a",  "%2Ea",
					    "ä",   "A",	    "a",   "",	  "a~b"};
	g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		char *name = path_safe_parts(texts[i], NULL);

		assert_null(strpbrk(name, "/,<> ~"));
		assert_true(name[0] != '.');
		assert_true(g_hash_table_add(names, name));
	}
}

static void test_names_of_parts(void **state)
{
	g_autofree char *plain = path_safe_parts("tcg", "sysret-kpti", "deep:4096", "0", NULL);
	g_autofree char *one = path_safe_parts("m", "a.1", "2", NULL);
	g_autofree char *other = path_safe_parts("m", "a", "1", "2", NULL);

	(void)state;
	assert_string_equal(plain, "tcg.sysret-kpti.deep:4096.0");
	assert_string_not_equal(one, other);
}

static void test_long_names(void **state)
{
	g_autofree char *text = g_strnfill(3000, 'x'), *one = path_safe_parts(text, NULL),
			*other = NULL;
	struct error error;

	text[2999] = 'y';
	other = path_safe_parts(text, NULL);
	assert_string_not_equal(one, other);
	assert_int_equal(file_replace(*state, one, "x", 1, &error), 0);
}

static void test_lock(void **state)
{
	g_autofree char *expected = NULL;
	struct error error;
	int ready[2], status;
	pid_t child;
	char byte;

	assert_int_equal(pipe(ready), 0);
	child = fork();
	if (child == 0) {
		if (folder_lock(*state, &error) || write(ready[1], "", 1) != 1)
			_exit(1);
		pause();
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_int_equal(folder_lock(*state, &error), -1);
	expected = g_strdup_printf("%s is in use by process %d", (char *)*state, child);
	assert_string_equal(error.text, expected);
	/* It goes with its process, however that ends. */
	kill(child, SIGKILL);
	waitpid(child, &status, 0);
	assert_int_equal(folder_lock(*state, &error), 0);
	close(ready[0]);
	close(ready[1]);
}

static void test_read(void **state)
{
	g_autofree char *pipe = g_build_filename(*state, "pipe", NULL), *text = NULL;
	struct error error;
	size_t size;

	assert_int_equal(mkfifo(pipe, 0600), 0);
	assert_null(file_read(pipe, NULL, &error));
	assert_non_null(strstr(error.text, "no regular file"));
	assert_null(file_read("/no/such/file", NULL, &error));
	assert_string_equal(error.text, "cannot read /no/such/file: No such file or directory");
	/* Files of procfs say that they are empty. */
	text = file_read("/proc/self/stat", &size, &error);
	assert_true(text && size > 10 && strlen(text) == size);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_names_differ),
	    cmocka_unit_test(test_names_of_parts),
	    SCRATCH_TEST(test_long_names),
	    SCRATCH_TEST(test_lock),
	    SCRATCH_TEST(test_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
