// What the matrix decompositions share: members of a batch, float64 copies, and combinations of rows.
#ifndef DESCENT_MATRIX_H
#define DESCENT_MATRIX_H

#include "CKernels.h"

// Runs body for each matrix of the batch, in parallel when all of it takes more than about `cost` multiply-adds a matrix.
typedef void (*dk_matrix_body)(const dk_matrix_arguments *g, void *const *buffers, int64_t member);
void dk_each_matrix(const dk_matrix_arguments *g, void *const *buffers, int64_t cost, dk_matrix_body body);

// `count` elements from element `at` of a buffer of either floating type, as float64; and back.
void dk_load_matrix(double *to, const void *from, int64_t at, int64_t count, uint8_t dtype);
void dk_store_matrix(void *to, int64_t at, const double *from, int64_t count, uint8_t dtype);

// row[j] -= sum over k < terms of coefficients[k * step] * rows[k * stride + j], for j < count.
void dk_subtract_rows(double *row, int64_t count, const double *rows, int64_t stride, const double *coefficients, int64_t step, int64_t terms);
// The sum of x[j] * y[j].
double dk_dot(const double *x, const double *y, int64_t count);
// (x, y) becomes (c x - s y, s x + c y).
void dk_rotate(double *x, double *y, int64_t count, double c, double s);

// Householder's reflections of a [rows, columns], rows >= columns: R in and above the diagonal, the reflections' vectors below it (their
// first element is 1). scale: one number a reflection. work: columns numbers.
void dk_reflect(double *a, int64_t rows, int64_t columns, double *scale, double *work);
// q [rows, wide] becomes the product of those reflections and q. q's columns before the first that a reflection changes are left alone
// if `identity`, for a q that starts as the identity.
void dk_apply_reflections(const double *a, int64_t rows, int64_t columns, const double *scale, double *q, int64_t wide, int identity, double *work);

#endif
