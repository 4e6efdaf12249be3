import DescentCore

/// Products of features up to a degree, so that a linear model can follow curves: for [a, b] and degree 2: `a, b, a², a b, b²`.
///
/// XOR, which no line separates, is one by `x₀ x₁`.
public struct PolynomialFeatures: Hashable, Sendable {
    /// The highest degree.
    public let degree: Int
    /// Whether only products of different features are made.
    public let interactionsOnly: Bool
    /// Whether a column of ones comes first.
    public let includesOne: Bool

    public init(degree: Int = 2, interactionsOnly: Bool = false, includesOne: Bool = false) {
        if degree < 1 { stop("PolynomialFeatures: degree \(degree); it must be at least 1.") }
        (self.degree, self.interactionsOnly, self.includesOne) = (degree, interactionsOnly, includesOne)
    }

    /// The features that each column multiplies, ascending, by degree: [] for the column of ones.
    public func products(of features: Int) -> [[Int]] {
        var result: [[Int]] = includesOne ? [[]] : [], latest: [[Int]] = [[]]
        for _ in 0..<degree {
            latest = latest.flatMap { product in
                let from = (product.last.map { interactionsOnly ? $0 + 1 : $0 }) ?? 0
                return (from..<Swift.max(from, features)).map { product + [$0] }
            }
            result += latest
        }
        return result
    }

    /// [examples, features] to [examples, products]. Can be differentiated.
    public func callAsFunction(_ inputs: Tensor) -> Tensor {
        guard inputs.rank == 2 else { stop("PolynomialFeatures: inputs of shape \(inputs.shape); a matrix [examples, features] is needed.") }
        let x = inputs.floating, columns = (0..<x.shape[1]).map { x[.all, $0] }
        return Tensor.stack(
            products(of: x.shape[1]).map { product in
                product.dropFirst().reduce(product.first.map { columns[$0] } ?? Tensor.ones([x.shape[0]], dtype: x.dtype)) { $0 * columns[$1] }
            }, axis: 1)
    }

    /// Names of the columns: "a", "a b", "a^2".
    public func names(of features: [String]) -> [String] {
        products(of: features.count).map { product in
            if product.isEmpty { return "1" }
            return Array(Set(product)).sorted().map { feature in
                let power = product.count { $0 == feature }
                return power == 1 ? features[feature] : "\(features[feature])^\(power)"
            }.joined(separator: " ")
        }
    }
}
