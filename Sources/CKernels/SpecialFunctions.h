// Special functions of one number, in float64, with an error of a few units in the last place.
#ifndef DESCENT_SPECIAL_FUNCTIONS_H
#define DESCENT_SPECIAL_FUNCTIONS_H

// The logarithm of |gamma(x)|. Infinite at 0, -1, -2, ...
double dk_log_gamma(double x);
// The derivative of dk_log_gamma. NaN at -1, -2, ...; infinite, with the opposite sign of the zero, at 0.
double dk_digamma(double x);
// The derivative of digamma of this order (a whole number): 0 is digamma itself, 1 trigamma. NaN for others; infinite at 0.
double dk_polygamma(double order, double x);
// The y with erf(y) = x. Infinite at -1 and 1, NaN beyond.
double dk_inverse_erf(double x);
// The y with erfc(y) = x, exact for tiny x too. Infinite at 0 and 2, NaN beyond.
double dk_inverse_erfc(double x);
// How the logarithm of a gamma sample moves with the distribution's shape, its place in the distribution fixed:
// -(dF/d shape) / (dF/d log z), F(shape, z) the distribution function, z = exp(log_sample).
double dk_gamma_slope(double shape, double log_sample);
// The derivative of dk_gamma_slope by the shape, log_sample fixed.
double dk_gamma_curvature(double shape, double log_sample);

#endif
