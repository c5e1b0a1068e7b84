/* Symbols and phases of an ELF file, by libelf. */
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "bill/symbols.h"
#include "util/memory.h"

/* A row of the phase table: address, then "path.name" with NULs up to the row's end (entry_phase.h). */
#define PHASE_ROW_SIZE 48
#define PHASE_PREFIX   "phase."

struct bounds {
	uint64_t start, end;
};

/* What the linker script says about the image. */
struct landmarks {
	struct bounds entry_text, phases;
};

static void note_landmark(struct landmarks *marks, const char *name, uint64_t value)
{
	const struct {
		const char *name;
		uint64_t *value;
	} known[] = {
	    {"entry_text_start", &marks->entry_text.start},
	    {"entry_text_end", &marks->entry_text.end},
	    {"entry_phases", &marks->phases.start},
	    {"entry_phases_end", &marks->phases.end},
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
		if (is_code(elf, &symbol) && strncmp(name, PHASE_PREFIX, strlen(PHASE_PREFIX)) != 0)
			symbols_add(symbols, symbol.st_value, symbol.st_size, name);
	}
}

/* One row at `bytes`; false where it is none. */
static bool read_phase(struct symbols *symbols, const unsigned char *bytes)
{
	char text[PHASE_ROW_SIZE - sizeof(uint64_t)], *dot;
	uint64_t address;

	memcpy(&address, bytes, sizeof(address));
	memcpy(text, bytes + sizeof(address), sizeof(text));
	dot = memchr(text, '.', sizeof(text));
	if (!dot || !memchr(text, '\0', sizeof(text)))
		return false;
	*dot = '\0';
	symbols_add_phase(symbols, address, text, dot + 1);
	return true;
}

static int read_phases(struct symbols *symbols, Elf *elf, const struct bounds *table,
		       const char *path, struct error *error)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;

	while ((section = elf_nextscn(elf, section))) {
		Elf_Data *data;
		uint64_t offset, size = table->end - table->start;

		if (!gelf_getshdr(section, &header) || !(header.sh_flags & SHF_ALLOC) ||
		    table->start < header.sh_addr || table->end > header.sh_addr + header.sh_size)
			continue;
		data = elf_getdata(section, NULL);
		offset = table->start - header.sh_addr;
		if (!data || !data->d_buf || offset + size > data->d_size)
			break;
		for (uint64_t row = 0; row + PHASE_ROW_SIZE <= size; row += PHASE_ROW_SIZE)
			if (!read_phase(symbols, (const unsigned char *)data->d_buf + offset + row))
				return error_set(error, "%s: bad row %llu in its phase table", path,
						 (unsigned long long)(row / PHASE_ROW_SIZE));
		return 0;
	}
	return error_set(error, "%s: its phase table lies in no section", path);
}

static int read_elf(struct symbols *symbols, Elf *elf, const char *path, struct error *error)
{
	struct landmarks marks = {0};
	Elf_Scn *section = NULL;
	GElf_Shdr header;

	if (!elf || elf_kind(elf) != ELF_K_ELF)
		return error_set(error, "%s is no ELF file", path);
	while ((section = elf_nextscn(elf, section)))
		if (gelf_getshdr(section, &header) && header.sh_type == SHT_SYMTAB)
			read_table(symbols, &marks, elf, section, &header);
	if (symbols->count == 0)
		return error_set(error, "%s has no symbol table: it must not be stripped", path);
	if (marks.phases.start >= marks.phases.end)
		return 0;
	symbols->entry_start = marks.entry_text.start;
	symbols->entry_end = marks.entry_text.end;
	return read_phases(symbols, elf, &marks.phases, path, error);
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
