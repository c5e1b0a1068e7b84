/* Error lines. */
#include "base/base.h"

#include <stdarg.h>

int error_set(struct error *error, const char *format, ...)
{
	va_list arguments;

	if (error) {
		va_start(arguments, format);
		vsnprintf(error->text, sizeof(error->text), format, arguments);
		va_end(arguments);
	}
	return -1;
}
