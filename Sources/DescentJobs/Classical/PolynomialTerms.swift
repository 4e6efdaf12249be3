import DescentExplain
import DescentTrain

/// Products of terms up to a degree: `a`, `b`, `a^2`, `a:b`, `b^2`.
enum PolynomialTerms {
    /// All products of up to `degree` terms. A category has no square, since its indicators are their own.
    ///
    /// - Parameter isNumeric: Whether a term holds numbers.
    /// - Throws: `SettingsError` for products without number.
    static func all(_ terms: [FormulaTerm], degree: Int, columns: Int, isNumeric: (FormulaTerm) -> Bool) throws(SettingsError) -> [FormulaTerm] {
        // The number of products of up to d of n columns: n + d over d, less 1.
        let count = (1...degree).reduce(1.0) { $0 * Double(columns + $1) / Double($1) } - 1
        if count > Double(DesignMatrix.columnLimit) {
            throw SettingsError(
                "\(columns) columns have \(count < 1e15 ? grouped(Int(count)) : "too many") products up to degree \(degree), and \(grouped(DesignMatrix.columnLimit)) are possible; use a lower degree, or fewer columns (--column NAME=ignored)"
            )
        }
        let isNumber = terms.map(isNumeric)
        // Products by the numbers of their terms, ascending.
        var level = terms.indices.map { [$0] }, found = level
        for _ in 1..<Swift.max(degree, 1) {
            level = level.flatMap { product in
                (product.last!..<terms.count).filter { isNumber[$0] || !product.contains($0) }.map { product + [$0] }
            }
            found += level
        }
        return found.map { product in
            FormulaTerm(
                Set(product).sorted().flatMap { place -> [FormulaTerm.Factor] in
                    let exponent = product.count { $0 == place }
                    guard exponent > 1, let factor = terms[place].factors.first, terms[place].factors.count == 1 else { return terms[place].factors }
                    switch factor {
                    case .column(let name): return [.power(name, exponent)]
                    case .power(let name, let power): return [.power(name, power * exponent)]
                    case .computed(let text): return [.computed("(\(text))^\(exponent)")]
                    case .category: return [factor]
                    }
                })
        }
    }
}
