// Pooling: sums and maxima over windows, and what their derivatives need.
#include "InstructionSet.h"

#include <math.h>

#define ELEMENT float
#define MASK int32_t
#define SUFFIX(x) x##_float32_portable
#include "PoolingTemplate.h"
#undef SUFFIX
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define SUFFIX(x) x##_float32_avx2
#include "PoolingTemplate.h"
#undef SUFFIX
#pragma clang attribute pop
#endif
#undef ELEMENT
#undef MASK

#define ELEMENT double
#define MASK int64_t
#define SUFFIX(x) x##_float64_portable
#include "PoolingTemplate.h"
#undef SUFFIX
#undef ELEMENT
#undef MASK

typedef struct {
    const dk_pooling_arguments *arguments;
    void *const *buffers;
    int64_t task_images;
} pooling;

static void pooling_task(void *context, int64_t index) {
    const pooling *job = context;
    const dk_pooling_arguments *g = job->arguments;
    const int64_t first = index * job->task_images, end = first + job->task_images, last = end < g->images ? end : g->images;
    if (g->dtype == DK_FLOAT64) { images_float64_portable(g, job->buffers, first, last); return; }
#if defined(__x86_64__)
    if (dk_instruction_set() == 1) { images_float32_avx2(g, job->buffers, first, last); return; }
#endif
    images_float32_portable(g, job->buffers, first, last);
}

void dk_pooling(const void *arguments, void *const *buffers) {
    const dk_pooling_arguments *g = arguments;
    pooling job = {.arguments = g, .buffers = buffers};
    const int64_t work = g->output[0] * g->output[1] * g->output[2] * g->kernel[0] * g->kernel[1] * g->kernel[2];
    job.task_images = work > 1 << 15 ? 1 : (1 << 15) / (work + 1) + 1;
    const int64_t tasks = (g->images + job.task_images - 1) / job.task_images;
    if (g->images * work >= 1 << 17) dk_parallel(tasks, pooling_task, &job);
    else for (int64_t i = 0; i < tasks; i++) pooling_task(&job, i);
}
