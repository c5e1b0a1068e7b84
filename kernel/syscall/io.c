/* read, write, writev: standard output and error are the console, standard input is empty. */
#include "dev.h"
#include "erase.h"
#include "mm.h"
#include "syscall.h"

#define MAX_RW 0x7ffff000 /* as Linux */

static s64 write_console(u64 from, u64 n)
{
	static char buffer[512]; /* not on the stack: its content would be the erase's to find */
	u64 done = 0;
	if (n > MAX_RW)
		n = MAX_RW;
	while (done < n) {
		u64 part = n - done < sizeof(buffer) ? n - done : sizeof(buffer);
		if (!copy_from_user(buffer, from + done, part))
			return done ? (s64)done : -EFAULT;
		console_write(buffer, part);
		done += part;
	}
	return done;
}

s64 sys_write(struct pt_regs *regs)
{
	if (regs->di != 1 && regs->di != 2)
		return -EBADF;
	return write_console(regs->si, regs->dx);
}

BIG_FRAME_BEGIN
s64 sys_writev(struct pt_regs *regs)
{
	struct {
		u64 base, length;
	} iov;
	s64 done = 0;
	stack_mark();
	if (regs->di != 1 && regs->di != 2)
		return -EBADF;
	if (regs->dx > 1024)
		return -EINVAL;
	for (u64 i = 0; i < regs->dx; i++) {
		if (!copy_from_user(&iov, regs->si + i * sizeof(iov), sizeof(iov)))
			return done ? done : -EFAULT;
		s64 n = write_console(iov.base, iov.length);
		if (n < 0)
			return done ? done : n;
		done += n;
	}
	return done;
}
BIG_FRAME_END

s64 sys_read(struct pt_regs *regs)
{
	return regs->di == 0 ? 0 : -EBADF;
}
