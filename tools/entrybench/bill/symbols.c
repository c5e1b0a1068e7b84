/* Sorted symbols, and phases in source order; both also from an ELF file, by libelf. */
#include "bill/ledger.h"

#include <fcntl.h>
#include <gelf.h>
#include <unistd.h>

/* A row of the phase table (entry_phase.h): "path.name" and its stamp; address 0 ends the table. */
struct phase_row {
	uint64_t address;
	char text[38];
	uint16_t stamp;
};

#define PHASE_PREFIX "phase."

void symbols_add(struct symbols *symbols, uint64_t address, uint64_t size, const char *name,
		 bool label)
{
	const struct symbol symbol = {address, size, intern(name), label};

	if (!symbols->all)
		symbols->all = g_array_new(false, false, sizeof(symbol));
	g_array_append_val(symbols->all, symbol);
}

void symbols_add_phase(struct symbols *symbols, uint64_t address, const char *name)
{
	const struct phase phase = {address, intern(name)};

	if (!symbols->phases)
		symbols->phases = g_array_new(false, false, sizeof(phase));
	g_array_append_val(symbols->phases, phase);
}

size_t symbols_count(const struct symbols *symbols)
{
	return symbols->all ? symbols->all->len : 0;
}

const struct symbol *symbols_at(const struct symbols *symbols, size_t index)
{
	return &g_array_index(symbols->all, struct symbol, index);
}

/* At one address the larger symbol sorts last, then the later name: each run picks the same. */
static int compare(const void *a, const void *b)
{
	const struct symbol *x = a, *y = b;

	if (x->address != y->address)
		return x->address < y->address ? -1 : 1;
	if (x->size != y->size)
		return x->size < y->size ? -1 : 1;
	return strcmp(x->name, y->name);
}

void symbols_sort(struct symbols *symbols)
{
	if (symbols->all)
		g_array_sort(symbols->all, compare);
}

void symbols_free(struct symbols *symbols)
{
	g_clear_pointer(&symbols->all, g_array_unref);
	g_clear_pointer(&symbols->phases, g_array_unref);
}

const struct symbol *symbols_find(const struct symbols *symbols, uint64_t address)
{
	size_t low = 0, high = symbols_count(symbols);

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (symbols_at(symbols, middle)->address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	/* A label inside a function does not end it: look below for one whose size reaches here. */
	for (size_t i = low; i-- > 0 && low - i <= 16;) {
		const struct symbol *symbol = symbols_at(symbols, i);

		if (!symbol->label && address - symbol->address < symbol->size)
			return symbol;
	}
	/* What was moved out of line belongs to what it follows. */
	while (low && symbols_at(symbols, low - 1)->label && symbols_at(symbols, low - 1)->size)
		low--;
	return low && (!symbols->end || address < symbols->end) ? symbols_at(symbols, low - 1)
								: NULL;
}

const char *symbols_name(const struct symbols *symbols, uint64_t address)
{
	const struct symbol *symbol = symbols_find(symbols, address);

	return symbol ? symbol->name : SYMBOL_UNKNOWN;
}

const struct symbol *symbols_by_name(const struct symbols *symbols, const char *name)
{
	for (size_t i = 0; i < symbols_count(symbols); i++)
		if (strcmp(symbols_at(symbols, i)->name, name) == 0)
			return symbols_at(symbols, i);
	return NULL;
}

const struct phase *symbols_find_phase(const struct symbols *symbols, uint64_t address)
{
	const struct phase *best = NULL;

	if (!symbols->phases || address < symbols->entry_start || address >= symbols->entry_end)
		return NULL;
	/* Of phases at one address all but the last in the source are empty. */
	for_each_in(const struct phase, phase, symbols->phases)
		if (phase->address <= address && (!best || phase->address >= best->address))
			best = phase;
	return best && strcmp(best->name, "end") != 0 ? best : NULL;
}

/* ---- ELF ---- */

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

/* Fills *table where the symbol of the phase table is there. */
static void read_symbols(struct symbols *symbols, GElf_Sym *table, Elf *elf, Elf_Scn *section,
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
			*table = symbol;
		if (is_code(elf, &symbol) && !g_str_has_prefix(name, PHASE_PREFIX))
			symbols_add(symbols, symbol.st_value, symbol.st_size, name,
				    GELF_ST_TYPE(symbol.st_info) == STT_NOTYPE);
	}
}

/* False: the table is damaged. */
static bool read_phases(struct symbols *symbols, Elf *elf, const GElf_Sym *table)
{
	Elf_Scn *section = elf_getscn(elf, table->st_shndx);
	Elf_Data *data = section ? elf_getdata(section, NULL) : NULL;
	struct phase_row row;
	GElf_Shdr header;
	uint64_t at;

	if (!data || !data->d_buf || !gelf_getshdr(section, &header))
		return false;
	at = table->st_value - header.sh_addr;
	for (; at < data->d_size && data->d_size - at >= sizeof(row); at += sizeof(row)) {
		char *dot;

		memcpy(&row, (const char *)data->d_buf + at, sizeof(row));
		if (row.address == 0)
			return symbols->phases;
		dot = memchr(row.text, '.', sizeof(row.text));
		if (!dot || !memchr(dot, '\0', sizeof(row.text) - (size_t)(dot - row.text)))
			return false;
		symbols_add_phase(symbols, row.address, dot + 1);
	}
	return false;
}

static int read_elf(struct symbols *symbols, Elf *elf, const char *path, struct error *error)
{
	GElf_Sym table = {0};
	Elf_Scn *section = NULL;
	GElf_Shdr header;

	if (!elf || elf_kind(elf) != ELF_K_ELF)
		return error_set(error, "%s is no ELF file", path);
	while ((section = elf_nextscn(elf, section))) {
		if (!gelf_getshdr(section, &header))
			continue;
		if (header.sh_type == SHT_SYMTAB)
			read_symbols(symbols, &table, elf, section, &header);
		if (header.sh_flags & SHF_EXECINSTR)
			symbols->end = MAX(symbols->end, header.sh_addr + header.sh_size);
	}
	if (!symbols->all)
		return error_set(error, "%s has no symbol table: it must not be stripped", path);
	symbols_sort(symbols);
	if (!symbols->entry_start || read_phases(symbols, elf, &table))
		return 0;
	return error_set(error, "%s: its phase table is damaged", path);
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
