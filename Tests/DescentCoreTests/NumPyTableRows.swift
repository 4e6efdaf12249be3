import DescentCore

/// The rows of docs/FROM_NUMPY.md, each with its code on one line.
extension NumPyTable {
    // What the rows are about.
    private static let x = Tensor([[1, 2, 3, 4], [2, 4, 6, 9], [0.5, 0.25, 0.125, 2]]), y = x * 2 + 1
    private static let v = Tensor([3, 1, 4, 2]), w = Tensor([1, 2, 0.5])
    /// Symmetric and positive definite.
    private static let m = Tensor([[4, 1, 0, 1], [1, 3, 1, 0], [0, 1, 5, 1], [1, 0, 1, 2]])
    private static let i = Tensor(int64: [1, 0, 2, 3, 0, 0, 1, 1, 3, 2, 1, 0], shape: [3, 4]), k = Tensor(int64: [2, 0, 1]), mask = x .> 1
    private static let random = Random(seed: 0)

    /// All rows.
    mutating func fill() {
        makingTensors()
        types()
        elementByElement()
        specialFunctionsAndActivations()
        shapes()
        indexing()
        reductionsAndStatistics()
        sortingSearchingAndSets()
        linearAlgebra()
        signalsAndPolynomials()
        randomNumbers()
        distributions()
        derivativesAndCompilation()
    }

    private mutating func makingTensors() {
        let x = Self.x, v = Self.v, w = Self.w
        section("Making tensors")
        row("np.array([[1, 2], [3, 4]])", "torch.tensor([[1., 2.], [3., 4.]])") { Tensor([[1, 2], [3, 4]]) }
        row("np.asarray(a, dtype=np.float64)", "torch.tensor(a, dtype=torch.float64)") { Tensor(float64: [1, 2, 3]) }
        row("np.zeros((2, 3))", "torch.zeros(2, 3)") { Tensor.zeros([2, 3]) }
        row("np.ones((2, 3))", "torch.ones(2, 3)") { Tensor.ones([2, 3]) }
        row("np.full((2, 3), 7)", "torch.full((2, 3), 7)") { Tensor.full([2, 3], 7) }
        row("np.zeros_like(x)", "torch.zeros_like(x)") { Tensor(0, like: x) }
        row("np.ones_like(x)", "torch.ones_like(x)") { Tensor(1, like: x) }
        row("np.full_like(x, 7)", "torch.full_like(x, 7)") { Tensor(7, like: x) }
        none("np.empty((2, 3))", "torch.empty(2, 3)", "`Tensor.zeros`: a tensor is not written into later, so memory without values has no use.")
        none("np.empty_like(x)", "torch.empty_like(x)", "`Tensor(0, like: x)`, for the same reason.")
        row("np.arange(5)", "torch.arange(5)") { Tensor.arange(5) }
        row("np.arange(0, 1, 0.1)", "torch.arange(0, 1, 0.1)") { Tensor.arange(0, 1, step: 0.1) }
        row("np.linspace(0, 1, 5)", "torch.linspace(0, 1, 5)") { Tensor.linspace(0, 1, count: 5) }
        row("np.eye(3)", "torch.eye(3)") { Tensor.eye(3) }
        row("np.meshgrid(v, w, indexing='ij')", "torch.meshgrid(v, w, indexing='ij')") { Tensor.meshgrid(v, w) }
        row("np.tril(x)", "torch.tril(x)") { x.lowerTriangle() }
        row("np.triu(x)", "torch.triu(x)") { x.upperTriangle() }
        row("np.tril_indices(3)", "torch.tril_indices(3, 3)") { Tensor.lowerTrianglePlaces(3) }
        row("np.triu_indices(3)", "torch.triu_indices(3, 3)") { Tensor.upperTrianglePlaces(3) }
        row("np.diag(v)", "torch.diag(v)") { v.diagonalMatrix() }
        row("np.vander(v)", "torch.linalg.vander(v)") { v.vander() }
        none("np.from_dlpack(a)", "torch.from_dlpack(a)", "`Tensor(borrowing:shape:dtype:onRelease:)` is a tensor over memory that you keep.")
    }

    private mutating func types() {
        let x = Self.x, k = Self.k
        section("Types")
        row("x.astype(np.float64)", "x.to(torch.float64)") { x.cast(to: .float64) }
        row("x.dtype", "x.dtype") { x.dtype }
        row("x.shape", "x.shape") { x.shape }
        row("x.ndim", "x.ndim") { x.rank }
        row("x.size", "x.numel()") { x.count }
        row("np.result_type(x, k)", "torch.result_type(x, k)") { DType.promoted(x.dtype, k.dtype) }
        row("np.isdtype(x.dtype, 'real floating')", "x.is_floating_point()") { x.dtype.isFloating }
        row("np.can_cast(k.dtype, x.dtype)", "torch.can_cast(k.dtype, x.dtype)") { DType.promoted(k.dtype, x.dtype) == x.dtype }
        row("np.finfo(np.float32)", "torch.finfo(torch.float32)") { Float.greatestFiniteMagnitude }
        row("np.iinfo(np.int64)", "torch.iinfo(torch.int64)") { Int.max }
        row("np.pi, np.e", "math.pi, math.e") { Double.pi }
        row("np.inf, np.nan", "math.inf, math.nan") { (Double.infinity, Double.nan) }
        row("x.tolist()", "x.tolist()") { x.floats }
        row("x.item()", "x.item()") { x[0, 0].item() }
    }

    private mutating func elementByElement() {
        let x = Self.x, y = Self.y, k = Self.k
        section("Element by element")
        row("x + y, np.add(x, y)", "x + y, torch.add(x, y)") { x + y }
        row("x - y, np.subtract(x, y)", "x - y, torch.sub(x, y)") { x - y }
        row("x * y, np.multiply(x, y)", "x * y, torch.mul(x, y)") { x * y }
        row("x / y, np.divide(x, y)", "x / y, torch.div(x, y)") { x / y }
        row("x // y, np.floor_divide(x, y)", "torch.floor_divide(x, y)") { x.floorDivided(by: y) }
        row("x % y, np.remainder(x, y)", "torch.remainder(x, y)") { x % y }
        row("x ** y, np.pow(x, y)", "torch.pow(x, y)") { x.pow(y) }
        row("-x, np.negative(x)", "-x, torch.neg(x)") { -x }
        row("+x, np.positive(x)", "torch.positive(x)") { x }
        row("np.abs(x)", "torch.abs(x)") { abs(x) }
        row("np.sign(x)", "torch.sign(x)") { sign(x) }
        row("np.signbit(x)", "torch.signbit(x)") { x.signBit }
        row("np.copysign(x, y)", "torch.copysign(x, y)") { copysign(x, y) }
        row("np.square(x)", "torch.square(x)") { x.squared }
        row("np.sqrt(x)", "torch.sqrt(x)") { sqrt(x) }
        row("", "torch.rsqrt(x)") { rsqrt(x) }
        row("np.reciprocal(x)", "torch.reciprocal(x)") { x.reciprocal }
        row("np.exp(x)", "torch.exp(x)") { exp(x) }
        row("np.exp2(x)", "torch.exp2(x)") { exp2(x) }
        row("np.expm1(x)", "torch.expm1(x)") { expm1(x) }
        row("np.log(x)", "torch.log(x)") { log(x) }
        row("np.log1p(x)", "torch.log1p(x)") { log1p(x) }
        row("np.log2(x)", "torch.log2(x)") { log2(x) }
        row("np.log10(x)", "torch.log10(x)") { log10(x) }
        row("np.logaddexp(x, y)", "torch.logaddexp(x, y)") { logAddExp(x, y) }
        row("np.hypot(x, y)", "torch.hypot(x, y)") { hypot(x, y) }
        row("np.sin(x)", "torch.sin(x)") { sin(x) }
        row("np.cos(x)", "torch.cos(x)") { cos(x) }
        row("np.tan(x)", "torch.tan(x)") { tan(x) }
        row("np.asin(x)", "torch.asin(x)") { asin(x) }
        row("np.acos(x)", "torch.acos(x)") { acos(x) }
        row("np.atan(x)", "torch.atan(x)") { atan(x) }
        row("np.atan2(x, y)", "torch.atan2(x, y)") { atan2(x, y) }
        row("np.sinh(x)", "torch.sinh(x)") { sinh(x) }
        row("np.cosh(x)", "torch.cosh(x)") { cosh(x) }
        row("np.tanh(x)", "torch.tanh(x)") { tanh(x) }
        row("np.asinh(x)", "torch.asinh(x)") { asinh(x) }
        row("np.acosh(x)", "torch.acosh(x)") { acosh(x) }
        row("np.atanh(x)", "torch.atanh(x)") { atanh(x) }
        row("np.sinc(x)", "torch.sinc(x)") { sinc(x) }
        row("np.floor(x)", "torch.floor(x)") { floor(x) }
        row("np.ceil(x)", "torch.ceil(x)") { ceil(x) }
        row("np.round(x)", "torch.round(x)") { round(x) }
        row("np.trunc(x)", "torch.trunc(x)") { trunc(x) }
        row("np.clip(x, 0, 1)", "torch.clamp(x, 0, 1)") { clamp(x, min: 0, max: 1) }
        row("np.clip(x, None, 1)", "torch.clamp(x, max=1)") { clamp(x, max: 1) }
        row("np.maximum(x, y)", "torch.maximum(x, y)") { maximum(x, y) }
        row("np.minimum(x, y)", "torch.minimum(x, y)") { minimum(x, y) }
        row("np.nextafter(x, y)", "torch.nextafter(x, y)") { nextAfter(x, y) }
        row("np.isnan(x)", "torch.isnan(x)") { x.isNaN }
        row("np.isfinite(x)", "torch.isfinite(x)") { x.isFinite }
        row("np.isinf(x)", "torch.isinf(x)") { x.isInfinite }
        row("np.nan_to_num(x)", "torch.nan_to_num(x)") { x.replacingNaN() }
        row("x == y, np.equal(x, y)", "torch.eq(x, y)") { x .== y }
        row("x != y, np.not_equal(x, y)", "torch.ne(x, y)") { x .!= y }
        row("x < y, np.less(x, y)", "torch.lt(x, y)") { x .< y }
        row("x <= y, np.less_equal(x, y)", "torch.le(x, y)") { x .<= y }
        row("x > y, np.greater(x, y)", "torch.gt(x, y)") { x .> y }
        row("x >= y, np.greater_equal(x, y)", "torch.ge(x, y)") { x .>= y }
        row("np.logical_and(x, y)", "torch.logical_and(x, y)") { x.and(y) }
        row("np.logical_or(x, y)", "torch.logical_or(x, y)") { x.or(y) }
        row("np.logical_xor(x, y)", "torch.logical_xor(x, y)") { x.xor(y) }
        row("np.logical_not(x)", "torch.logical_not(x)") { !x }
        row("k & 3, np.bitwise_and(k, 3)", "torch.bitwise_and(k, 3)") { k & 3 }
        row("k | 3, np.bitwise_or(k, 3)", "torch.bitwise_or(k, 3)") { k | 3 }
        row("k ^ 3, np.bitwise_xor(k, 3)", "torch.bitwise_xor(k, 3)") { k ^ 3 }
        row("~k, np.bitwise_invert(k)", "torch.bitwise_not(k)") { ~k }
        row("k << 2, np.bitwise_left_shift(k, 2)", "torch.bitwise_left_shift(k, 2)") { k << 2 }
        row("k >> 2, np.bitwise_right_shift(k, 2)", "torch.bitwise_right_shift(k, 2)") { k >> 2 }
    }

    private mutating func specialFunctionsAndActivations() {
        let x = Self.x, y = Self.y, i = Self.i
        section("Special functions and activations")
        row("scipy.special.erf(x)", "torch.special.erf(x)") { erf(x) }
        row("scipy.special.erfc(x)", "torch.special.erfc(x)") { erfc(x) }
        row("scipy.special.erfinv(x)", "torch.special.erfinv(x)") { erfinv(x) }
        row("scipy.special.erfcinv(x)", "") { erfcinv(x) }
        row("scipy.special.gammaln(x)", "torch.lgamma(x)") { lgamma(x) }
        row("scipy.special.digamma(x)", "torch.digamma(x)") { digamma(x) }
        row("scipy.special.polygamma(2, x)", "torch.polygamma(2, x)") { polygamma(2, x) }
        row("scipy.special.betaln(x, y)", "") { logBeta(x, y) }
        row("scipy.special.xlogy(x, y)", "torch.xlogy(x, y)") { xlogy(x, y) }
        row("scipy.special.xlog1py(x, y)", "torch.special.xlog1py(x, y)") { xlog1py(x, y) }
        row("scipy.special.expit(x)", "torch.sigmoid(x)") { sigmoid(x) }
        row("scipy.special.softmax(x, 1)", "torch.softmax(x, 1)") { softmax(x, axis: 1) }
        row("scipy.special.log_softmax(x, 1)", "torch.log_softmax(x, 1)") { logSoftmax(x, axis: 1) }
        row("scipy.special.logsumexp(x, 1)", "torch.logsumexp(x, 1)") { logSumExp(x, axis: 1) }
        row("", "torch.relu(x)") { relu(x) }
        row("", "torch.nn.functional.gelu(x)") { gelu(x) }
        row("", "torch.nn.functional.softplus(x)") { softplus(x) }
        row("", "torch.nn.functional.one_hot(i, 4)") { i.oneHot(4) }
    }

    private mutating func shapes() {
        let x = Self.x, y = Self.y, v = Self.v
        section("Shapes")
        row("np.reshape(x, (4, 3))", "x.reshape(4, 3)") { x.reshaped(4, 3) }
        row("x.ravel()", "x.flatten()") { x.flattened() }
        row("np.expand_dims(x, 0)", "x.unsqueeze(0)") { x.expanded(axis: 0) }
        row("np.squeeze(x)", "x.squeeze()") { x.squeezed() }
        row("x.T", "x.T") { x.transposed() }
        row("np.matrix_transpose(x)", "x.mT") { x.swappingAxes(-1, -2) }
        row("np.permute_dims(x, (1, 0))", "x.permute(1, 0)") { x.transposed(1, 0) }
        row("np.swapaxes(x, 0, 1)", "x.swapaxes(0, 1)") { x.swappingAxes(0, 1) }
        row("np.moveaxis(x, 0, -1)", "x.movedim(0, -1)") { x.movingAxis(0, to: -1) }
        row("np.broadcast_to(v, (3, 4))", "v.expand(3, 4)") { v.broadcast(to: [3, 4]) }
        row("np.broadcast_arrays(x, v)", "torch.broadcast_tensors(x, v)") { Tensor.broadcastTogether(x, v) }
        row("np.concat([x, y])", "torch.cat([x, y])") { Tensor.concatenate([x, y]) }
        row("np.stack([x, y])", "torch.stack([x, y])") { Tensor.stack([x, y]) }
        row("np.unstack(x)", "torch.unbind(x)") { x.unstacked() }
        row("np.split(x, 2, axis=1)", "torch.chunk(x, 2, 1)") { x.split(into: 2, axis: 1) }
        row("np.split(x, [1], axis=1)", "torch.split(x, [1, 3], 1)") { x.split(sizes: [1, 3], axis: 1) }
        row("np.repeat(x, 2, axis=0)", "x.repeat_interleave(2, 0)") { x.repeated(2, axis: 0) }
        row("np.tile(x, (2, 3))", "torch.tile(x, (2, 3))") { x.tiled(2, 3) }
        row("np.flip(x, 1)", "torch.flip(x, [1])") { x.flipped(axes: 1) }
        row("np.rot90(x)", "torch.rot90(x)") { x.rotated90() }
        row("np.roll(x, 1, axis=0)", "torch.roll(x, 1, 0)") { x.rolled(1, axis: 0) }
        row("np.pad(x, ((0, 0), (1, 2)))", "torch.nn.functional.pad(x, (1, 2))") { x.padded([(0, 0), (1, 2)]) }
    }

    private mutating func indexing() {
        let x = Self.x, y = Self.y, i = Self.i, k = Self.k, mask = Self.mask
        section("Indexing")
        row("x[0]", "x[0]") { x[0] }
        row("x[1:3, ::2]", "x[1:3, ::2]") { x[1..<3, .every(2)] }
        row("x[..., -1]", "x[..., -1]") { x[.rest, -1] }
        row("x[np.newaxis]", "x[None]") { x[.newAxis] }
        row("np.take(x, k, axis=0)", "torch.index_select(x, 0, k)") { x.gathered(k, axis: 0) }
        row("np.take_along_axis(x, i, 1)", "torch.gather(x, 1, i)") { x.gatheredAlong(i, axis: 1) }
        row("np.put_along_axis(x, i, y, 1)", "torch.scatter(x, 1, i, y)") { x.replacingAlong(i, with: y, axis: 1) }
        row("x[k] = y, jax x.at[k].set(y)", "torch.index_copy(x, 0, k, y)") { x.replacing(k, with: y) }
        row("np.add.at(z, k, x)", "torch.index_add(z, 0, k, x)") { x.scatterAdded(at: k, size: 5) }
        row("x[mask]", "torch.masked_select(x, mask)") { x.masked(by: mask) }
        row("np.where(mask, x, y)", "torch.where(mask, x, y)") { Tensor.where(mask, x, y) }
        row("np.select([mask], [x], y)", "") { Tensor.select([mask], [x], otherwise: y) }
        row("np.nonzero(x)", "torch.nonzero(x, as_tuple=True)") { x.nonzero() }
        row("np.argwhere(x)", "torch.nonzero(x)") { Tensor.stack(x.nonzero(), axis: 1) }
    }

    private mutating func reductionsAndStatistics() {
        let x = Self.x, v = Self.v, k = Self.k
        section("Reductions and statistics")
        row("np.sum(x, axis=0)", "x.sum(0)") { x.sum(axis: 0) }
        row("np.sum(x, axis=0, keepdims=True)", "x.sum(0, keepdim=True)") { x.sum(axis: 0, keepingAxis: true) }
        row("np.mean(x)", "x.mean()") { x.mean() }
        row("np.prod(x, axis=1)", "x.prod(1)") { x.product(axis: 1) }
        row("np.var(x)", "x.var(correction=0)") { x.variance() }
        row("np.std(x, ddof=1)", "x.std()") { x.standardDeviation(correction: 1) }
        row("np.max(x, axis=1)", "x.amax(1)") { x.max(axis: 1) }
        row("np.min(x)", "x.amin()") { x.min() }
        row("np.ptp(x)", "") { x.max() - x.min() }
        row("np.argmax(x, axis=1)", "x.argmax(1)") { x.argmax(axis: 1) }
        row("np.argmin(x)", "x.argmin()") { x.flattened().argmin() }
        row("np.all(x)", "x.all()") { x.all() }
        row("np.any(x)", "x.any()") { x.any() }
        row("np.count_nonzero(x)", "torch.count_nonzero(x)") { x.countNonzero() }
        row("np.cumulative_sum(x, axis=1)", "x.cumsum(1)") { x.cumulativeSum(axis: 1) }
        row("np.cumulative_prod(x, axis=1)", "x.cumprod(1)") { x.cumulativeProduct(axis: 1) }
        row("np.maximum.accumulate(x, 1)", "torch.cummax(x, 1)") { x.cumulativeMax(axis: 1) }
        row("np.minimum.accumulate(x, 1)", "torch.cummin(x, 1)") { x.cumulativeMin(axis: 1) }
        row("np.logaddexp.accumulate(x, 1)", "torch.logcumsumexp(x, 1)") { x.cumulativeLogSumExp(axis: 1) }
        row("np.diff(x)", "torch.diff(x)") { x.differences() }
        row("np.median(x, axis=1)", "x.quantile(0.5, 1)") { x.median(axis: 1) }
        row("", "torch.median(x, 1).values") { x.quantile(0.5, axis: 1, interpolation: .lower) }
        row("np.quantile(x, 0.9, axis=1)", "torch.quantile(x, 0.9, 1)") { x.quantile(0.9, axis: 1) }
        row("np.nanmean(x)", "torch.nanmean(x)") { x.replacingNaN().sum() / (!x.isNaN).countNonzero() }
        row("np.cov(x)", "torch.cov(x)") { x.covariance() }
        row("np.corrcoef(x)", "torch.corrcoef(x)") { x.correlation() }
        row("np.histogram(v, 10)", "torch.histogram(v, 10)") { v.histogram(bins: 10) }
        row("np.bincount(k)", "torch.bincount(k)") { k.binCounts() }
        row("jax.ops.segment_sum(x, k, 3)", "torch.segment_reduce") { x.segmentSum(k, count: 3) }
        row("jax.ops.segment_max(x, k, 3)", "torch.scatter_reduce") { x.segmentMax(k, count: 3) }
    }

    private mutating func sortingSearchingAndSets() {
        let x = Self.x, v = Self.v, w = Self.w, k = Self.k
        section("Sorting, searching and sets")
        row("np.sort(x)", "torch.sort(x).values") { x.sorted() }
        row("np.sort(x)[:, ::-1]", "torch.sort(x, descending=True).values") { x.sorted(descending: true) }
        row("np.argsort(x)", "torch.argsort(x)") { x.argsort() }
        row("np.partition(x, -2)", "torch.topk(x, 2)") { x.topK(2) }
        row("np.searchsorted(v, w)", "torch.searchsorted(v, w)") { v.sorted().searchSorted(w) }
        row("np.digitize(w, v)", "torch.bucketize(w, v)") { v.sorted().searchSorted(w, fromRight: true) }
        row("np.isin(k, [1, 2])", "torch.isin(k, t)") { k.isIn(Tensor(int64: [1, 2])) }
        row("np.unique_values(k)", "torch.unique(k)") { k.unique().values }
        row("np.unique_counts(k)", "torch.unique(k, return_counts=True)") { k.unique().counts }
        row("np.unique_inverse(k)", "torch.unique(k, return_inverse=True)") { k.unique().inverse }
        row("np.unique_all(k)", "") { k.unique() }
    }

    private mutating func linearAlgebra() {
        let x = Self.x, y = Self.y, v = Self.v, w = Self.w, m = Self.m
        section("Linear algebra")
        row("x @ m, np.matmul(x, m)", "torch.matmul(x, m)") { y.matmul(m) }
        row("np.dot(v, v)", "torch.dot(v, v)") { v.dot(v) }
        row("np.vecdot(x, y)", "torch.linalg.vecdot(x, y)") { x.vecdot(y) }
        row("np.outer(v, w)", "torch.outer(v, w)") { v.outer(w) }
        row("np.tensordot(x, y, 2)", "torch.tensordot(x, y, 2)") { x.tensordot(y, axes: 2) }
        row("np.einsum('ij,kj->ik', x, y)", "torch.einsum('ij,kj->ik', x, y)") { Tensor.einsum("ij,kj->ik", x, y) }
        row("np.cross(a, b)", "torch.linalg.cross(a, b)") { w.cross(w) }
        row("np.kron(x, y)", "torch.kron(x, y)") { x.kron(y) }
        row("scipy.spatial.distance.cdist(x, y)", "torch.cdist(x, y)") { x.pairwiseDistances(to: y) }
        row("np.trace(m)", "torch.trace(m)") { m.trace() }
        row("np.diagonal(m)", "torch.diagonal(m)") { m.diagonal() }
        row("np.diagonal(x, 1)", "torch.diagonal(x, 1)") { x.diagonal(offset: 1) }
        row("np.linalg.vector_norm(v)", "torch.linalg.vector_norm(v)") { v.norm(.two) }
        row("np.linalg.matrix_norm(m)", "torch.linalg.matrix_norm(m)") { m.matrixNorm(.frobenius) }
        row("np.linalg.det(m)", "torch.linalg.det(m)") { m.determinant() }
        row("np.linalg.slogdet(m)", "torch.linalg.slogdet(m)") { m.logDeterminant() }
        row("np.linalg.inv(m)", "torch.linalg.inv(m)") { m.inverse() }
        row("np.linalg.solve(m, v)", "torch.linalg.solve(m, v)") { m.solve(v) }
        row("np.linalg.lstsq(x, b)", "torch.linalg.lstsq(x, b)") { x.leastSquares(w) }
        row("np.linalg.pinv(x)", "torch.linalg.pinv(x)") { x.pseudoInverse() }
        row("np.linalg.cholesky(m)", "torch.linalg.cholesky(m)") { m.cholesky() }
        row("np.linalg.qr(x)", "torch.linalg.qr(x)") { x.qr() }
        row("scipy.linalg.lu(m)", "torch.linalg.lu(m)") { m.lu() }
        row("np.linalg.svd(x)", "torch.linalg.svd(x)") { x.svd() }
        row("np.linalg.svdvals(x)", "torch.linalg.svdvals(x)") { x.singularValues() }
        row("np.linalg.eigh(m)", "torch.linalg.eigh(m)") { m.symmetricEigen() }
        row("np.linalg.eigvalsh(m)", "torch.linalg.eigvalsh(m)") { m.symmetricEigenvalues() }
        row("np.linalg.matrix_rank(x)", "torch.linalg.matrix_rank(x)") { x.matrixRank() }
        row("np.linalg.cond(x)", "torch.linalg.cond(x)") { x.conditionNumber() }
        row("np.linalg.matrix_power(m, 3)", "torch.linalg.matrix_power(m, 3)") { m.matrixPower(3) }
        row("scipy.linalg.expm(m)", "torch.linalg.matrix_exp(m)") { m.matrixExponential() }
        row("scipy.linalg.solve_triangular(m, v)", "torch.linalg.solve_triangular(m, v)") { m.solveTriangular(v, lower: false) }
    }

    private mutating func signalsAndPolynomials() {
        let x = Self.x, v = Self.v, w = Self.w
        section("Signals and polynomials")
        row("np.convolve(v, w)", "torchaudio.functional.convolve(v, w)") { v.convolution(with: w) }
        row("np.correlate(v, w)", "") { v.crossCorrelation(with: w) }
        row("np.interp(x, v, v)", "") { Tensor.interpolated(at: x, places: v.sorted(), values: v) }
        row("np.polyval(w, x)", "") { w.polynomial(at: x) }
        row("", "torch.nn.functional.conv1d(a, f)") { v.reshaped(1, 1, -1).convolved(with: w.reshaped(1, 1, -1)) }
    }

    private mutating func randomNumbers() {
        let x = Self.x, y = Self.y, random = Self.random
        section("Random numbers")
        row("rng = np.random.default_rng(0)", "torch.manual_seed(0)") { Random(seed: 0) }
        row("rng.random((2, 3))", "torch.rand(2, 3)") { random.uniform([2, 3]) }
        row("rng.standard_normal((2, 3))", "torch.randn(2, 3)") { random.normal([2, 3]) }
        row("rng.integers(0, 9, 5)", "torch.randint(0, 9, (5,))") { random.integers([5], in: 0..<9) }
        row("rng.permutation(5)", "torch.randperm(5)") { random.permutation(5) }
        row("rng.permutation(x)", "x[torch.randperm(len(x))]") { random.shuffled(x) }
        row("rng.choice(9, 3, replace=False)", "torch.multinomial(p, 3)") { random.choice(9, samples: 3, replacing: false) }
        row("jax.random.categorical(key, x)", "Categorical(logits=x).sample()") { random.categorical(logits: x) }
        row("rng.binomial(1, 0.5, 5)", "torch.bernoulli(p)") { random.bernoulli([5], probability: 0.5) }
        row("rng.binomial(9, p)", "torch.binomial(n, p)") { random.binomial(trials: Tensor(9), probability: Tensor(0.3)) }
        row("rng.poisson(x)", "torch.poisson(x)") { random.poisson(mean: x) }
        row("rng.exponential(1, 5)", "") { random.exponential([5]) }
        row("rng.laplace(0, 1, 5)", "") { random.laplace([5]) }
        row("rng.gumbel(0, 1, 5)", "") { random.gumbel([5]) }
        row("rng.gamma(x)", "torch._standard_gamma(x)") { random.gamma(concentration: x) }
        row("rng.beta(x, y)", "Beta(x, y).rsample()") { random.beta(x, y) }
        row("rng.dirichlet(v)", "Dirichlet(v).rsample()") { random.dirichlet(x) }
        row("scipy.stats.truncnorm.rvs(-2, 2, size=5)", "torch.nn.init.trunc_normal_") { random.truncatedNormal([5], in: -2...2) }
    }

    private mutating func distributions() {
        let x = Self.x, m = Self.m, random = Self.random
        section("Distributions")
        row("scipy.stats.norm(0, 1).rvs(5)", "Normal(0, 1).rsample((5,))") { Normal(mean: 0, deviation: 1).sample([5], using: random) }
        row("scipy.stats.norm(0, 1).logpdf(x)", "Normal(0, 1).log_prob(x)") { Normal(mean: 0, deviation: 1).logProbability(x) }
        row("scipy.stats.norm(0, 1).cdf(x)", "Normal(0, 1).cdf(x)") { Normal().cumulativeProbability(x) }
        row("scipy.stats.norm(0, 1).entropy()", "Normal(0, 1).entropy()") { Normal().entropy }
        row("", "kl_divergence(p, q)") { klDivergence(Normal(), Normal(mean: 1)) }
        row("scipy.stats.lognorm", "LogNormal") { LogNormal() }
        row("scipy.stats.uniform", "Uniform") { Uniform(low: 0, high: 1) }
        row("scipy.stats.expon", "Exponential") { Exponential(rate: 2) }
        row("scipy.stats.laplace", "Laplace") { Laplace() }
        row("scipy.stats.gamma", "Gamma") { Gamma(concentration: 2, rate: 3) }
        row("scipy.stats.beta", "Beta") { Beta(2, 3) }
        row("scipy.stats.dirichlet", "Dirichlet") { Dirichlet(x) }
        row("scipy.stats.t", "StudentT") { StudentT(degrees: 4) }
        row("scipy.stats.bernoulli", "Bernoulli") { Bernoulli(probability: 0.3) }
        row("", "Categorical") { Categorical(logits: x) }
        row("scipy.stats.poisson", "Poisson") { Poisson(mean: 3) }
        row("scipy.stats.multivariate_normal", "MultivariateNormal") { MultivariateNormal(mean: Tensor([0, 0, 0, 0]), covariance: m) }
    }

    private mutating func derivativesAndCompilation() {
        let x = Self.x
        section("Derivatives and compilation")
        row("jax.grad(f)(x)", "y.backward(); x.grad") { gradient(at: x) { $0.squared.sum() } }
        row("jax.vmap(f)(x)", "torch.vmap(f)(x)") { vmap { $0.sum() }(x) }
        row("jax.jit(f)(x)", "torch.compile(f)(x)") { compile { (x: Tensor) in exp(x) }(x) }
        row("jax.lax.stop_gradient(x)", "x.detach()") { stopGradient(x) }
    }
}
