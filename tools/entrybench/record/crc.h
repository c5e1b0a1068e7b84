/* The records' CRC over many bytes at a time: the same as eb_crc_byte() one by one, only faster. */
#ifndef RECORD_CRC_H
#define RECORD_CRC_H

#include <stddef.h>
#include <stdint.h>

/* Of `size` bytes, finished. */
uint32_t crc_of(const void *bytes, size_t size);

#endif
