/*
 * The contract between a guest (benchmark, kernel core, init) and the host tool: framed record
 * lines.
 *
 * A record is one line of console output, at most EB_RECORD_MAX bytes without its newline:
 *
 *	@EB1 <stream> <seq> <type>[ <key>=<value>]... *<crc>
 *
 *	stream	who speaks: "kernel" for the core or Linux' init, else the decimal number of the
 *		plan line that the program runs for (its --stream argument)
 *	seq	decimal, 0 for the stream's first record, one more for each further one
 *	type	one of EB_TYPE_*
 *	value	no space and no control character in it; a space, '%' and any byte outside
 *		0x21..0x7e are written %XX (two upper-case hex digits)
 *	crc	eight lower-case hex digits: CRC-32 (ISO-HDLC, polynomial 0xedb88320 reflected,
 *		initial value and final xor 0xffffffff; "123456789" gives cbf43926) of all bytes
 *		from '@' up to, and not including, the space before '*'
 *
 * Text before "@EB1 " on the same line belongs to somebody else and is ignored; so are lines
 * without it. Every stream starts with a record of type "begin" (kernel stream: "boot") and closes
 * with "end" (kernel stream: "exit") whose key "records" is the stream's number of records, itself
 * included. So a lost, damaged, truncated or reordered record always shows. docs/records.md lists
 * the keys of each type.
 */
#ifndef ENTRYBENCH_RECORD_H
#define ENTRYBENCH_RECORD_H

#include <stdint.h>

#define EB_RECORD_VERSION 1
#define EB_RECORD_MAGIC	  "@EB1 "
#define EB_RECORD_MAX	  1000
#define EB_STREAM_KERNEL  "kernel"

#define EB_TYPE_BOOT	"boot"	  /* kernel: variant, CPU and its features */
#define EB_TYPE_EXIT	"exit"	  /* kernel: how the boot ended */
#define EB_TYPE_BEGIN	"begin"	  /* program: which benchmark and parameter */
#define EB_TYPE_CLOCK	"clock"	  /* program: properties of the clock */
#define EB_TYPE_BATCH	"batch"	  /* program: totals of windows with n crossings inside */
#define EB_TYPE_STRETCH "stretch" /* program: the batches so far are of one process */
#define EB_TYPE_WINDOW	"window"  /* program: single-shot windows */
#define EB_TYPE_FLAG	"flag"	  /* program: something a reader must know */
#define EB_TYPE_STAMP	"stamp"	  /* program: from one phase of a stamped image to the next */
#define EB_TYPE_COUNT	"count"	  /* program or kernel: a named number */
#define EB_TYPE_START	"start"	  /* kernel: a program of the plan is about to begin */
#define EB_TYPE_OUTPUT	"output"  /* kernel: which descriptor the text behind it was written to */
#define EB_TYPE_FAULT	"fault"	  /* kernel: what the running program did to be ended */
#define EB_TYPE_PROGRAM "program" /* kernel: how a program of the plan ended */
#define EB_TYPE_SYMBOL	"symbol"  /* init: a line of /proc/kallsyms */
#define EB_TYPE_END	"end"	  /* program: how the benchmark ended */

/* Adds in one iteration of the loops "dependent_adds" and "independent_adds". */
#define EB_ADDS 512

/* One byte of the CRC; start from EB_CRC_START, finish with eb_crc_finish(). */
#define EB_CRC_START 0xffffffffu

static inline uint32_t eb_crc_byte(uint32_t crc, uint8_t byte)
{
	crc ^= byte;
	for (int bit = 0; bit < 8; bit++)
		crc = (crc >> 1) ^ (0xedb88320u & -(crc & 1u));
	return crc;
}

static inline uint32_t eb_crc_finish(uint32_t crc)
{
	return ~crc;
}

#endif
