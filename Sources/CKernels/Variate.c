// Random numbers by rejection: gamma, Poisson and binomial variates. Each element draws from blocks of its own, as many as it needs.
#include "CKernels.h"
#include "SpecialFunctions.h"

#include <math.h>

#define TASK_ELEMENTS 512

// Where an element's random numbers come from, two uniforms of 53 bits at a time.
typedef struct {
    uint32_t key0, key1, low, high, attempt;
    double second;
    int has_second;
} source;

static double uniform_of(uint32_t high, uint32_t low) { return ((double)(((uint64_t)high << 32 | low) >> 11) + 0.5) * 0x1p-53; }

// A uniform number in (0, 1).
static double uniform(source *s) {
    if (s->has_second) {
        s->has_second = 0;
        return s->second;
    }
    uint32_t x0 = s->low, x1 = s->high, x2 = s->attempt++, x3 = 1, key0 = s->key0, key1 = s->key1;
    for (int round = 0; round < 10; round++) {
        const uint64_t product0 = (uint64_t)x0 * 0xD2511F53u, product1 = (uint64_t)x2 * 0xCD9E8D57u;
        x0 = (uint32_t)(product1 >> 32) ^ x1 ^ key0;
        x2 = (uint32_t)(product0 >> 32) ^ x3 ^ key1;
        x1 = (uint32_t)product1;
        x3 = (uint32_t)product0;
        key0 += 0x9E3779B9u;
        key1 += 0xBB67AE85u;
    }
    s->second = uniform_of(x2, x3);
    s->has_second = 1;
    return uniform_of(x0, x1);
}

// Marsaglia and Tsang 2000, "A simple method for generating gamma variables". The logarithm, since a variate of a small shape underflows.
static double log_gamma_variate(source *s, double shape) {
    if (!(shape > 0)) return NAN;
    if (isinf(shape)) return INFINITY;
    double boost = 0, raised = shape;
    if (shape < 1) {
        boost = log(uniform(s)) / shape;
        raised += 1;
    }
    const double d = raised - 1.0 / 3, c = 1 / sqrt(9 * d);
    for (;;) {
        const double radius = sqrt(-2 * log(uniform(s))), x = radius * cos(6.28318530717958647693 * uniform(s));
        double v = 1 + c * x;
        const double u = uniform(s);
        uniform(s);  // so that each attempt takes whole blocks
        if (v <= 0) continue;
        v = v * v * v;
        const double log_v = log(v);
        if (log(u) < 0.5 * x * x + d - d * v + d * log_v) return boost + log(d) + log_v;
    }
}

static double poisson_variate(source *s, double mean) {
    if (!(mean >= 0) || isinf(mean)) return NAN;
    if (mean < 10) {
        // Knuth: events until their waiting times exceed 1.
        const double limit = exp(-mean);
        double product = uniform(s), count = 0;
        for (; product > limit; product *= uniform(s)) count += 1;
        return count;
    }
    const double root = sqrt(mean), log_mean = log(mean), b = 0.931 + 2.53 * root, a = -0.059 + 0.02483 * b;
    const double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4), v_r = 0.9277 - 3.6224 / (b - 2);
    for (;;) {
        const double u = uniform(s) - 0.5, v = uniform(s), distance = 0.5 - fabs(u), k = floor((2 * a / distance + b) * u + mean + 0.43);
        if (distance >= 0.07 && v <= v_r) return k;
        if (k < 0 || (distance < 0.013 && v > distance)) continue;
        if (log(v * inverse_alpha / (a / (distance * distance) + b)) <= k * log_mean - mean - dk_log_gamma(k + 1)) return k;
    }
}

static double binomial_variate(source *s, double trials, double probability) {
    if (!(trials >= 0) || trials != floor(trials) || isinf(trials) || !(probability >= 0 && probability <= 1)) return NAN;
    if (probability > 0.5) return trials - binomial_variate(s, trials, 1 - probability);
    if (probability == 0) return 0;
    if (trials * probability < 10) {
        // The numbers of failures before each success are geometric: counts the successes that fit.
        const double log_failure = log1p(-probability);
        double used = 0, count = -1;
        for (; used <= trials; count += 1) used += floor(log(uniform(s)) / log_failure) + 1;
        return count;
    }
    const double deviation = sqrt(trials * probability * (1 - probability)), b = 1.15 + 2.53 * deviation, a = -0.0873 + 0.0248 * b + 0.01 * probability;
    const double c = trials * probability + 0.5, v_r = 0.92 - 4.2 / b, alpha = (2.83 + 5.1 / b) * deviation, mode = floor((trials + 1) * probability);
    const double log_odds = log(probability / (1 - probability)), most = dk_log_gamma(mode + 1) + dk_log_gamma(trials - mode + 1);
    for (;;) {
        const double u = uniform(s) - 0.5, v = uniform(s), distance = 0.5 - fabs(u), k = floor((2 * a / distance + b) * u + c);
        if (distance >= 0.07 && v <= v_r) return k;
        if (k < 0 || k > trials) continue;
        const double chance = most - dk_log_gamma(k + 1) - dk_log_gamma(trials - k + 1) + (k - mode) * log_odds;
        if (log(v * alpha / (a / (distance * distance) + b)) <= chance) return k;
    }
}

typedef struct {
    const dk_variate_arguments *g;
    const int64_t *state;
    const void *a, *b;
    void *out;
} variate_plan;

static double element(const void *values, uint8_t dtype, int64_t i) {
    return dtype == DK_FLOAT32 ? (double)((const float *)values)[i] : ((const double *)values)[i];
}

static void variate_task(void *context, int64_t task) {
    const variate_plan *plan = context;
    const dk_variate_arguments *g = plan->g;
    const int64_t first = task * TASK_ELEMENTS, last = first + TASK_ELEMENTS < g->count ? first + TASK_ELEMENTS : g->count;
    const uint64_t key = (uint64_t)plan->state[0];
    for (int64_t i = first; i < last; i++) {
        const uint64_t counter = (uint64_t)plan->state[1] + (uint64_t)i;
        source s = {.key0 = (uint32_t)key, .key1 = (uint32_t)(key >> 32), .low = (uint32_t)counter, .high = (uint32_t)(counter >> 32)};
        const double a = element(plan->a, g->dtype, i);
        double x;
        switch (g->kind) {
        case 0: x = log_gamma_variate(&s, a); break;
        case 1: x = poisson_variate(&s, a); break;
        default: x = binomial_variate(&s, a, element(plan->b, g->dtype, i));
        }
        if (g->dtype == DK_FLOAT32) ((float *)plan->out)[i] = (float)x;
        else ((double *)plan->out)[i] = x;
    }
}

void dk_variate(const void *arguments, void *const *buffers) {
    const dk_variate_arguments *g = arguments;
    const int64_t bytes = g->dtype == DK_FLOAT32 ? 4 : 8;
    variate_plan plan = {
        .g = g, .state = (const int64_t *)buffers[g->state] + g->state_offset, .a = (const char *)buffers[g->a] + g->a_offset * bytes,
        .b = g->kind == 2 ? (const char *)buffers[g->b] + g->b_offset * bytes : 0, .out = buffers[g->out],
    };
    const int64_t tasks = (g->count + TASK_ELEMENTS - 1) / TASK_ELEMENTS;
    if (tasks > 1) dk_parallel(tasks, variate_task, &plan);
    else if (tasks == 1) variate_task(&plan, 0);
}
