// Runs a plan: one instruction after the other, until one raises a fault.
#include "CKernels.h"
#include "Fault.h"

#include <stdio.h>

static _Thread_local dk_fault_cell *current_cell;

dk_fault_cell *dk_current_fault_cell(void) { return current_cell; }
void dk_set_current_fault_cell(dk_fault_cell *cell) { current_cell = cell; }

void dk_run(const dk_instruction *instructions, int64_t count, void *const *buffers, dk_fault *fault) {
    dk_fault_cell cell = {.state = 0, .value = 0, .limit = 0, .use = 0};
    dk_fault_cell *outer = current_cell;
    current_cell = &cell;
    if (fault) *fault = (dk_fault){0, 0, 0, 0, 0};
    for (int64_t i = 0; i < count; i++) {
        instructions[i].run(instructions[i].arguments, buffers);
        // A kernel returns when all its threads are done, so the state is 0 or 2 here.
        if (atomic_load_explicit(&cell.state, memory_order_acquire)) {
            if (fault) *fault = (dk_fault){1, (int32_t)i, cell.value, cell.limit, cell.use};
            break;
        }
    }
    current_cell = outer;
}

void dk_raise(int64_t value, int64_t limit) { dk_raise_use(value, limit, 0); }

void dk_raise_use(int64_t value, int64_t limit, int64_t use) {
    dk_fault_cell *cell = current_cell;
    if (!cell) return;
    int nothing = 0;
    if (!atomic_compare_exchange_strong(&cell->state, &nothing, 1)) return;
    cell->value = value;
    cell->limit = limit;
    cell->use = use;
    atomic_store_explicit(&cell->state, 2, memory_order_release);
}

void dk_stop(const char *sentence) {
    fprintf(stderr, "Fatal error: %s\n", sentence);
    fflush(stderr);
    __builtin_trap();
}
