/* Machine kvm: QEMU with hardware KVM, the vCPU pinned to a CPU of its own. */
#include "machine/machine.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "host/host.h"

void kvm_hold(const struct guest_request *request, struct strings *argv)
{
	strings_add(argv, "-S");
	strings_add(argv, "-qmp");
	strings_addf(argv, "unix:%s/qmp,server=on,wait=off", request->folder);
}

static int prepare(const struct guest_request *request, struct launch *command, struct error *error)
{
	(void)error;
	qemu_command(request, "kvm", "host", command);
	kvm_hold(request, &command->argv);
	return 0;
}

void kvm_pin(const struct guest_request *request, struct process *process)
{
	g_autofree char *path = g_build_filename(request->folder, "qmp", NULL);

	qmp_pin_and_go(path, process, request->cpu);
}

static bool cpu_has_virtualization(void)
{
	g_autofree char *text = file_read("/proc/cpuinfo", NULL, NULL);

	return text && (cpuinfo_has(text, "vmx") || cpuinfo_has(text, "svm"));
}

const char *kvm_obstacle(bool *hopeless)
{
	int fd = open("/dev/kvm", O_RDWR | O_CLOEXEC);

	*hopeless = fd < 0;
	if (fd >= 0)
		close(fd);
	else if (errno == ENOENT)
		return "there is no /dev/kvm: turn virtualization on in the firmware (or in the "
		       "outer hypervisor) and load kvm_intel or kvm_amd";
	else if (errno == EACCES || errno == EPERM)
		return "no permission to open /dev/kvm: add yourself to group kvm and log in anew";
	else
		return "cannot open /dev/kvm: load kvm_intel or kvm_amd";
	if (!cpu_has_virtualization())
		return "this KVM is done in software: the CPU has neither vmx nor svm; use a host "
		       "with hardware virtualization";
	return NULL;
}

const struct machine machine_kvm = {
    .name = "kvm",
    .about = "QEMU with hardware KVM, counting real cycles",
    .class = CLASS_SILICON,
    .timeout = 60,
    .counters = COUNTERS_CORE,
    .programs = qemu_programs,
    .obstacle = kvm_obstacle,
    .prepare = prepare,
    .started = kvm_pin,
    .end = qemu_end,
    .window_limit = KVM_WINDOW_LIMIT,
};
