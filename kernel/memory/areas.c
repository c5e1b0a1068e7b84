/* The areas of the program's address space as a sorted array: find, split, join. */
#include "entry/erase.h"
#include "lib/lib.h"
#include "memory/areas.h"
#include "task/task.h"

struct vm_area vm_areas[VM_MAX_AREAS];
unsigned vm_area_count;
bool vm_last_page_used;

unsigned area_index(u64 address)
{
	unsigned low = 0, high = vm_area_count;
	while (low < high) {
		unsigned middle = (low + high) / 2;
		if (vm_areas[middle].end > address)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

const struct vm_area *vm_area_at(u64 address)
{
	unsigned i = area_index(address);
	return i < vm_area_count && vm_areas[i].start <= address ? &vm_areas[i] : NULL;
}

bool vm_range_is_free(u64 start, u64 length)
{
	unsigned i = area_index(start);
	return i >= vm_area_count || vm_areas[i].start >= start + length;
}

/* Opens a slot for a new area at `at`. */
static struct vm_area *insert(unsigned at)
{
	memmove(&vm_areas[at + 1], &vm_areas[at], (vm_area_count - at) * sizeof(vm_areas[0]));
	vm_area_count++;
	return &vm_areas[at];
}

void area_remove(unsigned at)
{
	vm_area_count--;
	memmove(&vm_areas[at], &vm_areas[at + 1], (vm_area_count - at) * sizeof(vm_areas[0]));
}

static void split(u64 address)
{
	unsigned i = area_index(address);
	if (i >= vm_area_count || vm_areas[i].start >= address)
		return;
	struct vm_area *upper = insert(i + 1);
	*upper = vm_areas[i];
	upper->start = address;
	vm_areas[i].end = address;
	if (upper->data) {
		u64 offset = address - vm_areas[i].start;
		upper->data += offset;
		upper->size -= offset < upper->size ? offset : upper->size;
	}
}

bool area_split(u64 start, u64 end)
{
	if (vm_area_count + 2 > VM_MAX_AREAS)
		return false;
	split(start);
	split(end);
	return true;
}

static bool agree(const struct vm_area *low, const struct vm_area *high)
{
	return low->end == high->start && low->prot == high->prot && !low->data && !high->data;
}

void area_join(u64 start, u64 end)
{
	unsigned at = area_index(start);
	if (at)
		at--;
	while (at + 1 < vm_area_count && vm_areas[at].end <= end) {
		if (agree(&vm_areas[at], &vm_areas[at + 1])) {
			vm_areas[at].end = vm_areas[at + 1].end;
			area_remove(at + 1);
		} else {
			at++;
		}
	}
}

/*
 * Every area that reaches the end of ring 3 comes by here: splitting makes none, joining takes
 * what is there.
 */
bool area_add(const struct vm_area *area)
{
	if (vm_area_count + 1 > VM_MAX_AREAS)
		return false;
	if (area->end == USER_END) {
		vm_last_page_used = true;
		tasks_watch_last_page();
	}
	*insert(area_index(area->start)) = *area;
	area_join(area->start, area->end);
	return true;
}

bool vm_is_mapped(u64 start, u64 length)
{
	u64 end = start + length;
	for (unsigned i = area_index(start); start < end; i++) {
		if (i >= vm_area_count || vm_areas[i].start > start)
			return false;
		start = vm_areas[i].end;
	}
	return true;
}

/* As on Linux nothing comes to lie right below a shadow stack unasked: it grows down. */
static u64 guarded_start(const struct vm_area *area)
{
	return area->start - (area->prot & VM_SHADOW_STACK ? PAGE_SIZE : 0);
}

u64 vm_find_gap(u64 length, u64 top)
{
	u64 end = top;
	for (unsigned i = area_index(top - 1) + 1; i-- > 0;) {
		if (i >= vm_area_count)
			continue;
		if (vm_areas[i].end <= end && end - vm_areas[i].end >= length)
			break;
		if (guarded_start(&vm_areas[i]) < end)
			end = guarded_start(&vm_areas[i]);
	}
	return end >= USER_START + length ? end - length : 0;
}
