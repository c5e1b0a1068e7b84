/* An image that boots a plan on a PC, by BIOS or UEFI: GRUB, the kernels, an initrd a boot. */
#include "run/run.h"

#include <elf.h>

/* Debian's console fonts, for screens without characters of their own. */
#define FONT "/usr/share/consolefonts/Lat15-VGA16.psf.gz"

#define ENVIRONMENT_SIZE 1024

/*
 * The count of boots lies in GRUB's environment block, what the boots sent in others (keep.c); no
 * other file of the image is ever written. Where none can be (a CD), one boot runs and no other
 * follows.
 */
static const char grub_config[] =
    "set timeout=0\n"
    "insmod all_video\n"
    "insmod gzio\n"
    "serial --unit=0 --speed=115200\n"
    "terminal_output console serial\n"
    "load_env\n"
    "if [ \"$next\" = done ]; then\n"
    "  echo 'All boots have been run. Switch off, and give this stick to: entrybench collect'\n"
    "  echo 'ESC runs them again: what is kept is lost then.'\n"
    "  if sleep --interruptible 1000000; then halt; fi\n"
    "  set next=0\n"
    "fi\n"
    "if [ \"$next\" = 0 ]; then\n"
    "  echo 'entrybench: %u boots of this machine follow, one after the other.'\n"
    "  echo 'It starts no operating system and reads and writes no disk, but for files of this'\n"
    "  echo 'stick, in which it counts its boots and keeps what they find. Whatever runs on the'\n"
    "  echo 'machine must have been shut down. Records go to COM1 (115200 8N1), too.'\n"
    "  if [ %u -gt 0 ]; then\n"
    "    echo 'ESC within %u seconds stops it.'\n"
    "    if sleep --interruptible %u; then true; else halt; fi\n"
    "  fi\n"
    "  set some_lost=\n"
    "  set boots=\"%s\"\n"
    "  source /clear.cfg\n"
    "fi\n"
    "source /boots/$next.cfg\n";

/* The machine resets after each boot, and comes back to the next of these. */
static const char boot_config[] = "set next=%u\n"
				  "set on=reset\n"
				  "if save_env next some_lost; then true; else\n"
				  "  echo 'This medium cannot be written to: one boot only.'\n"
				  "  set on=\n"
				  "fi\n"
				  "multiboot2 /kernels/%s boot=%s:%u/%u %s $on\n"
				  "module2 /boots/%u\n"
				  "%s"
				  "boot\n";

/* What comes before it, but before the first one. */
static const char keep_boot_config[] = "set kept=%u\n"
				       "source /keep.cfg\n";

static const char end_config[] =
    "if [ -n \"$some_lost\" ]; then\n"
    "  echo 'All boots have been run. Not all of their records could be kept on the stick.'\n"
    "else\n"
    "  echo 'All %u boots have been run, and their records are kept on the stick.'\n"
    "fi\n"
    "echo 'Switch off, take the stick out, and give it to: entrybench collect'\n"
    "set next=done\n"
    "save_env next some_lost\n"
    "sleep 1000000\n";

static const char command_line[] = "exec grub-mkrescue -o \"$2\" --fonts= --locales= --themes= "
				   "\"$1\" >\"$1.log\" 2>&1";

char *image_run_file(const char *image)
{
	return g_strconcat(image, ".json", NULL);
}

char *image_plan_name(const char *run_file, struct error *error)
{
	g_autofree char *sum = file_sum(run_file, error);

	return sum ? g_strndup(sum, 8) : NULL;
}

static int write_run(const struct run *run, const char *file, struct error *error)
{
	g_autofree char *folder = scratch_new(error), *name = image_run_file(file);
	g_autofree char *dir = g_path_get_dirname(name), *base = g_path_get_basename(name);
	g_autofree char *made = folder ? g_build_filename(folder, "run.json", NULL) : NULL;

	return folder && run_save(run, folder, error) == 0 ? file_copy(dir, base, made, error) : -1;
}

__attribute__((format(printf, 4, 5))) static int
write_text(const char *dir, const char *name, struct error *error, const char *format, ...)
{
	va_list args;
	g_autofree char *text = NULL;

	va_start(args, format);
	text = g_strdup_vprintf(format, args);
	va_end(args);
	return file_replace(dir, name, text, strlen(text), error);
}

/* The boot's kernel, initrd and commands for GRUB. */
static int add_boot(const struct run_result *result, const struct initrd *initrd, const char *iso,
		    unsigned number, const char *plan, struct error *error)
{
	const struct plan_boot *boot = result->plan.boots->pdata[number];
	const struct variant *variant = boot->pair->variant;
	unsigned count = result->plan.boots->len;
	struct guest *guest = guest_new(boot->pair->machine, variant, 0);
	struct sample_sizes sizes =
	    sizes_for(boot->pair->machine, &result->run.options, boot->number);
	g_autofree char *boots = g_build_filename(iso, "boots", NULL);
	g_autofree char *kernels = g_build_filename(iso, "kernels", NULL);
	g_autofree char *kernel = g_path_get_basename(variant->image);
	g_autofree char *name = g_strdup_printf("%u", number);
	g_autofree char *config = g_strdup_printf("%u.cfg", number);
	g_autofree char *keep = number ? g_strdup_printf(keep_boot_config, number - 1) : NULL;
	g_autofree char *text = g_strdup_printf(
	    boot_config, number + 1, kernel, plan, number, count, keep_option, number,
	    g_file_test(FONT, G_FILE_TEST_EXISTS) ? "module2 /font.psf.gz\n" : "");
	int code = initrd_load(initrd, guest, plan_item(boot, 0), boot->items->len, sizes, error);

	if (code == 0)
		code = file_copy(boots, name, guest->request.initrd, error) ||
		       file_copy(kernels, kernel, variant->image, error) ||
		       write_text(boots, config, error, "%s%s", keep ?: "", text) ||
		       keep_make_file(iso, number, error);
	guest_free(guest);
	return code ? -1 : 0;
}

/* What GRUB runs outside of boots, and the files that it writes. */
static int add_configs(const char *iso, unsigned count, unsigned wait, struct error *error)
{
	g_autofree char *grub = g_build_filename(iso, "boot/grub", NULL);
	g_autofree char *boots = g_build_filename(iso, "boots", NULL);
	g_autofree char *last = g_strdup_printf("%u.cfg", count);
	g_autofree char *keep = g_strdup_printf(keep_boot_config, count - 1);
	g_autofree char *end = g_strdup_printf(end_config, count);
	g_autoptr(GString) numbers = g_string_new(NULL);
	char environment[ENVIRONMENT_SIZE + 1];

	for (unsigned i = 0; i < count; i++)
		g_string_append_printf(numbers, "%s%u", i ? " " : "", i);
	memset(environment, '#', sizeof(environment));
	memcpy(environment, "# GRUB Environment Block\nnext=0\n", 32);
	return file_replace(grub, "grubenv", environment, ENVIRONMENT_SIZE, error) ||
		       write_text(grub, "grub.cfg", error, grub_config, count, wait, wait, wait,
				  numbers->str) ||
		       write_text(iso, "keep.cfg", error, "%s", keep_config) ||
		       write_text(iso, "clear.cfg", error, "%s", keep_clear_config) ||
		       write_text(boots, last, error, "%s%s", keep, end)
		   ? -1
		   : 0;
}

static int fill(const struct run_result *result, const char *iso, const char *file, unsigned wait,
		struct error *error)
{
	static const char *const folders[] = {"boot/grub", "boots", "kernels"};
	unsigned count = result->plan.boots->len;
	g_autofree char *run_file = image_run_file(file);
	g_autofree char *plan = image_plan_name(run_file, error);
	struct initrd initrd = {0};
	int code = plan ? 0 : -1;

	for (size_t i = 0; i < G_N_ELEMENTS(folders) && code == 0; i++) {
		g_autofree char *folder = g_build_filename(iso, folders[i], NULL);

		code = folder_make(folder, error);
	}
	if (code || add_configs(iso, count, wait, error) ||
	    file_copy(iso, "run.json", run_file, error) ||
	    (g_file_test(FONT, G_FILE_TEST_EXISTS) && file_copy(iso, "font.psf.gz", FONT, error)))
		return -1;
	code =
	    initrd_open(&initrd, "", result->selection.cases, result->selection.case_count, error);
	for (unsigned i = 0; i < count && code == 0; i++)
		code = add_boot(result, &initrd, iso, i, plan, error);
	initrd_close(&initrd);
	return code;
}

int image_make(const struct run_result *result, const char *file, unsigned wait,
	       struct error *error)
{
	g_autofree char *folder = scratch_new(error);
	g_autofree char *iso = folder ? g_build_filename(folder, "iso", NULL) : NULL;
	g_autofree char *log = g_strconcat(iso, ".log", NULL), *said = NULL;
	char *argv[] = {"/bin/sh",    "-c", (char *)command_line, "entrybench-image", iso,
			(char *)file, NULL};
	int status = 0;

	if (!folder || write_run(&result->run, file, error) || fill(result, iso, file, wait, error))
		return -1;
	if (g_spawn_sync(NULL, argv, NULL, 0, NULL, NULL, NULL, NULL, &status, NULL) && !status)
		return 0;
	said = file_read(log, NULL, error);
	return error_set(error, "grub-mkrescue failed: %.800s", said ?: "it cannot be run");
}

/*
 * A copy for kexec, which takes the entry for a physical address: GRUB wants a virtual one there.
 * The image lies in the last 2 GiB, at 0 and up.
 */
static char *copy_for_kexec(const char *folder, const char *image, struct error *error)
{
	size_t size;
	g_autofree char *bytes = file_read(image, &size, error);
	Elf64_Ehdr *header = (Elf64_Ehdr *)bytes;

	if (!bytes)
		return NULL;
	if (size < sizeof(*header) || memcmp(bytes, ELFMAG, SELFMAG) != 0) {
		error_set(error, "%s is no ELF file", image);
		return NULL;
	}
	header->e_entry &= INT32_MAX;
	return file_replace(folder, "kernel", bytes, size, error)
		   ? NULL
		   : g_build_filename(folder, "kernel", NULL);
}

int image_kexec(const struct run_result *result, unsigned number, const char *run_file,
		struct error *error)
{
	const struct plan_boot *boot = result->plan.boots->pdata[number];
	const struct variant *variant = boot->pair->variant;
	struct guest *guest = guest_new(boot->pair->machine, variant, 0);
	struct sample_sizes sizes =
	    sizes_for(boot->pair->machine, &result->run.options, boot->number);
	struct initrd initrd = {0};
	g_autofree char *plan = image_plan_name(run_file, error), *module = NULL, *line = NULL;
	g_autofree char *said = NULL, *kernel = NULL;
	int status = 0, code = plan ? 0 : -1;

	if (code == 0)
		code = initrd_open(&initrd, "", result->selection.cases,
				   result->selection.case_count, error);
	if (code == 0)
		code =
		    initrd_load(&initrd, guest, plan_item(boot, 0), boot->items->len, sizes, error);
	if (code == 0)
		kernel = copy_for_kexec(guest->request.folder, variant->image, error);
	if (!kernel)
		code = -1;
	module = g_strdup_printf("--module=%s", guest->request.initrd);
	line = g_strdup_printf("--command-line=boot=%s:%u/%u reset", plan, number,
			       result->plan.boots->len);
	if (code == 0) {
		char *argv[] = {"kexec", "-l", "-t", "multiboot2-x86", kernel, module, line, NULL};
		bool ran = g_spawn_sync(NULL, argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
					&said, &status, NULL);

		if (!ran || status)
			code = error_set(error, "kexec -l failed: %.800s",
					 ran ? said : "install kexec-tools");
	}
	initrd_close(&initrd);
	guest_free(guest);
	return code;
}
