import DescentCore
import DescentData
import DescentModels
import DescentTrain

/// The columns of a table as a classical model takes them, in float64.
///
/// Numbers are in their own unit, so that coefficients can be read, or scaled to a deviation of 1 where a penalty or a search asks for columns of
/// like size. Of a category's indicators, of which one is 1 in each row, the first is left out: the others' coefficients are compared with it.
/// With all of them and an intercept no coefficient would be determined.
struct DesignMatrix {
    /// A column: a feature of the encoder, in a unit.
    struct Column: Equatable {
        let name: String
        /// Its place among the encoder's features.
        let feature: Int
        /// The encoder's number times the scale, plus the shift, is the column's.
        let scale: Double
        let shift: Double
    }

    /// The columns before products are made of them.
    let columns: [Column]
    /// The highest degree of their products.
    let degree: Int
    /// The products that are used, of those that the degree gives; all, where it is 1.
    private(set) var products: [Int]
    /// The names of what the model sees, in its order.
    private(set) var names: [String]
    /// The features that were left out, and why, in words.
    private(set) var notes: [String] = []
    /// Whether numbers are scaled.
    let isScaled: Bool
    private let scales: [FeatureScale?]

    /// More columns than this are not made.
    private static let columnLimit = 5_000

    /// Decides on the columns from the rows that are fitted to.
    ///
    /// - Throws: `SettingsError` for products without number.
    init(_ encoder: TableEncoder, _ table: Table, rows: [Int], degree: Int, isScaled: Bool) throws {
        self.degree = degree
        self.isScaled = isScaled
        scales = encoder.featureScales
        let encoded = try encoder.transform(table, rows: rows)
        let width = encoded.featureCount
        func column(_ feature: Int) -> [Float] { rows.indices.map { encoded.values[$0 * width + feature] } }
        var dropped: Set<Int> = []
        let names = encoder.featureNames
        var constant: [String] = [], references: [String] = []
        for feature in 0..<width {
            let values = column(feature)
            if values.allSatisfy({ $0 == values[0] }) {
                dropped.insert(feature)
                constant.append(names[feature])
            }
        }
        for range in encoder.featureRanges where range.features.count > 1 {
            // A cell without an indicator of its own is the average of all, which adds up to 1 too.
            let isOneOf = rows.indices.allSatisfy { row in
                Swift.abs(range.features.reduce(0) { $0 + encoded.values[row * width + $1] } - 1) < 1e-4
            }
            guard isOneOf, let first = range.features.first(where: { !dropped.contains($0) }) else { continue }
            dropped.insert(first)
            references.append(names[first])
        }
        let scales = scales
        columns = (0..<width).filter { !dropped.contains($0) }.map { feature in
            guard let scale = scales[feature] else { return Column(name: names[feature], feature: feature, scale: 1, shift: 0) }
            // A column that is called by its number is no number here.
            let column = Int(scale.column) == nil ? scale.column : "#\(scale.column)"
            let name = scale.logarithmUnit.map { "log(1 + \(column)/\(shortNumber($0)))" } ?? scale.column
            return isScaled
                ? Column(name: name, feature: feature, scale: 1, shift: 0) : Column(name: name, feature: feature, scale: scale.deviation, shift: scale.mean)
        }
        self.names = columns.map(\.name)
        products = []
        if !references.isEmpty { notes.append("Compared with: \(references.joined(separator: "; ")).") }
        if !constant.isEmpty { notes.append("Left out, since they are the same in all of these rows: \(constant.joined(separator: "; ")).") }
        if degree > 1 { try chooseProducts(table, rows: rows, encoder) }
    }

    /// Leaves out products that are constant, or equal to one before: the square of an indicator is itself.
    private mutating func chooseProducts(_ table: Table, rows: [Int], _ encoder: TableEncoder) throws {
        // The number of products of up to d of n columns: n + d over d, less 1.
        let count = (1...degree).reduce(1.0) { $0 * Double(columns.count + $1) / Double($1) } - 1
        if count > Double(Self.columnLimit) {
            throw SettingsError(
                "\(columns.count) columns have \(count < 1e15 ? grouped(Int(count)) : "too many") products up to degree \(degree), and \(grouped(Self.columnLimit)) are possible; use a lower degree, or fewer columns (--column NAME=ignore)"
            )
        }
        let features = PolynomialFeatures(degree: degree)
        let all = features(try plain(table, rows: rows, encoder)).transposed().doubles
        let names = features.names(of: columns.map(\.name))
        var seen: [[Double]: Int] = [:]
        var kept: [Int] = []
        for place in names.indices {
            let values = Array(all[place * rows.count..<(place + 1) * rows.count])
            guard values.contains(where: { $0 != values[0] }), seen[values] == nil else { continue }
            seen[values] = place
            kept.append(place)
        }
        products = kept
        self.names = kept.map { names[$0] }
        if kept.count < names.count {
            notes.append("\(grouped(names.count - kept.count)) of the \(grouped(names.count)) products are left out, since they are constant or equal to others.")
        }
    }

    /// The rows before products: [rows, columns], float64.
    private func plain(_ table: Table, rows: [Int], _ encoder: TableEncoder) throws -> Tensor {
        let encoded = try encoder.transform(table, rows: rows)
        let width = encoded.featureCount
        // A number comes from its cell, which has all its digits.
        let places = scales.map { scale in scale.flatMap { try? table.column($0.column) } }
        var values: [Double] = []
        values.reserveCapacity(rows.count * columns.count)
        for (place, row) in rows.enumerated() {
            for column in columns {
                if let scale = scales[column.feature], let cell = places[column.feature] {
                    let value = scale.value(table.number(row: row, column: cell))
                    values.append(isScaled ? (value - scale.mean) / scale.deviation : value)
                } else {
                    values.append(Double(encoded.values[place * width + column.feature]) * column.scale + column.shift)
                }
            }
        }
        return Tensor(float64: values, shape: [rows.count, columns.count])
    }

    /// The design matrix of rows: [rows, names], float64.
    func matrix(_ table: Table, rows: [Int], _ encoder: TableEncoder) throws -> Tensor {
        let plain = try plain(table, rows: rows, encoder)
        if degree == 1 { return plain }
        return PolynomialFeatures(degree: degree)(plain).gathered(Tensor(int64: products), axis: 1)
    }

    /// Coefficients of these columns and an intercept, as weights of all the encoder's features and a bias; for degree 1.
    func weights(_ coefficients: [Double], intercept: Double, features: Int) -> (weights: [Double], bias: Double) {
        var weights = [Double](repeating: 0, count: features)
        var bias = intercept
        for (column, coefficient) in zip(columns, coefficients) {
            weights[column.feature] = coefficient * column.scale
            bias += coefficient * column.shift
        }
        return (weights, bias)
    }
}
