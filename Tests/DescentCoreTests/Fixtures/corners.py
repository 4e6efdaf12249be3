"""Values, gradients and second derivatives of PyTorch at awkward numbers: the file corners.txt beside this one.

    python corners.py > corners.txt        (PyTorch 2, float64, CPU)

Each line: the kind (unary, binary or row), the function, what the numbers are (value, gradient of the sum, gradient of that gradient's sum; for rows
both sums are weighted by 1, 2, 3, ...), and the numbers. Binary functions are taken at all pairs of their points, and have a gradient and a second derivative by
each input ("gradient0", ...).
"""
import math
import torch
import torch.nn.functional as F

inf, nan = math.inf, math.nan
tiny, least, huge = 1e-310, 5e-324, 1.7976931348623157e308
points = [0.0, -0.0, 1, -1, 0.5, -0.5, 2.5, -3.5, 2, -2, 30, -30, 800, -800, least, tiny, -tiny, 2.2250738585072014e-308, 1e200, huge, -huge, inf, -inf, nan]
pairs = [0.0, -0.0, 1, -2, 0.5, 3, tiny, huge, inf, -inf, nan]
rows = [[1, 2, 3], [2, 2, 1], [0, 0, 0], [0, -0.0, 5], [-1, 0, 2], [inf, 1, 2], [-inf, 1, 2], [-inf, -inf, -inf], [inf, inf, 1], [inf, -inf, 0], [nan, 1, 2],
        [tiny, tiny, least], [huge, 1, -huge], [huge, huge, huge], [1e200, -1e200, 1], [800, -800, 0], [7], [0], [nan], [-inf], [3, 3]]

unary = {
    "exp": torch.exp, "expm1": torch.expm1, "log": torch.log, "log1p": torch.log1p, "sqrt": torch.sqrt, "rsqrt": torch.rsqrt, "sin": torch.sin, "cos": torch.cos,
    "tan": torch.tan, "asin": torch.asin, "acos": torch.acos, "atan": torch.atan, "sinh": torch.sinh, "cosh": torch.cosh, "tanh": torch.tanh,
    "sigmoid": torch.sigmoid, "softplus": F.softplus, "logSigmoid": F.logsigmoid, "erf": torch.erf, "relu": torch.relu, "leakyRelu": F.leaky_relu,
    "gelu": F.gelu, "silu": F.silu, "elu": F.elu, "abs": torch.abs, "sign": torch.sign, "floor": torch.floor, "ceil": torch.ceil, "round": torch.round,
    "negative": lambda x: -x, "reciprocal": lambda x: 1 / x, "squared": lambda x: x * x, "pow0": lambda x: x ** 0.0, "pow1": lambda x: x ** 1.0,
    "pow2": lambda x: x ** 2.0, "pow3": lambda x: x ** 3.0, "pow0.5": lambda x: x ** 0.5, "pow-1": lambda x: x ** -1.0, "pow1.5": lambda x: x ** 1.5,
    "clipped": lambda x: x.clamp(-1, 1), "cast": lambda x: x.to(torch.float32).to(torch.float64),
    "xlogx": lambda x: torch.xlogy(x, x),
}
binary = {
    "add": torch.add, "subtract": torch.subtract, "multiply": torch.multiply, "divide": torch.divide, "pow": torch.pow, "maximum": torch.maximum,
    "minimum": torch.minimum, "remainder": torch.remainder, "atan2": torch.atan2, "xlogy": torch.xlogy,
    "where": lambda a, b: torch.where(a > b, a, b),
}
vector = {
    "sum": lambda x: x.sum(), "mean": lambda x: x.mean(), "max": lambda x: x.amax(), "min": lambda x: x.amin(), "product": lambda x: x.prod(),
    "variance": lambda x: x.var(correction=0), "variance1": lambda x: x.var(correction=1), "deviation": lambda x: x.std(correction=0),
    "logSumExp": lambda x: x.logsumexp(0), "softmax": lambda x: x.softmax(0), "logSoftmax": lambda x: x.log_softmax(0), "norm1": lambda x: torch.linalg.vector_norm(x, 1),
    "norm2": lambda x: torch.linalg.vector_norm(x, 2), "normInfinity": lambda x: torch.linalg.vector_norm(x, inf), "norm3": lambda x: torch.linalg.vector_norm(x, 3),
    "norm0": lambda x: torch.linalg.vector_norm(x, 0), "cumulativeSum": lambda x: x.cumsum(0), "cumulativeProduct": lambda x: x.cumprod(0), "sorted": lambda x: x.sort(stable=True)[0], "flipped": lambda x: x.flip(0),
    "argmax": lambda x: x.argmax().double(), "argmin": lambda x: x.argmin().double(), "dot": lambda x: x.dot(x), "outer": lambda x: torch.outer(x, x).flatten(),
}


def spell(x):
    return "nan" if math.isnan(x) else ("inf" if x > 0 else "-inf") if math.isinf(x) else repr(float(x))


def write(kind, name, what, numbers):
    print(kind, name, what, *(spell(float(x)) for x in numbers))


def slope(y, x):
    if y is None or not y.requires_grad:
        return None
    weights = torch.arange(1, y.numel() + 1, dtype=y.dtype) if slope.weighted else torch.ones(y.numel(), dtype=y.dtype)
    return torch.autograd.grad((y.flatten() * 1), x, weights.reshape(-1), create_graph=True, allow_unused=True)[0]


def numbers(g, x):
    return [0.0] * x.numel() if g is None else g.detach().clone().resolve_neg().flatten().numpy().copy()


slope.weighted = False
print("points all", "-", *map(spell, points))
print("points pairs", "-", *map(spell, pairs))
for name, f in unary.items():
    x = torch.tensor(points, dtype=torch.float64, requires_grad=True)
    y = f(x)
    write("unary", name, "value", y.detach().numpy())
    first = slope(y, x)
    write("unary", name, "gradient", numbers(first, x))
    write("unary", name, "second", numbers(slope(first, x), x))
for name, f in binary.items():
    inputs = [torch.tensor([p for p in pairs for _ in pairs], dtype=torch.float64, requires_grad=True), torch.tensor(pairs * len(pairs), dtype=torch.float64, requires_grad=True)]
    write("binary", name, "value", f(*inputs).detach().numpy())
    for index, x in enumerate(inputs):
        first = slope(f(*inputs), x)
        write("binary", name, f"gradient{index}", numbers(first, x))
        write("binary", name, f"second{index}", numbers(slope(first, x), x))
slope.weighted = True
for index, row in enumerate(rows):
    print("points", f"row{index}", "-", *map(spell, row))
    for name, f in vector.items():
        x = torch.tensor(row, dtype=torch.float64, requires_grad=True)
        y = f(x)
        write("row", f"{name}/{index}", "value", y.detach().flatten().numpy())
        first = slope(y, x)
        write("row", f"{name}/{index}", "gradient", numbers(first, x))
        write("row", f"{name}/{index}", "second", numbers(slope(first, x), x))
