// How work that only moves memory is cut and shared.
#ifndef DESCENT_MOVEMENT_H
#define DESCENT_MOVEMENT_H

#include "CKernels.h"

// What a task moves, and what is worth more than one thread.
#define DK_TASK_BYTES ((int64_t)128 << 10)
#define DK_PARALLEL_BYTES ((int64_t)1 << 20)

// How many items of the given size in bytes make a task.
static inline int64_t dk_task_items(int64_t item_bytes) {
    return item_bytes >= DK_TASK_BYTES ? 1 : DK_TASK_BYTES / (item_bytes > 0 ? item_bytes : 1);
}

// Runs tasks that together move the given number of bytes.
static inline void dk_move(int64_t bytes, int64_t count, dk_task task, void *context) {
    if (bytes >= DK_PARALLEL_BYTES) dk_parallel(count, task, context);
    else for (int64_t i = 0; i < count; i++) task(context, i);
}

static inline int64_t dk_element_bytes(uint8_t dtype) {
    static const int64_t bytes[DK_DTYPES] = {4, 8, 4, 8, 1, 1, 1, 2, 2, 4, 8, 2, 2};
    return bytes[dtype];
}

#endif
