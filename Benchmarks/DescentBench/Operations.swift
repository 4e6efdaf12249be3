import Descent

/// One array operation of the comparison with NumPy, JAX and PyTorch: what it is given, and the compiled function over it.
struct Operation: Sendable {
    let inputs: @Sendable (Generator) -> [Tensor]
    let body: @Sendable ([Tensor]) -> [Tensor]

    init(_ inputs: @escaping @Sendable (Generator) -> [Tensor], _ body: @escaping @Sendable ([Tensor]) -> [Tensor]) {
        (self.inputs, self.body) = (inputs, body)
    }

    /// An operation over one tensor of standard normal numbers.
    init(_ shape: [Int], _ body: @escaping @Sendable (Tensor) -> Tensor) {
        self.init({ [$0.normal(shape)] }) { [body($0[0])] }
    }

    /// An operation over two tensors of standard normal numbers.
    init(_ first: [Int], _ second: [Int], _ body: @escaping @Sendable (Tensor, Tensor) -> Tensor) {
        self.init({ [$0.normal(first), $0.normal(second)] }) { [body($0[0], $0[1])] }
    }

    /// Operations by the names that the peers' side gives them.
    static let all: [String: Operation] = elementwise.merging(reductions) { $1 }.merging(movements) { $1 }.merging(products) { $1 }.merging(factorizations) { $1 }

    private static let flat = [16_000_000]
    static let square = [4096, 4096]

    private static let elementwise: [String: Operation] = [
        "exp": Operation(flat) { exp($0) },
        "log": Operation(flat) { log(abs($0)) },
        "tanh": Operation(flat) { tanh($0) },
        "erf": Operation(flat) { erf($0) },
        "sin": Operation(flat) { sin($0) },
        "sigmoid": Operation(flat) { sigmoid($0) },
        "gelu": Operation(flat) { gelu($0) },
        "power_2_5": Operation(flat) { abs($0).pow(2.5) },
        "sqrt": Operation(flat) { sqrt(abs($0)) },
        "where_clip": Operation(flat) { Tensor.where($0 .> 0, $0 * 2, $0 * 0.1) },
        "cast_to_int32": Operation(flat) { $0.cast(to: .int32) },
        "outer_broadcast": Operation([4096, 1], [1, 4096]) { exp($0 + $1) },
        "random_normal": drawn { $0.normal([10_000_000]) },
        "random_permutation": drawn { $0.permutation(1_000_000) },
    ]

    /// Numbers of a generator whose state goes on from call to call.
    private static func drawn(_ draw: @escaping @Sendable (Random) -> Tensor) -> Operation {
        let random = Random(seed: 3)
        return Operation({ _ in [] }) { _ in [draw(random)] }
    }

    private static let reductions: [String: Operation] = along("rows", axis: 1).merging(along("columns", axis: 0)) { $1 }.merging([
        "sum_middle": Operation([64, 256, 1024]) { $0.sum(axis: 1) },
        "variance_all": Operation(square) { $0.variance() },
        "softmax_rows": Operation([4096, 1000]) { softmax($0) },
        "softmax_long": Operation([64, 50000]) { softmax($0) },
        "layer_norm": Operation({ [$0.normal([4096, 1024]), $0.normal([1024]), $0.normal([1024])] }) { [layerNorm($0[0], $0[1], $0[2])] },
    ]) { $1 }

    private static func along(_ name: String, axis: Int) -> [String: Operation] {
        [
            "sum_\(name)": Operation(square) { $0.sum(axis: axis) },
            "max_\(name)": Operation(square) { $0.max(axis: axis) },
            "argmax_\(name)": Operation(square) { $0.argmax(axis: axis) },
            "variance_\(name)": Operation(square) { $0.variance(axes: [axis]) },
            "log_sum_exp_\(name)": Operation(square) { logSumExp($0, axis: axis) },
            "cumulative_sum_\(name)": Operation(square) { $0.cumulativeSum(axis: axis) },
        ]
    }

    private static func layerNorm(_ x: Tensor, _ scale: Tensor, _ shift: Tensor) -> Tensor {
        let mean = x.mean(axis: -1, keepingAxis: true), variance = x.variance(axes: [-1], keepingAxes: true)
        return (x - mean) * rsqrt(variance + 1e-5) * scale + shift
    }
}
