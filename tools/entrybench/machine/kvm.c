/* Hardware KVM: what may stand in its way, what to do, and a vCPU pinned before it runs. */
#include "machine/machine.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "host/host.h"

/* How often QMP is tried, each time after 5 ms. */
#define TRIES 400

/* What a look at the host finds, a bit each. */
enum {
	ABSENT = 1 << 0,  /* there is no /dev/kvm */
	DENIED = 1 << 1,  /* it may not be opened */
	DEAD = 1 << 2,	  /* it cannot be opened for another reason */
	NO_VIRT = 1 << 3, /* the CPU has neither vmx nor svm */
	IN_VM = 1 << 4,	  /* this host is itself a virtual machine: */
	SEALED = 1 << 5,  /* a confidential one */
	WSL = 1 << 6,	  /* WSL2's */
	HYPERV = 1 << 7,  /* Hyper-V's */
	VMWARE = 1 << 8,  /* ... */
	VIRTUALBOX = 1 << 9,
	EC2 = 1 << 10,
	GCE = 1 << 11,
	CONTAINER = 1 << 12,
	MODULE = 1 << 13, /* kvm_intel or kvm_amd is there */
	GROUP = 1 << 14,  /* there is a group kvm */
	MEMBER = 1 << 15, /* which lists this user */
};

/* Files that tell: by being there, or by a text in them. */
static const struct {
	unsigned fact;
	const char *path, *text;
} signs[] = {
    {SEALED, "/dev/sev-guest", NULL},
    {SEALED, "/dev/tdx_guest", NULL},
    {WSL, "/proc/sys/kernel/osrelease", "microsoft"},
    {HYPERV, "/sys/class/dmi/id/sys_vendor", "Microsoft"},
    {VMWARE, "/sys/class/dmi/id/sys_vendor", "VMware"},
    {EC2, "/sys/class/dmi/id/sys_vendor", "Amazon"},
    {GCE, "/sys/class/dmi/id/sys_vendor", "Google"},
    {VIRTUALBOX, "/sys/class/dmi/id/product_name", "VirtualBox"},
    {CONTAINER, "/.dockerenv", NULL},
    {CONTAINER, "/run/.containerenv", NULL},
    {CONTAINER, "/run/systemd/container", NULL},
    {MODULE, "/sys/module/kvm_intel", NULL},
    {MODULE, "/sys/module/kvm_amd", NULL},
    {GROUP, "/etc/group", "\nkvm:"},
};

/* The first of which all facts hold, and none of those that must not, is the reason. */
static const struct {
	unsigned all, none;
	const char *reason;
} obstacles[] = {
    {DENIED | CONTAINER, 0,
     "no permission to open /dev/kvm in this container: start it with --device /dev/kvm and "
     "--group-add of that file's group on the host (stat -c %g /dev/kvm)"},
    {DENIED, GROUP,
     "no permission to open /dev/kvm, and there is no group kvm: groupadd -r kvm, chgrp kvm "
     "/dev/kvm, chmod 660 /dev/kvm and add yourself to it; or run as root"},
    {DENIED | MEMBER, 0,
     "no permission to open /dev/kvm, though you are in group kvm: log in anew, or call newgrp kvm "
     "first; the file must be of that group with mode 660"},
    {DENIED, 0,
     "no permission to open /dev/kvm: add yourself to group kvm (usermod -aG kvm NAME as root) and "
     "log in anew"},
    {ABSENT | SEALED, 0,
     "there is no /dev/kvm: this is a confidential guest (SEV or TDX), which has no virtualization "
     "of its own; use an ordinary virtual machine with it, or a real one"},
    {ABSENT | NO_VIRT | WSL, 0,
     "there is no /dev/kvm: write nestedVirtualization=true below [wsl2] in .wslconfig in Windows' "
     "user folder, then wsl --shutdown (Windows 11)"},
    {ABSENT | NO_VIRT | HYPERV, 0,
     "there is no /dev/kvm: with this machine off, say Set-VMProcessor NAME "
     "-ExposeVirtualizationExtensions $true on its Hyper-V host; on Azure take a size that can "
     "nest"},
    {ABSENT | NO_VIRT | VMWARE, 0,
     "there is no /dev/kvm: turn on \"Expose hardware assisted virtualization to the guest OS\" "
     "(vhv.enable) for this machine in VMware"},
    {ABSENT | NO_VIRT | VIRTUALBOX, 0,
     "there is no /dev/kvm: with this machine off, say VBoxManage modifyvm NAME --nested-hw-virt "
     "on"},
    {ABSENT | NO_VIRT | EC2, 0,
     "there is no /dev/kvm: most EC2 instances cannot nest; take a .metal one"},
    {ABSENT | NO_VIRT | GCE, 0,
     "there is no /dev/kvm: make this instance with --enable-nested-virtualization"},
    {ABSENT | NO_VIRT | IN_VM, 0,
     "there is no /dev/kvm: this is a virtual machine without nested virtualization; load "
     "kvm_intel or kvm_amd with nested=1 on its host and start it with -cpu host"},
    {ABSENT | NO_VIRT, 0,
     "there is no /dev/kvm, and the CPU has neither vmx nor svm: turn VT-x or SVM on in the "
     "firmware"},
    {ABSENT | CONTAINER, 0,
     "there is no /dev/kvm in this container: start it with --device /dev/kvm; its host needs "
     "kvm_intel or kvm_amd loaded"},
    {ABSENT, MODULE,
     "there is no /dev/kvm: load kvm_intel or kvm_amd with modprobe; where that fails, dmesg says "
     "why (as a rule it is turned off in the firmware)"},
    {ABSENT, 0,
     "there is no /dev/kvm, though its module is loaded: udevadm trigger, or mknod /dev/kvm c 10 "
     "232"},
    {DEAD, 0, "cannot open /dev/kvm: load kvm_intel or kvm_amd; dmesg says what is wrong with it"},
    {NO_VIRT, 0,
     "this KVM is done in software: the CPU has neither vmx nor svm; use a host with hardware "
     "virtualization"},
};

/* What QEMU, or the probe, says, and what to do about it. */
static const struct {
	const char *said, *advice;
} explanations[] = {
    {"resource busy", "another hypervisor holds the CPU's virtualization: stop its machines, or "
		      "unload it (VirtualBox: vboxdrv, VMware: vmmon)"},
    {"accelerator", "this QEMU was built without KVM: apt-get install qemu-system-x86, or name "
		    "another with ENTRYBENCH_QEMU"},
    {"intercepts RDTSC",
     "give the outer machine the host's TSC (QEMU: -cpu host,migratable=no passes invtsc on; a "
     "confidential guest cannot have it), or use machine native"},
    {"ermission denied", "group kvm, or a security module (dmesg), keeps QEMU from /dev/kvm"},
    {"hardware error", "KVM could not enter the guest: where this host is a virtual machine its "
		       "host's KVM is at fault, update that kernel; dmesg has more"},
    {"Cannot allocate memory", "KVM has no memory for a guest: free some, or raise ulimit -l"},
    {"kernel does not boot",
     "the vCPU runs but says nothing: where this host is a virtual machine, nested virtualization "
     "may be broken there; dmesg on its host has more"},
};

static bool is_there(const char *root, const char *path, const char *text)
{
	g_autofree char *full = g_strconcat(root, path, NULL);
	g_autofree char *content = text ? host_file(full) : NULL;

	return text ? strstr(content, text) != NULL : g_file_test(full, G_FILE_TEST_EXISTS);
}

/* True if a line of /etc/group, that of kvm, lists the user. */
static bool is_member(const char *root)
{
	g_autofree char *path = g_strconcat(root, "/etc/group", NULL), *groups = host_file(path);
	g_auto(GStrv) after = g_strsplit(groups, "\nkvm:", 2);
	g_auto(GStrv) fields = g_strsplit_set(after[0] && after[1] ? after[1] : "", ":\n", 4);
	g_auto(GStrv) names = g_strsplit(g_strv_length(fields) > 2 ? fields[2] : "", ",", -1);

	return g_strv_contains((const char *const *)names, g_get_user_name());
}

static unsigned look(const char *root)
{
	g_autofree char *device = g_strconcat(root, "/dev/kvm", NULL);
	g_autofree char *path = g_strconcat(root, "/proc/cpuinfo", NULL), *cpu = host_file(path);
	int fd = open(device, O_RDWR | O_CLOEXEC);
	unsigned facts = 0;

	if (fd >= 0)
		close(fd);
	else
		facts |= errno == ENOENT		     ? ABSENT
			 : errno == EACCES || errno == EPERM ? DENIED
							     : DEAD;
	facts |= cpuinfo_has(cpu, "vmx") || cpuinfo_has(cpu, "svm") ? 0 : NO_VIRT;
	facts |= cpuinfo_has(cpu, "hypervisor") ? IN_VM : 0;
	for (size_t i = 0; i < G_N_ELEMENTS(signs); i++)
		facts |= is_there(root, signs[i].path, signs[i].text) ? signs[i].fact : 0;
	return facts | (is_member(root) ? MEMBER : 0);
}

const char *kvm_obstacle_of(const char *root, bool *hopeless)
{
	unsigned facts = look(root);

	*hopeless = facts & (ABSENT | DENIED | DEAD);
	for (size_t i = 0; i < G_N_ELEMENTS(obstacles); i++)
		if ((facts & obstacles[i].all) == obstacles[i].all && !(facts & obstacles[i].none))
			return obstacles[i].reason;
	return NULL;
}

const char *kvm_obstacle(bool *hopeless)
{
	return kvm_obstacle_of("", hopeless);
}

const char *kvm_explain(const char *reason)
{
	for (size_t i = 0; i < G_N_ELEMENTS(explanations); i++)
		if (strstr(reason, explanations[i].said))
			return explanations[i].advice;
	return NULL;
}

/* The socket is there a moment after QEMU's start; not at all if it fails to start. */
static FILE *connect_to(const char *path, struct process *process)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct timeval limit = {.tv_sec = 2};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || strlen(path) >= sizeof(address.sun_path)) {
		close(fd);
		return NULL;
	}
	strcpy(address.sun_path, path);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	for (int tries = 0; tries < TRIES && !process_ended(process); tries++) {
		if (!connect(fd, (struct sockaddr *)&address, sizeof(address)))
			return fdopen(fd, "r+");
		g_usleep(5000);
	}
	close(fd);
	return NULL;
}

/* Sends a command and waits for its answer, past any event. NULL: an error, or none came. */
static json_t *ask(FILE *qmp, const char *command)
{
	char line[8192];

	fprintf(qmp, "{\"execute\": \"%s\"}\n", command);
	fflush(qmp);
	while (fgets(line, sizeof(line), qmp)) {
		json_auto_t *answer = json_loads(line, 0, NULL);

		if (json_object_get(answer, "return") || json_object_get(answer, "error"))
			return json_incref(answer);
	}
	return NULL;
}

static bool command(FILE *qmp, const char *name)
{
	json_auto_t *answer = ask(qmp, name);

	return json_object_get(answer, "return");
}

static bool pin_vcpu(FILE *qmp, int cpu)
{
	json_auto_t *answer = ask(qmp, "query-cpus-fast");
	pid_t thread = 0;

	return !json_unpack(answer, "{s:[{s:i}]}", "return", "thread-id", &thread) && thread > 0 &&
	       cpu_pin(thread, cpu, NULL);
}

/* Through QMP, with a QEMU that was started with -S: who runs the vCPU, and go. */
void kvm_pin(const struct guest_request *request, struct process *process)
{
	g_autofree char *path = g_build_filename(request->folder, "qmp", NULL);
	FILE *qmp = connect_to(path, process);

	if (!qmp)
		return;
	if (command(qmp, "qmp_capabilities") && (request->cpu < 0 || pin_vcpu(qmp, request->cpu)))
		command(qmp, "cont");
	fclose(qmp);
}
