"""Results of NumPy, SciPy and PyTorch for the functions on arrays: the file arrays.txt beside this one.

    python arrays.py > arrays.txt        (NumPy 2, SciPy 1.17, PyTorch 2, mpmath for the special functions)

Each line: "input" or "result", a name, the shape (0 axes: "scalar"), and the elements row by row. Results have 17 digits.
"""
import mpmath as mp
import numpy as np
import scipy.linalg
import scipy.spatial
import scipy.special
import scipy.stats
import torch

inf, nan = np.inf, np.nan


def write(kind, name, x):
    x = np.asarray(x)
    if x.dtype == bool:
        x = x.astype(int)
    shape = "x".join(map(str, x.shape)) or "scalar"
    print(kind, name, shape, *(repr(int(v)) if x.dtype.kind in "iu" else repr(float(v)) for v in x.ravel()))


def inputs(**named):
    for name, x in named.items():
        write("input", name, x)
        globals()[name] = np.asarray(x)


rng = np.random.default_rng(7)
inputs(
    a=rng.normal(size=(3, 4)).round(3), b=rng.normal(size=(3, 4)).round(3), c=rng.normal(size=(4, 2)).round(3), cube=rng.normal(size=(2, 3, 4)).round(3),
    v=rng.normal(size=7).round(3), w=rng.normal(size=3).round(3), square=rng.normal(size=(2, 3, 3)).round(3), signs=np.array([0.0, -0.0, 1.5, -2.5, inf, -inf, nan]),
    integers=np.array([[5, -7, 12], [0, 3, 255]]), more=np.array([[3, 2, 6], [1, 4, 15]]), repeats=np.array([2, 0, 3]), marks=np.array([[1, 0, 2], [0, 0, 3]]),
    ties=np.array([3.0, 1, 3, 2, 2, 3, -1]), edges=np.array([-2.0, -0.5, 0, 1.5]), segments=np.array([2, 0, 2, 1, 0, 2, 2]),
    special=np.array([1e-300, 1e-10, 0.1, 0.5, 1, 1.4616321449683623, 1.5, 2, 3.3, 9.99, 10, 25.5, 1e3, 1e10]), unit=np.array([-0.999999, -0.9, -0.5, -1e-8, 0, 1e-20, 0.3, 0.86, 0.9999999999]),
    negative=np.array([-0.1, -0.5, -1.5, -2.2, -7.75, -30.1]), withNaN=np.array([[1.0, nan, 3], [2, 5, 4]]),
)


def exact(f, x):
    mp.mp.dps = 50
    return np.array([float(f(mp.mpf(float(t)))) for t in x])


results = {
    "asinh": np.arcsinh(v), "acosh": np.arccosh(np.abs(v) + 1), "atanh": np.arctanh(unit), "log2": np.log2(special), "log10": np.log10(special), "exp2": np.exp2(v),
    "trunc": np.trunc(signs), "hypot": np.hypot(a, b), "logAddExp": np.logaddexp(a, b), "copysign": np.copysign(a, b), "nextAfter": np.nextafter(a, b),
    "signBit": np.signbit(signs[:6]), "isInfinite": np.isinf(signs), "nanToNum": np.nan_to_num(signs), "sinc": np.sinc(v), "clamp": np.clip(a, -0.5, 0.25),
    "erfc": exact(mp.erfc, special[:12]), "erfinv": exact(mp.erfinv, unit), "lgamma": exact(lambda t: mp.log(abs(mp.gamma(t))) if t < 1e5 else mp.loggamma(t), special),
    "erfcinv": exact(lambda t: -mp.erfinv(t - 1), special[2:8]),
    "lgammaNegative": exact(lambda t: mp.log(abs(mp.gamma(t))), negative), "digamma": exact(mp.digamma, special), "digammaNegative": exact(mp.digamma, negative),
    "trigamma": exact(lambda t: mp.polygamma(1, t), special[1:]), "polygamma3": exact(lambda t: mp.polygamma(3, t), negative), "polygamma2": exact(lambda t: mp.polygamma(2, t), special[1:]),
    "xlog1py": scipy.special.xlog1py([0, 0, 2.0], [-1, 3, 0.5]),
    "and": integers & more, "or": integers | more, "xor": integers ^ more, "not": ~integers, "shiftLeft": integers << more, "shiftRight": integers >> more,
    "repeated": np.repeat(a, 2, axis=1), "repeatedCounts": np.repeat(a, repeats, axis=0), "tiled": np.tile(a, (2, 1, 3)), "rolled": np.roll(a, -3, axis=1), "rolledAll": np.roll(a, 5),
    "rotated90": np.rot90(a), "rotated270": np.rot90(cube, 3, axes=(1, 2)), "differences": np.diff(a, n=2, axis=1), "meshgrid": np.meshgrid(v, w, indexing="ij")[1], "meshgridColumns": np.meshgrid(v, w)[0],
    "searchLeft": np.searchsorted(np.sort(ties), [2, 3, 0, nan, 9]), "searchRight": np.searchsorted(np.sort(ties), [2, 3, 0, nan, 9], side="right"), "isIn": np.isin(integers, [3, 12, 7]),
    "countNonzero": np.count_nonzero(marks, axis=1), "nonzero0": np.nonzero(marks)[0], "nonzero1": np.nonzero(marks)[1], "masked": a[a > 0],
    "uniqueValues": np.unique(ties), "uniquePlaces": np.unique(ties, return_index=True)[1], "uniqueInverse": np.unique(ties, return_inverse=True)[1],
    "uniqueCounts": np.unique(ties, return_counts=True)[1], "binCounts": np.bincount(marks.ravel()), "binWeights": np.bincount(segments, weights=v, minlength=5),
    "histogram": np.histogram(v, bins=4)[0], "histogramEdges": np.histogram(v, bins=4)[1], "histogramGiven": np.histogram(v, bins=edges)[0],
    "cumulativeMax": np.maximum.accumulate(a, axis=1), "cumulativeMin": np.minimum.accumulate(withNaN, axis=1), "cumulativeLogSumExp": torch.logcumsumexp(torch.tensor(a), 1).numpy(),
    "median": np.median(a, axis=1), "medianNaN": np.median(withNaN, axis=1), "covariance": np.cov(a), "covarianceWeights": np.cov(a, aweights=[1, 2, 3, 4], ddof=0), "correlation": np.corrcoef(a),
    "convolveFull": np.convolve(v, w), "convolveSame": np.convolve(v, w, "same"), "convolveValid": np.convolve(w, v, "valid"), "convolveEven": np.convolve(v, [1.0, 2, 3, 4], "same"),
    "correlate": np.correlate(v, w), "correlateFull": np.correlate(v, w, "full"), "polynomial": np.polyval(w, a), "interpolated": np.interp(a, edges, [1, 3, 2, -4]),
    "interpolatedOutside": np.interp([-3, -2, 1.5, 2], edges, [1, 3, 2, -4], left=7, right=8),
    "tensordot": np.tensordot(cube, a, axes=([1, 2], [0, 1])), "tensordot1": np.tensordot(a, c, 1), "vecdot": np.linalg.vecdot(a, b), "cross": np.cross(a[:, :3], b[:, 1:]), "kron": np.kron(a, c),
    "cdist": scipy.spatial.distance.cdist(a, b), "cdist1": scipy.spatial.distance.cdist(a, b, "cityblock"), "vander": np.vander(w, 4), "vanderUp": np.vander(w, increasing=True),
    "diagonalOffset": np.diagonal(cube, -1, 1, 2), "traceOffset": np.trace(cube, 1, 1, 2), "diagonalMatrix": np.diag(w, 1), "diagonalBelow": np.diag(w, -2), "matrixPower": np.linalg.matrix_power(square, 5),
    "matrixPowerInverse": np.linalg.matrix_power(square, -2), "expm": scipy.linalg.expm(square), "expmLarge": scipy.linalg.expm(square * 12), "svdvals": np.linalg.svdvals(a),
    "eigvalsh": np.linalg.eigvalsh(square + square.transpose(0, 2, 1)) / 2,
    "einsumEllipsis": np.einsum("...ij,jk->...ik", cube, c), "einsumThree": np.einsum("ij,jk,il->kl", a, c, b), "einsumImplicit": np.einsum("ij,kj", a, b), "einsumFour": np.einsum("ij,kj,kl,lm->im", a, b, b, c),
    "einsumBroadcast": np.einsum("...i,...i->...", cube, a[None]), "einsumDiagonal": np.einsum("bii->bi", square), "segmentSum": np.bincount(segments, weights=v, minlength=4),
    "lowerRows": np.tril_indices(3, -1)[0], "upperColumns": np.triu_indices(3, 1, 4)[1],
}
for interpolation in ["linear", "lower", "higher", "midpoint", "nearest"]:
    for share in [0, 0.3, 0.5, 1]:
        results[f"quantile/{interpolation}/{share}"] = np.quantile(cube, share, axis=1, method=interpolation)
put = a.copy()
np.put_along_axis(put, np.array([[1, 3], [0, 0], [2, -1]]), np.array([[9.0, 8], [7, 6], [5, 4]]), axis=1)
results["replacingAlong"] = put

s = scipy.stats
x, n = np.array([0.3, 1.7, 2.5]), np.array([0, 1, 4])
T = lambda *numbers: torch.tensor(numbers, dtype=torch.float64)
D = torch.distributions
families = {
    "Normal": (s.norm(0.5, 2), x), "LogNormal": (s.lognorm(0.8, scale=np.exp(0.3)), x), "Uniform": (s.uniform(0.2, 2), x), "Exponential": (s.expon(scale=1 / 1.5), x),
    "Laplace": (s.laplace(0.5, 2), x), "Gamma": (s.gamma(2.5, scale=1 / 1.5), x), "Beta": (s.beta(2.5, 0.7), x / 3), "StudentT": (s.t(4.5, 0.5, 2), x), "Poisson": (s.poisson(3.5), n),
    "Bernoulli": (s.bernoulli(0.3), np.array([0, 1, 2])),
}
for name, (family, points) in families.items():
    discrete = hasattr(family, "logpmf")
    results[f"{name}/logProbability"] = family.logpmf(points) if discrete else family.logpdf(points)
    results[f"{name}/moments"] = [family.mean(), family.var(), family.entropy()]
results["Poisson/largeEntropy"] = s.poisson([99.0, 101, 1000]).entropy()
results["Categorical/logProbability"] = np.log([0.2, 0.5])
results["Categorical/moments"] = [1.1, 0.49, s.entropy([0.2, 0.5, 0.3])]
shares, matrix = np.array([0.2, 0.5, 0.3]), np.array([[2, 0.3, -0.4], [0.3, 1.5, 0.2], [-0.4, 0.2, 1]])
results["Dirichlet/logProbability"] = s.dirichlet([2.5, 0.7, 1.5]).logpdf(shares)
results["Dirichlet/mean"], results["Dirichlet/variance"], results["Dirichlet/entropy"] = s.dirichlet([2.5, 0.7, 1.5]).mean(), s.dirichlet([2.5, 0.7, 1.5]).var(), s.dirichlet([2.5, 0.7, 1.5]).entropy()
results["MultivariateNormal/logProbability"] = s.multivariate_normal([0.5, 0, -1], matrix).logpdf(x)
results["MultivariateNormal/entropy"] = s.multivariate_normal([0.5, 0, -1], matrix).entropy()
pairs = {
    "Normal": (D.Normal(T(0.5), T(2)), D.Normal(T(-1), T(1.5))), "LogNormal": (D.LogNormal(T(0.5), T(2)), D.LogNormal(T(-1), T(1.5))), "Uniform": (D.Uniform(T(0), T(1)), D.Uniform(T(-1), T(2))),
    "Exponential": (D.Exponential(T(2)), D.Exponential(T(0.5))), "Laplace": (D.Laplace(T(0.5), T(2)), D.Laplace(T(-1), T(1.5))), "Gamma": (D.Gamma(T(2.5), T(2)), D.Gamma(T(0.7), T(1.5))),
    "Beta": (D.Beta(T(2.5), T(0.7)), D.Beta(T(1.5), T(3))), "Poisson": (D.Poisson(T(3.5)), D.Poisson(T(2))), "Bernoulli": (D.Bernoulli(T(0.3)), D.Bernoulli(T(0.8))),
    "Categorical": (D.Categorical(T(0.2, 0.5, 0.3)), D.Categorical(T(0.6, 0.1, 0.3))), "Dirichlet": (D.Dirichlet(T(2.5, 0.7, 1.5)), D.Dirichlet(T(1, 2, 3))),
    "MultivariateNormal": (D.MultivariateNormal(T(0.5, 0, -1), torch.tensor(matrix)), D.MultivariateNormal(T(0, 0, 0), torch.eye(3, dtype=torch.float64))),
}
for name, (p, q) in pairs.items():
    results[f"{name}/divergence"] = D.kl_divergence(p, q).numpy().reshape(())
for name, x in results.items():
    write("result", name, x)
