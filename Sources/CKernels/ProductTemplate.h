// All of the product and convolution kernels, for one element type and one instruction set. No include guard: included for each.

// Vectors are passed only to functions that are always inlined, so how they would be passed does not matter.
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wpsabi"
#include "ProductTile.h"
#include "ProductPack.h"
#include "ProductDot.h"
#include "ProductSweep.h"
#include "ConvolutionSweep.h"
#include "ConvolutionWinograd.h"
#include "ConvolutionWinogradGradient.h"
#include "ConvolutionDepthwise.h"
#pragma clang diagnostic pop
