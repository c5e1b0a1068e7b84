/* Sorts instructions by Zydis' categories and mnemonics. */
#include "bill/ledger.h"

#include <Zydis/Zydis.h>

/* Special as a whole. */
static const uint16_t special_categories[] = {
    ZYDIS_CATEGORY_SYSTEM,    ZYDIS_CATEGORY_SYSCALL,	 ZYDIS_CATEGORY_SYSRET,
    ZYDIS_CATEGORY_INTERRUPT, ZYDIS_CATEGORY_IO,	 ZYDIS_CATEGORY_IOSTRINGOP,
    ZYDIS_CATEGORY_RDWRFSGS,  ZYDIS_CATEGORY_SEGOP,	 ZYDIS_CATEGORY_SMAP,
    ZYDIS_CATEGORY_PKU,	      ZYDIS_CATEGORY_VTX,	 ZYDIS_CATEGORY_XSAVE,
    ZYDIS_CATEGORY_XSAVEOPT,  ZYDIS_CATEGORY_CLFLUSHOPT, ZYDIS_CATEGORY_RDRAND,
    ZYDIS_CATEGORY_RDSEED,    ZYDIS_CATEGORY_SERIALIZE,
};

/* Special members of other categories. */
static const uint16_t special_mnemonics[] = {
    ZYDIS_MNEMONIC_CLI,	    ZYDIS_MNEMONIC_STI,	      ZYDIS_MNEMONIC_PUSHF,
    ZYDIS_MNEMONIC_PUSHFQ,  ZYDIS_MNEMONIC_POPF,      ZYDIS_MNEMONIC_POPFQ,
    ZYDIS_MNEMONIC_IRET,    ZYDIS_MNEMONIC_IRETD,     ZYDIS_MNEMONIC_IRETQ,
    ZYDIS_MNEMONIC_UD2,	    ZYDIS_MNEMONIC_CPUID,     ZYDIS_MNEMONIC_LFENCE,
    ZYDIS_MNEMONIC_MFENCE,  ZYDIS_MNEMONIC_SFENCE,    ZYDIS_MNEMONIC_PAUSE,
    ZYDIS_MNEMONIC_MONITOR, ZYDIS_MNEMONIC_MWAIT,     ZYDIS_MNEMONIC_CLFLUSH,
    ZYDIS_MNEMONIC_INVPCID, ZYDIS_MNEMONIC_INVEPT,    ZYDIS_MNEMONIC_INVVPID,
    ZYDIS_MNEMONIC_FXSAVE,  ZYDIS_MNEMONIC_FXRSTOR,   ZYDIS_MNEMONIC_FXSAVE64,
    ZYDIS_MNEMONIC_LDMXCSR, ZYDIS_MNEMONIC_FXRSTOR64, ZYDIS_MNEMONIC_STMXCSR,
};

/* SDM 3A, "Serializing Instructions"; MOV is special_move()'s. Some MSRs, unused here, differ. */
static const uint16_t serialising_mnemonics[] = {
    ZYDIS_MNEMONIC_CPUID, ZYDIS_MNEMONIC_INVD,	 ZYDIS_MNEMONIC_INVEPT,	   ZYDIS_MNEMONIC_INVLPG,
    ZYDIS_MNEMONIC_IRET,  ZYDIS_MNEMONIC_IRETD,	 ZYDIS_MNEMONIC_IRETQ,	   ZYDIS_MNEMONIC_INVVPID,
    ZYDIS_MNEMONIC_LGDT,  ZYDIS_MNEMONIC_LIDT,	 ZYDIS_MNEMONIC_LLDT,	   ZYDIS_MNEMONIC_LTR,
    ZYDIS_MNEMONIC_WRMSR, ZYDIS_MNEMONIC_WBINVD, ZYDIS_MNEMONIC_SERIALIZE,
};

static bool is_among(const uint16_t *list, size_t count, uint16_t value)
{
	for (size_t i = 0; i < count; i++)
		if (list[i] == value)
			return true;
	return false;
}

#define IS_AMONG(list, value) is_among(list, G_N_ELEMENTS(list), (uint16_t)(value))

/* "MOV to CR3": of control, debug and segment registers; NULL for every other MOV. */
static const char *special_move(const ZydisDecodedOperand *operands, bool *serialising)
{
	for (int i = 0; i < 2; i++) {
		ZydisRegister reg =
		    operands[i].type == ZYDIS_OPERAND_TYPE_REGISTER ? operands[i].reg.value : 0;
		ZydisRegisterClass class = ZydisRegisterGetClass(reg);
		bool debug = class == ZYDIS_REGCLASS_DEBUG;
		g_autofree char *name = NULL, *whole = NULL;

		if (!debug && class != ZYDIS_REGCLASS_CONTROL &&
		    (class != ZYDIS_REGCLASS_SEGMENT || i == 1))
			continue;
		*serialising =
		    i == 0 && class != ZYDIS_REGCLASS_SEGMENT && reg != ZYDIS_REGISTER_CR8;
		name = g_ascii_strup(debug ? "dr" : ZydisRegisterGetString(reg), -1);
		whole = g_strdup_printf("MOV %s %s", i ? "from" : "to", name);
		return intern(whole);
	}
	return NULL;
}

/* Mnemonics in capitals, without what only tells the size of operands. */
static const char *special_name(const ZydisDecodedInstruction *decoded)
{
	const char *mnemonic = ZydisMnemonicGetString(decoded->mnemonic);
	g_autofree char *name = g_ascii_strup(mnemonic, -1);

	if (decoded->mnemonic == ZYDIS_MNEMONIC_SYSRET)
		return decoded->operand_width == 64 ? "SYSRETQ" : "SYSRETL";
	if (decoded->meta.category == ZYDIS_CATEGORY_PUSH ||
	    decoded->meta.category == ZYDIS_CATEGORY_POP)
		name[strcspn(name, "Q")] = '\0';
	if (g_str_has_suffix(name, "64"))
		name[strlen(name) - 2] = '\0';
	return intern(name);
}

static const char *name_of(const ZydisDecodedInstruction *decoded,
			   const ZydisDecodedOperand *operands, bool *serialising)
{
	const char *name = NULL;

	*serialising = IS_AMONG(serialising_mnemonics, decoded->mnemonic);
	if (decoded->mnemonic == ZYDIS_MNEMONIC_MOV)
		name = special_move(operands, serialising);
	else if (decoded->meta.branch_type == ZYDIS_BRANCH_TYPE_FAR)
		name = decoded->mnemonic == ZYDIS_MNEMONIC_CALL	 ? "CALL far"
		       : decoded->mnemonic == ZYDIS_MNEMONIC_JMP ? "JMP far"
								 : "RET far";
	else if (IS_AMONG(special_categories, decoded->meta.category) ||
		 IS_AMONG(special_mnemonics, decoded->mnemonic))
		name = special_name(decoded);
	return name || !(decoded->attributes & ZYDIS_ATTRIB_HAS_LOCK) ? name : "LOCK";
}

/* FNV-1a over mnemonic, kinds of operands and registers. */
static uint32_t shape_of(const ZydisDecodedInstruction *decoded,
			 const ZydisDecodedOperand *operands)
{
	uint32_t shape = (0x811c9dc5u ^ decoded->mnemonic) * 0x01000193u;

	for (size_t i = 0; i < decoded->operand_count_visible; i++) {
		const ZydisDecodedOperand *o = &operands[i];
		bool memory = o->type == ZYDIS_OPERAND_TYPE_MEMORY,
		     reg = o->type == ZYDIS_OPERAND_TYPE_REGISTER;
		const uint32_t words[] = {o->type,
					  o->size,
					  reg ? o->reg.value : 0,
					  memory ? o->mem.segment : 0,
					  memory ? o->mem.base : 0,
					  memory ? o->mem.index : 0,
					  memory ? o->mem.scale : 0};

		/* The size of an immediate does not belong to the operation. */
		for (size_t k = 0; k < G_N_ELEMENTS(words); k++)
			if (k != 1 || memory || reg)
				shape = (shape ^ words[k]) * 0x01000193u;
	}
	return shape;
}

/* FRED's returns, which Zydis 4.0 does not know. */
static const char *fred_return(const struct ledger_insn *insn)
{
	if (insn->size != 4 || memcmp(insn->bytes + 1, "\x0f\x01\xca", 3) != 0)
		return NULL;
	return insn->bytes[0] == 0xf3 ? "ERETU" : insn->bytes[0] == 0xf2 ? "ERETS" : NULL;
}

void insn_decode(struct ledger_insn *insn)
{
	ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];
	ZydisDecodedInstruction decoded;
	ZydisDecoder decoder;
	ZydisInstructionCategory category;
	ZydisMnemonic mnemonic;
	bool far;

	ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
	if (!ZYAN_SUCCESS(
		ZydisDecoderDecodeFull(&decoder, insn->bytes, insn->size, &decoded, operands))) {
		insn->special = fred_return(insn);
		return;
	}
	category = decoded.meta.category;
	mnemonic = decoded.mnemonic;
	far = decoded.meta.branch_type == ZYDIS_BRANCH_TYPE_FAR;
	insn->special = name_of(&decoded, operands, &insn->serialising);
	insn->shape = shape_of(&decoded, operands);
	insn->branch = decoded.meta.branch_type != ZYDIS_BRANCH_TYPE_NONE;
	insn->call = category == ZYDIS_CATEGORY_CALL && !far;
	insn->ret = mnemonic == ZYDIS_MNEMONIC_RET && !far;
	insn->push = category == ZYDIS_CATEGORY_PUSH || category == ZYDIS_CATEGORY_CALL ||
		     mnemonic == ZYDIS_MNEMONIC_ENTER;
	insn->pop = category == ZYDIS_CATEGORY_POP || insn->ret || mnemonic == ZYDIS_MNEMONIC_LEAVE;
	insn->by_gate = category == ZYDIS_CATEGORY_INTERRUPT || mnemonic == ZYDIS_MNEMONIC_UD2;
	insn->enters = insn->by_gate || category == ZYDIS_CATEGORY_SYSCALL ||
		       (far && mnemonic != ZYDIS_MNEMONIC_RET);
	insn->iret = category == ZYDIS_CATEGORY_RET && mnemonic != ZYDIS_MNEMONIC_RET;
	insn->sysret = category == ZYDIS_CATEGORY_SYSRET;
	insn->pop_frame =
	    decoded.operand_width == 64 && (insn->iret || (far && mnemonic == ZYDIS_MNEMONIC_RET));
}
