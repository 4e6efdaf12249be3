// A loop: the instructions of its body run once for each step, over a table of buffers that is set before each.
#include "CKernels.h"
#include "Fault.h"

#include <string.h>

static char *place(void *const *buffers, const dk_scan_view *view, int64_t step) {
    return (char *)buffers[view->outer] + view->offset + step * view->step;
}

void dk_scan(const void *arguments, void *const *buffers) {
    const dk_scan_arguments *g = arguments;
    void **table = g->table;
    char *workspace = g->workspace < 0 ? NULL : buffers[g->workspace];
    for (int32_t i = 0; i < g->inside_count; i++) table[g->inside[i].buffer] = workspace + g->inside[i].offset;
    for (int32_t i = 0; i < g->view_count; i++) table[g->views[i].body] = place(buffers, &g->views[i], 0);
    for (int32_t i = 0; i < g->carry_count; i++) {
        const dk_scan_carry *carry = &g->carries[i];
        void *first = table[carry->in] = (char *)buffers[carry->first] + carry->first_offset;
        if (carry->history >= 0) memcpy((char *)buffers[carry->history] + carry->history_offset, first, (size_t)carry->bytes);
    }

    const dk_fault_cell *fault = dk_current_fault_cell();
    if (g->length > 0)
        for (int64_t i = 0; i < g->once_count; i++) g->once[i].run(g->once[i].arguments, table);
    for (int64_t s = 0; s < g->length; s++) {
        const int64_t step = g->reversed ? g->length - 1 - s : s;
        // What the last step wrote is read now; only then are the places of this one set, stacked carries' among them.
        for (int32_t i = 0; s > 0 && i < g->carry_count; i++) table[g->carries[i].in] = table[g->carries[i].out];
        for (int32_t i = 0; i < g->view_count; i++)
            if (g->views[i].step) table[g->views[i].body] = place(buffers, &g->views[i], step);
        for (int32_t i = 0; i < g->carry_count; i++) {
            const dk_scan_carry *carry = &g->carries[i];
            if (carry->stacked) continue;
            table[carry->out] = s == g->length - 1 ? (char *)buffers[carry->last] : workspace + carry->rooms[s & 1];
        }
        for (int64_t i = 0; i < g->instruction_count; i++) g->instructions[i].run(g->instructions[i].arguments, table);
        if (fault && atomic_load_explicit(&fault->state, memory_order_acquire)) return;
    }
    for (int32_t i = 0; i < g->carry_count; i++) {
        const dk_scan_carry *carry = &g->carries[i];
        const void *from = g->length ? table[carry->out] : table[carry->in];
        if (from != buffers[carry->last]) memcpy(buffers[carry->last], from, (size_t)carry->bytes);
    }
}
