// The threads that share a kernel's work.
//
// A job is a task and a number of indexes. One atomic word holds the job's generation (high half) and how many indexes
// were handed out (low half); a thread takes an index by a compare-and-swap of the whole word, so a thread that was
// suspended with an old view of the word can never take an index of a later job. The caller takes part, and when the
// indexes are gone it waits only for those that other threads are still working on.
//
// The caller takes indexes from the front, the others from the back: in a loop, where one job is done again and again,
// a thread meets the same part of a matrix each time, and finds it in its own cache. For the same reason a thread that
// works alone goes through the indexes to and fro: it begins with what it has read last.
//
// A thread without work spins for some tens of microseconds, because the next job of a plan usually comes at once and
// waking a parked thread costs as much; then it parks on a condition variable.
#if defined(__linux__)
#define _GNU_SOURCE
#endif
#include "CKernels.h"
#include "Fault.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define CACHE_LINE 64
#define MOST_THREADS 256
#define SPIN_NANOSECONDS 50000
// No job has this many indexes: a word with this count hands out nothing.
#define CLOSED 0xffffffffu
#define MOST_INDEXES 0xfff0u

static struct {
    _Alignas(CACHE_LINE) _Atomic uint64_t word;
    // The job. Written only while the word is closed.
    _Alignas(CACHE_LINE) _Atomic(dk_task) task;
    _Atomic(void *) context;
    _Atomic(dk_fault_cell *) cell;
    _Atomic uint32_t count;
    _Alignas(CACHE_LINE) _Atomic uint32_t done;  // finished indexes that other threads took
    _Alignas(CACHE_LINE) atomic_int sleepers;    // parked threads
    atomic_int caller_sleeps;
    atomic_int stop;
    atomic_flag busy;     // held by the thread whose job it is, and while threads are started or stopped
    atomic_int threads;   // how many are wanted, 0 before the first question
    int started;          // how many of the pool's own threads run; guarded by busy
    int64_t spin;         // nanoseconds; guarded by busy, handed to a thread when it starts
    pthread_t handles[MOST_THREADS];
    pthread_mutex_t mutex;
    pthread_cond_t work, finished;
} pool = {
    .word = CLOSED,
    .busy = ATOMIC_FLAG_INIT,
    .mutex = PTHREAD_MUTEX_INITIALIZER,
    .work = PTHREAD_COND_INITIALIZER,
    .finished = PTHREAD_COND_INITIALIZER,
};

static inline uint32_t generation_of(uint64_t word) { return (uint32_t)(word >> 32); }
// How many indexes were handed out, from the front and from the back.
static inline uint32_t front_of(uint64_t word) { return (uint32_t)word & 0xffffu; }
static inline uint32_t back_of(uint64_t word) { return (uint32_t)word >> 16; }

static inline void pause_briefly(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("isb");
#endif
}

static int64_t nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static int32_t processors(void) {
#if defined(__linux__)
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0) {
        int count = CPU_COUNT(&set);
        if (count > 0) return count;
    }
#endif
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count > 0 ? (int32_t)count : 1;
}

static int32_t bounded(int64_t threads) {
    return (int32_t)(threads < 1 ? 1 : threads > MOST_THREADS ? MOST_THREADS : threads);
}

int32_t dk_threads(void) {
    int threads = atomic_load_explicit(&pool.threads, memory_order_relaxed);
    if (threads) return threads;
    const char *wanted = getenv("DESCENT_THREADS");
    int64_t number = wanted ? strtoll(wanted, NULL, 10) : 0;
    int found = bounded(number > 0 ? number : processors());
    int unknown = 0;
    return atomic_compare_exchange_strong(&pool.threads, &unknown, found) ? found : unknown;
}

// Takes an index of the job `generation`, the first or the last; -1 when there is none left.
static inline int64_t take(uint32_t generation, int last) {
    uint64_t word = atomic_load_explicit(&pool.word, memory_order_acquire);
    for (;;) {
        if (generation_of(word) != generation) return -1;
        const uint32_t count = atomic_load_explicit(&pool.count, memory_order_acquire);
        if (front_of(word) + back_of(word) >= count) return -1;
        if (atomic_compare_exchange_weak_explicit(&pool.word, &word, word + (last ? 0x10000 : 1), memory_order_acq_rel,
                                                  memory_order_acquire))
            return last ? count - 1 - back_of(word) : front_of(word);
    }
}

// Works on the job `generation` as a helper, until its indexes are gone.
static void help(uint32_t generation) {
    int64_t index = take(generation, 1);
    if (index < 0) return;
    // The job cannot be replaced while an index that was taken is not finished, so these are its own.
    dk_task task = atomic_load_explicit(&pool.task, memory_order_relaxed);
    void *context = atomic_load_explicit(&pool.context, memory_order_relaxed);
    dk_set_current_fault_cell(atomic_load_explicit(&pool.cell, memory_order_relaxed));
    uint32_t finished = 0;
    do {
        task(context, index);
        finished++;
        index = take(generation, 1);
    } while (index >= 0);
    dk_set_current_fault_cell(NULL);
    atomic_fetch_add(&pool.done, finished);
    if (atomic_load(&pool.caller_sleeps)) {
        pthread_mutex_lock(&pool.mutex);
        pthread_cond_signal(&pool.finished);
        pthread_mutex_unlock(&pool.mutex);
    }
}

// Waits for a generation other than `seen`: spins, then parks. Returns it, or `seen` when told to stop.
static uint32_t wait_for_work(uint32_t seen, int64_t spin) {
    int64_t end = spin ? nanoseconds() + spin : 0;
    while (spin) {
        for (int i = 0; i < 32; i++) {
            uint32_t generation = generation_of(atomic_load_explicit(&pool.word, memory_order_acquire));
            if (generation != seen) return generation;
            pause_briefly();
        }
        if (nanoseconds() > end) break;
        // On a busy machine the caller itself may be waiting for this processor.
        sched_yield();
    }
    pthread_mutex_lock(&pool.mutex);
    atomic_fetch_add(&pool.sleepers, 1);
    uint32_t generation;
    while ((generation = generation_of(atomic_load(&pool.word))) == seen && !atomic_load(&pool.stop))
        pthread_cond_wait(&pool.work, &pool.mutex);
    atomic_fetch_sub(&pool.sleepers, 1);
    pthread_mutex_unlock(&pool.mutex);
    return generation;
}

static void *worker(void *spin) {
    // A thread that starts late may miss jobs, never take one twice: an index is taken once.
    uint32_t seen = 0;
    while (!atomic_load_explicit(&pool.stop, memory_order_acquire)) {
        seen = wait_for_work(seen, (int64_t)(intptr_t)spin);
        help(seen);
    }
    return NULL;
}

// Starts and stops need `busy`.
static void start_workers(int32_t wanted) {
    pool.spin = wanted <= processors() ? SPIN_NANOSECONDS : 0;
    while (pool.started < wanted - 1) {
        if (pthread_create(&pool.handles[pool.started], NULL, worker, (void *)(intptr_t)pool.spin) != 0) break;
        pool.started++;
    }
}

static void stop_workers(void) {
    atomic_store(&pool.stop, 1);
    pthread_mutex_lock(&pool.mutex);
    pthread_cond_broadcast(&pool.work);
    pthread_mutex_unlock(&pool.mutex);
    while (pool.started > 0) pthread_join(pool.handles[--pool.started], NULL);
    atomic_store(&pool.stop, 0);
}

void dk_set_threads(int32_t threads) {
    while (atomic_flag_test_and_set_explicit(&pool.busy, memory_order_acquire)) sched_yield();
    stop_workers();
    atomic_store(&pool.threads, bounded(threads));
    atomic_flag_clear_explicit(&pool.busy, memory_order_release);
}

// Waits until other threads have finished `count` indexes.
static void wait_for_helpers(uint32_t count) {
    int64_t end = 0;
    for (int round = 0; round < 4; ) {
        for (int i = 0; i < 32; i++) {
            if (atomic_load_explicit(&pool.done, memory_order_acquire) == count) return;
            pause_briefly();
        }
        int64_t now = nanoseconds();
        if (end == 0) end = now + SPIN_NANOSECONDS;
        // Perhaps the thread that we wait for needs this very processor.
        if (now > end) { sched_yield(); round++; }
    }
    pthread_mutex_lock(&pool.mutex);
    atomic_store(&pool.caller_sleeps, 1);
    while (atomic_load(&pool.done) != count) pthread_cond_wait(&pool.finished, &pool.mutex);
    atomic_store(&pool.caller_sleeps, 0);
    pthread_mutex_unlock(&pool.mutex);
}

static void run_job(uint32_t count, dk_task task, void *context) {
    uint64_t old = atomic_load_explicit(&pool.word, memory_order_relaxed);
    atomic_store_explicit(&pool.word, old | CLOSED, memory_order_relaxed);
    // Released one by one, so that a thread that sees a new field also sees the closed word.
    atomic_store_explicit(&pool.task, task, memory_order_release);
    atomic_store_explicit(&pool.context, context, memory_order_release);
    atomic_store_explicit(&pool.cell, dk_current_fault_cell(), memory_order_release);
    atomic_store_explicit(&pool.count, count, memory_order_release);
    atomic_store_explicit(&pool.done, 0, memory_order_relaxed);
    uint32_t generation = generation_of(old) + 1;
    atomic_store(&pool.word, (uint64_t)generation << 32);

    int sleepers = atomic_load(&pool.sleepers);
    if (sleepers > 0) {
        pthread_mutex_lock(&pool.mutex);
        if ((uint32_t)sleepers < count) pthread_cond_broadcast(&pool.work);
        else for (uint32_t i = 1; i < count; i++) pthread_cond_signal(&pool.work);
        pthread_mutex_unlock(&pool.mutex);
    }

    uint32_t mine = 0;
    for (int64_t index; (index = take(generation, 0)) >= 0; mine++) task(context, index);
    if (mine < count) wait_for_helpers(count - mine);
}

// All indexes on this thread, to and fro from call to call.
static void run_alone(int64_t count, dk_task task, void *context) {
    static _Thread_local int backwards;
    if (backwards) for (int64_t i = count - 1; i >= 0; i--) task(context, i);
    else for (int64_t i = 0; i < count; i++) task(context, i);
    backwards = !backwards;
}

// More indexes than a job can have, as blocks of neighbours.
typedef struct {
    dk_task task;
    void *context;
    int64_t count, block;
} index_blocks;

static void run_block(void *context, int64_t index) {
    const index_blocks *blocks = context;
    const int64_t first = index * blocks->block, end = first + blocks->block;
    for (int64_t i = first; i < end && i < blocks->count; i++) blocks->task(blocks->context, i);
}

void dk_parallel(int64_t count, dk_task task, void *context) {
    int32_t threads = dk_threads();
    if (count < 2 || threads == 1 || atomic_flag_test_and_set_explicit(&pool.busy, memory_order_acquire)) {
        run_alone(count, task, context);
        return;
    }
    if (pool.started < threads - 1) start_workers(threads);
    if (count > MOST_INDEXES) {
        index_blocks blocks = {.task = task, .context = context, .count = count, .block = count / 4096};
        run_job((uint32_t)((count + blocks.block - 1) / blocks.block), run_block, &blocks);
    } else {
        run_job((uint32_t)count, task, context);
    }
    atomic_flag_clear_explicit(&pool.busy, memory_order_release);
}
