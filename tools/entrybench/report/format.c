/* Numbers and texts as a reader sees them. */
#include "report/report.h"

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
		return g_strdup("-");
	return g_strdup_printf("%.*f", decimals, without_sign_of_zero(cost, decimals));
}

char *format_delta(double delta, double base, enum machine_class class)
{
	int decimals = decimals_of(delta, class);

	if (!isfinite(delta))
		return g_strdup("-");
	delta = without_sign_of_zero(delta, decimals);
	if (delta == 0)
		return g_strdup("0");
	if (!isfinite(base) || base == 0)
		return g_strdup_printf("%+.*f", decimals, delta);
	return g_strdup_printf("%+.*f (%+.1f %%)", decimals, delta, 100 * delta / fabs(base));
}

char *format_interval(const struct interval *interval, enum machine_class class)
{
	if (!isfinite(interval->low) || !isfinite(interval->high))
		return g_strdup("-");
	if (class == CLASS_DETERMINISTIC && interval->low == interval->high)
		return g_strdup("exact");
	g_autofree char *low = format_cost(interval->low, class);
	g_autofree char *high = format_cost(interval->high, class);

	return g_strdup_printf("[%s, %s]", low, high);
}

char *format_command(const struct strings *words)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789_@%+=:,./-";
	GString *command = g_string_new(NULL);

	for (size_t i = 0; i < words->count; i++) {
		const char *word = words->at[i];
		g_autofree char *quoted = g_shell_quote(word);
		bool is_plain = *word && !word[strspn(word, plain)];

		g_string_append_printf(command, "%s%s", i ? " " : "", is_plain ? word : quoted);
	}
	return g_string_free(command, false);
}
