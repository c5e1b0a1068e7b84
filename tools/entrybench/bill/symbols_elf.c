/* Symbols and phases of an ELF file, by libelf. */
#include "bill/ledger.h"

#include <fcntl.h>
#include <gelf.h>
#include <unistd.h>

/*
 * A row of the phase table: address, "path.name" and NULs, number of its stamp. One without address
 * ends it (entry_phase.h).
 */
struct phase_row {
	uint64_t address;
	char text[38];
	uint16_t stamp;
};

#define PHASE_PREFIX "phase."

static bool is_code(Elf *elf, const GElf_Sym *symbol)
{
	int type = GELF_ST_TYPE(symbol->st_info);
	GElf_Shdr header;
	Elf_Scn *section;

	if ((type != STT_FUNC && type != STT_NOTYPE) || symbol->st_shndx == SHN_UNDEF ||
	    symbol->st_shndx >= SHN_LORESERVE)
		return false;
	section = elf_getscn(elf, symbol->st_shndx);
	return section && gelf_getshdr(section, &header) && header.sh_flags & SHF_EXECINSTR;
}

/* Sets *phases to where the phase table lies. */
static void read_table(struct symbols *symbols, uint64_t *phases, Elf *elf, Elf_Scn *section,
		       const GElf_Shdr *header)
{
	Elf_Data *data = elf_getdata(section, NULL);
	size_t count = header->sh_entsize ? header->sh_size / header->sh_entsize : 0;
	GElf_Sym symbol;

	for (size_t i = 0; data && i < count && gelf_getsym(data, (int)i, &symbol); i++) {
		const char *name = elf_strptr(elf, header->sh_link, symbol.st_name);

		if (!name || !*name)
			continue;
		if (strcmp(name, "entry_text_start") == 0)
			symbols->entry_start = symbol.st_value;
		if (strcmp(name, "entry_text_end") == 0)
			symbols->entry_end = symbol.st_value;
		if (strcmp(name, "entry_phases") == 0)
			*phases = symbol.st_value;
		if (is_code(elf, &symbol) && !g_str_has_prefix(name, PHASE_PREFIX))
			symbols_add(symbols, symbol.st_value, symbol.st_size, name,
				    GELF_ST_TYPE(symbol.st_info) == STT_NOTYPE);
	}
}

/* The section's bytes from the address to its end; 0 where it is not the address' section. */
static size_t bytes_at(Elf_Scn *section, uint64_t address, const char **bytes)
{
	GElf_Shdr header;
	Elf_Data *data;

	if (!gelf_getshdr(section, &header) || !(header.sh_flags & SHF_ALLOC) ||
	    address < header.sh_addr || address - header.sh_addr >= header.sh_size)
		return 0;
	data = elf_getdata(section, NULL);
	if (!data || !data->d_buf || address - header.sh_addr >= data->d_size)
		return 0;
	*bytes = (const char *)data->d_buf + (address - header.sh_addr);
	return data->d_size - (address - header.sh_addr);
}

/* False: the table is damaged. */
static bool read_phases(struct symbols *symbols, const char *bytes, size_t size)
{
	struct phase_row row;

	for (; size >= sizeof(row); bytes += sizeof(row), size -= sizeof(row)) {
		char *dot;

		memcpy(&row, bytes, sizeof(row));
		if (row.address == 0)
			return symbols->phases;
		dot = memchr(row.text, '.', sizeof(row.text));
		if (!dot || !memchr(row.text, '\0', sizeof(row.text)))
			return false;
		*dot = '\0';
		symbols_add_phase(symbols, row.address, row.text, dot + 1);
	}
	return false;
}

static int read_elf(struct symbols *symbols, Elf *elf, const char *path, struct error *error)
{
	uint64_t table = 0;
	Elf_Scn *section = NULL;
	GElf_Shdr header;
	const char *bytes = NULL;
	size_t size = 0;

	if (!elf || elf_kind(elf) != ELF_K_ELF)
		return error_set(error, "%s is no ELF file", path);
	while ((section = elf_nextscn(elf, section))) {
		if (!gelf_getshdr(section, &header))
			continue;
		if (header.sh_type == SHT_SYMTAB)
			read_table(symbols, &table, elf, section, &header);
		if (header.sh_flags & SHF_EXECINSTR)
			symbols->end = MAX(symbols->end, header.sh_addr + header.sh_size);
	}
	if (!symbols->all)
		return error_set(error, "%s has no symbol table: it must not be stripped", path);
	if (!symbols->entry_start)
		return 0;
	while (size == 0 && (section = elf_nextscn(elf, section)))
		size = bytes_at(section, table, &bytes);
	return read_phases(symbols, bytes, size)
		   ? 0
		   : error_set(error, "%s: its phase table is damaged", path);
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
