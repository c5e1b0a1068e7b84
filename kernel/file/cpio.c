/*
 * newc cpio archives (cpio(5), "New ASCII Format"), several in a row as the kernel's initramfs
 * allows, read in place. Everything is checked before it is used: magic, hex digits, sizes against
 * the end, names' terminators.
 */
#include "entry/erase.h"
#include "file/cpio.h"
#include "lib/lib.h"

#define HEADER_SIZE 110
#define TYPE_MASK   0170000
#define TYPE_FILE   0100000
#define TYPE_FOLDER 0040000

struct entry {
	const char *name;
	u32 mode;
	struct file file;
	u64 next; /* offset of the entry after this one */
};

/* The eight hex digits at `digits`; false if they are none. */
static bool read_hex(const u8 *digits, u32 *value)
{
	*value = 0;
	for (int i = 0; i < 8; i++) {
		u8 c = digits[i];
		u32 digit = c >= '0' && c <= '9'   ? c - '0'
			    : c >= 'a' && c <= 'f' ? c - 'a' + 10
			    : c >= 'A' && c <= 'F' ? c - 'A' + 10
						   : 16;
		if (digit == 16)
			return false;
		*value = *value << 4 | digit;
	}
	return true;
}

static bool is_trailer(const struct entry *entry)
{
	return !strcmp(entry->name, "TRAILER!!!");
}

/*
 * Reads the entry at `offset`; NULL, or what is wrong. All sums are of 32-bit values, so 64 bits
 * hold them.
 */
static const char *read_entry(const u8 *archive, u64 size, u64 offset, struct entry *entry)
{
	const u8 *header = archive + offset;
	u32 file_size, name_size;
	if (size - offset < HEADER_SIZE)
		return "initrd: cpio header cut short";
	if (memcmp(header, "070701", 6))
		return "initrd: not a newc cpio archive";
	if (!read_hex(header + 14, &entry->mode) || !read_hex(header + 54, &file_size) ||
	    !read_hex(header + 94, &name_size))
		return "initrd: cpio header field is no number";
	u64 data = ALIGN_UP(offset + HEADER_SIZE + name_size, 4);
	if (!name_size || data > size || archive[offset + HEADER_SIZE + name_size - 1])
		return "initrd: cpio name cut short";
	if (file_size > size - data)
		return "initrd: cpio file cut short";
	entry->name = (const char *)header + HEADER_SIZE;
	entry->file = (struct file){archive + data, file_size};
	entry->next = ALIGN_UP(data + file_size, 4);
	return NULL;
}

/* From `offset`, over the zero bytes that may pad one archive to the next. */
static u64 skip_padding(const u8 *archive, u64 size, u64 offset)
{
	while (offset < size && !archive[offset])
		offset++;
	return offset;
}

BIG_FRAME_BEGIN
const char *cpio_check(const u8 *archive, u64 size)
{
	struct entry entry = {0};
	stack_mark();
	bool open = false;
	if (!size)
		return "no initrd";
	for (u64 offset = 0; offset < size;) {
		const char *error = read_entry(archive, size, offset, &entry);
		if (error)
			return error;
		open = !is_trailer(&entry);
		offset = entry.next;
		if (!open)
			offset = skip_padding(archive, size, offset);
	}
	return open ? "initrd: cpio archive has no trailer" : NULL;
}
BIG_FRAME_END

/* What `entry` says about the path: the file or folder itself, or a name below it. */
static enum cpio_kind match(const struct entry *entry, const char *path, size_t length)
{
	if (memcmp(entry->name, path, length)) /* names are terminated, so this stops in time */
		return CPIO_NOTHING;
	if (entry->name[length] == '/')
		return CPIO_DIRECTORY;
	if (entry->name[length])
		return CPIO_NOTHING;
	switch (entry->mode & TYPE_MASK) {
	case TYPE_FILE:
		return CPIO_FILE;
	case TYPE_FOLDER:
		return CPIO_DIRECTORY;
	}
	return CPIO_NOTHING;
}

BIG_FRAME_BEGIN
enum cpio_kind cpio_look(const u8 *archive, u64 size, const char **path, size_t length,
			 struct file *file)
{
	struct entry entry;
	enum cpio_kind found = CPIO_NOTHING;
	const char *wanted = *path;
	stack_mark();
	for (u64 offset = 0; offset < size;) {
		if (read_entry(archive, size, offset, &entry))
			return found;
		enum cpio_kind kind = match(&entry, wanted, length);
		if (kind != CPIO_NOTHING) {
			found = kind;
			*path = entry.name;
			*file = entry.file;
		}
		offset = is_trailer(&entry) ? skip_padding(archive, size, entry.next) : entry.next;
	}
	return found;
}
BIG_FRAME_END

BIG_FRAME_BEGIN
bool cpio_find(const u8 *archive, u64 size, const char *name, struct file *file)
{
	struct file found;
	stack_mark();
	if (cpio_look(archive, size, &name, strlen(name), &found) != CPIO_FILE)
		return false;
	*file = found;
	return true;
}
BIG_FRAME_END
