/*
 * SGDT, SIDT, SMSW, SLDT and STR of ring 3 where CR4.UMIP makes them #GP: they go on with values
 * that tell nothing of the kernel, the same as Linux gives (its arch/x86/kernel/umip.c as of 5.10,
 * the first that has SLDT and STR).
 */
#include "cpu/cpu.h"
#include "cpu/selectors.h"
#include "cpu/umip.h"
#include "lib/lib.h"
#include "memory/vm.h"
#include "mm/mm.h"
#include "signal/fault.h"
#include "thread/segments.h"

#define DUMMY_GDT 0xfffffffffffe0000ull
#define DUMMY_IDT 0xffffffffffff0000ull
#define DUMMY_CR0 0x80050033ull /* PG AM WP NE ET MP PE */

enum what { SLDT, STR, SGDT, SIDT, SMSW, OTHER };
enum { REX_B = 1, REX_X = 2, REX_R = 4, REX_W = 8 };
enum { MODRM_SIB = 4, MODRM_BP = 5, MODRM_REGISTER = 3, SP = 4, NO_INDEX = 4, BP = 5 };

/* One instruction at a time; not on the stack, which has no room for it. SDM 2A chapter 2. */
static struct {
	u8 bytes[15];
	unsigned n, at; /* bytes there are, and how many are read */
	unsigned bits;	/* of the code segment */
	bool other_operand, other_address, overrun;
	char segment; /* of an override prefix: c d e f g s, or 0 */
	u8 rex, modrm;
} insn;

static u8 next(void)
{
	if (insn.at < insn.n)
		return insn.bytes[insn.at++];
	insn.overrun = true;
	return 0;
}

static s64 next_signed(unsigned bytes)
{
	s32 value = 0;
	for (unsigned i = 0; i < bytes; i++)
		value |= (s32)((u32)next() << 8 * i);
	return bytes == 1 ? (s8)value : bytes == 2 ? (s16)value : value;
}

static u64 *register_of(struct pt_regs *regs, unsigned number)
{
#define AT(name) offsetof(struct pt_regs, name)
	static const u8 places[] = {AT(ax),  AT(cx),  AT(dx),  AT(bx), AT(sp),	AT(bp),
				    AT(si),  AT(di),  AT(r8),  AT(r9), AT(r10), AT(r11),
				    AT(r12), AT(r13), AT(r14), AT(r15)};
#undef AT
	return (u64 *)((u8 *)regs + places[number]);
}

/* ---- which one it is ---- */

static bool read_prefix(u8 byte)
{
	static const char segments[] = "ecsd"; /* 26 2e 36 3e */
	if ((byte & 0xe7) == 0x26)
		insn.segment = segments[byte >> 3 & 3];
	else if (byte == 0x64 || byte == 0x65)
		insn.segment = byte == 0x64 ? 'f' : 'g';
	else if (byte == 0x66)
		insn.other_operand = true;
	else if (byte == 0x67)
		insn.other_address = true;
	else
		return byte == 0xf2 || byte == 0xf3;
	return true;
}

static enum what read_opcode(void)
{
	static const u8 group6[8] = {SLDT, STR, OTHER, OTHER, OTHER, OTHER, OTHER, OTHER};
	static const u8 group7[8] = {SGDT, SIDT, OTHER, OTHER, SMSW, OTHER, OTHER, OTHER};
	u8 byte = next();
	while (read_prefix(byte))
		byte = next();
	if (insn.bits == 64 && (byte & 0xf0) == 0x40) {
		insn.rex = byte;
		byte = next();
	}
	if (byte != 0x0f)
		return OTHER;
	byte = next();
	insn.modrm = next();
	if (insn.overrun || byte > 1)
		return OTHER;
	return (byte ? group7 : group6)[insn.modrm >> 3 & 7];
}

static enum what fetch(const struct pt_regs *regs)
{
	memset(&insn, 0, sizeof(insn));
	insn.bits = segment_code_bits(regs->cs);
	u64 from = regs->ip + (insn.bits == 64 ? 0 : segment_descriptor_base(regs->cs));
	insn.n = copy_from_user_upto(insn.bytes, from, sizeof(insn.bytes));
	return read_opcode();
}

/* ---- its operand in memory ---- */

static u16 selector_of(const struct pt_regs *regs, char segment)
{
	switch (segment) {
	case 'c':
		return regs->cs;
	case 's':
		return regs->ss;
	}
	return segment_selector(segment);
}

/* 16-bit addressing: two registers and a displacement (SDM 2A table 2-1). */
static u64 offset_16(struct pt_regs *regs, char *segment)
{
	unsigned mod = insn.modrm >> 6, rm = insn.modrm & 7;
	u64 sum = 0;
	if (mod == 0 && rm == 6)
		return (u16)next_signed(2);
	if (rm < 2 || rm == 7)
		sum += regs->bx;
	else if (rm == 2 || rm == 3 || rm == 6)
		sum += regs->bp;
	if (rm < 6)
		sum += rm & 1 ? regs->di : regs->si;
	if (rm == 2 || rm == 3 || rm == 6)
		*segment = 's';
	return (u16)(sum + (mod ? next_signed(mod) : 0));
}

/* SIB: a base and a scaled index (SDM 2A table 2-3). */
static u64 sib(struct pt_regs *regs, char *segment)
{
	u8 byte = next();
	unsigned base = byte & 7, index = (byte >> 3 & 7) | (insn.rex & REX_X ? 8 : 0);
	u64 sum = 0;
	if (index != NO_INDEX)
		sum = *register_of(regs, index) << (byte >> 6);
	if (base == BP && insn.modrm >> 6 == 0)
		return sum + next_signed(4);
	if (base == SP || base == BP)
		*segment = insn.rex & REX_B ? *segment : 's';
	return sum + *register_of(regs, base | (insn.rex & REX_B ? 8 : 0));
}

static u64 offset_32(struct pt_regs *regs, char *segment)
{
	unsigned mod = insn.modrm >> 6, rm = insn.modrm & 7;
	u64 sum;
	if (rm == MODRM_SIB) {
		sum = sib(regs, segment);
	} else if (mod == 0 && rm == MODRM_BP) {
		sum = next_signed(4);
		if (insn.bits == 64)
			sum += regs->ip + insn.at; /* no immediate follows */
	} else {
		sum = *register_of(regs, rm | (insn.rex & REX_B ? 8 : 0));
		if (rm == MODRM_BP && !(insn.rex & REX_B))
			*segment = 's';
	}
	return sum + (mod ? next_signed(mod == 1 ? 1 : 4) : 0);
}

/*
 * Where `n` bytes go; false where the segment does not let them. Only FS and GS have a base in
 * 64-bit code.
 */
static bool address_of(struct pt_regs *regs, unsigned n, u64 *address)
{
	unsigned bits = insn.bits;
	char segment = 'd';
	if (insn.other_address)
		bits = bits == 32 ? 16 : 32;
	u64 offset = bits == 16 ? offset_16(regs, &segment) : offset_32(regs, &segment);
	if (bits == 32)
		offset = (u32)offset;
	if (insn.segment)
		segment = insn.segment;
	if (insn.bits == 64) {
		bool based = segment == 'f' || segment == 'g';
		*address =
		    offset + (based ? segment_base(segment == 'f' ? SEGMENT_FS : SEGMENT_GS) : 0);
		return true;
	}
	u16 selector = selector_of(regs, segment);
	*address = (u32)(segment_descriptor_base(selector) + offset);
	return segment_holds(selector, offset, n);
}

/* ---- what it gives ---- */

static u64 value_of(enum what what)
{
	switch (what) {
	case SGDT:
		return DUMMY_GDT;
	case SIDT:
		return DUMMY_IDT;
	case SMSW:
		return DUMMY_CR0;
	case STR:
		return TSS_SELECTOR;
	default:
		return segment_has_ldt() ? LDT_SELECTOR : 0;
	}
}

static unsigned operand_bytes(void)
{
	if (insn.rex & REX_W)
		return 8;
	return (insn.bits == 16) != insn.other_operand ? 2 : 4;
}

bool umip_emulate(struct pt_regs *regs)
{
	static struct {
		u16 limit;
		u64 base;
	} __packed table;
	static u64 value;
	enum what what = fetch(regs);
	bool is_table = what == SGDT || what == SIDT;
	bool to_register = insn.modrm >> 6 == MODRM_REGISTER;
	u64 address;
	if (what == OTHER || (is_table && to_register))
		return false;
	value = table.base = value_of(what);
	if (to_register) {
		/* less than all of it stays otherwise as it was, as on Linux */
		memcpy(register_of(regs, (insn.modrm & 7) | (insn.rex & REX_B ? 8 : 0)), &value,
		       operand_bytes());
	} else {
		unsigned n = !is_table ? 2 : insn.bits == 64 ? 10 : 6;
		if (!address_of(regs, n, &address) || insn.overrun)
			return false;
		if (!copy_to_user(address, is_table ? (void *)&table : (void *)&value, n)) {
			fault_raise_page(regs, PF_WRITE, address, VM_FAULT_NO_AREA);
			return true;
		}
	}
	regs->ip += insn.at;
	return true;
}
