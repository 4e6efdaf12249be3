// Random numbers from a counter: Philox 4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as
// 1, 2, 3", 2011). An element depends on the key, the counter and its own number only, so any part can be made anywhere.
#include "CKernels.h"

#include <math.h>
#include <string.h>

#define LANES 4          // blocks side by side, each word in a 64-bit lane
#define CHUNK_BLOCKS 64  // what is made at a time; the work is cut in whole chunks
#define CHUNK_WORDS (4 * CHUNK_BLOCKS)
#define TASK_CHUNKS 128

typedef uint64_t lanes __attribute__((vector_size(8 * LANES)));
typedef uint64_t loose_lanes __attribute__((vector_size(8 * LANES), aligned(4), may_alias));

#define LOW32 0xffffffffu
#define INLINE static inline __attribute__((always_inline))

// The words of blocks first ..< first + CHUNK_BLOCKS, in order.
INLINE void philox_chunk(uint64_t key, uint64_t first, uint32_t *words) {
    for (int block = 0; block < CHUNK_BLOCKS; block += LANES) {
        lanes number;
        for (int lane = 0; lane < LANES; lane++) number[lane] = first + (uint64_t)(block + lane);
        lanes x0 = number & LOW32, x1 = number >> 32, x2 = {0}, x3 = {0};
        uint32_t key0 = (uint32_t)key, key1 = (uint32_t)(key >> 32);
        for (int round = 0; round < 10; round++) {
            const lanes product0 = (x0 & LOW32) * (uint64_t)0xD2511F53u, product1 = (x2 & LOW32) * (uint64_t)0xCD9E8D57u;
            x0 = (product1 >> 32) ^ x1 ^ (uint64_t)key0;
            x2 = (product0 >> 32) ^ x3 ^ (uint64_t)key1;
            x1 = product1 & LOW32;
            x3 = product0 & LOW32;
            key0 += 0x9E3779B9u;
            key1 += 0xBB67AE85u;
        }
        const lanes first_pair = (x0 & LOW32) | x1 << 32, second_pair = (x2 & LOW32) | x3 << 32;
        uint32_t *to = words + 4 * block;
        *(loose_lanes *)to = __builtin_shufflevector(first_pair, second_pair, 0, 4, 1, 5);
        *(loose_lanes *)(to + 8) = __builtin_shufflevector(first_pair, second_pair, 2, 6, 3, 7);
    }
}

// log(x) for x in [2^-33, 1]: the mantissa is brought to [sqrt(1/2), sqrt(2)), then Cephes' polynomial.
INLINE float log_of_uniform(float x) {
    uint32_t bits;
    memcpy(&bits, &x, 4);
    const uint32_t shifted = bits - 0x3f3504f3u;  // the bits of sqrt(1/2)
    const int32_t exponent = (int32_t)shifted >> 23;
    const uint32_t mantissa_bits = (shifted & 0x007fffffu) + 0x3f3504f3u;
    float mantissa;
    memcpy(&mantissa, &mantissa_bits, 4);
    const float f = mantissa - 1, square = f * f;
    float p = 7.0376836292e-2f;
    p = p * f - 1.1514610310e-1f;
    p = p * f + 1.1676998740e-1f;
    p = p * f - 1.2420140846e-1f;
    p = p * f + 1.4249322787e-1f;
    p = p * f - 1.6668057665e-1f;
    p = p * f + 2.0000714765e-1f;
    p = p * f - 2.4999993993e-1f;
    p = p * f + 3.3333331174e-1f;
    const float e = (float)exponent;
    return e * 0.693359375f + (f + (p * f * square + e * -2.12194440e-4f - 0.5f * square));
}

// Two normals from two words: the radius from the first, the angle from the second (Box and Muller).
INLINE void normal_pair(uint32_t first, uint32_t second, float *x, float *y) {
    // In (0, 1]: all of the word's bits count near zero, where the tail of the distribution comes from.
    const float uniform = ((float)(int32_t)(first >> 1) + 0.5f) * 0x1p-31f;
    // Not sqrtf: that may set errno, and then the loop is not vectorised.
    const float radius = __builtin_elementwise_sqrt(-2 * log_of_uniform(uniform));
    // A turn in four quarters, and the rest in -1/8 ..< 1/8 of a turn; both exact.
    const int32_t turn = (int32_t)(second >> 8);
    const int32_t quarter = (turn + (1 << 21)) >> 22;
    const float angle = (float)(turn - (quarter << 22)) * (1.57079632679f * 0x1p-22f), square = angle * angle;
    const float sine = angle + angle * square * (-1.6666654611e-1f + square * (8.3321608736e-3f + square * -1.9515295891e-4f));
    const float cosine = 1 - 0.5f * square
        + square * square * (4.166664568298827e-2f + square * (-1.388731625493765e-3f + square * 2.443315711809948e-5f));
    const float c = quarter & 1 ? sine : cosine, s = quarter & 1 ? cosine : sine;
    *x = radius * ((quarter + 1) & 2 ? -c : c);
    *y = radius * (quarter & 2 ? -s : s);
}

// A uniform in [0, 1) from the top 53 bits of two words.
INLINE double uniform64(uint32_t high, uint32_t low) {
    return (double)(int64_t)(((uint64_t)high << 32 | low) >> 11) * 0x1p-53;
}

enum { BITS, UNIFORM32, NORMAL32, UNIFORM64, NORMAL64 };

// The elements that a chunk gives: CHUNK_WORDS of them, or half as many of float64.
INLINE void convert_chunk(int kind, const uint32_t *words, void *out) {
    float *out32 = out;
    double *out64 = out;
    switch (kind) {
    case BITS: memcpy(out, words, CHUNK_WORDS * 4); break;
    case UNIFORM32:
        for (int i = 0; i < CHUNK_WORDS; i++) out32[i] = (float)(int32_t)(words[i] >> 8) * 0x1p-24f;
        break;
    case NORMAL32:
        for (int i = 0; i < CHUNK_WORDS / 2; i++) normal_pair(words[2 * i], words[2 * i + 1], out32 + 2 * i, out32 + 2 * i + 1);
        break;
    case UNIFORM64:
        for (int i = 0; i < CHUNK_WORDS / 2; i++) out64[i] = uniform64(words[2 * i], words[2 * i + 1]);
        break;
    default:
        for (int i = 0; i < CHUNK_WORDS / 4; i++) {
            const uint32_t *block = words + 4 * i;
            // 1 - u is in (0, 1], where the logarithm is finite.
            const double radius = sqrt(-2 * log(1 - uniform64(block[0], block[1])));
            const double angle = 6.283185307179586 * uniform64(block[2], block[3]);
            out64[2 * i] = radius * cos(angle);
            out64[2 * i + 1] = radius * sin(angle);
        }
    }
}

typedef struct {
    uint64_t key, counter;
    char *out;
    int64_t count, bytes, chunk_elements;
    int kind;
} random_plan;

INLINE void make_chunks(const random_plan *plan, int64_t first, int64_t last) {
    uint32_t words[CHUNK_WORDS];
    double elements[CHUNK_WORDS / 2];
    for (int64_t chunk = first; chunk < last; chunk++) {
        const int64_t at = chunk * plan->chunk_elements;
        const int64_t count = plan->count - at < plan->chunk_elements ? plan->count - at : plan->chunk_elements;
        philox_chunk(plan->key, plan->counter + (uint64_t)chunk * CHUNK_BLOCKS, words);
        // Always the whole chunk, so that an element is computed the same way wherever the end is.
        convert_chunk(plan->kind, words, elements);
        memcpy(plan->out + at * plan->bytes, elements, (size_t)(count * plan->bytes));
    }
}

#if defined(__x86_64__)
__attribute__((target("avx2,fma"))) static void make_chunks_avx2(const random_plan *plan, int64_t first, int64_t last) {
    make_chunks(plan, first, last);
}
#endif
static void make_chunks_portable(const random_plan *plan, int64_t first, int64_t last) { make_chunks(plan, first, last); }

static void random_task(void *context, int64_t task) {
    const random_plan *plan = context;
    const int64_t chunks = (plan->count + plan->chunk_elements - 1) / plan->chunk_elements;
    const int64_t first = task * TASK_CHUNKS, last = first + TASK_CHUNKS < chunks ? first + TASK_CHUNKS : chunks;
#if defined(__x86_64__)
    if (dk_instruction_set() == 1) { make_chunks_avx2(plan, first, last); return; }
#endif
    make_chunks_portable(plan, first, last);
}

void dk_random(const void *arguments, void *const *buffers) {
    const dk_random_arguments *g = arguments;
    const int64_t *state = (const int64_t *)buffers[g->state] + g->state_offset;
    const int64_t bytes = g->kind >= UNIFORM64 ? 8 : 4;
    random_plan plan = {
        .key = (uint64_t)state[0], .counter = (uint64_t)state[1], .kind = g->kind, .count = g->count, .bytes = bytes,
        .chunk_elements = CHUNK_WORDS * 4 / bytes, .out = (char *)buffers[g->out] + g->out_offset * bytes,
    };
    const int64_t tasks = (g->count + TASK_CHUNKS * plan.chunk_elements - 1) / (TASK_CHUNKS * plan.chunk_elements);
    if (tasks > 1) dk_parallel(tasks, random_task, &plan);
    else if (tasks == 1) random_task(&plan, 0);
}
