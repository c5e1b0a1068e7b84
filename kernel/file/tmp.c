/*
 * /tmp: files and directories in memory, up to half of the machine's as Linux's tmpfs, and new for
 * each program. There are few, so a table of full paths is the tree.
 */
#include "entry/erase.h"
#include "file/open_file.h"
#include "lib/lib.h"
#include "mm/mm.h"
#include "syscall/syscall.h"

#define TMP_NODES	256
#define TMP_PATH	1024
#define PAGES_PER_TABLE (PAGE_SIZE / sizeof(u64))
#define TABLES		((PAGE_SIZE - TMP_PATH - 40) / sizeof(u64))

/* Takes a page. `tables` point to tables of pages, physical addresses all; 0: a hole. */
struct tmp_node {
	u64 size, pages;
	u32 users; /* open files, and one while it has a name */
	u32 mode;
	u32 length; /* of its path; 0: removed */
	u32 number;
	char path[TMP_PATH];
	u64 tables[TABLES];
};
_Static_assert(sizeof(struct tmp_node) <= PAGE_SIZE, "a page each");

static struct tmp_node *nodes[TMP_NODES];
static u64 used;

u64 tmp_bound(void)
{
	return phys_total_pages() / 2;
}

u64 tmp_used(void)
{
	return used;
}

static u64 take_page(void)
{
	u64 page = used < tmp_bound() ? phys_alloc() : 0;
	used += page != 0;
	return page;
}

static void give_page(u64 page)
{
	phys_free(page);
	used--;
}

/* Where the address of the file's page stands, or NULL. */
static u64 *page_at(struct tmp_node *tmp, u64 index, bool create)
{
	u64 *table = &tmp->tables[index / PAGES_PER_TABLE];
	if (!*table && create)
		*table = take_page();
	return *table ? (u64 *)phys_to_virt(*table) + index % PAGES_PER_TABLE : NULL;
}

/* All pages from the one with that index on. */
static void drop_pages(struct tmp_node *tmp, u64 index)
{
	for (; index < TABLES * PAGES_PER_TABLE; index++) {
		u64 *entry = page_at(tmp, index, false);
		if (!entry) {
			index |= PAGES_PER_TABLE - 1;
			continue;
		}
		if (*entry) {
			give_page(*entry);
			*entry = 0;
			tmp->pages--;
		}
	}
}

/* The last user of one without a name is gone. */
static void destroy(struct tmp_node *tmp)
{
	drop_pages(tmp, 0);
	for (unsigned i = 0; i < TABLES; i++)
		if (tmp->tables[i])
			give_page(tmp->tables[i]);
	nodes[tmp->number] = NULL;
	give_page((u64)tmp - DIRECT_MAP);
}

void tmp_hold(struct tmp_node *tmp)
{
	tmp->users++;
}

void tmp_release(struct tmp_node *tmp)
{
	if (!--tmp->users)
		destroy(tmp);
}

void tmp_reset(void)
{
	for (unsigned i = 0; i < TMP_NODES; i++)
		if (nodes[i])
			destroy(nodes[i]);
}

u64 tmp_size(const struct tmp_node *tmp)
{
	return tmp->size;
}

u64 tmp_number(const struct tmp_node *tmp)
{
	return tmp->number;
}

u32 *tmp_mode(struct tmp_node *tmp)
{
	return &tmp->mode;
}

u64 tmp_pages(const struct tmp_node *tmp)
{
	return tmp->pages;
}

/* ---- names ---- */

static void fill(struct node *node, struct tmp_node *tmp)
{
	node->type = (tmp->mode & S_IFMT) == S_IFDIR ? NODE_DIRECTORY : NODE_FILE;
	node->tmp = tmp;
	node->path = tmp->path;
	node->length = tmp->length;
}

bool tmp_find(struct node *node)
{
	for (unsigned i = 0; i < TMP_NODES; i++) {
		struct tmp_node *tmp = nodes[i];
		if (!tmp || tmp->length != node->length ||
		    memcmp(tmp->path, node->path, tmp->length))
			continue;
		fill(node, tmp);
		return true;
	}
	return false;
}

s64 tmp_make(const struct node *where, u32 mode, struct node *made)
{
	unsigned i = 0;
	if (where->length > TMP_PATH)
		return -ENAMETOOLONG;
	while (i < TMP_NODES && nodes[i])
		i++;
	u64 page = i < TMP_NODES ? take_page() : 0;
	if (!page)
		return -ENOSPC;
	struct tmp_node *tmp = nodes[i] = phys_to_virt(page);
	tmp->number = i;
	tmp->users = 1;
	tmp->mode = mode;
	tmp->length = where->length;
	memcpy(tmp->path, where->path, where->length);
	fill(made, tmp);
	return 0;
}

/* Whether `path` lies below the directory. */
static bool is_below(const struct tmp_node *directory, const char *path, size_t length)
{
	return length > directory->length && path[directory->length] == '/' &&
	       !memcmp(path, directory->path, directory->length);
}

static bool is_empty(const struct tmp_node *directory)
{
	for (unsigned i = 0; i < TMP_NODES; i++)
		if (nodes[i] && is_below(directory, nodes[i]->path, nodes[i]->length))
			return false;
	return true;
}

s64 tmp_remove(struct tmp_node *tmp, bool directory)
{
	bool is_directory = (tmp->mode & S_IFMT) == S_IFDIR;
	if (directory && !is_directory)
		return -ENOTDIR;
	if (!directory && is_directory)
		return -EISDIR;
	if (is_directory && !is_empty(tmp))
		return -ENOTEMPTY;
	tmp->length = 0;
	tmp_release(tmp);
	return 0;
}

/* Whether all that lies below still has room for its path when this one's is `length` long. */
static bool fits(const struct tmp_node *tmp, size_t length)
{
	for (unsigned i = 0; i < TMP_NODES; i++)
		if (nodes[i] &&
		    (nodes[i] == tmp || is_below(tmp, nodes[i]->path, nodes[i]->length)) &&
		    nodes[i]->length - tmp->length + length > TMP_PATH)
			return false;
	return true;
}

static void change_path(struct tmp_node *tmp, unsigned old_length, const char *path, size_t length)
{
	memmove(tmp->path + length, tmp->path + old_length, tmp->length - old_length);
	memcpy(tmp->path, path, length);
	tmp->length += length - old_length;
}

BIG_FRAME_BEGIN
s64 tmp_rename(struct tmp_node *tmp, const struct node *to)
{
	unsigned old_length = tmp->length;
	stack_mark();
	static char path[TMP_PATH]; /* what bears the name now goes, and its path with it */
	if (to->tmp == tmp)
		return 0;
	if (is_below(tmp, to->path, to->length))
		return -EINVAL;
	if (!fits(tmp, to->length))
		return -ENAMETOOLONG;
	if (to->tmp && is_below(to->tmp, tmp->path, tmp->length))
		return -ENOTEMPTY;
	memcpy(path, to->path, to->length);
	if (to->tmp) {
		s64 error = tmp_remove(to->tmp, (tmp->mode & S_IFMT) == S_IFDIR);
		if (error)
			return error;
	}
	for (unsigned i = 0; i < TMP_NODES; i++)
		if (nodes[i] && nodes[i] != tmp && is_below(tmp, nodes[i]->path, nodes[i]->length))
			change_path(nodes[i], old_length, path, to->length);
	change_path(tmp, old_length, path, to->length);
	return 0;
}
BIG_FRAME_END

/* ---- contents ---- */

s64 tmp_truncate(struct tmp_node *tmp, s64 size)
{
	if ((tmp->mode & S_IFMT) == S_IFDIR)
		return -EISDIR;
	if (size < 0)
		return -EINVAL;
	if ((u64)size > TABLES * PAGES_PER_TABLE * PAGE_SIZE)
		return -EFBIG;
	if ((u64)size < tmp->size) {
		drop_pages(tmp, ALIGN_UP(size, PAGE_SIZE) / PAGE_SIZE);
		u64 *entry = page_at(tmp, size / PAGE_SIZE, false);
		if (size % PAGE_SIZE && entry && *entry)
			memset((u8 *)phys_to_virt(*entry) + size % PAGE_SIZE, 0,
			       PAGE_SIZE - size % PAGE_SIZE);
	}
	tmp->size = size;
	return 0;
}

static u64 part_of_page(u64 position, u64 n)
{
	u64 left = PAGE_SIZE - position % PAGE_SIZE;
	return n < left ? n : left;
}

static s64 read(struct open_file *file, u64 position, u64 to, u64 n)
{
	struct tmp_node *tmp = file->node.tmp;
	u64 done = 0;
	if (position >= tmp->size)
		return 0;
	if (n > tmp->size - position)
		n = tmp->size - position;
	while (done < n) {
		u64 at = position + done, part = part_of_page(at, n - done);
		u64 *entry = page_at(tmp, at / PAGE_SIZE, false), copied;
		if (entry && *entry)
			copied = copy_to_user_upto(
			    to + done, (u8 *)phys_to_virt(*entry) + at % PAGE_SIZE, part);
		else
			copied = clear_user_upto(to + done, part);
		done += copied;
		if (copied < part)
			return done ? (s64)done : -EFAULT;
	}
	return done;
}

/* The page to write at `position`, or 0. */
static u64 page_to_write(struct tmp_node *tmp, u64 position)
{
	u64 *entry = page_at(tmp, position / PAGE_SIZE, true);
	if (entry && !*entry) {
		*entry = take_page();
		tmp->pages += *entry != 0;
	}
	return entry ? *entry : 0;
}

BIG_FRAME_BEGIN
static s64 write(struct open_file *file, u64 position, u64 from, u64 n)
{
	struct tmp_node *tmp = file->node.tmp;
	u64 done = 0;
	stack_mark();
	while (done < n) {
		u64 at = position + done, part = part_of_page(at, n - done);
		if (at >= TABLES * PAGES_PER_TABLE * PAGE_SIZE)
			return done ? (s64)done : -EFBIG;
		u64 page = page_to_write(tmp, at);
		if (!page)
			return done ? (s64)done : -ENOSPC;
		u64 copied = copy_from_user_upto((u8 *)phys_to_virt(page) + at % PAGE_SIZE,
						 from + done, part);
		done += copied;
		if (copied && at + copied > tmp->size)
			tmp->size = at + copied;
		if (copied < part)
			return done ? (s64)done : -EFAULT;
	}
	return done;
}
BIG_FRAME_END

static void release(struct open_file *file)
{
	tmp_release(file->node.tmp);
}

const struct file_ops tmp_ops = {.read = read, .write = write, .release = release, .seeks = true};
