/*
 * The Bochs emulator, booted by GRUB from an ISO: machine bochs with the core's images, linux-bochs
 * with a stock kernel. It counts as QEMU's does under icount.
 */
#include "machine/machine.h"

#include <unistd.h>

static const struct needed_program programs[] = {
    {"bochs", "EB_BOCHS", "bochs bochs-term bochsbios vgabios"},
    {"grub-mkrescue", NULL, "grub-common grub-pc-bin"},
    {"xorriso", NULL, "xorriso"},
    {"mformat", NULL, "mtools"},
    {0},
};

/* The core's header, once read, asks for a screen of pixels, which Bochs' terminal has not. */
#define GRUB_CONFIG                                                                                \
	"set timeout=0\n"                                                                          \
	"%s /kernel%s\n"                                                                           \
	"%s /initrd\n"                                                                             \
	"set gfxpayload=text\n"                                                                    \
	"boot\n"

/*
 * What does not depend on which Bochs it is; the script below adds the rest. With sync=none every
 * instruction is one tick of the TSC. A low ips makes the BIOS wait for fewer instructions; it
 * changes nothing in the guest. Debian's Bochs has no display without a screen: `term` on a
 * pseudo-terminal comes nearest.
 */
static const char bochs_config[] = "config_interface: textconfig\n"
				   "display_library: term\n"
				   "clock: sync=none, time0=1\n"
				   "port_e9_hack: enabled=1\n"
				   "com1: enabled=1, mode=file, dev=/proc/self/fd/1\n"
				   "ata0: enabled=1, ioaddr1=0x1f0, ioaddr2=0x3f0, irq=14\n"
				   "ata0-master: type=cdrom, path=boot.iso, status=inserted\n"
				   "boot: cdrom\n"
				   "log: bochs.log\n"
				   "panic: action=fatal\n"
				   "error: action=report\n"
				   "info: action=report\n"
				   "debug: action=ignore\n"
				   "megs: ";

/*
 * The ISO is made by the guest's own process, so that it goes on beside other guests and is killed
 * with it; temporary files of all go with the guest's folder.
 *
 * Bochs is asked what it is. One that knows the model wildcat_lake (from 3.1 on) has FRED there, if
 * that was compiled in; CPUID tells the core. It may be told of no plugin, since one that is
 * missing ends it, and the 32-bit SYSCALL is an extra. The model of older ones has PCID and INVPCID
 * as well. With a debugger it may start in that, whose first command says `c`, go on; without one
 * it knows no -rc.
 */
static const char script[] =
    "cd \"$1\" && export TMPDIR=\"$1\" || exit 1\n"
    "program=$(command -v \"$2\") && program=$(readlink -f \"$program\") || exit 1\n"
    "share=${BXSHARE:-${program%/bin/*}/share/bochs}\n"
    "case $(\"$program\" --help cpu 2>&1) in\n"
    "*wildcat_lake*)\n"
    "\techo 'cpu: model=wildcat_lake, add_features=legacy_syscall_sysret, count=1, ips=1000000, "
    "reset_on_triple_fault=0' ;;\n"
    "*)\n"
    "\techo 'plugin_ctrl: speaker=0, parallel=0, gameport=0, extfpuirq=0'\n"
    "\techo 'cpu: model=corei7_skylake_x, count=1, ips=1000000, reset_on_triple_fault=0' ;;\n"
    "esac >>bochsrc\n"
    "vga=$share/VGABIOS-lgpl-latest\n"
    "[ -e \"$vga\" ] || vga=$vga.bin\n"
    "printf '%s\\n' \"romimage: file=$share/BIOS-bochs-latest\" \"vgaromimage: file=$vga\" "
    ">>bochsrc\n"
    "case $(\"$program\" --help 2>&1) in\n"
    "*' -rc '*) debugger='-rc go' ;;\n"
    "*)\n"
    "\techo 'port_e9_hack: enabled=0' >>bochsrc\n"
    "\tsed -i 's,/fd/1,/fd/3,' bochsrc\n"
    "\texec 3>&1 >screen ;;\n"
    "esac\n"
    "grub-mkrescue -o boot.iso --install-modules='multiboot2 linux normal iso9660 biosdisk' "
    "--fonts= --locales= --themes= -d \"$3\" iso >mkrescue.log 2>&1 ||\n"
    "\t{ cat mkrescue.log; echo 'grub-mkrescue failed'; exit 1; }\n"
    "TERM=vt100 BXSHARE=$share exec \"$2\" -q -f bochsrc $debugger\n";

/* A kernel line's words, as GRUB's shell leaves them alone. Free it. */
static char *quote_words(const char *line)
{
	g_auto(GStrv) words = g_strsplit(line, " ", -1);
	GString *text = g_string_new(NULL);

	for (char **word = words; *word; word++) {
		g_autofree char *quoted = g_shell_quote(*word);

		g_string_append_printf(text, " %s", quoted);
	}
	return g_string_free(text, FALSE);
}

/* `line` is a stock kernel's, NULL for an image of the core. */
static int fill_folder(const struct guest_request *request, const char *line, struct error *error)
{
	g_autofree char *words = line ? quote_words(line) : g_strdup("");
	g_autofree char *config = g_strdup_printf(GRUB_CONFIG, line ? "linux" : "multiboot2", words,
						  line ? "initrd" : "module2");
	g_autofree char *bochsrc = g_strconcat(bochs_config, line ? "256\n" : "64\n", NULL);
	g_autofree char *iso = g_build_filename(request->folder, "iso", NULL);
	g_autofree char *grub = g_build_filename(iso, "boot/grub", NULL);

	if (folder_make(grub, error) ||
	    file_replace(grub, "grub.cfg", config, strlen(config), error) ||
	    file_copy(iso, "kernel", request->image ?: request->variant->image, error) ||
	    file_copy(iso, "initrd", request->initrd, error) ||
	    file_replace(request->folder, "bochsrc", bochsrc, strlen(bochsrc), error))
		return -1;
	return file_replace(request->folder, "go", "c\n", 2, error);
}

static int prepare(const struct machine *machine, const struct guest_request *request,
		   struct launch *command, struct error *error)
{
	const char *const argv[] = {"/bin/sh",	     "-c",
				    script,	     "entrybench-bochs",
				    request->folder, program_name(&programs[0]),
				    GRUB_MODULES};
	bool stock = machine->variants_of;
	g_autofree char *line = stock ? stock_line(request->variant, error) : NULL;

	if (stock && !line)
		return -1;
	for (size_t i = 0; i < G_N_ELEMENTS(argv); i++)
		strings_add(&command->argv, argv[i]);
	command->terminal = true;
	return fill_folder(request, line, error);
}

static const char *obstacle(bool *hopeless)
{
	*hopeless = access(GRUB_MODULES "/multiboot2.mod", R_OK);
	return *hopeless ? "GRUB's modules for BIOS machines are missing: apt-get install "
			   "grub-pc-bin, or run tools/setup"
			 : NULL;
}

/* Its status is 1 after every shutdown, so the exit record has the word. */
static const struct exit_meaning exits[] = {{EXIT_ANY, GUEST_ENDED}, EXITS_END};

#define BOCHS                                                                                      \
	.class = CLASS_DETERMINISTIC, .programs = programs, .obstacle = obstacle,                  \
	.prepare = prepare, .exits = exits

const struct machine machine_bochs = {
    .name = "bochs",
    .about = "the Bochs emulator, counting instructions exactly",
    .timeout = 120,
    .cpu_also = "pcid invpcid fsgsbase",
    .probe_timeout = 30,
    .boots = 2, /* each takes a second and a half, most of it in GRUB */
    BOCHS,
};

/* The kernels and kernel lines of machine linux; with FRED, if that Bochs has it. */
const struct machine machine_linux_bochs = {
    .name = "linux-bochs",
    .about = "a stock Linux kernel in Bochs, counting instructions exactly",
    .variants_of = "linux",
    .timeout = 600,
    .probe_timeout = 300,
    .lengthy = true,
    .boots = 2, /* each takes a minute */
    .interrupted = true,
    .repeats = 9,
    BOCHS,
};
