// Locks that cost a few nanoseconds where nobody waits, and put a thread to sleep where one must. Built from C's atomics and POSIX threads, which
// the thread sanitizer knows; it reports what is guarded by the locks of Swift's library as races.
#include "CKernels.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sched.h>
#include <stdlib.h>

struct dk_lock {
    atomic_int state;  // 0: free, 1: taken, 2: taken, and somebody may be asleep
    pthread_mutex_t mutex;
    pthread_cond_t freed;
};

static void lock_slowly(struct dk_lock *lock) {
    pthread_mutex_lock(&lock->mutex);
    // Whoever frees a lock in state 2 takes the mutex to wake the sleepers, so none can fall asleep in between.
    while (atomic_exchange_explicit(&lock->state, 2, memory_order_acquire) != 0) pthread_cond_wait(&lock->freed, &lock->mutex);
    pthread_mutex_unlock(&lock->mutex);
}

static inline void take(struct dk_lock *lock) {
    int free = 0;
    if (!atomic_compare_exchange_strong_explicit(&lock->state, &free, 1, memory_order_acquire, memory_order_relaxed)) lock_slowly(lock);
}

static inline void give(struct dk_lock *lock) {
    if (atomic_exchange_explicit(&lock->state, 0, memory_order_release) != 2) return;
    pthread_mutex_lock(&lock->mutex);
    pthread_cond_signal(&lock->freed);
    pthread_mutex_unlock(&lock->mutex);
}

dk_lock *dk_make_lock(void) {
    dk_lock *lock = malloc(sizeof *lock);
    atomic_init(&lock->state, 0);
    pthread_mutex_init(&lock->mutex, NULL);
    pthread_cond_init(&lock->freed, NULL);
    return lock;
}

void dk_free_lock(dk_lock *lock) {
    pthread_cond_destroy(&lock->freed);
    pthread_mutex_destroy(&lock->mutex);
    free(lock);
}

void dk_yield(void) { sched_yield(); }

void dk_take_lock(dk_lock *lock) { take(lock); }
void dk_give_lock(dk_lock *lock) { give(lock); }

// ------------------------------------------------------------------------------------------------- the state of variables

static struct dk_lock state = {.mutex = PTHREAD_MUTEX_INITIALIZER, .freed = PTHREAD_COND_INITIALIZER};
// Who waits for a running step to give its variables back. The counts are changed by those who hold the state.
static int64_t waiting;
static uint64_t changes;
static pthread_mutex_t change_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

void dk_take_state(void) { take(&state); }
void dk_give_state(void) { give(&state); }

void dk_give_changed_state(void) {
    if (waiting > 0) {
        pthread_mutex_lock(&change_mutex);
        changes++;
        pthread_cond_broadcast(&changed);
        pthread_mutex_unlock(&change_mutex);
    }
    give(&state);
}

void dk_await_state(void) {
    const uint64_t seen = changes;
    waiting++;
    give(&state);
    pthread_mutex_lock(&change_mutex);
    while (changes == seen) pthread_cond_wait(&changed, &change_mutex);
    pthread_mutex_unlock(&change_mutex);
    take(&state);
    waiting--;
}

// ------------------------------------------------------------------------------------------------- counted references

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif

#ifdef SANITIZED
// The sanitizer does not see the counts, which belong to Swift's library, and knows no fences: here is a count that it sees.
static atomic_int reads;
void dk_order_reads(void) { atomic_fetch_add_explicit(&reads, 1, memory_order_acq_rel); }
#else
void dk_order_reads(void) { atomic_thread_fence(memory_order_acq_rel); }
#endif
