// Binary search of many values in sorted rows.
#include "CKernels.h"
#include "Movement.h"

#define TASK_VALUES 4096  // what a task searches; fewer values stay on the calling thread

// BEFORE(x, y): whether x comes before y in a sorted row.
#define NUMBER_BEFORE(x, y) ((x) < (y))
#define FLOAT_BEFORE(x, y) ((x) < (y) || ((y) != (y) && (x) == (x)))

#define SEARCH(name, type, BEFORE) \
    static void search_##name(const type *row, int64_t count, const type *values, int64_t *out, int64_t first, int64_t last, int right) { \
        for (int64_t i = first; i < last; i++) { \
            const type value = values[i]; \
            int64_t low = 0, length = count; \
            while (length > 0) { \
                const int64_t half = length / 2; \
                const type x = row[low + half]; \
                const int before = right ? !BEFORE(value, x) : BEFORE(x, value); \
                low += before ? half + 1 : 0; \
                length = before ? length - half - 1 : half; \
            } \
            out[i] = low; \
        } \
    }
SEARCH(float32, float, FLOAT_BEFORE)
SEARCH(float64, double, FLOAT_BEFORE)
#define SEARCH_OF(number, name, short, type, wrapping, least, most) SEARCH(name, type, NUMBER_BEFORE)
DK_INTEGERS(SEARCH_OF)

typedef struct {
    const dk_search_sorted_arguments *g;
    const char *sorted, *values;
    int64_t *out;
    int64_t bytes, tasks;  // tasks: of one row
} search_plan;

static void search_task(void *context, int64_t task) {
    const search_plan *plan = context;
    const dk_search_sorted_arguments *g = plan->g;
    const int64_t row = task / plan->tasks, first = task % plan->tasks * TASK_VALUES;
    const int64_t last = first + TASK_VALUES < g->values_count ? first + TASK_VALUES : g->values_count;
    const void *sorted = plan->sorted + row * g->count * plan->bytes, *values = plan->values + row * g->values_count * plan->bytes;
    int64_t *out = plan->out + row * g->values_count;
#define RUN(name) search_##name(sorted, g->count, values, out, first, last, g->right); break;
#define RUN_INTEGER(number, name, short, type, wrapping, least, most) case number: RUN(name)
    switch (g->dtype) {
    case DK_FLOAT64: RUN(float64)
    DK_INTEGERS(RUN_INTEGER)
    default: RUN(float32)
    }
}

void dk_search_sorted(const void *arguments, void *const *buffers) {
    const dk_search_sorted_arguments *g = arguments;
    const int64_t bytes = dk_element_bytes(g->dtype);
    search_plan plan = {
        .g = g, .bytes = bytes, .out = buffers[g->out], .tasks = (g->values_count + TASK_VALUES - 1) / TASK_VALUES,
        .sorted = (const char *)buffers[g->sorted] + g->sorted_offset * bytes, .values = (const char *)buffers[g->values] + g->values_offset * bytes,
    };
    const int64_t tasks = plan.tasks * g->outer;
    if (g->outer * g->values_count >= TASK_VALUES) dk_parallel(tasks, search_task, &plan);
    else for (int64_t task = 0; task < tasks; task++) search_task(&plan, task);
}
