/* The core from its first C instruction to its last: set up, run the plan, say how it ended. */
#include "boot/boot.h"
#include "cpu/cpu.h"
#include "cpu/espfix.h"
#include "cpu/kstack_offset.h"
#include "cpu/percpu.h"
#include "cpu/pmu.h"
#include "dev/dev.h"
#include "entry/variant.h"
#include "lib/lib.h"
#include "mm/mm.h"
#include "program/program.h"
#include "syscall/kcfi.h"
#include "task/fpu.h"
#include "task/task.h"
#include "time/time.h"
#include "cpu/fred.h"

/* "boot=PLAN:K/N" on the command line: which boot of which plan this is; "" where there is none. */
static const char *place(void)
{
	static char text[64];
	const char *value = boot_option("boot=");
	for (size_t n = 0; value && value[n] && value[n] != ' ' && n < sizeof(text) - 1; n++)
		text[n] = value[n];
	return text;
}

static void say_boot(void)
{
	record_begin("boot");
	record_text("variant", entry_variant.name);
	record_text("cpu", cpu.brand);
	record_text("features", cpu.list);
	record_text("machine", console_name());
	record_number("tsc_hz", clock_hz());
	if (*place())
		record_text("boot", place());
	record_end();
	/* for whoever sits before the screen, which hides records */
	if (*place())
		kprintf("entrybench: boot %s: %s on %s\n", place(), entry_variant.name, cpu.brand);
	if (*keep_refused())
		kprintf("entrybench: records are not kept in RAM: %s\n", keep_refused());
}

static __noreturn void end(enum exit_status code, const char *status, const char *reason,
			   struct plan_result result)
{
	if (*place())
		kprintf("entrybench: %s%s\n", *reason ? reason : status,
			boot_option("reset") ? "; restarting" : "; this was the last boot");
	record_begin("exit");
	record_number("records", record_count());
	record_text("status", status);
	record_text("reason", reason);
	record_number("programs", result.programs);
	record_number("failed", result.failed);
	record_end();
	machine_exit(code);
}

/*
 * "needs=ignore" on the kernel's command line runs a variant on a CPU that lacks what it needs: for
 * counting instructions on an emulator that takes them as no-ops. The boot record still says what
 * the CPU has. No emulator takes FRED's so.
 */
static bool ignores_needs(void)
{
	return boot_option("needs=ignore");
}

/* The first word of the variant's needs that the CPU lacks, or "". */
static const char *missing_feature(void)
{
	bool ignored = ignores_needs();
	static char word[sizeof(entry_variant.needs)];
	const char *at = entry_variant.needs;
	while (*at) {
		size_t n = 0;
		while (at[n] && at[n] != ' ')
			n++;
		memcpy(word, at, n);
		word[n] = 0;
		if (n && !cpu_has(word) && (!ignored || !strcmp(word, "fred")))
			return word;
		at += n + (at[n] == ' ');
	}
	return "";
}

void boot_main(bool from_multiboot2, u64 information)
{
	bool known = from_multiboot2 ? boot_info_from_multiboot2(information)
				     : boot_info_from_pvh(information);
	console_init();
	cpu_detect();
	if (!known)
		panic(NULL, "the loader's boot information is malformed");
	kcfi_seal();
	pic_disable();
	keep_reserve();
	phys_init();
	cpu_enable_features();
	fpu_init();
	clock_init();
	paging_init();
	keep_start();
	cpu_entry_area_init();
	espfix_init();
	kstack_offset_init();
	cpu_load_tables();
	apic_init();
	screen_init();
	say_boot();
	const char *missing = missing_feature();
	if (*missing)
		end(EXIT_UNSUPPORTED, "unsupported", missing, (struct plan_result){0});
	const char *no_pmu = pmu_start();
	if (no_pmu)
		end(EXIT_UNSUPPORTED, "unsupported", no_pmu, (struct plan_result){0});
	if (entry_variant.fred)
		fred_init();
	else
		syscall_msrs_init();
	task_init();
	struct plan_result result = plan_run();
	if (result.error) {
		kprintf("entrybench: %s\n", result.error);
		end(EXIT_FAILED, "failed", result.error, result);
	}
	if (result.failed)
		end(EXIT_FAILED, "failed", "a program failed", result);
	end(EXIT_OK, "ok", "", result);
}
