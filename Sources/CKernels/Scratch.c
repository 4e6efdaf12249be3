// Memory that belongs to a thread: scratch blocks for kernels, and a few pointers for the Swift side.
#if defined(__linux__)
#define _GNU_SOURCE
#endif
#include "CKernels.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#if defined(__linux__)
#include <sys/mman.h>
#endif

#define SLOTS 6
#define LINE ((size_t)64)
#define HUGE_PAGE ((size_t)2 << 20)

typedef struct {
    void *block[SLOTS];
    size_t bytes[SLOTS];
} scratch_blocks;

static _Thread_local scratch_blocks scratch;
static _Thread_local void *pointers[SLOTS];

// Frees a thread's blocks when it ends.
static pthread_key_t scratch_key;
static pthread_once_t scratch_once = PTHREAD_ONCE_INIT;

static void free_blocks(void *blocks) {
    scratch_blocks *all = blocks;
    for (int slot = 0; slot < SLOTS; slot++) {
        free(all->block[slot]);
        all->block[slot] = NULL;
        all->bytes[slot] = 0;
    }
}

static void make_scratch_key(void) { pthread_key_create(&scratch_key, free_blocks); }

static __attribute__((noinline)) void *grow(int32_t slot, size_t bytes) {
    pthread_once(&scratch_once, make_scratch_key);
    pthread_setspecific(scratch_key, &scratch);
    // Half as much again: a slowly growing demand allocates only now and then.
    size_t wanted = scratch.bytes[slot] + scratch.bytes[slot] / 2;
    if (wanted < bytes) wanted = bytes;
    size_t alignment = wanted >= HUGE_PAGE ? HUGE_PAGE : LINE;
    wanted = (wanted + alignment - 1) / alignment * alignment;
    free(scratch.block[slot]);
    scratch.block[slot] = NULL;
    scratch.bytes[slot] = 0;
    void *block = NULL;
    if (posix_memalign(&block, alignment, wanted) != 0) {
        fprintf(stderr, "descent: no memory for %zu bytes of scratch\n", wanted);
        abort();
    }
#if defined(__linux__)
    if (alignment == HUGE_PAGE) madvise(block, wanted, MADV_HUGEPAGE);
#endif
    scratch.block[slot] = block;
    scratch.bytes[slot] = wanted;
    return block;
}

void *dk_scratch(int32_t slot, size_t bytes) {
    // Zero bytes give a block too: a kernel need not care about empty shapes.
    if (bytes == 0) bytes = LINE;
    return bytes <= scratch.bytes[slot] ? scratch.block[slot] : grow(slot, bytes);
}

void *dk_thread_local(int32_t slot) { return pointers[slot]; }
void dk_set_thread_local(int32_t slot, void *value) { pointers[slot] = value; }

// The place of a thread-local variable differs between threads that live at one time.
intptr_t dk_thread_token(void) { return (intptr_t)&pointers; }
