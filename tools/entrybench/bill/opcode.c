/* A small decoder: prefixes, opcode map, ModRM.reg. */
#include "bill/opcode.h"

#include <string.h>

enum map { MAP_ONE, MAP_0F, MAP_0F38, MAP_OTHER };

struct decoded {
	enum map map;
	uint8_t op, modrm;
	bool rex_w, rex_r, lock, f2, f3, size16;
};

static bool is_prefix(struct decoded *d, uint8_t byte)
{
	switch (byte) {
	case 0xf0:
		d->lock = true;
		return true;
	case 0xf2:
		d->f2 = true;
		return true;
	case 0xf3:
		d->f3 = true;
		return true;
	case 0x66:
		d->size16 = true;
		return true;
	case 0x67:
	case 0x26:
	case 0x2e:
	case 0x36:
	case 0x3e:
	case 0x64:
	case 0x65:
		return true;
	default:
		return false;
	}
}

static struct decoded decode(const uint8_t *bytes, size_t size)
{
	struct decoded d = {.map = MAP_ONE};
	size_t at = 0;

	while (at < size && is_prefix(&d, bytes[at]))
		at++;
	if (at < size && (bytes[at] & 0xf0) == 0x40) {
		d.rex_w = bytes[at] & 8;
		d.rex_r = bytes[at] & 4;
		at++;
	}
	if (at < size && (bytes[at] == 0xc4 || bytes[at] == 0xc5 || bytes[at] == 0x62))
		d.map = MAP_OTHER;
	if (at < size && bytes[at] == 0x0f) {
		d.map = MAP_0F;
		at++;
		if (at < size && bytes[at] == 0x38)
			d.map = MAP_0F38;
		else if (at < size && bytes[at] == 0x3a)
			d.map = MAP_OTHER;
		at += d.map != MAP_0F;
	}
	if (at >= size)
		d.map = MAP_OTHER;
	else
		d.op = bytes[at];
	if (at + 1 < size)
		d.modrm = bytes[at + 1];
	return d;
}

static unsigned int reg_of(const struct decoded *d)
{
	return d->modrm >> 3 & 7;
}

static bool is_register_form(const struct decoded *d)
{
	return d->modrm >= 0xc0;
}

/* 0F 01: system instructions by ModRM. */
static const char *group7(const struct decoded *d)
{
	static const struct {
		uint8_t modrm;
		const char *name;
	} fixed[] = {
	    {0xc8, "MONITOR"}, {0xc9, "MWAIT"},	 {0xca, "CLAC"},   {0xcb, "STAC"},
	    {0xd0, "XGETBV"},  {0xd1, "XSETBV"}, {0xee, "RDPKRU"}, {0xef, "WRPKRU"},
	    {0xf8, "SWAPGS"},  {0xf9, "RDTSCP"}, {0xc1, "VMCALL"}, {0xd9, "VMMCALL"},
	};
	static const char *const memory[8] = {
	    [0] = "SGDT", [1] = "SIDT", [2] = "LGDT",  [3] = "LIDT",
	    [4] = "SMSW", [6] = "LMSW", [7] = "INVLPG"};

	if (!is_register_form(d))
		return memory[reg_of(d)];
	if (d->modrm == 0xca && d->f2)
		return "ERETS";
	if (d->modrm == 0xca && d->f3)
		return "ERETU";
	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
		if (fixed[i].modrm == d->modrm)
			return fixed[i].name;
	return reg_of(d) == 4 || reg_of(d) == 6 ? memory[reg_of(d)] : NULL;
}

/* 0F AE: fences, FS and GS base, FPU state. */
static const char *group15(const struct decoded *d)
{
	static const char *const fences[8] = {[5] = "LFENCE", [6] = "MFENCE", [7] = "SFENCE"};
	static const char *const bases[8] = {"RDFSBASE", "RDGSBASE", "WRFSBASE", "WRGSBASE"};
	static const char *const memory[8] = {
	    [0] = "FXSAVE", [1] = "FXRSTOR", [2] = "LDMXCSR",  [3] = "STMXCSR",
	    [4] = "XSAVE",  [5] = "XRSTOR",  [6] = "XSAVEOPT", [7] = "CLFLUSH"};

	if (!is_register_form(d))
		return memory[reg_of(d)];
	return d->f3 ? bases[reg_of(d)] : fences[reg_of(d)];
}

static const char *control_register(const struct decoded *d)
{
	static const char *const from[] = {"MOV from CR0", NULL, "MOV from CR2", "MOV from CR3",
					   "MOV from CR4"};
	static const char *const to[] = {"MOV to CR0", NULL, "MOV to CR2", "MOV to CR3",
					 "MOV to CR4"};
	unsigned int number = reg_of(d);

	if (d->rex_r)
		return d->op == 0x20 ? "MOV from CR8" : "MOV to CR8";
	if (number > 4)
		return NULL;
	return d->op == 0x20 ? from[number] : to[number];
}

static const char *special_0f(const struct decoded *d)
{
	static const char *const group6[8] = {"SLDT", "STR",  "LLDT", "LTR",
					      "VERR", "VERW", NULL,   NULL};
	static const char *const group9[8] = {[3] = "XRSTORS", [4] = "XSAVEC", [5] = "XSAVES"};
	static const char *const plain[256] = {
	    [0x05] = "SYSCALL", [0x06] = "CLTS",	[0x08] = "INVD",      [0x09] = "WBINVD",
	    [0x0b] = "UD2",	[0x21] = "MOV from DR", [0x23] = "MOV to DR", [0x30] = "WRMSR",
	    [0x31] = "RDTSC",	[0x32] = "RDMSR",	[0x33] = "RDPMC",     [0x34] = "SYSENTER",
	    [0x35] = "SYSEXIT", [0xa2] = "CPUID",	[0xb2] = "LSS",	      [0xb4] = "LFS",
	    [0xb5] = "LGS",
	};

	switch (d->op) {
	case 0x00:
		return group6[reg_of(d)];
	case 0x01:
		return group7(d);
	case 0x07:
		return d->rex_w ? "SYSRETQ" : "SYSRETL";
	case 0x20:
	case 0x22:
		return control_register(d);
	case 0xae:
		return group15(d);
	case 0xc7:
		if (is_register_form(d))
			return reg_of(d) == 6 ? "RDRAND" : reg_of(d) == 7 ? "RDSEED" : NULL;
		return group9[reg_of(d)];
	default:
		return plain[d->op];
	}
}

static const char *special_one(const struct decoded *d)
{
	static const char *const segments[8] = {"MOV to ES", NULL,	  "MOV to SS", "MOV to DS",
						"MOV to FS", "MOV to GS", NULL,	       NULL};

	switch (d->op) {
	case 0x8e:
		return segments[reg_of(d)];
	case 0x90:
		return d->f3 ? "PAUSE" : NULL;
	case 0x9c:
		return "PUSHF";
	case 0x9d:
		return "POPF";
	case 0xca:
	case 0xcb:
		return "RET far";
	case 0xcc:
		return "INT3";
	case 0xcd:
		return "INT";
	case 0xcf:
		return d->rex_w ? "IRETQ" : "IRETD";
	case 0xe4:
	case 0xe5:
	case 0xec:
	case 0xed:
		return "IN";
	case 0xe6:
	case 0xe7:
	case 0xee:
	case 0xef:
		return "OUT";
	case 0xf1:
		return "INT1";
	case 0xf4:
		return "HLT";
	case 0xfa:
		return "CLI";
	case 0xfb:
		return "STI";
	case 0xff:
		if (reg_of(d) == 3)
			return "CALL far";
		return reg_of(d) == 5 ? "JMP far" : NULL;
	default:
		return NULL;
	}
}

static const char *special_of(const struct decoded *d)
{
	static const char *const invalidate[3] = {"INVEPT", "INVVPID", "INVPCID"};
	const char *name = NULL;

	if (d->map == MAP_0F)
		name = special_0f(d);
	else if (d->map == MAP_ONE)
		name = special_one(d);
	else if (d->map == MAP_0F38 && d->size16 && d->op >= 0x80 && d->op <= 0x82)
		name = invalidate[d->op - 0x80];
	return name ? name : d->lock ? "LOCK" : NULL;
}

static bool is_branch(const struct decoded *d)
{
	uint8_t op = d->op;

	if (d->map == MAP_0F)
		return op >= 0x80 && op <= 0x8f;
	if (d->map != MAP_ONE)
		return false;
	return (op >= 0x70 && op <= 0x7f) || (op >= 0xe0 && op <= 0xe3) || op == 0xe8 ||
	       op == 0xe9 || op == 0xeb || op == 0xc2 || op == 0xc3 || op == 0xca || op == 0xcb ||
	       (op == 0xff && reg_of(d) >= 2 && reg_of(d) <= 5);
}

static bool pushes(const struct decoded *d)
{
	uint8_t op = d->op;

	if (d->map == MAP_0F) /* FS and GS */
		return op == 0xa0 || op == 0xa8;
	if (d->map != MAP_ONE)
		return false;
	return (op >= 0x50 && op <= 0x57) || op == 0x68 || op == 0x6a || op == 0x9c || op == 0xc8 ||
	       op == 0xe8 || (op == 0xff && (reg_of(d) == 2 || reg_of(d) == 3 || reg_of(d) == 6));
}

/* Not IRET and far returns: they load descriptors as well. */
static bool pops(const struct decoded *d)
{
	uint8_t op = d->op;

	if (d->map == MAP_0F)
		return op == 0xa1 || op == 0xa9;
	if (d->map != MAP_ONE)
		return false;
	return (op >= 0x58 && op <= 0x5f) || op == 0x8f || op == 0x9d || op == 0xc2 || op == 0xc3 ||
	       op == 0xc9;
}

static bool is_among(const char *special, const char *const *names)
{
	for (; special && *names; names++)
		if (strcmp(special, *names) == 0)
			return true;
	return false;
}

struct opcode opcode_of(const uint8_t *bytes, size_t size)
{
	struct decoded d = decode(bytes, size);
	bool near_call = d.map == MAP_ONE && (d.op == 0xe8 || (d.op == 0xff && reg_of(&d) == 2));
	bool near_ret = d.map == MAP_ONE && (d.op == 0xc2 || d.op == 0xc3);
	static const char *const into[] = {"SYSCALL", "SYSENTER", "CALL far", "JMP far", NULL};
	static const char *const by_gate[] = {"INT", "INT3", "INT1", "UD2", NULL};
	static const char *const iret[] = {"IRETQ", "IRETD", NULL};
	static const char *const sysret[] = {"SYSRETQ", "SYSRETL", "SYSEXIT", NULL};
	const char *special = special_of(&d);

	return (struct opcode){
	    .special = special,
	    .call = near_call,
	    .ret = near_ret,
	    .branch = is_branch(&d),
	    .push = pushes(&d),
	    .pop = pops(&d),
	    .pop_frame = d.map == MAP_ONE && d.rex_w && (d.op == 0xcf || d.op == 0xcb),
	    .enters = is_among(special, into) || is_among(special, by_gate),
	    .by_gate = is_among(special, by_gate),
	    .iret = is_among(special, iret),
	    .sysret = is_among(special, sysret),
	};
}
