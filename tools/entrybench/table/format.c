/* Numbers and texts as a reader sees them. */
#include "table/format.h"

#include "base/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_whole(double value)
{
	return fabs(value - round(value)) < 1e-9 * fmax(1, fabs(value));
}

/* Minus zero is plain zero to a reader. */
static double without_sign_of_zero(double value, int decimals)
{
	return fabs(value) * pow(10, decimals) < 0.5 ? 0 : value;
}

static int decimals_of(double cost, enum machine_class class)
{
	if (class == CLASS_DETERMINISTIC)
		return is_whole(cost) ? 0 : 2;
	return 1;
}

char *format_cost(double cost, enum machine_class class)
{
	int decimals = decimals_of(cost, class);

	if (!isfinite(cost))
		return memory_copy("-");
	return memory_format("%.*f", decimals, without_sign_of_zero(cost, decimals));
}

char *format_delta(double delta, double base, enum machine_class class)
{
	int decimals = decimals_of(delta, class);

	if (!isfinite(delta))
		return memory_copy("-");
	delta = without_sign_of_zero(delta, decimals);
	if (delta == 0)
		return memory_copy("0");
	if (!isfinite(base) || base == 0)
		return memory_format("%+.*f", decimals, delta);
	return memory_format("%+.*f (%+.1f %%)", decimals, delta, 100 * delta / fabs(base));
}

char *format_interval(const struct interval *interval, enum machine_class class)
{
	if (!isfinite(interval->low) || !isfinite(interval->high))
		return memory_copy("-");
	if (class == CLASS_DETERMINISTIC && interval->low == interval->high)
		return memory_copy("exact");
	char *low = format_cost(interval->low, class), *high = format_cost(interval->high, class);
	char *text = memory_format("[%s, %s]", low, high);

	free(low);
	free(high);
	return text;
}

static void put_word(FILE *out, const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789_@%+=:,./-";

	if (*word && strspn(word, plain) == strlen(word)) {
		fputs(word, out);
		return;
	}
	fputc('\'', out);
	for (; *word; word++)
		fputs(*word == '\'' ? "'\\''" : (char[]){*word, 0}, out);
	fputc('\'', out);
}

char *format_command(const struct strings *words)
{
	struct text text;
	FILE *out = text_open(&text);

	for (size_t i = 0; i < words->count; i++) {
		if (i)
			fputc(' ', out);
		put_word(out, words->at[i]);
	}
	return text_take(&text);
}

size_t format_width(const char *text)
{
	size_t width = 0;

	for (; *text; text++)
		width += ((unsigned char)*text & 0xc0) != 0x80;
	return width;
}
