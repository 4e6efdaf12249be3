// Where the faults of a run are kept: one cell for each dk_run, handed by the pool to the threads that work for it.
#ifndef DESCENT_FAULT_H
#define DESCENT_FAULT_H

#include <stdatomic.h>
#include <stdint.h>

typedef struct {
    atomic_int state;  // 0: nothing, 1: being written, 2: value and limit are valid
    int64_t value, limit, use;
} dk_fault_cell;

// The cell of the run that this thread works for; NULL outside of any run.
dk_fault_cell *dk_current_fault_cell(void);
void dk_set_current_fault_cell(dk_fault_cell *cell);

#endif
