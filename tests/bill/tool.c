/* Runs the host tool and takes its JSON. */
#include "tool.h"

#include <stdarg.h>
#include <stdio.h>
#include <sys/wait.h>

json_t *tool_json(int *status, const char *format, ...)
{
	char arguments[512], command[1024];
	va_list list;
	json_t *json;
	FILE *pipe;

	va_start(list, format);
	vsnprintf(arguments, sizeof(arguments), format, list);
	va_end(list);
	snprintf(command, sizeof(command), "%s %s", ENTRYBENCH, arguments);
	pipe = popen(command, "r");
	if (!pipe)
		return NULL;
	json = json_loadf(pipe, 0, NULL);
	*status = pclose(pipe);
	*status = WIFEXITED(*status) ? WEXITSTATUS(*status) : -1;
	return json;
}
