/*
 * libFuzzer target: the host tool's readers of what others wrote. FUZZ_TARGET names the reader; a
 * file's content is the input.
 */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bill/ledger.h"
#include "guest/guest.h"
#include "run/run.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define PROGRAMS 3

static char *folder; /* of this process */
static struct error error;

static char *path(const char *name)
{
	return g_build_filename(folder, name, NULL);
}

static void put(const char *name, const void *data, size_t size)
{
	g_autofree char *to = path(name), *dir = g_path_get_dirname(to);
	g_autofree char *base = g_path_get_basename(to);

	if (folder_make(dir, &error) || file_replace(dir, base, data, size, &error))
		abort();
}

/* A guest that sends this: decoder, kernel's records, programs' records, figures and verdict. */
static void take_console(const char *bytes, size_t size)
{
	struct guest *guest = guest_new(&machine_metal, NULL, 10);

	for (int i = 0; i < PROGRAMS; i++)
		guest_add_program(guest, i < 2 ? "one" : NULL, "");
	guest_make_decoder(guest);
	guest_take_output(guest, bytes, size);
	decoder_finish(guest->decoder);
	guest->end = GUEST_ENDED;
	verdict_fill(guest);
	for (int i = 0; i < PROGRAMS; i++)
		program_finish(&guest->programs[i], CLASS_SILICON, false);
	guest_free(guest);
}

static void fuzz_decoder(const uint8_t *data, size_t size)
{
	take_console((const char *)data, size);
}

static bool take_boot(void *context, unsigned boot, const char *bytes, size_t size)
{
	(void)context;
	if (boot >= PROGRAMS)
		abort();
	take_console(bytes, size);
	return true;
}

static void fuzz_collect(const uint8_t *data, size_t size)
{
	unsigned foreign;

	streams_cut((const char *)data, size, "0badcafe", PROGRAMS, &foreign, take_boot, NULL);
}

static void fuzz_kept(const uint8_t *data, size_t size)
{
	g_autofree char *text = g_strndup((const char *)data, size);
	g_autoptr(GString) stream = g_string_new(NULL);

	keep_read(text, stream);
}

/* What is accepted can be summed up, written, and is accepted again. */
static void look_at(struct run *run)
{
	g_autofree char *again = path("again");
	struct run second;

	summary_fill(run);
	if (folder_make(again, &error) || run_save(run, again, &error))
		abort();
	if (run_load(&second, again, &error)) {
		fprintf(stderr, "not accepted again: %s\n", error.text);
		abort();
	}
	run_free(&second);
}

static void fuzz_run(const uint8_t *data, size_t size)
{
	g_autofree char *file = path("run.json");
	struct run run;

	put("run.json", data, size);
	if (run_load_file(&run, file, &error) == 0)
		look_at(&run);
	run_free(&run);
}

/* Up to the first NUL run.json, behind it the journal. */
static void fuzz_journal(const uint8_t *data, size_t size)
{
	const uint8_t *cut = memchr(data, 0, size);
	size_t first = cut ? (size_t)(cut - data) : size;
	g_autofree char *dir = path("journal");
	struct run run;

	put("journal/run.json", data, first);
	put("journal/run.journal", data + first + !!cut, size - first - !!cut);
	if (run_load(&run, dir, &error) == 0)
		look_at(&run);
	run_free(&run);
}

static void fuzz_merge(const uint8_t *data, size_t size)
{
	const uint8_t *cut = memchr(data, 0, size);
	size_t first = cut ? (size_t)(cut - data) : size;
	g_autofree char *a = path("a"), *b = path("b"), *out = path("out");
	const char *const dirs[] = {a, b};
	struct run run = {0};

	put("a/run.json", data, first);
	put("b/run.json", data + first + !!cut, size - first - !!cut);
	folder_remove(out);
	if (merge_runs(&run, dirs, 2, out, &error) == 0)
		look_at(&run);
	run_free(&run);
}

static void fuzz_manifest(const uint8_t *data, size_t size)
{
	g_autofree char *file = path("manifest.json");
	struct manifest manifest = {0};

	put("manifest.json", data, size);
	manifest_open(&manifest, file, &error);
	manifest_free(&manifest);
}

/* Nothing may come to lie beside the folder. */
static void fuzz_unpack(const uint8_t *data, size_t size)
{
	g_autofree char *file = path("archive"), *into = path("box/in"), *box = path("box");
	GDir *dir;
	unsigned count = 0;

	put("archive", data, size);
	folder_remove(box);
	if (folder_make(into, &error))
		abort();
	cpio_unpack(file, into, &error);
	dir = g_dir_open(box, 0, NULL);
	while (g_dir_read_name(dir))
		count++;
	g_dir_close(dir);
	if (count != 1)
		abort();
}

static void fuzz_symbols(const uint8_t *data, size_t size)
{
	g_autofree char *file = path("image");
	struct symbols symbols = {0};

	put("image", data, size);
	if (symbols_read_elf(&symbols, file, &error) == 0) {
		symbols_sort(&symbols);
		symbols_name(&symbols, UINT64_MAX);
		symbols_find_phase(&symbols, symbols.entry_start);
	}
	symbols_free(&symbols);
}

static const struct {
	const char *name;
	void (*run)(const uint8_t *data, size_t size);
} targets[] = {
    {"decoder", fuzz_decoder},	 {"collect", fuzz_collect}, {"kept", fuzz_kept},
    {"run", fuzz_run},		 {"journal", fuzz_journal}, {"merge", fuzz_merge},
    {"manifest", fuzz_manifest}, {"unpack", fuzz_unpack},   {"symbols", fuzz_symbols},
};

static void (*target)(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const char *name = getenv("FUZZ_TARGET");

	(void)argc;
	(void)argv;
	for (size_t i = 0; name && i < G_N_ELEMENTS(targets); i++)
		if (!strcmp(targets[i].name, name))
			target = targets[i].run;
	folder = scratch_new(&error);
	if (!target || !folder) {
		fprintf(stderr, "FUZZ_TARGET: which one?\n");
		exit(2);
	}
	atexit(scratch_remove);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	target(data, size);
	return 0;
}
