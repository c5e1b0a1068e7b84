/*
 * What a benchmark runs on. A machine knows how a guest of its kind is started and what its exit
 * status means; it knows nothing of plans, records or statistics. One name in MACHINES each.
 */
#ifndef MACHINE_MACHINE_H
#define MACHINE_MACHINE_H

#include "model/model.h"

/* newc cpio archives by libarchive: an initrd may be several, one behind the other. */

/* An archive that is being written, into memory. */
struct cpio;

struct cpio *cpio_new(void);

/* Adds a file of mode 0755, and folders of its name that are new. -1 with error. */
int cpio_add(struct cpio *cpio, const char *name, const void *data, size_t size,
	     struct error *error);

/* The same with the content of a file of the host. */
int cpio_add_file(struct cpio *cpio, const char *name, const char *path, struct error *error);

/* Closes the archive and frees the writer. Unref what comes back. */
GByteArray *cpio_finish(struct cpio *cpio);

/*
 * Writes what is in the archives of FILE into a folder that is there: folders and plain files only,
 * nothing outside of the folder or through a link. 0, or -1 with error set; what was written until
 * then stays.
 */
int cpio_unpack(const char *file, const char *folder, struct error *error);

/* How a guest ended, as far as its exit status tells. */
enum guest_end {
	GUEST_ENDED,	   /* by itself: the exit record says how */
	GUEST_OK,	   /* all programs ended well */
	GUEST_FAILED,	   /* a program failed */
	GUEST_PANICKED,	   /* the kernel panicked */
	GUEST_UNSUPPORTED, /* the kernel cannot run on this machine */
	GUEST_BROKEN,	   /* the emulator failed, or was ended by somebody else */
};

/* An exit status of its process; any other, and any signal, is GUEST_BROKEN. */
struct exit_meaning {
	int status;
	enum guest_end end;
};

#define EXIT_ANY (-1)
#define EXITS_END                                                                                  \
	{                                                                                          \
		EXIT_ANY, GUEST_BROKEN                                                             \
	}

/* One guest to be started. */
struct guest_request {
	const struct variant *variant;
	const char *image;	      /* in place of the variant's own; NULL: that */
	const char *initrd;	      /* file: programs and plan */
	const char *folder;	      /* temporary files of this guest; goes with it */
	const char *line;	      /* kernel line; NULL: empty */
	const struct strings *extras; /* arguments of the user for QEMU; NULL: none */
	int cpu;		      /* the host's CPU that is kept for it; -1: none */
	const char *stream;	      /* of a machine that is away: file with what it sent */
};

/* A program that a machine needs, and where it comes from. */
struct needed_program {
	const char *name, *variable, *package;
};

/* A kernel that a machine has by itself, instead of the core's images. */
struct own_variant {
	const char *name, *about;
	const char *line; /* its kernel line; NULL: it takes none */
};

/* Who counts events for the programs of a machine. */
enum machine_counters {
	COUNTERS_NONE,
	COUNTERS_LINUX, /* perf_event_open(2), asked by the programs themselves */
	COUNTERS_CORE,	/* the core, by its kernel line "pmu=CODE,..." */
};

struct machine {
	const char *name, *about;
	enum machine_class class;
	double timeout;			       /* seconds a boot, unless the user says otherwise */
	const struct needed_program *programs; /* ended by a row without name */
	const struct own_variant *variants;    /* ended by a row without name; NULL: the core's */
	const char *variants_of; /* the machine whose variants it has; NULL: its own */
	const char *image;	 /* of those variants, relative to the manifest's folder, or NULL */
	bool ledger;		 /* takes the plugin of tools/ledger/ */
	const char *cpu_also;	 /* features for variants that its CPU has, "a b"; NULL: unknown */
	bool interrupted;	 /* its timer keeps running: single windows may come out longer */
	double probe_timeout;	 /* seconds; 0: the usual */
	bool lengthy;		 /* a boot takes a minute: doctor does none unasked */
	unsigned boots;		 /* of a cell by default; 0: as its class has */
	unsigned boots_together; /* of all cells: few cells get more boots each; 0: no matter */
	uint64_t stretches;	 /* processes that share a benchmark's repeats; 0: one */
	uint64_t windows, repeats; /* single-shot windows a boot, windows of each batch; the same */
	enum machine_counters counters;
	bool alone; /* no other guest may run at the same time */
	bool away;  /* it runs an image by itself; what it sent is collected afterwards */

	/* Of QEMU: arguments that make the board, and those that choose what runs the CPU. */
	const char *const *board, *const *accelerator;

	/* Why this host cannot measure, or NULL; *hopeless: no probe. May be absent. */
	const char *(*obstacle)(bool *hopeless);

	/* What to do about a failed probe boot, by its reason; NULL: unknown. May be absent. */
	const char *(*explain)(const char *reason);

	/* Fills in the command. 0, or -1 with error set. */
	int (*prepare)(const struct machine *machine, const struct guest_request *request,
		       struct launch *command, struct error *error);

	/* The process runs: pin its threads, say. May be absent. The guest's end shows failure. */
	void (*started)(const struct guest_request *request, struct process *process);

	const struct exit_meaning *exits; /* what its exit status says */

	/* The probe boot's empty window must not be larger, in ticks; 0: whatever it is. */
	double window_limit;
};

extern const struct machine *const machines[];
extern const size_t machine_count;

/* True if the variant is one for this machine. */
bool machine_has(const struct machine *machine, const struct variant *variant);

/* True if it runs stock kernels, which the user may name. */
bool machine_takes_kernels(const struct machine *machine);

/* True if QEMU runs it, and may be given arguments. */
bool machine_is_qemu(const struct machine *machine);

/* manifest_load(), and behind its variants the machines' own. */
int manifest_open(struct manifest *manifest, const char *path, struct error *error);

/* Machine of "MACHINE[:VARIANT]", or NULL; *variant: what follows the colon, or NULL. */
const struct machine *machine_of_words(const char *words, const char **variant);

/* NULL if there is none of that name. */
const struct machine *machine_find(const char *name);

/* The program's path or name: the environment's choice, else its usual name. */
const char *program_name(const struct needed_program *program);

/* True if it can be run. */
bool program_found(const struct needed_program *program);

/* status: waitpid()'s. */
enum guest_end machine_end(const struct machine *machine, int status);

/* Hardware KVM: whether it is there, and a guest that waits until its vCPU is pinned. */

/* Hardware needs some tens of ticks for an empty window; interception of RDTSC takes thousands. */
#define KVM_WINDOW_LIMIT 1000

/* As of struct machine. */
const char *kvm_obstacle(bool *hopeless);
const char *kvm_explain(const char *reason);

/* The first, with the files of a host below `root` in place of "". */
const char *kvm_obstacle_of(const char *root, bool *hopeless);

/* Pins the vCPU to the CPU of the request, if it has one, and lets the guest go. */
void kvm_pin(const struct guest_request *request, struct process *process);

extern const struct needed_program qemu_programs[];

/* The whole kernel line of a stock kernel. NULL with error where that kernel is not there. */
char *stock_line(const struct variant *variant, struct error *error);

/* GRUB's modules for machines with a BIOS. */
#define GRUB_MODULES "/usr/lib/grub/i386-pc"

/* The machines there are, in the order in which they are listed. */
#define MACHINES(_) _(kvm) _(tcg) _(bochs) _(linux_bochs) _(linux) _(linux_kvm) _(native) _(metal)

#define DECLARE_MACHINE(name) extern const struct machine machine_##name;
MACHINES(DECLARE_MACHINE)

#endif
