// Special functions: gamma's logarithm and its derivatives, the inverse of the error function.
#include "SpecialFunctions.h"

#include <math.h>

// Not lgamma, which writes a global variable: threads would race for it.
extern double lgamma_r(double x, int *sign);

static double polynomial(double x, const double *coefficients, int count) {
    double y = coefficients[count - 1];
    for (int i = count - 2; i >= 0; i--) y = y * x + coefficients[i];
    return y;
}

double dk_log_gamma(double x) {
    int sign;
    return lgamma_r(x, &sign);
}

// -------------------------------------------------------------------------------------------------------------- digamma

// digamma for x in [1, 2]: the distance from its root times a rational function, so that it is exact near the root too. The coefficients are
// those of Boost.Math (John Maddock, 2006), for 53 bits.
static double digamma_1_to_2(double x) {
    // The root in three parts.
    static const double root1 = 1569415565.0 / 1073741824.0, root2 = 381566830.0 / 1073741824.0 / 1073741824.0;
    static const double root3 = 0.9016312093258695918615325266959189453125e-19;
    static const double p[] = {0.25479851061131551, -0.32555031186804491, -0.65031853770896507, -0.28919126444774784, -0.045251321448739056, -0.0020713321167745952};
    static const double q[] = {1.0, 2.0767117023730469, 1.4606242909763515, 0.43593529692665969, 0.054151797245674225, 0.0021284987017821144, -0.55789841321675513e-6};
    const double distance = x - root1 - root2 - root3;
    return distance * 0.99558162689208984375 + distance * (polynomial(x - 1, p, 6) / polynomial(x - 1, q, 7));
}

double dk_digamma(double x) {
    if (x == 0) return -1 / x;
    if (isnan(x) || x == -INFINITY) return NAN;
    double shift = 0;
    if (x < 0) {
        // Reflection: psi(1 - x) - psi(x) = pi / tan(pi x). The angle is taken from the nearest whole number.
        const double rest = x - rint(x);
        if (rest == 0) return NAN;
        shift = -3.14159265358979323846 / tan(3.14159265358979323846 * rest);
        x = 1 - x;
    }
    if (x >= 10) {
        // The asymptotic series of psi(y + 1).
        static const double p[] = {1.0 / 12, -1.0 / 120, 1.0 / 252, -1.0 / 240, 1.0 / 132, -691.0 / 32760, 1.0 / 12, -3617.0 / 8160};
        const double y = x - 1, z = 1 / (y * y);
        return shift + (log(y) + 1 / (2 * y) - z * polynomial(z, p, 8));
    }
    double steps = 0;
    for (; x > 2; x -= 1) steps += 1 / (x - 1);
    for (; x < 1; x += 1) steps -= 1 / x;
    return shift + (steps + digamma_1_to_2(x));
}

// Hurwitz's zeta, the sum of (a + k)^-s over k = 0, 1, ..., for whole s >= 2 and a > 0: eleven terms or more, and the rest by Euler and Maclaurin.
static double hurwitz_zeta(double s, double a) {
    // (2 k)! / B_2k, as in Cephes (Stephen Moshier).
    static const double factors[] = {12, -720, 30240, -1209600, 47900160, -1.8924375803183791606e9, 7.47242496e10, -2.950130727918164224e12,
                                     1.1646782814350067249e14, -4.5979787224074726105e15, 1.8152105401943546773e17, -7.1661652561756670113e18};
    double sum = pow(a, -s), term = 0, w = a;
    if (isinf(sum)) return sum;
    for (int i = 0; i < 11 || w < 11; i++) {
        w += 1;
        term = pow(w, -s);
        sum += term;
        if (term < sum * 0x1p-56) return sum;
    }
    sum += term * w / (s - 1) - 0.5 * term;
    double rising = 1, k = 0;
    for (int i = 0; i < 12; i++, k += 2) {
        rising *= s + k;
        term /= w;
        const double correction = rising * term / factors[i];
        sum += correction;
        if (fabs(correction) < fabs(sum) * 0x1p-56) break;
        rising *= s + k + 1;
        term /= w;
    }
    return sum;
}

double dk_polygamma(double order, double x) {
    if (!(order >= 0) || order != floor(order) || isnan(x)) return NAN;
    if (order == 0) return dk_digamma(x);
    const double s = order + 1, factor = fmod(s, 2) == 0 ? tgamma(s) : -tgamma(s);
    if (x == INFINITY) return 0 * factor;
    if (x > 0) return factor * hurwitz_zeta(s, x);
    if (x == floor(x)) return x == 0 || factor > 0 ? factor * INFINITY : NAN;
    // The terms below 0 are those of two sums of positive ones: of all of them, without those further out than x.
    const double fraction = x - floor(x), below = hurwitz_zeta(s, 1 - fraction) - hurwitz_zeta(s, 1 - x);
    return factor * (hurwitz_zeta(s, fraction) + (fmod(s, 2) == 0 ? below : -below));
}

// ------------------------------------------------------------------------------------------ the inverse error function

// Wichura 1988, "The percentage points of the normal distribution", AS 241, PPND16: relative error 1e-16.
static const double normal_a[] = {3.3871328727963666080, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4,
                           4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3};
static const double normal_b[] = {1, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
                           2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4, 5.2264952788528545610e3};
static const double normal_c[] = {1.42343711074968357734, 4.63033784615654529590, 5.76949722146069140550, 3.64784832476320460504,
                           1.27045825245236838258, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4};
static const double normal_d[] = {1, 2.05319162663775882187, 1.67638483018380384940, 6.89767334985100004550e-1,
                           1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9};
static const double normal_e[] = {6.65790464350110377720, 5.46378491116411436990, 1.78482653991729133580, 2.96560571828504891230e-1,
                           2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7};
static const double normal_f[] = {1, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
                           7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15};

#define ROOT_HALF 0.70710678118654752440

// The quantile of the normal distribution over sqrt(2), for a probability within 0.425 of a half: of its distance from that.
static double middle_quantile(double distance) {
    const double r = 0.180625 - distance * distance;
    return ROOT_HALF * distance * (polynomial(r, normal_a, 8) / polynomial(r, normal_b, 8));
}

// Minus the same for a small probability.
static double tail_quantile(double probability) {
    const double r = sqrt(-log(probability));
    return ROOT_HALF * (r <= 5 ? polynomial(r - 1.6, normal_c, 8) / polynomial(r - 1.6, normal_d, 8) : polynomial(r - 5, normal_e, 8) / polynomial(r - 5, normal_f, 8));
}

double dk_inverse_erf(double x) {
    const double size = fabs(x);
    if (!(size <= 1)) return NAN;
    if (size == 1) return copysign(INFINITY, x);
    return size <= 0.85 ? middle_quantile(0.5 * x) : copysign(tail_quantile(0.5 * (1 - size)), x);
}

double dk_inverse_erfc(double x) {
    if (!(x >= 0 && x <= 2)) return NAN;
    if (x == 0 || x == 2) return x == 0 ? INFINITY : -INFINITY;
    if (fabs(1 - x) <= 0.85) return middle_quantile(0.5 * (1 - x));
    return x < 1 ? tail_quantile(0.5 * x) : -tail_quantile(0.5 * (2 - x));
}

// ------------------------------------------------------------------------ samples of a gamma distribution by its shape

// A function of the shape with its first two derivatives.
typedef struct {
    double value, first, second;
} jet;

// The sum over n of z^n / ((shape + 1) ... (shape + n)): F = z^shape e^-z / gamma(shape + 1) times it.
static jet lower_series(double shape, double z) {
    jet sum = {1, 0, 0};
    double term = 1, inverses = 0, squares = 0;
    for (int n = 1; n < 100000; n++) {
        const double inverse = 1 / (shape + n);
        term *= z * inverse;
        inverses += inverse;
        squares += inverse * inverse;
        sum.value += term;
        sum.first -= term * inverses;
        sum.second += term * (inverses * inverses + squares);
        if (z < shape + n && term * (1 + inverses * inverses + squares) < 0x1p-60 * sum.value) break;
    }
    return sum;
}

// Legendre's continued fraction: 1 - F = z^shape e^-z / gamma(shape) times it. For z above shape + 1.
static jet upper_fraction(double shape, double z) {
    // Numerators and denominators of the last two convergents of its reciprocal.
    jet p0 = {1, 0, 0}, p1 = {z + 1 - shape, -1, 0}, q0 = {0, 0, 0}, q1 = {1, 0, 0}, result = {0, 0, 0};
    for (int n = 1; n < 100000; n++) {
        const double a = -n * (n - shape), b = z + 2 * n + 1 - shape;  // derivatives n and -1
#define STEP(x0, x1) { \
            b * x1.value + a * x0.value, b * x1.first - x1.value + a * x0.first + n * x0.value, \
            b * x1.second - 2 * x1.first + a * x0.second + 2 * n * x0.first }
        const jet p2 = STEP(p0, p1), q2 = STEP(q0, q1);
        const double scale = 1 / p2.value;
#define SCALED(x) (jet){x.value * scale, x.first * scale, x.second * scale}
        p0 = SCALED(p1); p1 = SCALED(p2); q0 = SCALED(q1); q1 = SCALED(q2);
        const jet before = result;
        // The denominator is 1 now.
        result.value = q1.value;
        result.first = q1.first - result.value * p1.first;
        result.second = q1.second - 2 * result.first * p1.first - result.value * p1.second;
        if (fabs(result.value - before.value) <= 0x1p-52 * fabs(result.value) && fabs(result.first - before.first) <= 0x1p-50 * fabs(result.first)
            && fabs(result.second - before.second) <= 0x1p-48 * fabs(result.second)) break;
    }
    return result;
}

// The slope and the curvature.
static void gamma_derivatives(double shape, double log_sample, double *slope, double *curvature) {
    const double z = exp(log_sample);
    if (!(shape > 0) || isinf(shape) || isnan(z) || z == INFINITY) {
        *slope = *curvature = NAN;
    } else if (shape > 1e7) {
        // Wilson and Hilferty 1931: the cube root of z / shape is nearly normal. Its error is of order 1 / shape.
        const double inverse = 1 / shape, c = exp((log_sample - log(shape)) / 3), offset = c - 1 + inverse / 9;
        const double u = inverse * inverse / 9 - offset * inverse / 2, c1 = -c * inverse / 3;
        const double u1 = -2 * inverse * inverse * inverse / 9 - (c1 - inverse * inverse / 9) * inverse / 2 + offset * inverse * inverse / 2;
        *slope = inverse + 3 * u / c;
        *curvature = -inverse * inverse + 3 * (u1 / c - u * c1 / (c * c));
    } else if (z <= shape + 1) {
        const jet s = lower_series(shape, z);
        const double distance = log_sample - dk_digamma(shape + 1);
        *slope = -(distance * s.value + s.first) / shape;
        *curvature = -(*slope + distance * s.first + s.second - dk_polygamma(1, shape + 1) * s.value) / shape;
    } else {
        const jet f = upper_fraction(shape, z);
        const double distance = log_sample - dk_digamma(shape);
        *slope = distance * f.value + f.first;
        *curvature = distance * f.first + f.second - dk_polygamma(1, shape) * f.value;
    }
}

double dk_gamma_slope(double shape, double log_sample) {
    double slope, curvature;
    gamma_derivatives(shape, log_sample, &slope, &curvature);
    return slope;
}

double dk_gamma_curvature(double shape, double log_sample) {
    double slope, curvature;
    gamma_derivatives(shape, log_sample, &slope, &curvature);
    return curvature;
}
