/*
 * Records that outlast a reset on the stick: the core keeps its console in RAM (kernel/dev/keep.c),
 * GRUB's next pass reads it from there, word by word, into an environment file of the stick, and
 * `collect` finds it in that file.
 */
#include "run/run.h"

#include <archive.h>
#include <archive_entry.h>
#include <sys/stat.h>
#include <zlib.h>

#define FOLDER	 "kept/"
#define MAGIC	 "314b4245"
#define ROWS	 "0123456789abcdef" /* variables of 4 KiB each */
#define ALL_ROWS " r0 r1 r2 r3 r4 r5 r6 r7 r8 r9 ra rb rc rd re rf"
#define DIGITS	 "0 1 2 3 4 5 6 7 8 9 a b c d e f"
#define PLACE	 "0x400" /* and four digits: 64 MiB and up to 64 KiB more */
#define WORDS	 (KEEP_SIZE / 4)
#define FILESIZE (64 + 9 * WORDS + 4 * sizeof(ROWS))

/* Four words of the header, those of struct kept in the core. */
enum { HEADER_MAGIC, HEADER_END, HEADER_SAID, HEADER_CRC, HEADER_WORDS };

const char keep_option[] = "keep=4000000/10000";

/* GRUB knows no arithmetic: addresses are made of digits. A part keeps its lines short. */
const char keep_config[] = "set lost=yes\n"
			   "read_dword -v magic " PLACE "0000\n"
			   "if [ \"$magic\" = " MAGIC " ]; then\n"
			   "  read_dword -v end " PLACE "0004\n"
			   "  for a in " DIGITS "; do\n"
			   "    set row=\n"
			   "    for b in " DIGITS "; do\n"
			   "      if [ 0x${a}${b}00 -ge 0x$end ]; then break; fi\n"
			   "      set part=\n"
			   "      for c in " DIGITS "; do\n"
			   "        for d in 0 4 8 c; do\n"
			   "          read_dword -v w " PLACE "$a$b$c$d\n"
			   "          set part=\"$part $w\"\n"
			   "        done\n"
			   "      done\n"
			   "      set row=\"$row$part\"\n"
			   "    done\n"
			   "    set r$a=\"$row\"\n"
			   "  done\n"
			   "  if save_env -f /" FOLDER "$kept" ALL_ROWS "; then set lost=; fi\n"
			   "fi\n"
			   "if [ \"$lost\" = yes ]; then\n"
			   "  echo \"The records of boot $kept could not be kept.\"\n"
			   "  set some_lost=yes\n"
			   "fi\n"
			   "write_dword " PLACE "0000 0\n";

/* Before the first boot: what an earlier use of the stick left goes. */
const char keep_clear_config[] = "write_dword " PLACE "0000 0\n"
				 "for k in $boots; do\n"
				 "  load_env -f /" FOLDER "$k r0\n"
				 "  if [ -n \"$r0\" ]; then\n"
				 "    unset r0\n"
				 "    save_env -f /" FOLDER "$k" ALL_ROWS "\n"
				 "  fi\n"
				 "done\n";

int keep_make_file(const char *iso, unsigned boot, struct error *error)
{
	static const char head[] = "# GRUB Environment Block\n";
	g_autofree char *folder = g_build_filename(iso, FOLDER, NULL);
	g_autofree char *name = g_strdup_printf("%u", boot), *bytes = g_malloc(FILESIZE);

	memset(bytes, '#', FILESIZE);
	memcpy(bytes, head, strlen(head));
	return folder_make(folder, error) || file_replace(folder, name, bytes, FILESIZE, error) ? -1
												: 0;
}

/* Appends a row's words, lowest byte first. False: something else stands there. */
static bool take_row(const char *text, char row, GByteArray *bytes)
{
	char name[] = {'\n', 'r', row, '=', 0};
	const char *at = strstr(text, name);

	if (!at)
		return true;
	for (at += strlen(name); *at == ' ';) {
		char *end = (char *)at + 1;
		uint64_t value = g_ascii_isxdigit(*end) ? g_ascii_strtoull(end, &end, 16) : 0;
		uint32_t word = GUINT32_TO_LE((uint32_t)value);

		if (end == at + 1 || value > UINT32_MAX || bytes->len >= KEEP_SIZE)
			return false;
		g_byte_array_append(bytes, (const guint8 *)&word, sizeof(word));
		at = end;
	}
	return *at == '\n';
}

const char *keep_read(const char *text, GString *stream)
{
	g_autoptr(GByteArray) bytes = g_byte_array_new();
	uint32_t header[HEADER_WORDS], end;

	for (const char *row = ROWS; *row; row++)
		if (!take_row(text, *row, bytes))
			return "what stands in its file is damaged";
	if (!bytes->len)
		return "nothing was kept: it did not run, or RAM did not outlast the reset";
	if (bytes->len < sizeof(header))
		return "what stands in its file is cut short";
	memcpy(header, bytes->data, sizeof(header));
	for (size_t i = 0; i < HEADER_WORDS; i++)
		header[i] = GUINT32_FROM_LE(header[i]);
	end = header[HEADER_END];
	if (header[HEADER_MAGIC] != strtoul(MAGIC, NULL, 16) || end < sizeof(header))
		return "what stands in its file is not of this tool";
	if (end > bytes->len)
		return "what stands in its file is cut short";
	if (crc32_z(0, bytes->data + sizeof(header), end - sizeof(header)) != header[HEADER_CRC])
		return "its checksum is wrong: RAM did not outlast the reset";
	g_string_append_len(stream, (const char *)bytes->data + sizeof(header),
			    end - sizeof(header));
	if (header[HEADER_SAID] > end - sizeof(header))
		g_string_append_printf(stream,
				       "\nthe stick keeps %zu bytes of a boot, and this one "
				       "sent %" PRIu32 ": choose fewer benchmarks (-B), or "
				       "fewer windows (-n)\n",
				       end - sizeof(header), header[HEADER_SAID]);
	return NULL;
}

/* One file of the stick. False with error. */
static bool take_file(struct archive *from, struct archive_entry *entry, GString *stream,
		      struct error *error)
{
	const char *name = archive_entry_pathname(entry) ?: "";
	g_autofree char *text = g_malloc(FILESIZE + 1);
	const char *wrong;
	la_ssize_t size;

	if (!g_str_has_prefix(name, FOLDER) || archive_entry_filetype(entry) != AE_IFREG)
		return true;
	size = archive_read_data(from, text, FILESIZE);
	if (size < 0) {
		error_set(error, "%s: %s", name, archive_error_string(from));
		return false;
	}
	text[size] = 0;
	wrong = keep_read(text, stream);
	if (wrong)
		remark("boot %s: %s", name + strlen(FOLDER), wrong);
	return true;
}

int keep_collect(const char *stick, const char *file, struct error *error)
{
	struct archive *from = archive_read_new();
	g_autoptr(GString) stream = g_string_new(NULL);
	g_autofree char *dir = g_path_get_dirname(file), *base = g_path_get_basename(file);
	struct archive_entry *entry;
	int code = 0, result;

	archive_read_support_format_iso9660(from);
	result = archive_read_open_filename(from, stick, 1 << 16);
	while (code == 0 && result == ARCHIVE_OK) {
		result = archive_read_next_header(from, &entry);
		if (result == ARCHIVE_OK && !take_file(from, entry, stream, error))
			code = -1;
	}
	if (code == 0 && result != ARCHIVE_EOF)
		code = error_set(error, "%s: %s", stick, archive_error_string(from));
	archive_read_free(from);
	return code ?: file_replace(dir, base, stream->str, stream->len, error);
}

bool keep_is_stick(const char *path)
{
	struct stat facts;
	char head[6] = "";
	FILE *file;
	bool is;

	/* to open a serial line or a pipe would take something from it */
	if (stat(path, &facts) || !(S_ISREG(facts.st_mode) || S_ISBLK(facts.st_mode)))
		return false;
	file = fopen(path, "re");
	is = file && fseek(file, 32769, SEEK_SET) == 0 && fread(head, 1, 5, file) == 5 &&
	     !strcmp(head, "CD001");
	if (file)
		fclose(file);
	return is;
}
