// Brings a group's inputs into its registers.
#include "Group.h"

#include <string.h>

// ------------------------------------------------------------------------------------------------------- strided inputs

#define RUN(T) { const T *p = (const T *)from; T *o = (T *)out; for (int64_t i = 0; i < count; i++) o[i] = p[i * stride]; }

static void copy_run(char *out, const char *from, int64_t stride, int64_t bytes, int64_t count) {
    if (stride == 1) memcpy(out, from, (size_t)(count * bytes));
    else if (stride == 0) dk_repeat(out, from, bytes, count);
    else if (bytes == 4) RUN(uint32_t)
    else if (bytes == 8) RUN(uint64_t)
    else if (bytes == 2) RUN(uint16_t)
    else RUN(uint8_t)
}

// out[i, j] = from[j * stride + i]: eight columns at a time, so that both sides use whole cache lines.
#define TRANSPOSE(T) { \
    const T *p = (const T *)from; T *o = (T *)out; \
    int64_t j = 0; \
    for (; j + 8 <= columns; j += 8) \
        for (int64_t i = 0; i < rows; i++) \
            for (int k = 0; k < 8; k++) o[i * columns + j + k] = p[(j + k) * stride + i]; \
    for (; j < columns; j++) \
        for (int64_t i = 0; i < rows; i++) o[i * columns + j] = p[j * stride + i]; }

static void transpose(char *out, const char *from, int64_t stride, int64_t bytes, int64_t rows, int64_t columns) {
    if (bytes == 4) TRANSPOSE(uint32_t)
    else if (bytes == 8) TRANSPOSE(uint64_t)
    else if (bytes == 2) TRANSPOSE(uint16_t)
    else TRANSPOSE(uint8_t)
}

typedef struct {
    int rank;
    int64_t dims[DK_MAX_RANK], strides[DK_MAX_RANK], index[DK_MAX_RANK];
} walk;

// Leaves out axes of size 1 and joins axes that follow each other in memory; at least one axis remains.
static void simplify(walk *w, const dk_input *input) {
    w->rank = 0;
    for (int32_t d = 0; d < input->rank; d++) {
        if (input->dims[d] == 1) continue;
        int last = w->rank - 1;
        if (last >= 0 && w->strides[last] == input->strides[d] * input->dims[d]) {
            w->dims[last] *= input->dims[d];
            w->strides[last] = input->strides[d];
        } else {
            w->dims[w->rank] = input->dims[d];
            w->strides[w->rank++] = input->strides[d];
        }
    }
    if (w->rank == 0) {
        w->rank = 1;
        w->dims[0] = 1;
        w->strides[0] = 0;
    }
}

// The element number `start`, as an offset from the first; sets the index.
static int64_t seek(walk *w, int64_t start) {
    int64_t offset = 0;
    for (int d = w->rank - 1; d >= 0; d--) {
        w->index[d] = start == 0 ? 0 : d == 0 ? start : start % w->dims[d];
        if (start && d) start /= w->dims[d];
        offset += w->index[d] * w->strides[d];
    }
    return offset;
}

void dk_gather_strided(char *out, const char *base, const dk_input *input, int64_t bytes, int64_t start, int64_t count) {
    walk w;
    simplify(&w, input);
    const char *from = base + seek(&w, start) * bytes;
    int last = w.rank - 1;
    int64_t columns = w.dims[last], stride = w.strides[last];
    while (count > 0) {
        int64_t done = columns - w.index[last], rows = 0;
        if (last > 0 && w.strides[last - 1] == 1 && stride > 1 && w.index[last] == 0 && count >= 2 * columns) {
            rows = w.dims[last - 1] - w.index[last - 1];
            if (rows > count / columns) rows = count / columns;
        }
        if (rows > 1) {
            transpose(out, from, stride, bytes, rows, columns);
            done = rows * columns;
            // Now at the last of these rows, past its end.
            w.index[last - 1] += rows - 1;
            from += (rows - 1 + columns * stride) * bytes;
        } else {
            if (done > count) done = count;
            copy_run(out, from, stride, bytes, done);
            from += done * stride * bytes;
        }
        out += done * bytes;
        count -= done;
        if (count == 0) return;
        from -= columns * stride * bytes;
        w.index[last] = 0;
        for (int d = last - 1; d >= 0; d--) {
            from += w.strides[d] * bytes;
            if (++w.index[d] < w.dims[d]) break;
            from -= w.dims[d] * w.strides[d] * bytes;
            w.index[d] = 0;
        }
    }
}

// ------------------------------------------------------------------------------------------------------------ registers

void dk_group_prepare(dk_group_worker *worker, char **registers, int64_t rows, int64_t columns) {
    const dk_group *group = worker->group;
    worker->registers = registers;
    worker->rows = rows;
    // Whole cache lines and one more, so that tiles of a power of two do not all start at the same place of the cache.
    uint8_t room[group->register_count + 1];
    const int chains = dk_group_find_rooms(group, rows * columns, room);
    size_t total = 0;
    for (int32_t r = 0; r < group->register_count; r++) {
        registers[r] = (char *)total;
        if (room[r] == DK_ROOM_NONE) continue;
        int64_t count = room[r] == DK_ROOM_BLOCK ? DK_BLOCK : group->register_full[r] ? rows * columns : rows;
        total += (size_t)((count * group->register_bytes[r] + 127) & ~(int64_t)63);
    }
    const size_t links = chains ? 2 * (size_t)group->step_count * sizeof(dk_link) : 0;
    char *scratch = dk_scratch(0, total + links);
    worker->links = NULL;
    if (chains) dk_group_make_links(worker, room, (dk_link *)(scratch + total));
    for (int32_t r = 0; r < group->register_count; r++) registers[r] = scratch + (size_t)registers[r];

    for (int32_t i = 0; i < group->input_count; i++) {
        const dk_input *input = &group->inputs[i];
        int64_t bytes = group->register_bytes[input->reg];
        char *out = registers[input->reg];
        switch ((dk_input_kind)input->kind) {
        case DK_INPUT_SCALAR_FULL: case DK_INPUT_SCALAR_ROW: case DK_INPUT_CONSTANT_FULL: case DK_INPUT_CONSTANT_ROW: {
            int full = input->kind == DK_INPUT_SCALAR_FULL || input->kind == DK_INPUT_CONSTANT_FULL;
            int constant = input->kind == DK_INPUT_CONSTANT_FULL || input->kind == DK_INPUT_CONSTANT_ROW;
            const void *value = constant ? (const void *)&input->constant
                                         : (const char *)worker->buffers[input->buffer] + input->offset * bytes;
            dk_repeat(out, value, bytes, room[input->reg] == DK_ROOM_BLOCK ? DK_BLOCK : full ? rows * columns : rows);
            break;
        }
        case DK_INPUT_COLUMN:
            if (rows == 1) break;  // used where it is
            for (int64_t r = 0; r < rows; r++)
                memcpy(out + r * columns * bytes, (const char *)worker->buffers[input->buffer] + input->offset * bytes,
                       (size_t)(columns * bytes));
            break;
        case DK_INPUT_COLUMN_INDEX:
            if (group->stream) break;
            for (int64_t r = 0; r < rows; r++)
                for (int64_t c = 0; c < columns; c++) ((int64_t *)out)[r * columns + c] = c;
            break;
        default: break;
        }
    }
}

void dk_group_load(dk_group_worker *worker, int64_t row, int64_t rows, int64_t column, int64_t columns) {
    const dk_group *group = worker->group;
    for (int32_t i = 0; i < group->input_count; i++) {
        const dk_input *input = &group->inputs[i];
        int64_t bytes = group->register_bytes[input->reg];
        char **place = &worker->registers[input->reg];
        char *base = input->kind < DK_INPUT_CONSTANT_FULL ? (char *)worker->buffers[input->buffer] + input->offset * bytes : NULL;
        int64_t element = row * group->columns + column;
        switch ((dk_input_kind)input->kind) {
        case DK_INPUT_FULL: *place = base + element * bytes; break;
        case DK_INPUT_ROW: *place = base + row * bytes; break;
        case DK_INPUT_COLUMN:
            if (worker->rows == 1) *place = base + column * bytes;
            break;
        case DK_INPUT_STRIDED_FULL: dk_gather_strided(*place, base, input, bytes, element, rows * columns); break;
        case DK_INPUT_STRIDED_ROW: dk_gather_strided(*place, base, input, bytes, row, rows); break;
        case DK_INPUT_COLUMN_INDEX:
            if (group->stream) for (int64_t c = 0; c < columns; c++) ((int64_t *)*place)[c] = column + c;
            break;
        default: break;
        }
    }
}
