/* Devices, and what a program reads of itself below /proc. */
#include "boot/boot.h"
#include "entry/erase.h"
#include "file/open_file.h"
#include "lib/lib.h"
#include "memory/areas.h"
#include "mm/mm.h"
#include "syscall/syscall.h"
#include "task/process.h"

/* ---- devices ---- */

static s64 read_nothing(struct open_file *file, u64 position, u64 to, u64 n)
{
	(void)file, (void)position, (void)to, (void)n;
	return 0;
}

static s64 write_nowhere(struct open_file *file, u64 position, u64 from, u64 n)
{
	(void)file, (void)position, (void)from;
	return n;
}

static s64 read_zeros(struct open_file *file, u64 position, u64 to, u64 n)
{
	u64 done = clear_user_upto(to, n);
	(void)file, (void)position;
	return done || !n ? (s64)done : -EFAULT;
}

static s64 read_random(struct open_file *file, u64 position, u64 to, u64 n)
{
	(void)file, (void)position;
	return random_to_user(to, n);
}

static const struct file_ops null_ops = {.read = read_nothing, .write = write_nowhere};
const struct file_ops zero_ops = {.read = read_zeros, .write = write_nowhere};
static const struct file_ops random_ops = {.read = read_random, .write = write_nowhere};

/* ---- /proc/self/maps ---- */

static char line[128];
static u64 line_length;

static void put_text(const char *text)
{
	while (*text && line_length < sizeof(line))
		line[line_length++] = *text++;
}

static void put_hex(u64 value, int digits)
{
	while (digits < 16 && value >> 4 * digits)
		digits++;
	while (digits-- > 0 && line_length < sizeof(line))
		line[line_length++] = "0123456789abcdef"[value >> 4 * digits & 15];
}

static bool is_of_program(const struct vm_area *area)
{
	const struct file *file = &process.file;
	return area->data && (u64)(area->data - file->data) <= file->size;
}

/* As Linux has it; device and inode are 0, and of all files only the program has a name. */
static void make_line(const struct vm_area *area)
{
	bool program = is_of_program(area);
	line_length = 0;
	put_hex(area->start, 8);
	put_text("-");
	put_hex(area->end, 8);
	put_text(area->prot & VM_READ ? " r" : " -");
	put_text(area->prot & VM_WRITE ? "w" : "-");
	put_text(area->prot & VM_EXEC ? "xp " : "-p ");
	put_hex(program ? area->data - process.file.data : 0, 8);
	put_text(" 00:00 0 ");
	while (line_length < 73)
		put_text(" ");
	if (program) {
		put_text("/");
		put_text(process.name);
	} else if (area->start == process.brk_start) {
		put_text("[heap]");
	} else if (area->end == USER_STACK_TOP) {
		put_text("[stack]");
	}
	line_length = line_length < sizeof(line) ? line_length : sizeof(line) - 1;
	line[line_length++] = '\n';
}

/*
 * The lines are made anew for each read, those before `position` as well: areas may have changed,
 * as on Linux.
 */
BIG_FRAME_BEGIN
static s64 read_maps(struct open_file *file, u64 position, u64 to, u64 n)
{
	u64 at = 0, done = 0;
	stack_mark();
	(void)file;
	for (unsigned i = 0; i < vm_area_count && done < n; i++) {
		make_line(&vm_areas[i]);
		if (at + line_length > position) {
			u64 from = position - at, part = line_length - from;
			part = part < n - done ? part : n - done;
			if (copy_to_user_upto(to + done, line + from, part) < part)
				return done ? (s64)done : -EFAULT;
			done += part;
			position += part;
		}
		at += line_length;
	}
	return done;
}
BIG_FRAME_END

static const struct file_ops maps_ops = {.read = read_maps, .seeks = true};

/* ---- their names ---- */

static const struct special specials[] = {
    {.path = "dev", .mode = S_IFDIR | 0755},
    {.path = "dev/null", &null_ops, S_IFCHR | 0666, 1 << 8 | 3},
    {.path = "dev/zero", &zero_ops, S_IFCHR | 0666, 1 << 8 | 5},
    {.path = "dev/random", &random_ops, S_IFCHR | 0666, 1 << 8 | 8},
    {.path = "dev/urandom", &random_ops, S_IFCHR | 0666, 1 << 8 | 9},
    {.path = "proc", .mode = S_IFDIR | 0555},
    {.path = "proc/self", .mode = S_IFDIR | 0555},
    {.path = "proc/self/maps", &maps_ops, S_IFREG | 0444, 0},
};
const struct special tmp_root = {.path = "tmp", .mode = S_IFDIR | 01777};

static bool is_called(const struct node *node, const char *path)
{
	return strlen(path) == node->length && !memcmp(path, node->path, node->length);
}

static bool take(struct node *node, const struct special *special)
{
	if (!is_called(node, special->path))
		return false;
	node->special = special;
	node->path = special->path;
	node->type = special->ops ? NODE_FILE : NODE_DIRECTORY;
	return true;
}

bool special_find(struct node *node)
{
	if (is_called(node, "proc/self/exe")) {
		node->type = NODE_FILE;
		node->path = process.name;
		node->length = strlen(process.name);
		node->file = process.file;
		return true;
	}
	for (unsigned i = 0; i < ARRAY_SIZE(specials); i++)
		if (take(node, &specials[i]))
			return true;
	return take(node, &tmp_root);
}
