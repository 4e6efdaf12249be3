// What groups are made of: how much work one is, and its steps on tiles.
#include "Group.h"

#include <string.h>

#define SMALL_NANOSECONDS 10000
#define TASK_NANOSECONDS 5000

static double nanoseconds(const dk_group *group) {
    return (double)group->rows * (double)group->columns * (double)group->cost / 1024;
}

int dk_group_is_small(const dk_group *group) { return nanoseconds(group) < SMALL_NANOSECONDS || dk_threads() == 1; }

int64_t dk_group_units_per_task(const dk_group *group, int64_t units) {
    double total = nanoseconds(group);
    double task = total / 64 > TASK_NANOSECONDS ? total / 64 : TASK_NANOSECONDS;
    int64_t count = total > 0 ? (int64_t)((double)units * task / total) : units;
    return count < 1 ? 1 : count > units ? units : count;
}

// --------------------------------------------------------------------------------------------------------------- steps

static void expand(char *out, const char *in, int64_t bytes, int64_t rows, int64_t columns) {
    for (int64_t r = 0; r < rows; r++) dk_repeat(out + r * columns * bytes, in + r * bytes, bytes, columns);
}

// The index as a place in its row, counted from the end when negative; -1 when it is outside, which ends the plan.
static int64_t place_in(int64_t columns, int64_t index) {
    const int64_t place = index < 0 ? index + columns : index;
    if (place >= 0 && place < columns) return place;
    dk_raise(index, columns);
    return -1;
}

// An index outside its row picks a zero.
static void pick(char *out, const char *in, const int64_t *places, int64_t bytes, int64_t rows, int64_t columns) {
    for (int64_t r = 0; r < rows; r++) {
        const int64_t place = place_in(columns, places[r]);
        if (place < 0) memset(out + r * bytes, 0, (size_t)bytes);
        else memcpy(out + r * bytes, in + (r * columns + place) * bytes, (size_t)bytes);
    }
}

#define ADD(T, U) { T *o = (T *)out + r * columns + place; *o = (T)((U)*o + (U)((const T *)values)[r]); break; }

static void add_at(char *out, const int64_t *places, const char *values, dk_dtype dtype, int64_t rows, int64_t columns) {
    for (int64_t r = 0; r < rows; r++) {
        const int64_t place = place_in(columns, places[r]);
        if (place < 0) continue;
        switch (dtype) {
        case DK_FLOAT32: ADD(float, float)
        case DK_FLOAT64: ADD(double, double)
        case DK_BOOL: ADD(uint8_t, uint8_t)
#define ADD_INTEGER(number, name, short, type, wrapping, least, most) case number: ADD(type, wrapping)
        DK_INTEGERS(ADD_INTEGER)
        case DK_FLOAT16: case DK_BFLOAT16: break;  // nothing is computed in these
        }
    }
}

void dk_group_step(dk_group_worker *worker, const dk_step *step, int64_t rows, int64_t columns) {
    char **registers = worker->registers;
    char *out = registers[step->out], *a = registers[step->a], *b = registers[step->b], *c = registers[step->c];
    int64_t bytes = worker->group->register_bytes[step->out];
    switch ((dk_step_kind)step->kind) {
    case DK_STEP_MAP_FULL: step->function(rows * columns, out, a, b, c); break;
    case DK_STEP_MAP_ROW: step->function(rows, out, a, b, c); break;
    case DK_STEP_REDUCE:
        dk_group_reduction(worker, step)->rows(rows, columns, out, a);
        break;
    case DK_STEP_EXPAND: expand(out, a, bytes, rows, columns); break;
    case DK_STEP_PICK: pick(out, a, (const int64_t *)b, bytes, rows, columns); break;
    case DK_STEP_ADD_AT:
        if (out != a) memcpy(out, a, (size_t)(rows * columns * bytes));
        add_at(out, (const int64_t *)b, c, (dk_dtype)step->dtype, rows, columns);
        break;
    }
}
