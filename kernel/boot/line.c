/* Words of the command line. */
#include "boot/boot.h"

const char *boot_option(const char *name)
{
	const char *at = boot_info.cmdline;
	while (*at) {
		const char *want = name, *from = at;
		while (*want && *from == *want)
			from++, want++;
		if (!*want && (want[-1] == '=' || !*from || *from == ' '))
			return from;
		while (*at && *at++ != ' ')
			continue;
	}
	return NULL;
}
