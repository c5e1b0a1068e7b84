/*
 * Restartable sequences, as Linux since 6.19 serves them: a task registers a word in its memory
 * that names the section of code it is in. Where an interrupt or an exception ended its turn there,
 * or brought a signal, it goes on at the section's abort handler instead.
 *
 * The common way out looks at none of this: entry code notes what came in by the IDT
 * (entry/rseq.h), FRED's frame says it anyway, and only a switch to another task out of that leaves
 * work for the way out. There is one CPU, so the numbers of CPU, node and concurrency are zero from
 * registration on.
 */
#include "task/rseq.h"
#include "cpu/fred.h"
#include "entry/variant.h"
#include "mm/mm.h"
#include "syscall/syscall.h"
#include "task/task.h"

/* What ring 3 registers (Linux: uapi/linux/rseq.h, as it was first). */
struct rseq_area {
	u32 cpu_id_start, cpu_id;
	u64 section; /* address of a struct rseq_section, 0: in none */
	u32 flags, node_id, mm_cid, reserved;
};
_Static_assert(sizeof(struct rseq_area) == 32, "Linux' first size, and its alignment");

struct rseq_section {
	u32 version, flags;
	u64 start, length, abort;
};

#define UNREGISTER  1u
#define NOT_SET	    -1u /* cpu_id of an area that is not registered */
#define SECTION(at) ((at) + offsetof(struct rseq_area, section))

/* All that the kernel writes; `flags` is ring 3's. */
static bool set_ids(u64 at, u32 cpu_id)
{
	static const u32 zeros[2];
	u32 ids[2] = {0, cpu_id};
	return copy_to_user(at, ids, sizeof(ids)) &&
	       copy_to_user(at + offsetof(struct rseq_area, node_id), zeros, sizeof(zeros));
}

static bool end_section(void)
{
	static const u64 none;
	return copy_to_user(SECTION(current->rseq.area), &none, sizeof(none));
}

static s64 unregister(u64 area, u32 size, u32 signature)
{
	if (!area || area != current->rseq.area || size != current->rseq.size)
		return -EINVAL;
	if (signature != current->rseq.signature)
		return -EPERM;
	if (!set_ids(area, NOT_SET))
		return -EFAULT;
	current->rseq = (struct rseq){0};
	return 0;
}

static s64 again(u64 area, u32 size, u32 signature)
{
	if (area != current->rseq.area || size != current->rseq.size)
		return -EINVAL;
	return signature == current->rseq.signature ? -EBUSY : -EPERM;
}

s64 sys_rseq(const struct syscall_args *regs)
{
	u64 area = regs->di;
	u32 size = regs->si, flags = regs->dx, signature = regs->r10;
	if (!entry_variant.rseq)
		return -ENOSYS;
	if (flags == UNREGISTER)
		return unregister(area, size, signature);
	if (flags)
		return -EINVAL;
	if (current->rseq.area)
		return again(area, size, signature);
	if (size < sizeof(struct rseq_area) || area % sizeof(struct rseq_area))
		return -EINVAL;
	if (!user_range(area, size) || !area)
		return -EFAULT;
	current->rseq = (struct rseq){.area = area, .size = size, .signature = signature};
	if (set_ids(area, 0) && end_section())
		return 0;
	current->rseq = (struct rseq){0};
	return -EFAULT;
}

/* By an interrupt or an exception into the kernel. With FRED its frame says so. */
static bool interrupted(const struct task *task)
{
	if (entry_variant.fred)
		return !fred_is_system_call(task_pt_regs(task));
	return task->idt_entry;
}

void rseq_switched(struct task *task)
{
	if (task->rseq.area && interrupted(task))
		task->work |= WORK_RSEQ;
}

/*
 * The signature before the abort handler: whoever can write no more than data must not have the
 * kernel jump to code of their choice. IRQs are off: static, since the stack is for small frames.
 */
static bool leave_section(struct pt_regs *regs)
{
	static struct rseq_section section;
	static u64 at;
	static u32 signature;
	if (!copy_from_user(&at, SECTION(current->rseq.area), sizeof(at)))
		return false;
	if (!at)
		return true;
	if (!copy_from_user(&section, at, sizeof(section)))
		return false;
	if (regs->ip - section.start >= section.length)
		return end_section();
	if (section.abort >= USER_END || section.abort < sizeof(signature))
		return false;
	if (!copy_from_user(&signature, section.abort - sizeof(signature), sizeof(signature)) ||
	    signature != current->rseq.signature || !end_section())
		return false;
	regs->ip = section.abort;
	return true;
}

void rseq_leave(struct pt_regs *regs)
{
	current->work &= ~WORK_RSEQ;
	if (current->rseq.area && !leave_section(regs))
		signal_force(SIGSEGV, SI_KERNEL, 0);
}

bool rseq_leave_for_handler(struct pt_regs *regs)
{
	return !interrupted(current) || leave_section(regs);
}
