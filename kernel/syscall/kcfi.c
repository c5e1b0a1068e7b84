/* kcfi=on: what C does for the stubs of kcfi.S. */
#include "syscall/kcfi.h"

#if CORE_KCFI
#include "lib/lib.h"

#define ENDBR64 0xfa1e0ff3u
#define SEALED	0xd6401f0fu /* a NOP of four bytes, Linux' own: no ENDBR64 at any place in it */

extern const u8 kcfi_begin[], kcfi_end[];
extern u32 *const kcfi_functions[], *const kcfi_functions_end[];

void kcfi_seal(void)
{
	for (u32 *const *at = kcfi_functions; (u64)at < (u64)kcfi_functions_end; at++) {
		if (**at != ENDBR64 && **at != SEALED) /* some have several numbers */
			panic(NULL, "kcfi: no ENDBR64 at %lx", (u64)*at);
		**at = SEALED;
	}
}

bool kcfi_refused(u64 ip)
{
	return ip - (u64)kcfi_begin < (u64)kcfi_end - (u64)kcfi_begin;
}
#endif
