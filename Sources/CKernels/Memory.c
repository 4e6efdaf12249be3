// Blocks of memory for tensors and arenas. Large ones are asked for in huge pages: a first touch of 4 KB pages costs
// more than the arithmetic that fills them.
#define _GNU_SOURCE
#include "CKernels.h"
#include <stdlib.h>
#ifdef __linux__
#include <sys/mman.h>
#endif

#define HUGE_PAGE ((size_t)2 << 20)

void *dk_allocate(size_t bytes) {
    void *block = NULL;
    // Small blocks are aligned to 16 by the C library, which is faster than asking for 64.
    if (bytes <= 4096) return malloc(bytes ? bytes : 1);
    if (bytes < HUGE_PAGE) return posix_memalign(&block, 64, bytes) == 0 ? block : NULL;
    const size_t rounded = (bytes + HUGE_PAGE - 1) & ~(HUGE_PAGE - 1);
    if (posix_memalign(&block, HUGE_PAGE, rounded) != 0) return NULL;
#ifdef __linux__
    madvise(block, rounded, MADV_HUGEPAGE);
#endif
    return block;
}

void dk_deallocate(void *block) { free(block); }
