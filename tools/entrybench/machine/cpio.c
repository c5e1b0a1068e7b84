/* newc cpio archives. */
#include "machine/machine.h"

#include <archive.h>
#include <archive_entry.h>

/* Size of an archive's last entry, before zeros: a header of 110 bytes and "TRAILER!!!". */
#define TRAILER_SIZE 120

struct cpio {
	struct archive *archive;
	GByteArray *bytes;
	GHashTable *folders; /* made so far */
};

static la_ssize_t append(G_GNUC_UNUSED struct archive *archive, void *bytes, const void *data,
			 size_t size)
{
	g_byte_array_append(bytes, data, (unsigned)size);
	return (la_ssize_t)size;
}

struct cpio *cpio_new(void)
{
	struct cpio *cpio = g_new0(struct cpio, 1);

	cpio->bytes = g_byte_array_new();
	cpio->folders = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	cpio->archive = archive_write_new();
	if (!cpio->archive || archive_write_set_format_cpio_newc(cpio->archive) ||
	    archive_write_set_bytes_per_block(cpio->archive, 0) ||
	    archive_write_open(cpio->archive, cpio->bytes, NULL, append, NULL))
		g_error("cannot make a cpio archive");
	return cpio;
}

static int add_entry(struct cpio *cpio, const char *name, unsigned type, const void *data,
		     size_t size, struct error *error)
{
	struct archive_entry *entry = archive_entry_new();
	int result = 0;

	archive_entry_set_pathname(entry, name);
	archive_entry_set_filetype(entry, type);
	archive_entry_set_perm(entry, 0755);
	archive_entry_set_nlink(entry, type == AE_IFDIR ? 2 : 1);
	archive_entry_set_size(entry, (la_int64_t)size);
	if (archive_write_header(cpio->archive, entry) != ARCHIVE_OK ||
	    archive_write_data(cpio->archive, data, size) != (la_ssize_t)size)
		result = error_set(error, "cannot put %s into the initrd: %s", name,
				   archive_error_string(cpio->archive));
	archive_entry_free(entry);
	return result;
}

/* Linux makes no folder by itself when it unpacks a file. */
static int add_folders(struct cpio *cpio, const char *name, struct error *error)
{
	int result = 0;

	for (const char *slash = name; result == 0 && (slash = strchr(slash, '/')); slash++) {
		char *folder = g_strndup(name, (size_t)(slash - name));

		/* The table takes the name, or frees it. */
		if (g_hash_table_add(cpio->folders, folder))
			result = add_entry(cpio, folder, AE_IFDIR, "", 0, error);
	}
	return result;
}

int cpio_add(struct cpio *cpio, const char *name, const void *data, size_t size,
	     struct error *error)
{
	if (add_folders(cpio, name, error))
		return -1;
	return add_entry(cpio, name, AE_IFREG, data, size, error);
}

int cpio_add_file(struct cpio *cpio, const char *name, const char *path, struct error *error)
{
	size_t size;
	g_autofree char *data = file_read(path, &size, error);

	return data ? cpio_add(cpio, name, data, size, error) : -1;
}

GByteArray *cpio_finish(struct cpio *cpio)
{
	GByteArray *bytes = cpio->bytes;

	archive_write_free(cpio->archive);
	g_hash_table_unref(cpio->folders);
	g_free(cpio);
	return bytes;
}

/* Takes the entry's content from one archive to the other. */
static int copy_data(struct archive *from, struct archive *to)
{
	const void *data;
	size_t size;
	la_int64_t at;
	int result;

	while ((result = archive_read_data_block(from, &data, &size, &at)) == ARCHIVE_OK)
		if (archive_write_data_block(to, data, size, at) != ARCHIVE_OK)
			return ARCHIVE_FATAL;
	return result == ARCHIVE_EOF ? archive_write_finish_entry(to) : result;
}

/* libarchive's secure modes refuse "..", links on the way and absolute names; ours are absolute. */
static const char *write_entry(struct archive *from, struct archive_entry *entry,
			       struct archive *to, const char *folder)
{
	const char *name = archive_entry_pathname(entry);
	unsigned type = archive_entry_filetype(entry);
	g_autofree char *path = NULL;

	if (!name || !name[0] || name[0] == '/')
		return "the name of a cpio entry leads out of its folder";
	if (type != AE_IFREG && type != AE_IFDIR)
		return "a cpio entry is neither file nor folder";
	path = g_build_filename(folder, name, NULL);
	archive_entry_set_pathname(entry, path);
	archive_entry_set_hardlink(entry, NULL);
	archive_entry_set_perm(entry, 0755);
	if (archive_write_header(to, entry) != ARCHIVE_OK)
		return archive_error_string(to);
	if (copy_data(from, to) != ARCHIVE_OK)
		return archive_error_string(from) ?: archive_error_string(to);
	return NULL;
}

/* One archive at the start of data. NULL, and in *size how much is done with; or what is wrong. */
static const char *unpack_one(struct archive *from, const char *data, size_t *size,
			      struct archive *to, const char *folder)
{
	struct archive_entry *entry;
	const char *wrong = NULL;
	int result = ARCHIVE_OK;

	archive_read_support_format_cpio(from);
	archive_read_open_memory(from, data, *size);
	while (!wrong && (result = archive_read_next_header(from, &entry)) == ARCHIVE_OK)
		wrong = write_entry(from, entry, to, folder);
	if (!wrong && result != ARCHIVE_EOF)
		wrong = archive_error_string(from) ?: "the archive is cut short";
	*size = (size_t)archive_read_header_position(from) + TRAILER_SIZE;
	return wrong;
}

int cpio_unpack(const char *file, const char *folder, struct error *error)
{
	size_t size, at = 0;
	g_autofree char *data = file_read(file, &size, error);
	/* Links on the way to the folder are its owner's. */
	g_autofree char *real = realpath(folder, NULL);
	struct archive *to = archive_write_disk_new();
	int result = data ? 0 : -1;

	archive_write_disk_set_options(to, ARCHIVE_EXTRACT_SECURE_NODOTDOT |
					       ARCHIVE_EXTRACT_SECURE_SYMLINKS |
					       ARCHIVE_EXTRACT_NO_OVERWRITE);
	while (result == 0 && at < size) {
		struct archive *from = archive_read_new();
		size_t done = size - at;
		const char *wrong = unpack_one(from, data + at, &done, to, real ?: folder);

		if (wrong)
			result = error_set(error, "%s: %s", file, wrong);
		archive_read_free(from);
		/* Between archives there may be zeros. */
		for (at += done; at < size && !data[at];)
			at++;
	}
	archive_write_free(to);
	return result;
}
