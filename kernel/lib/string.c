/* The memory and string functions that the compiler and the core expect. */
#include "lib/lib.h"

/*
 * Eight bytes at a time, then the rest: an emulator takes as long for a byte as for a word, and
 * pages are what is cleared and copied most.
 */
void *memset(void *to, int byte, size_t n)
{
	void *start = to;
	size_t words = n / 8, rest = n % 8;
	__asm__ volatile("rep stosq; mov %2, %%rcx; rep stosb"
			 : "+D"(to), "+c"(words)
			 : "r"(rest), "a"((u8)byte * 0x0101010101010101ull)
			 : "memory");
	return start;
}

void *memcpy(void *to, const void *from, size_t n)
{
	void *start = to;
	size_t words = n / 8, rest = n % 8;
	__asm__ volatile("rep movsq; mov %3, %%rcx; rep movsb"
			 : "+D"(to), "+S"(from), "+c"(words)
			 : "r"(rest)
			 : "memory");
	return start;
}

void *memmove(void *to, const void *from, size_t n)
{
	if (to <= from || (const u8 *)to >= (const u8 *)from + n)
		return memcpy(to, from, n);
	for (size_t i = n; i-- > 0;)
		((u8 *)to)[i] = ((const u8 *)from)[i];
	return to;
}

int memcmp(const void *a, const void *b, size_t n)
{
	const u8 *x = a, *y = b;
	for (size_t i = 0; i < n; i++)
		if (x[i] != y[i])
			return x[i] - y[i];
	return 0;
}

size_t strlen(const char *s)
{
	size_t n = 0;
	while (s[n])
		n++;
	return n;
}

int strcmp(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return (u8)*a - (u8)*b;
}

bool copy_string(char *to, size_t size, const char *from)
{
	size_t n = strlen(from);
	bool fits = n < size;
	if (!fits)
		n = size - 1;
	memcpy(to, from, n);
	to[n] = 0;
	return fits;
}
