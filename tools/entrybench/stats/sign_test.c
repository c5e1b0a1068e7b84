/* Sign test over paired differences. */
#include "stats/stats.h"

#include <gsl/gsl_cdf.h>

double sign_test(struct sample differences)
{
	unsigned below = 0, above = 0;

	for (size_t i = 0; i < differences.n; i++) {
		below += differences.values[i] < 0;
		above += differences.values[i] > 0;
	}
	if (!below && !above)
		return 1;
	return fmin(1, 2 * gsl_cdf_binomial_P(below < above ? below : above, 0.5, below + above));
}
