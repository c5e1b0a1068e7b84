/*
 * The loader of static ELF64 programs (System V ABI, chapters 4 and 5). Every number of the file is checked before it is
 * used; a file that fails is refused with one line, and the address space is left for the caller to reset.
 */
#include "file/cpio.h"
#include "lib/lib.h"
#include "memory/vm.h"
#include "mm/mm.h"
#include "program/program.h"

#define ET_EXEC	  2
#define ET_DYN	  3
#define EM_X86_64 62
#define PT_LOAD	  1
#define PT_INTERP 3
#define PT_STACK  0x6474e551
#define PF_X	  1
#define PF_W	  2
#define PF_R	  4
#define MAX_PHDRS 64

/* Where a position-independent program goes: where Linux puts it without randomisation. */
#define DYN_BASE UL(0x555555554000)

struct elf_header {
	u8 ident[16];
	u16 type, machine;
	u32 version;
	u64 entry, phoff, shoff;
	u32 flags;
	u16 ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
};

struct elf_phdr {
	u32 type, flags;
	u64 offset, vaddr, paddr, filesz, memsz, align;
};

static const char *check_header(const struct file *file, const struct elf_header *header)
{
	if (file->size < sizeof(*header))
		return "ELF: shorter than its header";
	if (memcmp(header->ident, "\177ELF\2\1\1", 7))
		return "ELF: not a 64-bit little-endian ELF file";
	if (header->type != ET_EXEC && header->type != ET_DYN)
		return "ELF: not a program (neither ET_EXEC nor ET_DYN)";
	if (header->machine != EM_X86_64)
		return "ELF: not for x86-64";
	if (header->phentsize != sizeof(struct elf_phdr))
		return "ELF: program header size is wrong";
	if (!header->phnum || header->phnum > MAX_PHDRS)
		return "ELF: number of program headers out of range";
	if (header->phoff % 8 || header->phoff > file->size ||
	    file->size - header->phoff < header->phnum * sizeof(struct elf_phdr))
		return "ELF: program headers outside the file";
	return NULL;
}

/* `phdr` has the address at which it is to lie. */
static const char *check_segment(const struct file *file, const struct elf_phdr *phdr)
{
	if (phdr->offset > file->size || phdr->filesz > file->size - phdr->offset)
		return "ELF: segment outside the file";
	if (phdr->memsz < phdr->filesz)
		return "ELF: segment larger in the file than in memory";
	if (phdr->vaddr < USER_START || phdr->vaddr >= USER_END ||
	    phdr->memsz > USER_END - phdr->vaddr)
		return "ELF: segment outside ring 3's address space";
	if (phdr->align > 1 && (phdr->align & (phdr->align - 1)))
		return "ELF: segment alignment is no power of two";
	if (phdr->align > 1 && (phdr->vaddr - phdr->offset) % phdr->align)
		return "ELF: segment address and offset disagree in alignment";
	if ((phdr->vaddr - phdr->offset) % PAGE_SIZE)
		return "ELF: segment not page-congruent with the file";
	return NULL;
}

/* Writes through the direct map, since the pages may be read-only to ring 3. */
static void copy_to_pages(u64 address, const u8 *from, u64 size)
{
	while (size) {
		u64 offset = address % PAGE_SIZE;
		u64 n = PAGE_SIZE - offset < size ? PAGE_SIZE - offset : size;
		u64 page = *page_entry(kernel_table, address, false) & PTE_ADDRESS;
		memcpy((u8 *)phys_to_virt(page) + offset, from, n);
		address += n;
		from += n;
		size -= n;
	}
}

static const char *load_segment(const struct file *file, const struct elf_phdr *phdr)
{
	u64 start = ALIGN_DOWN(phdr->vaddr, PAGE_SIZE),
	    end = ALIGN_UP(phdr->vaddr + phdr->memsz, PAGE_SIZE);
	u32 prot = (phdr->flags & PF_R ? VM_READ : 0) | (phdr->flags & PF_W ? VM_WRITE : 0) |
		   (phdr->flags & PF_X ? VM_EXEC : 0);
	if (vm_map(start, end - start, prot))
		return "ELF: segments overlap";
	/* PROT_NONE segments get pages as well: ring 3 may ask for access later. */
	if (vm_populate(start, end - start))
		return "ELF: does not fit into memory";
	copy_to_pages(phdr->vaddr, file->data + phdr->offset, phdr->filesz);
	return NULL;
}

static void read_phdr(const struct file *file, const struct elf_header *header, unsigned i,
		      struct elf_phdr *phdr)
{
	memcpy(phdr, file->data + header->phoff + i * sizeof(*phdr), sizeof(*phdr));
}

/* What is added to a file's addresses; a multiple of every segment's alignment. */
static u64 load_bias(const struct file *file, const struct elf_header *header)
{
	struct elf_phdr phdr;
	u64 align = PAGE_SIZE;
	if (header->type != ET_DYN)
		return 0;
	for (unsigned i = 0; i < header->phnum; i++) {
		read_phdr(file, header, i, &phdr);
		if (phdr.type == PT_LOAD && phdr.align > align && !(phdr.align & (phdr.align - 1)))
			align = phdr.align;
	}
	return ALIGN_DOWN(DYN_BASE, align);
}

/* Takes over one PT_LOAD segment; `phdr` has the address at which it is to lie. */
static const char *take_segment(const struct file *file, const struct elf_header *header,
				const struct elf_phdr *phdr, struct program *program)
{
	const char *error = check_segment(file, phdr);
	if (!error)
		error = load_segment(file, phdr);
	if (error)
		return error;
	if (phdr->flags & PF_X && program->entry - phdr->vaddr < phdr->filesz)
		program->entry_runs = true;
	if (header->phoff >= phdr->offset && header->phoff - phdr->offset < phdr->filesz)
		program->phdr = phdr->vaddr + (header->phoff - phdr->offset);
	if (ALIGN_UP(phdr->vaddr + phdr->memsz, PAGE_SIZE) > program->brk)
		program->brk = ALIGN_UP(phdr->vaddr + phdr->memsz, PAGE_SIZE);
	return NULL;
}

const char *elf_load(const struct file *file, struct program *program)
{
	struct elf_header header;
	struct elf_phdr phdr;
	memcpy(&header, file->data, file->size < sizeof(header) ? file->size : sizeof(header));
	const char *error = check_header(file, &header);
	if (error)
		return error;
	u64 bias = load_bias(file, &header);
	*program = (struct program){.entry = header.entry + bias, .phnum = header.phnum};
	for (unsigned i = 0; i < header.phnum && !error; i++) {
		read_phdr(file, &header, i, &phdr);
		if (phdr.type == PT_INTERP)
			return "ELF: dynamically linked (has an interpreter)";
		if (phdr.type == PT_STACK && phdr.flags & PF_X)
			program->stack_runs = true;
		if (phdr.type != PT_LOAD || !phdr.memsz)
			continue;
		phdr.vaddr += bias;
		error = take_segment(file, &header, &phdr, program);
	}
	if (error)
		return error;
	if (!program->brk)
		return "ELF: nothing to load";
	return program->entry_runs ? NULL : "ELF: entry point outside the code";
}
