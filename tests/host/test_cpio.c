/*
 * Initrds: cpio(1) reads what is written, and what is written comes out again; nothing damaged or
 * hostile gets through.
 */
#include <sys/stat.h>
#include <unistd.h>

#include "machine/machine.h"
#include "scratch.h"

#define HEADER_SIZE 110

/* An archive of one file, or of nothing where there is no name. */
static GByteArray *one_file(const char *name, const char *text)
{
	struct cpio *cpio = cpio_new();
	struct error error;

	if (name)
		assert_int_equal(cpio_add(cpio, name, text, strlen(text), &error), 0);
	return cpio_finish(cpio);
}

/* What a shell command within the folder prints. */
static void expect(const char *dir, const char *command, const char *output)
{
	g_autofree char *line = g_strdup_printf("cd '%s' && { %s ; } 2>&1", dir, command);
	char text[65536];
	FILE *pipe = popen(line, "r");

	assert_non_null(pipe);
	text[fread(text, 1, sizeof(text) - 1, pipe)] = 0;
	pclose(pipe);
	assert_string_equal(text, output);
}

static void save(const char *dir, const GByteArray *bytes)
{
	struct error error;

	assert_int_equal(file_replace(dir, "a", bytes->data, bytes->len, &error), 0);
}

/* Names and contents of all lengths modulo four, so that every padding is met. */
static void test_written(void **state)
{
	struct cpio *cpio = cpio_new();
	g_autoptr(GByteArray) bytes = NULL;
	struct error error;
	char name[20], data[10];

	for (int i = 0; i < 9; i++) {
		memset(data, 'a' + i, sizeof(data));
		sprintf(name, "bench/%.*s", i + 1, "program_x");
		assert_int_equal(cpio_add(cpio, name, data, (size_t)i, &error), 0);
	}
	bytes = cpio_finish(cpio);
	assert_int_equal(bytes->len % 4, 0);
	save(*state, bytes);
	expect(*state, "cpio -t --quiet < a | tr '\\n' ' '",
	       "bench bench/p bench/pr bench/pro bench/prog bench/progr bench/progra "
	       "bench/program bench/program_ bench/program_x ");
	expect(*state,
	       "cpio -id --quiet < a && cat bench/progr bench/program_x && ls -l bench/p | "
	       "cut -c1-10",
	       "eeeeiiiiiiii-rwxr-xr-x\n");
}

static void test_file_of_host(void **state)
{
	struct cpio *cpio = cpio_new();
	g_autofree char *path = g_build_filename(*state, "input", NULL);
	g_autoptr(GByteArray) bytes = NULL;
	struct error error;

	assert_int_equal(file_replace(*state, "input", "12345", 5, &error), 0);
	assert_int_equal(cpio_add_file(cpio, "plan", path, &error), 0);
	assert_int_equal(cpio_add_file(cpio, "none", "/no/such/file", &error), -1);
	assert_non_null(strstr(error.text, "/no/such/file"));
	bytes = cpio_finish(cpio);
	save(*state, bytes);
	expect(*state, "cpio -i --quiet < a && cat plan", "12345");
}

/* Writes the archive as DIR/initrd, and unpacks it into DIR/out. */
static int unpack(const char *dir, const void *data, size_t size, struct error *error)
{
	g_autofree char *file = g_build_filename(dir, "initrd", NULL);
	g_autofree char *out = g_build_filename(dir, "out", NULL);

	*error = (struct error){""};
	folder_remove(out);
	assert_int_equal(folder_make(out, error), 0);
	assert_int_equal(file_replace(dir, "initrd", data, size, error), 0);
	return cpio_unpack(file, out, error);
}

static void assert_content(const char *dir, const char *name, const char *text)
{
	g_autofree char *path = g_build_filename(dir, "out", name, NULL);
	g_autofree char *content = file_read(path, NULL, NULL);
	struct stat facts;

	assert_non_null(content);
	assert_string_equal(content, text);
	assert_int_equal(stat(path, &facts), 0);
	assert_int_equal(facts.st_mode & 0111, 0111);
}

/* One behind the other, at every distance, and behind zeros. */
static void test_several_archives(void **state)
{
	static const char zeros[512];
	static const size_t gaps[] = {0, 4, 512};
	struct error error;

	for (size_t i = 0; i < G_N_ELEMENTS(gaps); i++) {
		struct cpio *cpio = cpio_new();
		g_autoptr(GByteArray) whole = NULL;
		g_autoptr(GByteArray) plan = one_file("plan", "bench/a\n");
		g_autoptr(GByteArray) last = one_file("last", "07070");

		assert_int_equal(cpio_add(cpio, "bench/a", "12345", 5, &error), 0);
		assert_int_equal(cpio_add(cpio, "bench/deep/b", "", 0, &error), 0);
		whole = cpio_finish(cpio);
		g_byte_array_append(whole, (const guint8 *)zeros, (guint)gaps[i]);
		g_byte_array_append(whole, plan->data, plan->len);
		g_byte_array_append(whole, (const guint8 *)zeros, (guint)gaps[i]);
		g_byte_array_append(whole, last->data, last->len);
		assert_int_equal(unpack(*state, whole->data, whole->len, &error), 0);
		assert_content(*state, "bench/a", "12345");
		assert_content(*state, "bench/deep/b", "");
		assert_content(*state, "plan", "bench/a\n");
		assert_content(*state, "last", "07070");
	}
}

static void test_cut_short(void **state)
{
	g_autoptr(GByteArray) bytes = one_file("file", "0123456789");
	struct error error;

	for (size_t size = 1; size < bytes->len - 3; size++) {
		assert_int_equal(unpack(*state, bytes->data, size, &error), -1);
		assert_non_null(strstr(error.text, "/initrd: "));
	}
	assert_int_equal(unpack(*state, bytes->data, bytes->len, &error), 0);
}

static void test_names(void **state)
{
	static const char *const bad[] = {"/etc/x", "../x", "a/../../x", "a/..", "..", ""};
	static const char *const good[] = {"..x", "x..", "...", "a..b"};
	struct error error;

	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
		/* Without the folders that are made for a name. */
		g_autoptr(GByteArray) bytes = one_file("0123456789", "x");

		strcpy((char *)bytes->data + HEADER_SIZE, bad[i]);
		assert_int_equal(unpack(*state, bytes->data, bytes->len, &error), -1);
		expect(*state, "ls out x a /etc/x 2>/dev/null", "out:\n");
	}
	for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
		g_autoptr(GByteArray) bytes = one_file(good[i], "x");

		assert_int_equal(unpack(*state, bytes->data, bytes->len, &error), 0);
		assert_content(*state, good[i], "x");
	}
}

/* Nothing is written through a link, whoever put it there. */
static void test_links(void **state)
{
	g_autofree char *file = g_build_filename(*state, "a", NULL);
	g_autofree char *out = g_build_filename(*state, "out", NULL);
	g_autofree char *linked = g_build_filename(*state, "linked", NULL);
	g_autoptr(GByteArray) bytes = one_file("away_x", "x");
	struct error error = {""};

	/* Without the folder, which would replace the link. */
	bytes->data[HEADER_SIZE + strlen("away")] = '/';
	save(*state, bytes);
	expect(*state, "mkdir out elsewhere && ln -s ../elsewhere out/away", "");
	assert_int_equal(cpio_unpack(file, out, &error), -1);
	expect(*state, "ls elsewhere", "");
	/* On the way to the folder they may be. */
	expect(*state, "mkdir real && ln -s real linked", "");
	assert_int_equal(cpio_unpack(file, linked, &error), 0);
	expect(*state, "cat real/away/x", "x");
}

/* One byte of the header changed. */
static void test_damaged_headers(void **state)
{
	static const struct {
		size_t at;
		char byte;
	} damages[] = {
	    {5, '7'},			  /* magic */
	    {54 + 7, 'g'},		  /* size, not hexadecimal */
	    {54, 'f'},			  /* size, more than there is */
	    {94, 'f'},			  /* size of the name */
	    {94 + 7, '0'}, {14 + 4, 'a'}, /* 0x8000 is a plain file, 0xa000 a symbolic link */
	    {14 + 4, '2'},		  /* a character device */
	};
	struct error error;

	for (size_t i = 0; i < G_N_ELEMENTS(damages); i++) {
		g_autoptr(GByteArray) bytes = one_file("file", "x");

		bytes->data[damages[i].at] = (guint8)damages[i].byte;
		assert_int_equal(unpack(*state, bytes->data, bytes->len, &error), -1);
		expect(*state, "ls -l out | grep -c ^[^-t]", "0\n");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    SCRATCH_TEST(test_written),		SCRATCH_TEST(test_file_of_host),
	    SCRATCH_TEST(test_cut_short),	SCRATCH_TEST(test_several_archives),
	    SCRATCH_TEST(test_names),		SCRATCH_TEST(test_links),
	    SCRATCH_TEST(test_damaged_headers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
