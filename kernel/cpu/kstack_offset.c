/*
 * Where the random offsets of the kernel stack come from (entry/kstack_offset.h). Ring 3's page
 * table maps none of this.
 */
#include "cpu/kstack_offset.h"
#include "cpu/cpu.h"
#include "entry/variant.h"
#include "mm/layout.h"

u32 kstack_random[KSTACK_RANDOM_WORDS];

/*
 * The seeds are as good as the clock is at boot, and on an emulator always the same; a real kernel
 * takes them from its pool of entropy.
 */
void kstack_offset_init(void)
{
	static const u8 least[KSTACK_RANDOM_WORDS] = {2, 8, 16, 128}; /* below, a word gets stuck */
	if (!entry_variant.kstack_prandom)
		return;
	u64 seed = rdtsc();
	for (unsigned i = 0; i < KSTACK_RANDOM_WORDS; i++) {
		/* MMIX's, by Knuth: its upper half is good enough here */
		seed = seed * 6364136223846793005ull + 1442695040888963407ull;
		u32 word = seed >> 32;
		kstack_random[i] = word < least[i] ? word + least[i] : word;
	}
}

u64 kstack_offset(void)
{
	u32 random = 0;
	for (unsigned i = 0; i < KSTACK_RANDOM_WORDS; i++)
		random ^= kstack_random[i];
	return random & KSTACK_OFFSET_MASK;
}
