/*
 * GDT slots and selectors. SYSCALL loads CS = STAR[47:32], SS = that + 8; SYSRETQ loads CS =
 * STAR[63:48] + 16, SS = STAR[63:48] + 8 (SDM 2B "SYSRET"): so the order below is not free.
 */
#ifndef KERNEL_SEGMENT_H
#define KERNEL_SEGMENT_H

#include <entrybench/mechanism.h>

#define GDT_KERNEL32_CS 1
#define GDT_KERNEL_CS	2
#define GDT_KERNEL_DS	3
#define GDT_USER32_CS	4
#define GDT_USER_DS	5
#define GDT_USER_CS	6
#define GDT_TSS		8
#define GDT_LDT		10
#define GDT_TLS		12 /* three, of set_thread_area */
#define GDT_CALL_GATE	16
#define GDT_ENTRIES	18

#define KERNEL_CS    (GDT_KERNEL_CS * 8)
#define KERNEL_DS    (GDT_KERNEL_DS * 8)
#define USER32_CS    (GDT_USER32_CS * 8 + 3)
#define USER_DS	     (GDT_USER_DS * 8 + 3)
#define USER_CS	     (GDT_USER_CS * 8 + 3)
#define TSS_SELECTOR (GDT_TSS * 8)
#define LDT_SELECTOR (GDT_LDT * 8)

#define SELECTOR_TI 4 /* in a selector: its descriptor is in the LDT (SDM 3A 3.4.2) */

#if EB_CALL_GATE != GDT_CALL_GATE * 8 + 3
#error "one selector, written twice"
#endif

#endif
