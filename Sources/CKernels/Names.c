// Names of the element-wise operations, for people who read a plan.
#include "CKernels.h"

const char *dk_operation_name(dk_operation operation) {
    static const char *const names[] = {
#define X(name) #name,
        DK_UNARY(X) DK_BINARY(X) DK_TERNARY(X)
#undef X
    };
    return (unsigned)operation < DK_OPERATION_COUNT ? names[operation] : "?";
}
