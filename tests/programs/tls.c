/*
 * set_thread_area by INT 0x80: three segments of the GDT, each thread's own. 64-bit code reads
 * through them by FS and GS.
 */
#include "show.h"

#include <asm/ldt.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/mman.h>

enum { SET_THREAD_AREA = 243, GET_THREAD_AREA = 244 };

static struct user_desc *desc; /* below 4 GiB */
static uint32_t *words;

static long call(long number, const void *argument)
{
	long result = number;
	__asm__ volatile("int $0x80"
			 : "+a"(result)
			 : "b"(argument)
			 : "memory", "r8", "r9", "r10", "r11");
	if ((int)result < 0) {
		errno = -(int)result;
		return -1;
	}
	return (int)result;
}

static long set(struct user_desc d)
{
	*desc = d;
	return call(SET_THREAD_AREA, desc);
}

static struct user_desc data(unsigned index, const void *base)
{
	return (struct user_desc){.entry_number = index,
				  .base_addr = (uintptr_t)base,
				  .limit = 4095,
				  .seg_32bit = 1,
				  .useable = 1};
}

static uint32_t through_gs(uint16_t selector)
{
	uint32_t value;
	__asm__ volatile("movw %1, %%gs; movl %%gs:0, %0; movw %2, %%gs"
			 : "=r"(value)
			 : "r"(selector), "r"((uint16_t)0)
			 : "memory");
	return value;
}

static void *other(void *argument)
{
	unsigned index = *(unsigned *)argument;
	uint16_t gs;
	__asm__ volatile("movw %%gs, %0" : "=r"(gs));
	desc->entry_number = index;
	SHOW(call(GET_THREAD_AREA, desc));
	printf("another thread: base %x limit %x, GS %x\n",
	       desc->base_addr - (unsigned)(uintptr_t)words, desc->limit, gs);
	SHOW(set(data(index, words + 16)));
	printf("its own: %x\n", through_gs(index * 8 + 3));
	return NULL;
}

int main(void)
{
	pthread_t thread;
	desc = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1,
		    0);
	words = (uint32_t *)(desc + 16);
	words[0] = 0x11111111;
	words[8] = 0x22222222;
	words[16] = 0x33333333;
	SHOW(set(data(-1, words)));
	unsigned index = desc->entry_number;
	SHOW(index);
	printf("%x\n", through_gs(index * 8 + 3));
	__asm__ volatile("movw %0, %%gs" : : "r"((uint16_t)(index * 8 + 3)));
	SHOW(set(data(index, words + 8)));
	uint32_t value;
	__asm__ volatile("movl %%gs:0, %0" : "=r"(value));
	printf("in GS while it changes: %x\n", value);
	pthread_create(&thread, NULL, other, &index);
	pthread_join(thread, NULL);
	printf("%x\n", through_gs(index * 8 + 3));
	SHOW(set(data(-1, words)));
	SHOW(desc->entry_number);
	SHOW(set(data(-1, words)));
	SHOW(set(data(-1, words)));
	SHOW(set(data(11, words)));
	SHOW(set(data(15, words)));
	struct user_desc code = data(13, words);
	code.contents = 2;
	SHOW(set(code));
	code = data(13, words);
	code.seg_32bit = 0;
	SHOW(set(code));
	code = data(13, words);
	code.seg_not_present = 1;
	SHOW(set(code));
	SHOW(call(SET_THREAD_AREA, NULL));
	*desc = (struct user_desc){.entry_number = 13};
	SHOW(call(GET_THREAD_AREA, desc));
	printf("base %d limit %x 32 %d\n", desc->base_addr == (uintptr_t)words, desc->limit,
	       desc->seg_32bit);
	SHOW(
	    set((struct user_desc){.entry_number = 13, .read_exec_only = 1, .seg_not_present = 1}));
	SHOW(set(data(-1, words)));
	SHOW(desc->entry_number);
	desc->entry_number = 3;
	SHOW(call(GET_THREAD_AREA, desc));
	SHOW(syscall(205, desc));
	return 0;
}
