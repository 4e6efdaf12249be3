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
    if (bytes < HUGE_PAGE) {
        void *block = NULL;
        return posix_memalign(&block, 64, bytes) == 0 ? block : NULL;
    }
    void *block = NULL;
    if (posix_memalign(&block, HUGE_PAGE, (bytes + HUGE_PAGE - 1) & ~(HUGE_PAGE - 1)) != 0) return NULL;
#ifdef __linux__
    madvise(block, (bytes + HUGE_PAGE - 1) & ~(HUGE_PAGE - 1), MADV_HUGEPAGE);
#endif
    return block;
}

void dk_deallocate(void *block, size_t bytes) {
    (void)bytes;
    free(block);
}
