// Blocks of memory for tensors and arenas. Large ones are asked for in huge pages: a first touch of 4 KB pages costs
// more than the arithmetic that fills them. The last large blocks are kept when they are freed, since a step of a
// training asks for the same sizes again, and new pages must be cleared first.
#define _GNU_SOURCE
#include "CKernels.h"
#include <pthread.h>
#include <stdlib.h>
#ifdef __linux__
#include <sys/mman.h>
#endif

#define HUGE_PAGE ((size_t)2 << 20)
// Blocks that are kept, and the most bytes of all of them.
#define KEPT 2
#define KEPT_BYTES ((size_t)256 << 20)

typedef struct { void *block; size_t bytes; } sized_block;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static sized_block kept[KEPT];
// The large blocks in use.
static sized_block *large;
static size_t large_count, large_room;

// Notes a large block; false without memory for the note.
static int note(void *block, size_t bytes) {
    if (large_count == large_room) {
        const size_t room = large_room ? 2 * large_room : 64;
        sized_block *more = realloc(large, room * sizeof(sized_block));
        if (!more) return 0;
        large = more;
        large_room = room;
    }
    large[large_count++] = (sized_block){block, bytes};
    return 1;
}

// A kept block that fits and wastes little; or NULL.
static void *take(size_t bytes) {
    for (int i = 0; i < KEPT; i++) {
        if (!kept[i].block || kept[i].bytes < bytes || kept[i].bytes - bytes > bytes / 4) continue;
        void *block = kept[i].block;
        if (!note(block, kept[i].bytes)) return NULL;
        kept[i].block = NULL;
        return block;
    }
    return NULL;
}

static void *allocate_large(size_t bytes) {
    const size_t rounded = (bytes + HUGE_PAGE - 1) & ~(HUGE_PAGE - 1);
    pthread_mutex_lock(&lock);
    void *block = take(rounded);
    if (!block) {
        // What is kept for other sizes gives way, so that no more is held than was in use at once.
        for (int i = 0; i < KEPT; i++) { free(kept[i].block); kept[i].block = NULL; }
        if (posix_memalign(&block, HUGE_PAGE, rounded) != 0) block = NULL;
        if (block && !note(block, rounded)) { free(block); block = NULL; }
#ifdef __linux__
        if (block) madvise(block, rounded, MADV_HUGEPAGE);
#endif
    }
    pthread_mutex_unlock(&lock);
    return block;
}

void *dk_allocate(size_t bytes) {
    void *block = NULL;
    // Small blocks are aligned to 16 by the C library, which is faster than asking for 64.
    if (bytes <= 4096) return malloc(bytes ? bytes : 1);
    if (bytes < HUGE_PAGE) return posix_memalign(&block, 64, bytes) == 0 ? block : NULL;
    return allocate_large(bytes);
}

// Keeps a large block in place of the smallest that is kept; the block to be freed, or NULL.
static void *keep(sized_block freed) {
    if (freed.bytes > KEPT_BYTES) return freed.block;
    size_t total = freed.bytes;
    int place = 0;
    for (int i = 0; i < KEPT; i++) {
        if (!kept[i].block) kept[i].bytes = 0;
        total += kept[i].bytes;
        if (kept[i].bytes < kept[place].bytes) place = i;
    }
    if (total - kept[place].bytes > KEPT_BYTES || kept[place].bytes >= freed.bytes) return freed.block;
    void *other = kept[place].block;
    kept[place] = freed;
    return other;
}

void dk_deallocate(void *block) {
    dk_order_reads();
    if (((uintptr_t)block & (HUGE_PAGE - 1)) == 0 && block) {
        pthread_mutex_lock(&lock);
        for (size_t i = large_count; i-- > 0; ) {
            if (large[i].block != block) continue;
            const sized_block found = large[i];
            large[i] = large[--large_count];
            block = keep(found);
            break;
        }
        pthread_mutex_unlock(&lock);
    }
    free(block);
}
