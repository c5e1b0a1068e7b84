/*
 * What stands in the way of hardware KVM, on hosts that are made up of a few files and with a QEMU
 * that only complains.
 */
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "run/run.h"
#include "scratch.h"

#define AMD   "flags\t\t: fpu svm\n"
#define GUEST "flags\t\t: fpu hypervisor\n"

/*
 * A host made of a few files, "PATH" (a folder or a device) or "PATH=TEXT", and what is said of it.
 */
static const struct host {
	const char *cpuinfo, *files[4], *reason;
	bool hopeless;
} hosts[] = {
    {AMD, {"dev/kvm="}, NULL, false},
    {"flags\t\t: vmx\n", {"dev/kvm="}, NULL, false},
    {GUEST, {"dev/kvm="}, "done in software", false},
    {"", {NULL}, "turn VT-x or SVM on in the firmware", true},
    {AMD, {NULL}, "load kvm_intel or kvm_amd with modprobe", true},
    {AMD, {"sys/module/kvm_amd/"}, "udevadm trigger", true},
    {AMD, {"run/.containerenv="}, "in this container: start it with --device /dev/kvm", true},
    {GUEST, {NULL}, "with nested=1 on its host", true},
    {GUEST, {"dev/sev-guest=", "sys/class/dmi/id/sys_vendor=Google\n"}, "confidential", true},
    {GUEST,
     {"proc/sys/kernel/osrelease=5.15.90.1-microsoft-standard-WSL2\n"},
     "wsl --shutdown",
     true},
    {GUEST, {"sys/class/dmi/id/sys_vendor=Microsoft Corporation\n"}, "Set-VMProcessor", true},
    {GUEST, {"sys/class/dmi/id/sys_vendor=VMware, Inc.\n"}, "vhv.enable", true},
    {GUEST, {"sys/class/dmi/id/product_name=VirtualBox\n"}, "--nested-hw-virt on", true},
    {GUEST, {"sys/class/dmi/id/sys_vendor=Amazon EC2\n"}, ".metal", true},
    {GUEST, {"sys/class/dmi/id/sys_vendor=Google\n"}, "--enable-nested-virtualization", true},
    {AMD, {"dev/kvm!"}, "cannot open /dev/kvm: load", true},
    {AMD, {"dev/kvm-"}, "there is no group kvm", true},
    {AMD, {"dev/kvm-", "etc/group=root:x:0:\nkvm:x:106:other\n"}, "usermod -aG kvm", true},
    {AMD,
     {"dev/kvm-", "etc/group=root:x:0:\nkvm:x:106:other,ME\nx:x:1:\n"},
     "log in anew, or call newgrp",
     true},
    {AMD, {"dev/kvm-", "etc/group=root:x:0:\nkvm:x:106:\nx:x:1:ME\n"}, "usermod -aG kvm", true},
    {AMD, {"dev/kvm-", ".dockerenv="}, "--group-add", true},
};

/*
 * "PATH=TEXT" with this user in place of ME, "PATH-" that nobody may open, "PATH!" that is no
 * device, "PATH/".
 */
static void make_file(const char *root, const char *words)
{
	size_t last = strcspn(words, "=");
	g_autoptr(GString) text = g_string_new(words[last] ? words + last + 1 : "");
	char kind = words[strlen(words) - 1];
	g_autofree char *path = NULL, *folder = NULL;
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	g_string_replace(text, "ME", g_get_user_name(), 0);
	path = words[last] ? g_strdup_printf("%s/%.*s", root, (int)last, words)
			   : g_strdup_printf("%s/%.*s", root, (int)strlen(words) - 1, words);
	folder = g_path_get_dirname(path);
	assert_int_equal(g_mkdir_with_parents(kind == '/' ? path : folder, 0755), 0);
	if (kind == '/')
		return;
	if (kind == '!' && !words[last]) {
		int fd = socket(AF_UNIX, SOCK_STREAM, 0);

		g_strlcpy(address.sun_path, path, sizeof(address.sun_path));
		assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
		close(fd);
		assert_int_equal(chmod(path, 0666), 0);
		return;
	}
	assert_true(g_file_set_contents(path, text->str, -1, NULL));
	assert_int_equal(chmod(path, kind == '-' && !words[last] ? 0 : 0666), 0);
}

static void test_obstacles(void **state)
{
	for (size_t i = 0; i < G_N_ELEMENTS(hosts); i++) {
		const struct host *host = &hosts[i];
		g_autofree char *root = g_strdup_printf("%s/%zu", (char *)*state, i);
		g_autofree char *cpuinfo = g_strconcat("proc/cpuinfo=", host->cpuinfo, NULL);
		bool hopeless, is_root = geteuid() == 0;
		const char *reason;

		make_file(root, cpuinfo);
		for (size_t f = 0; f < G_N_ELEMENTS(host->files) && host->files[f]; f++)
			make_file(root, host->files[f]);
		/* Root may open anything. */
		assert_int_equal(chmod(*state, 0755), 0);
		if (is_root)
			assert_int_equal(seteuid(65534), 0);
		reason = kvm_obstacle_of(root, &hopeless);
		if (is_root)
			assert_int_equal(seteuid(0), 0);
		if (!host->reason != !reason || (reason && !strstr(reason, host->reason)) ||
		    hopeless != host->hopeless)
			fail_msg("host %zu: %s (%d), not %s", i, reason, hopeless, host->reason);
	}
}

static const char *software_kvm(bool *hopeless)
{
	*hopeless = false;
	return "done in software";
}

/*
 * QEMU's own words, from one that says nothing else, and what is added to them; they stand aside
 * where the reason was known before.
 */
static void test_explanations(void **state)
{
	static const char *const said[][2] = {
	    {"failed to initialize kvm: Device or resource busy", "vboxdrv"},
	    {"-accel kvm: invalid accelerator kvm", "built without KVM"},
	    {"Could not access KVM kernel module: Permission denied", "security module"},
	    {"KVM: entry failed, hardware error 0x7", "KVM is at fault"},
	    {"kvm_init_vcpu failed: Cannot allocate memory", "ulimit -l"},
	};
	g_autofree char *program = g_build_filename(*state, "qemu", NULL);
	struct manifest manifest;
	struct error error;
	struct machine machine = machine_kvm;
	struct run_machine result;

	signals_open();
	process_adopt_orphans();
	if (manifest_open(&manifest, MANIFEST, &error))
		fail_msg("%s", error.text);
	machine.obstacle = NULL;
	machine.started = NULL;
	g_setenv("ENTRYBENCH_QEMU", program, TRUE);
	for (size_t i = 0; i < G_N_ELEMENTS(said); i++) {
		g_autofree char *script =
		    g_strdup_printf("#!/bin/sh\necho 'qemu: %s' >&2\nexit 1\n", said[i][0]);

		assert_true(g_file_set_contents(program, script, -1, NULL));
		assert_int_equal(chmod(program, 0755), 0);
		fields_init(run_machine_shape(), &result);
		assert_true(probe_machine(&machine, &manifest, NULL, &result));
		assert_false(result.available);
		if (!strstr(result.reason, said[i][0]) || !strstr(result.reason, said[i][1]))
			fail_msg("%s", result.reason);
		fields_free(run_machine_shape(), &result);
	}
	machine.obstacle = software_kvm;
	fields_init(run_machine_shape(), &result);
	assert_true(probe_machine(&machine, &manifest, NULL, &result));
	assert_string_equal(result.reason, "done in software");
	assert_non_null(strstr(result.probe, said[G_N_ELEMENTS(said) - 1][0]));
	fields_free(run_machine_shape(), &result);
	assert_non_null(
	    strstr(kvm_explain("the hypervisor intercepts RDTSC or interprets"), "invtsc"));
	assert_null(kvm_explain("something else"));
	manifest_free(&manifest);
	scratch_remove();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    SCRATCH_TEST(test_obstacles),
	    SCRATCH_TEST(test_explanations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
