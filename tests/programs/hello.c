/* The first program of every kernel: stdio, arguments, malloc, floating point. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv, char **environment)
{
	printf("hello, world\n");
	for (int i = 1; i < argc; i++)
		printf("argument %d: [%s]\n", i, argv[i]);
	(void)environment;
	/* Nobody types: the end is there at once. */
	char byte;
	printf("standard input: %zd bytes\n", read(STDIN_FILENO, &byte, 1));
	double sum = 0;
	for (int i = 1; i <= argc * 1000; i++)
		sum += 1 / pow(i, 2);
	printf("%.15f %.3Le %g\n", sum, sqrtl((long double)sum), fmod(1e10, 7.5));

	char *blocks[200];
	for (int i = 0; i < 200; i++) {
		blocks[i] = malloc(1 << i % 20);
		memset(blocks[i], i, 1 << i % 20);
	}
	for (int i = 0; i < 200; i += 2)
		free(blocks[i]);
	for (int i = 0; i < 200; i += 2)
		blocks[i] = calloc(1, 1 << i % 20);
	unsigned long total = 0;
	for (int i = 0; i < 200; i++)
		for (int at = 0; at < 1 << i % 20; at++)
			total += (unsigned char)blocks[i][at];
	printf("sum of all bytes: %lu\n", total);
	char *grown = malloc(10);
	strcpy(grown, "kept");
	for (size_t size = 100; size < 10000000; size *= 3) {
		char *larger = realloc(grown, size);
		if (!larger)
			return 1;
		grown = larger;
	}
	printf("after realloc: %s\n", grown);
	puts("last line without a newline comes now");
	printf("end");
	return 7;
}
