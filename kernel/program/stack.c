/*
 * The stack with which a program starts: strings, auxiliary vector, environment, arguments (System
 * V ABI 3.4.1).
 */
#include "cpu/cpu.h"
#include "entry/variant.h"
#include "lib/lib.h"
#include "mm/mm.h"
#include "program/program.h"
#include "signal/signal.h"

/* Keys of the auxiliary vector (System V ABI 3.4.3, Linux). */
enum {
	AT_NULL = 0,
	AT_PHDR = 3,
	AT_PHENT = 4,
	AT_PHNUM = 5,
	AT_PAGESZ = 6,
	AT_BASE = 7,
	AT_FLAGS = 8,
	AT_ENTRY = 9,
	AT_UID = 11,
	AT_EUID = 12,
	AT_GID = 13,
	AT_EGID = 14,
	AT_PLATFORM = 15,
	AT_HWCAP = 16,
	AT_CLKTCK = 17,
	AT_SECURE = 23,
	AT_RANDOM = 25,
	AT_HWCAP2 = 26,
	AT_EXECFN = 31,
	AT_MINSIGSTKSZ = 51,
};

#define HWCAP2_FSGSBASE 2
#define PHDR_SIZE	56

/* A downward-growing image of ring 3's stack. */
static u64 user_sp;
static bool push_failed;

static void push_bytes(const void *bytes, u64 n)
{
	user_sp -= n;
	if (!copy_to_user(user_sp, bytes, n))
		push_failed = true;
}

static void push_word(u64 word)
{
	push_bytes(&word, sizeof(word));
}

static u64 hwcap(void)
{
	u32 r[4];
	cpuid(1, 0, r);
	return r[3];
}

/* From the last to the first. */
static void push_auxiliary(const struct program *program, u64 name, u64 platform, u64 random)
{
	const u64 vector[][2] = {
	    {AT_NULL, 0},
	    {AT_MINSIGSTKSZ, signal_frame_size()},
	    {AT_EXECFN, name},
	    {AT_PLATFORM, platform},
	    {AT_RANDOM, random},
	    {AT_SECURE, 0},
	    {AT_CLKTCK, 100},
	    {AT_HWCAP2, entry_variant.fsgsbase && cpu.fsgsbase ? HWCAP2_FSGSBASE : 0},
	    {AT_HWCAP, hwcap()},
	    {AT_EGID, 0},
	    {AT_GID, 0},
	    {AT_EUID, 0},
	    {AT_UID, 0},
	    {AT_ENTRY, program->entry},
	    {AT_FLAGS, 0},
	    {AT_BASE, 0},
	    {AT_PAGESZ, PAGE_SIZE},
	    {AT_PHNUM, program->phnum},
	    {AT_PHENT, PHDR_SIZE},
	    {AT_PHDR, program->phdr},
	};
	for (unsigned i = 0; i < ARRAY_SIZE(vector); i++) {
		push_word(vector[i][1]);
		push_word(vector[i][0]);
	}
}

u64 stack_make(const struct arguments *arguments, const struct program *program)
{
	/* the same in every boot: runs must not differ */
	static const u8 random[16] = "entrybench-rand";
	user_sp = USER_STACK_TOP;
	push_failed = false;
	push_bytes(arguments->text, arguments->length);
	u64 text = user_sp;
	push_bytes("x86_64", sizeof("x86_64"));
	u64 platform = user_sp;
	push_bytes(random, sizeof(random));
	u64 random_at = user_sp;
	user_sp = ALIGN_DOWN(user_sp, 16);
	/*
	 * argc, argv and two terminators; the rest comes in pairs, and the end must be a multiple
	 * of 16
	 */
	if ((1 + arguments->count + 2) % 2)
		push_word(0);
	push_auxiliary(program, text, platform, random_at);
	push_word(0); /* end of the empty environment */
	push_word(0); /* end of argv */
	for (unsigned i = arguments->count; i-- > 0;)
		push_word(text + arguments->word[i]);
	push_word(arguments->count);
	return push_failed ? 0 : user_sp;
}
