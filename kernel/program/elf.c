/*
 * The loader of static ELF64 programs (System V ABI, chapters 4 and 5). It takes what Linux takes,
 * and as Linux does: whole pages of the file, a later segment in place of an earlier one (its
 * fs/binfmt_elf.c, load_elf_binary() and elf_load(), as of 6.6). Every number of the file is
 * checked before it is used; a file that fails is refused with one line, and the address space is
 * left for the caller to reset.
 */
#include "file/cpio.h"
#include "lib/lib.h"
#include "memory/vm.h"
#include "mm/mm.h"
#include "program/program.h"
#include "syscall/syscall.h"

#define ET_EXEC	  2
#define ET_DYN	  3
#define EM_X86_64 62
#define PT_LOAD	  1
#define PT_INTERP 3
#define PT_STACK  0x6474e551
#define PF_X	  1
#define PF_W	  2
#define PF_R	  4
#define MAX_PHDRS (65536 / sizeof(struct elf_phdr))

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
	if (memcmp(header->ident, "\177ELF", 4)) /* the machine says the rest */
		return "ELF: not an ELF file";
	if (header->type != ET_EXEC && header->type != ET_DYN)
		return "ELF: not a program (neither ET_EXEC nor ET_DYN)";
	if (header->machine != EM_X86_64)
		return "ELF: not for x86-64";
	if (header->phentsize != sizeof(struct elf_phdr))
		return "ELF: program header size is wrong";
	if (!header->phnum || header->phnum > MAX_PHDRS)
		return "ELF: number of program headers out of range";
	if (header->phoff > file->size ||
	    file->size - header->phoff < header->phnum * sizeof(struct elf_phdr))
		return "ELF: program headers outside the file";
	return NULL;
}

/* `phdr` has the address at which it is to lie. */
static const char *check_segment(const struct elf_phdr *phdr)
{
	if (phdr->memsz < phdr->filesz)
		return "ELF: segment larger in the file than in memory";
	if (phdr->vaddr < USER_START || phdr->vaddr >= USER_END ||
	    phdr->memsz > USER_END - phdr->vaddr)
		return "ELF: segment outside ring 3's address space";
	if (phdr->filesz && (phdr->vaddr - phdr->offset) % PAGE_SIZE)
		return "ELF: segment not page-congruent with the file";
	if (phdr->filesz && phdr->offset >> 63)
		return "ELF: segment outside every file";
	return NULL;
}

/* In place of what was there. */
static const char *map(const struct vm_area *area)
{
	if (vm_unmap(area->start, area->end - area->start) || vm_map_area(area))
		return "ELF: segment cannot be mapped";
	return NULL;
}

/*
 * The file's pages that the segment touches, as far as there is a file: what lies behind it faults
 * in ring 3.
 */
static const char *map_file(const struct file *file, const struct elf_phdr *phdr, u32 prot)
{
	u64 start = ALIGN_DOWN(phdr->vaddr, PAGE_SIZE),
	    offset = ALIGN_DOWN(phdr->offset, PAGE_SIZE);
	struct vm_area area = {
	    .start = start,
	    .end = ALIGN_UP(phdr->vaddr + phdr->filesz, PAGE_SIZE),
	    .prot = prot,
	    .data = file->data + (offset < file->size ? offset : file->size),
	    .size = offset < file->size ? file->size - offset : 0,
	};
	const char *error = map(&area);
	/* PROT_NONE segments get pages as well: ring 3 may ask for access later. */
	if (!error && vm_populate(start, area.end - start) == -ENOMEM)
		return "ELF: does not fit into memory";
	return error;
}

/*
 * The rest of the last page of the file's part. As on Linux it stays as it is in the file where
 * ring 3 cannot write.
 */
static const char *clear_rest(u64 from, u32 prot)
{
	u64 *entry;
	if (!(from % PAGE_SIZE) || !(prot & VM_WRITE))
		return NULL;
	entry = page_entry(kernel_table, ALIGN_DOWN(from, PAGE_SIZE), false);
	if (!entry || !*entry)
		return "ELF: segment ends behind the file";
	memset((u8 *)phys_to_virt(*entry & PTE_ADDRESS) + from % PAGE_SIZE, 0,
	       PAGE_SIZE - from % PAGE_SIZE);
	return NULL;
}

/*
 * What is not in the file: pages of zeros, all of them now unless that would take most of the
 * memory.
 */
static const char *map_zeros(u64 start, u64 end, u32 prot)
{
	struct vm_area area = {
	    .start = start, .end = end, .prot = VM_READ | VM_WRITE | (prot & VM_EXEC)};
	if (start >= end)
		return NULL;
	u64 pages = (end - start) / PAGE_SIZE;
	if (pages > phys_total_pages())
		return "ELF: does not fit into memory";
	const char *error = map(&area);
	if (!error && pages < phys_free_pages() / 2)
		vm_populate(start, end - start);
	return error;
}

static const char *load_segment(const struct file *file, const struct elf_phdr *phdr)
{
	u32 prot = (phdr->flags & PF_R ? VM_READ : 0) | (phdr->flags & PF_W ? VM_WRITE : 0) |
		   (phdr->flags & PF_X ? VM_EXEC : 0);
	u64 zeros = phdr->vaddr + phdr->filesz, end = phdr->vaddr + phdr->memsz;
	const char *error = NULL;
	if (phdr->filesz)
		error = map_file(file, phdr, prot);
	else
		zeros = ALIGN_DOWN(zeros, PAGE_SIZE);
	if (!error && end > zeros)
		error = clear_rest(zeros, prot);
	return error ? error
		     : map_zeros(ALIGN_UP(zeros, PAGE_SIZE), ALIGN_UP(end, PAGE_SIZE), prot);
}

static void read_phdr(const struct file *file, const struct elf_header *header, unsigned i,
		      struct elf_phdr *phdr)
{
	memcpy(phdr, file->data + header->phoff + i * sizeof(*phdr), sizeof(*phdr));
}

/* What is added to a file's addresses; a multiple of every segment's alignment that is one. */
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
	return align <= DYN_BASE ? ALIGN_DOWN(DYN_BASE, align) : DYN_BASE;
}

/* Takes over one PT_LOAD segment; `phdr` has the address at which it is to lie. */
static const char *take_segment(const struct file *file, const struct elf_header *header,
				const struct elf_phdr *phdr, struct program *program)
{
	const char *error = check_segment(phdr);
	if (!error)
		error = load_segment(file, phdr);
	if (error)
		return error;
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
		if (phdr.type != PT_LOAD || (!phdr.memsz && !phdr.filesz))
			continue;
		phdr.vaddr += bias;
		error = take_segment(file, &header, &phdr, program);
	}
	if (error)
		return error;
	if (!program->brk)
		return "ELF: nothing to load";
	const struct vm_area *area = vm_area_at(program->entry);
	return area && area->prot & VM_EXEC ? NULL : "ELF: entry point outside the code";
}
