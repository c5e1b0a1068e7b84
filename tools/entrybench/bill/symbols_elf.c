/* Symbols and phases of an ELF file, by libelf. */
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "bill/symbols.h"
#include "base/memory.h"

/* A row of the phase table: address, "path.name" and NULs, number of its stamp. One without address ends it (entry_phase.h). */
#define PHASE_ROW_SIZE	48
#define PHASE_TEXT_SIZE 38
#define PHASE_PREFIX	"phase."

/* What the linker script says about the image. */
struct landmarks {
	uint64_t entry_start, entry_end, phases;
};

static void note_landmark(struct landmarks *marks, const char *name, uint64_t value)
{
	const struct {
		const char *name;
		uint64_t *value;
	} known[] = {
	    {"entry_text_start", &marks->entry_start},
	    {"entry_text_end", &marks->entry_end},
	    {"entry_phases", &marks->phases},
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(known[i].name, name) == 0)
			*known[i].value = value;
}

static bool is_code(Elf *elf, const GElf_Sym *symbol)
{
	int type = GELF_ST_TYPE(symbol->st_info);
	GElf_Shdr header;
	Elf_Scn *section;

	if (type != STT_FUNC && type != STT_NOTYPE)
		return false;
	if (symbol->st_shndx == SHN_UNDEF || symbol->st_shndx >= SHN_LORESERVE)
		return false;
	section = elf_getscn(elf, symbol->st_shndx);
	return section && gelf_getshdr(section, &header) && header.sh_flags & SHF_EXECINSTR;
}

static void read_table(struct symbols *symbols, struct landmarks *marks, Elf *elf, Elf_Scn *section,
		       const GElf_Shdr *header)
{
	Elf_Data *data = elf_getdata(section, NULL);
	size_t count = header->sh_entsize ? header->sh_size / header->sh_entsize : 0;

	for (size_t i = 0; data && i < count; i++) {
		const char *name;
		GElf_Sym symbol;

		if (!gelf_getsym(data, (int)i, &symbol))
			break;
		name = elf_strptr(elf, header->sh_link, symbol.st_name);
		if (!name || !*name)
			continue;
		note_landmark(marks, name, symbol.st_value);
		if (!is_code(elf, &symbol) ||
		    strncmp(name, PHASE_PREFIX, strlen(PHASE_PREFIX)) == 0)
			continue;
		symbols_add(symbols, symbol.st_value, symbol.st_size, name);
		symbols->at[symbols->count - 1].label = GELF_ST_TYPE(symbol.st_info) == STT_NOTYPE;
	}
}

enum row { ROW_PHASE, ROW_END, ROW_BAD };

static enum row read_phase(struct symbols *symbols, const unsigned char *bytes)
{
	char text[PHASE_TEXT_SIZE], *dot;
	uint64_t address;

	memcpy(&address, bytes, sizeof(address));
	if (address == 0)
		return ROW_END;
	memcpy(text, bytes + sizeof(address), sizeof(text));
	dot = memchr(text, '.', sizeof(text));
	if (!dot || !memchr(text, '\0', sizeof(text)))
		return ROW_BAD;
	*dot = '\0';
	symbols_add_phase(symbols, address, text, dot + 1);
	return ROW_PHASE;
}

/* The section's bytes from the address to its end; 0 where it is not the address' section. */
static size_t bytes_at(Elf_Scn *section, uint64_t address, const unsigned char **bytes)
{
	GElf_Shdr header;
	Elf_Data *data;

	if (!gelf_getshdr(section, &header) || !(header.sh_flags & SHF_ALLOC) ||
	    address < header.sh_addr || address - header.sh_addr >= header.sh_size)
		return 0;
	data = elf_getdata(section, NULL);
	if (!data || !data->d_buf || address - header.sh_addr >= data->d_size)
		return 0;
	*bytes = (const unsigned char *)data->d_buf + (address - header.sh_addr);
	return data->d_size - (address - header.sh_addr);
}

static int read_phases(struct symbols *symbols, Elf *elf, uint64_t table, const char *path,
		       struct error *error)
{
	const unsigned char *bytes = NULL;
	enum row row = ROW_BAD;
	Elf_Scn *section = NULL;
	size_t size = 0;

	while (size == 0 && (section = elf_nextscn(elf, section)))
		size = bytes_at(section, table, &bytes);
	for (size_t at = 0; at + PHASE_ROW_SIZE <= size; at += PHASE_ROW_SIZE) {
		row = read_phase(symbols, bytes + at);
		if (row != ROW_PHASE)
			break;
	}
	if (row == ROW_END && symbols->phase_count)
		return 0;
	return error_set(error, "%s: its phase table is damaged after %zu rows", path,
			 symbols->phase_count);
}

static int read_elf(struct symbols *symbols, Elf *elf, const char *path, struct error *error)
{
	struct landmarks marks = {0};
	Elf_Scn *section = NULL;
	GElf_Shdr header;

	if (!elf || elf_kind(elf) != ELF_K_ELF)
		return error_set(error, "%s is no ELF file", path);
	while ((section = elf_nextscn(elf, section))) {
		if (!gelf_getshdr(section, &header))
			continue;
		if (header.sh_type == SHT_SYMTAB)
			read_table(symbols, &marks, elf, section, &header);
		if (header.sh_flags & SHF_EXECINSTR &&
		    header.sh_addr + header.sh_size > symbols->end)
			symbols->end = header.sh_addr + header.sh_size;
	}
	if (symbols->count == 0)
		return error_set(error, "%s has no symbol table: it must not be stripped", path);
	if (!marks.entry_start)
		return 0;
	symbols->entry_start = marks.entry_start;
	symbols->entry_end = marks.entry_end;
	return read_phases(symbols, elf, marks.phases, path, error);
}

int symbols_read_elf(struct symbols *symbols, const char *path, struct error *error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), status;
	Elf *elf;

	if (fd < 0)
		return error_set(error, "cannot read %s: %m", path);
	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	status = read_elf(symbols, elf, path, error);
	elf_end(elf);
	close(fd);
	return status;
}
