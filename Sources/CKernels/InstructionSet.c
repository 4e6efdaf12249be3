// Finds out, once, which vector instructions the processor has and which of them may be used.
#include "InstructionSet.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static int32_t detect_instruction_set(void) {
    const char *forced = getenv("DESCENT_KERNELS");
    if (forced && strcmp(forced, "portable") == 0) return 0;
#if defined(__x86_64__)
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? 1 : 0;
#elif defined(__aarch64__)
    return 2;
#else
    return 0;
#endif
}

int32_t dk_instruction_set(void) {
    static atomic_int known;  // the instruction set plus 1; 0 before the first call
    int set = atomic_load_explicit(&known, memory_order_relaxed);
    if (set == 0) {
        set = detect_instruction_set() + 1;
        atomic_store_explicit(&known, set, memory_order_relaxed);
    }
    return set - 1;
}

int dk_wide_vectors(void) {
#if defined(__x86_64__)
    if (dk_instruction_set() != 1) return 0;
    static atomic_int known;  // 0: not asked yet, 1: no, 2: yes
    int answer = atomic_load_explicit(&known, memory_order_relaxed);
    if (!answer) {
        const char *forced = getenv("DESCENT_KERNELS");
        const int allowed = !forced || strcmp(forced, "avx2") != 0;
        answer = allowed && __builtin_cpu_supports("avx512f") ? 2 : 1;
        atomic_store_explicit(&known, answer, memory_order_relaxed);
    }
    return answer == 2;
#else
    return 0;
#endif
}

#if defined(__x86_64__)
int dk_wide_tiles(void) {
    static atomic_int known;  // 0: not asked yet, 1: no, 2: yes
    int answer = atomic_load_explicit(&known, memory_order_relaxed);
    if (!answer) {
        answer = dk_wide_vectors() && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq")
            && __builtin_cpu_supports("avx512bw") ? 2 : 1;
        atomic_store_explicit(&known, answer, memory_order_relaxed);
    }
    return answer == 2;
}
#endif
