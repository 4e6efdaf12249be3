import Descent

/// For each row x, 1 if `x · weights` is above 0, else 0, decided without rounding: a point of the files may lie on a boundary but for the
/// last digit of a number.
///
/// - Parameters:
///   - rows: [n, d], float64.
///   - weights: [d], or [n, d] with weights of each row's own; float64.
func exactClasses(_ rows: Tensor, _ weights: Tensor) -> Tensor {
    let own = weights.broadcast(to: rows.shape)
    return Tensor(int64: zip(rows.rows, own.rows).map { exactSign($0.doubles, $1.doubles) > 0 ? 1 : 0 })
}

/// The sign of `Σ a b`: -1, 0 or 1. Each product is split into its rounded value and the error of that, and the sum is kept as parts that do
/// not overlap, so that the largest part has the sum's sign. Shewchuk 1997.
private func exactSign(_ a: [Double], _ b: [Double]) -> Int {
    var parts: [Double] = []
    func add(_ term: Double) {
        var sum = term, errors: [Double] = []
        for part in parts {
            let total = sum + part
            let shared = total - sum
            let error = (sum - (total - shared)) + (part - shared)
            if error != 0 { errors.append(error) }
            sum = total
        }
        parts = errors + [sum]
    }
    for (x, y) in zip(a, b) {
        let product = x * y
        add(product)
        add((-product).addingProduct(x, y))
    }
    let largest = parts.last { $0 != 0 } ?? 0
    return largest > 0 ? 1 : largest < 0 ? -1 : 0
}
