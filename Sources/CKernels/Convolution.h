// Convolutions, inside: what Convolution.c hands to the kernels of ConvolutionSweep.h.
#ifndef DESCENT_CONVOLUTION_H
#define DESCENT_CONVOLUTION_H

#include "Product.h"

// Patches of images: column j of an image's matrix holds what the taps see of the source for result j, k = (channel, tap) in its rows. The matrix
// is never made: its panels are packed from a copy of the source with the zeros around it. Axes are depth, height, width.
typedef struct {
    int64_t channels;          // of a source image
    int64_t size[3];           // of the source
    int64_t low[3];            // zeros before it; below 0: cut off
    int64_t grid[3], step[3];  // results, and the way in the source from one to the next
    int64_t room[3];           // of the padded copy. Its width is one phase of `step[2]`: elements that a row of results reads lie side by side
    int64_t taps;
    const int64_t *tap;        // in the padded copy, in elements
} dk_patches;

// One pass over all images of all groups.
typedef struct {
    dk_patches patches;
    int64_t images, groups;    // an image is one sample's channels of one group: image z belongs to group z % groups
    int64_t m, n, k;           // rows of results (channels), results of a row, channels * taps of the source
    const void *source;
    void *result;              // of image z from z * result_image on
    int64_t result_image;
    int64_t result_step[3];    // the way from one result to the next along each axis, in elements
    int64_t result_row;        // from one channel to the next
    const void *weight;        // [groups][m][k]
    const dk_group *epilogue;  // or NULL: its rows are those of the results
    void *const *buffers;
} dk_correlation;

// The sums over all samples of result rows times patches: weight [groups][m][k].
typedef struct {
    dk_patches patches;
    int64_t samples, groups, m, n, k;
    const void *source, *cotangent;  // the latter [samples][groups][m][n]
    void *weight;
} dk_correlation_gradient;

typedef struct {
    void (*correlate)(const dk_correlation *pass);
    void (*weight_gradient)(const dk_correlation_gradient *pass);
} dk_convolution_kernels;
dk_convolution_kernels dk_convolution_float32(void);
dk_convolution_kernels dk_convolution_float64(void);

#endif
