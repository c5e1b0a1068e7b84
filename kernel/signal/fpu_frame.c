/*
 * FPU state in a signal frame: XSAVE's layout with the words round it by which programs know how
 * much there is.
 */
#include "cpu/cpu.h"
#include "lib/lib.h"
#include "mm/mm.h"
#include "task/fpu.h"

#define LEGACY_SIZE 512
#define HEADER_SIZE 64
#define MAGIC1	    0x46505853u
#define MAGIC2	    0x46505845u
#define X87_SSE	    3ull

/* In the last words of the legacy area, which the CPU leaves to software. */
struct software {
	u32 magic1;
	u32 extended_size; /* with magic2 behind the state */
	u64 features;
	u32 size;
	u32 unused[7];
};
_Static_assert(sizeof(struct software) == 48, "Linux' struct _fpx_sw_bytes");

static struct {
	u8 legacy[LEGACY_SIZE - sizeof(struct software)];
	struct software software;
	u64 present; /* XSTATE_BV, the header's first word (SDM 1 13.4.2) */
	u64 header[7];
	u8 rest[PAGE_SIZE - LEGACY_SIZE - HEADER_SIZE];
} area __aligned(PAGE_SIZE);
_Static_assert(sizeof(area) == PAGE_SIZE, "XSAVE's layout");

u64 fpu_frame_size(void)
{
	return fpu.features ? fpu.size + sizeof(u32) : fpu.size;
}

bool fpu_frame_save(u64 to)
{
	static const u32 magic2 = MAGIC2;
	memset(&area, 0, sizeof(area));
	fpu_save(&area);
	if (!fpu.features)
		return copy_to_user(to, &area, fpu.size);
	area.present |= X87_SSE; /* so that a program may change them and see it done */
	area.software = (struct software){
	    .magic1 = MAGIC1,
	    .extended_size = fpu.size + sizeof(u32),
	    .features = fpu.features,
	    .size = fpu.size,
	};
	return copy_to_user(to, &area, fpu.size) &&
	       copy_to_user(to + fpu.size, &magic2, sizeof(magic2));
}

/*
 * Whether the frame says that it holds all of an XSAVE area, and its end agrees. False where that
 * end cannot be read: a frame that lacks a part is none, while one whose end says something else is
 * an old program's, of legacy state alone.
 */
static bool look_at_end(u64 from, bool *extended)
{
	const struct software *software = &area.software;
	u32 magic2;
	*extended = false;
	if (software->magic1 != MAGIC1 || software->size < LEGACY_SIZE + HEADER_SIZE ||
	    software->size > fpu.size || software->extended_size < software->size)
		return true;
	if (!copy_from_user(&magic2, from + software->size, sizeof(magic2)))
		return false;
	*extended = magic2 == MAGIC2;
	return true;
}

bool fpu_frame_restore(u64 from)
{
	if (!from) {
		fpu_reset();
		return true;
	}
	bool extended;
	if (from % 16) /* FXRSTOR's; XRSTOR itself asks for 64 (SDM 2A, 2D) */
		return false;
	memset(&area, 0, sizeof(area));
	if (!copy_from_user(&area, from, LEGACY_SIZE))
		return false;
	if (!fpu.features)
		return fpu_restore(&area);
	if (!look_at_end(from, &extended))
		return false;
	if (!extended) {
		area.present = X87_SSE; /* the rest starts anew */
		return fpu_restore(&area);
	}
	u32 size = area.software.size;
	if (from % 64 || !copy_from_user(&area, from, size))
		return false;
	/*
	 * what the frame does not speak of starts anew; what it speaks of and the CPU has not,
	 * XRSTOR refuses
	 */
	area.present &= area.software.features | ~fpu.features;
	return fpu_restore(&area);
}
