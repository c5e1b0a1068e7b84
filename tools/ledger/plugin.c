/*
 * QEMU plugin of the bill: reports every instruction and memory access of the guest to window.c, or
 * every instruction to census.c, and writes what comes of it when QEMU exits.
 *
 *	-plugin libledger.so,out=FILE[,open=START-END]...[,close=START-END]...
 *	-plugin libledger.so,out=FILE,clock=START-END[,open=START-END][,idle=START-END]
 *		[,mark=ADDRESS]...[,fault=ADDRESS]...[,page_fault=ADDRESS]
 *
 * In these ranges of addresses the guest reads the clock that opens and closes windows, or begins
 * and ends the census. Use it with one virtual CPU.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "census.h"
#include "qemu_plugin_api.h"
#include "window.h"

int qemu_plugin_version = LEDGER_PLUGIN_API;

static FILE *out;
static char *out_path;
static qemu_plugin_id_t plugin_id;

static void on_exec(unsigned int vcpu, void *insn)
{
	(void)vcpu;
	window_step(insn);
}

static void on_access(unsigned int vcpu, qemu_plugin_meminfo_t info, uint64_t address, void *data)
{
	(void)vcpu;
	(void)data;
	window_access(address, 1u << qemu_plugin_mem_size_shift(info),
		      qemu_plugin_mem_is_store(info));
}

static struct insn *insn_of(const struct qemu_plugin_insn *seen)
{
	bool fresh;
	struct insn *insn = insn_find(qemu_plugin_insn_vaddr(seen), qemu_plugin_insn_data(seen),
				      qemu_plugin_insn_size(seen), &fresh);

	if (fresh && census_wanted())
		census_look(insn);
	else if (fresh)
		insn->text = qemu_plugin_insn_disas(seen);
	return insn;
}

static void watch_all(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	size_t count = qemu_plugin_tb_n_insns(tb);

	(void)id;
	for (size_t i = 0; i < count; i++) {
		struct qemu_plugin_insn *seen = qemu_plugin_tb_get_insn(tb, i);

		qemu_plugin_register_vcpu_insn_exec_cb(seen, on_exec, QEMU_PLUGIN_CB_NO_REGS,
						       insn_of(seen));
		qemu_plugin_register_vcpu_mem_cb(seen, on_access, QEMU_PLUGIN_CB_NO_REGS,
						 QEMU_PLUGIN_MEM_RW, NULL);
	}
}

static void on_count(unsigned int vcpu, void *insn)
{
	(void)vcpu;
	census_step(insn);
}

static void count_all(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	size_t count = qemu_plugin_tb_n_insns(tb);

	(void)id;
	for (size_t i = 0; i < count; i++) {
		struct qemu_plugin_insn *seen = qemu_plugin_tb_get_insn(tb, i);

		qemu_plugin_register_vcpu_insn_exec_cb(seen, on_count, QEMU_PLUGIN_CB_NO_REGS,
						       insn_of(seen));
	}
}

static void write_ledger(qemu_plugin_id_t id, void *data)
{
	bool written = census_wanted() ? census_write(out) : window_write_all(out);

	(void)id;
	(void)data;
	if (fclose(out) != 0 || !written) {
		fprintf(stderr, "ledger: cannot write %s: %s\n", out_path, strerror(errno));
		remove(out_path);
	}
}

/* All translations are forgotten by now: what runs from here on is watched. */
static void begin(qemu_plugin_id_t id)
{
	qemu_plugin_register_vcpu_tb_trans_cb(id, census_wanted() ? count_all : watch_all);
	qemu_plugin_register_atexit_cb(id, write_ledger, NULL);
}

static void on_first_reading(unsigned int vcpu, void *data)
{
	(void)vcpu;
	(void)data;
	qemu_plugin_reset(plugin_id, begin);
}

/*
 * Until the first window opens, or a census nears, the guest runs at full speed: a Linux boots in
 * half the time.
 */
static void watch_readings(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	size_t count = qemu_plugin_tb_n_insns(tb);

	(void)id;
	for (size_t i = 0; i < count; i++) {
		struct qemu_plugin_insn *seen = qemu_plugin_tb_get_insn(tb, i);

		if (insn_reading(qemu_plugin_insn_vaddr(seen), qemu_plugin_insn_data(seen),
				 qemu_plugin_insn_size(seen)) &
		    READING_OPENS)
			qemu_plugin_register_vcpu_insn_exec_cb(seen, on_first_reading,
							       QEMU_PLUGIN_CB_NO_REGS, NULL);
	}
}

/* "START-END" in hexadecimal digits. */
static bool take_range(const char *text, void (*add)(uint64_t start, uint64_t end))
{
	uint64_t start, end;
	int length = 0;

	if (sscanf(text, "%" SCNx64 "-%" SCNx64 "%n", &start, &end, &length) != 2 || text[length] ||
	    start >= end)
		return false;
	add(start, end);
	return true;
}

static bool has_opening;

static void add_opening(uint64_t start, uint64_t end)
{
	has_opening = true;
	insn_add_range(start, end, READING_OPENS);
}

static void add_closing(uint64_t start, uint64_t end)
{
	insn_add_range(start, end, READING_CLOSES);
}

static bool take_address(const char *text, void (*add)(uint64_t address))
{
	char *end;
	uint64_t address = strtoull(text, &end, 16);

	add(address);
	return *text && !*end;
}

static bool take_argument(const char *argument)
{
	if (strncmp(argument, "open=", 5) == 0)
		return take_range(argument + 5, add_opening);
	if (strncmp(argument, "close=", 6) == 0)
		return take_range(argument + 6, add_closing);
	if (strncmp(argument, "clock=", 6) == 0)
		return take_range(argument + 6, census_set_clock);
	if (strncmp(argument, "idle=", 5) == 0)
		return take_range(argument + 5, census_set_idle);
	if (strncmp(argument, "mark=", 5) == 0)
		return take_address(argument + 5, census_add_mark);
	if (strncmp(argument, "fault=", 6) == 0)
		return take_address(argument + 6, census_add_fault);
	if (strncmp(argument, "page_fault=", 11) == 0)
		return take_address(argument + 11, census_add_page_fault);
	if (strncmp(argument, "out=", 4) != 0 || !argument[4] || out_path)
		return false;
	out_path = strdup(argument + 4);
	return out_path != NULL;
}

int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc, char **argv)
{
	if (!info->system_emulation || strcmp(info->target_name, "x86_64") != 0 ||
	    info->system.smp_vcpus != 1) {
		fputs("ledger: only for qemu-system-x86_64 with one virtual CPU\n", stderr);
		return -1;
	}
	for (int i = 0; i < argc; i++)
		if (!take_argument(argv[i])) {
			fprintf(stderr,
				"ledger: \"%s\" is none of out=FILE, open=START-END, "
				"close=START-END, clock=START-END, idle=START-END, mark=ADDRESS, "
				"fault=ADDRESS and page_fault=ADDRESS\n",
				argv[i]);
			return -1;
		}
	if (!out_path) {
		fputs("ledger: out=FILE is missing\n", stderr);
		return -1;
	}
	out = fopen(out_path, "w");
	if (!out) {
		fprintf(stderr, "ledger: cannot write %s: %s\n", out_path, strerror(errno));
		return -1;
	}
	plugin_id = id;
	qemu_plugin_register_vcpu_tb_trans_cb(id, census_wanted() && !has_opening ? count_all
										  : watch_readings);
	qemu_plugin_register_atexit_cb(id, write_ledger, NULL);
	return 0;
}
