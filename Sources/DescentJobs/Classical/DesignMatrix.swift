import DescentCore
import DescentData
import DescentExplain
import DescentFormats
import DescentModels
import DescentTrain

/// The columns that a formula's terms make of a table: numbers as they are, in their own unit, and an indicator for each level of a category but the reference.
///
/// A category is coded as in R: by all of its levels but the first where the model has the same term without it, so that coefficients are compared with
/// the reference level, and by all of them where it has not.
struct DesignMatrix {
    /// One factor of a column.
    enum Part: Hashable {
        /// A factor that holds numbers.
        case number(FormulaTerm.Factor)
        /// Whether a category has this level.
        case level(String, String)
    }

    /// A product of factors.
    struct Column: Hashable {
        let name: String
        let parts: [Part]
    }

    /// Mean and standard deviation of what is scaled.
    struct Scale: Equatable {
        let mean, deviation: Double
    }

    /// What the fitted table is.
    let format: TableFormat
    /// The column that is predicted, which a table to be predicted need not have.
    let target: String
    /// The terms, without the intercept.
    let terms: [FormulaTerm]
    let hasIntercept: Bool
    /// Whether categories have an indicator for every level.
    let isFull: Bool
    /// What the table's columns hold.
    let fitted: FittedColumns
    /// The columns of the matrix.
    private(set) var columns: [Column]
    /// Of factors that hold numbers, where they are scaled.
    private(set) var scales: [FormulaTerm.Factor: Scale] = [:]

    /// The names of what the model sees, in its order.
    var names: [String] { columns.map(\.name) }
    /// Whether numbers are scaled.
    var isScaled: Bool { !scales.isEmpty }

    /// More columns than this are not made.
    static let columnLimit = 5_000

    /// Makes the list of columns.
    ///
    /// - Throws: `SettingsError` for columns without number.
    init(_ terms: [FormulaTerm], intercept: Bool, isFull: Bool, _ fitted: FittedColumns, format: TableFormat, target: String) throws(SettingsError) {
        (self.terms, hasIntercept, self.isFull, self.fitted, self.format, self.target) = (terms, intercept, isFull, fitted, format, target)
        var margins = Set(terms.map { Set($0.factors) })
        if intercept { margins.insert([]) }
        var columns: [Column] = []
        for term in terms {
            var products = [Column(name: "", parts: [])]
            for factor in term.factors {
                let isFull = isFull || !margins.contains(Set(term.factors.filter { $0 != factor }))
                let choices = Self.parts(factor, fitted, isFull: isFull)
                // All levels of a category add up to what an intercept is.
                if isFull, term.factors.count == 1, case .level? = choices.first?.parts.first { margins.insert([]) }
                products = products.flatMap { product in
                    choices.map { Column(name: product.parts.isEmpty ? $0.name : "\(product.name):\($0.name)", parts: product.parts + $0.parts) }
                }
                if columns.count + products.count > Self.columnLimit {
                    throw SettingsError("the formula makes more than \(grouped(Self.columnLimit)) columns, which is the limit; leave terms out, or columns (--column NAME=ignored)")
                }
            }
            columns += products
        }
        self.columns = columns
    }

    private static func parts(_ factor: FormulaTerm.Factor, _ fitted: FittedColumns, isFull: Bool) -> [Column] {
        let name: String
        switch factor {
        case .column(let column) where fitted.categories[column] != nil, .category(let column): name = column
        case .column(let column): return [Column(name: column, parts: [.number(factor)])]
        default: return [Column(name: factor.description, parts: [.number(factor)])]
        }
        return fitted.categories[name]!.levels.dropFirst(isFull ? 0 : 1).map { Column(name: "\(name) = \($0)", parts: [.level(name, $0)]) }
    }

    /// The columns of tables that the terms read.
    var requiredColumns: [String] {
        var found: [String] = []
        for term in terms { for factor in term.factors { for name in Self.names(factor) where !found.contains(name) { found.append(name) } } }
        return found
    }

    private static func names(_ factor: FormulaTerm.Factor) -> [String] {
        switch factor {
        case .column(let name), .category(let name), .power(let name, _): [name]
        case .computed(let text): (try? Expression(text).names) ?? []
        }
    }

    // MARK: - Rows

    /// The table's cells that rows lack: for each row of `rows` the first used column that has no value there, nil where all have one.
    func missing(_ table: Table, rows: [Int]) throws(DataError) -> [String?] {
        var found = [String?](repeating: nil, count: rows.count)
        for name in requiredColumns {
            let place = try format.place(of: name, in: table, without: target)
            let isNumeric = fitted.numeric.contains(name)
            for (index, row) in rows.enumerated() where found[index] == nil {
                if isNumeric ? table.number(row: row, column: place) == nil : table.isMissing(row: row, column: place) { found[index] = name }
            }
        }
        return found
    }

    /// The matrix of rows that lack nothing, column by column.
    ///
    /// - Throws: `DataError` for columns that the table lacks, a level that the fitted rows did not have, a formula without a finite value.
    func matrix(_ table: Table, rows: [Int]) throws(DataError) -> [DesignColumn] {
        var numbers: [FormulaTerm.Factor: DesignColumn] = [:], levels: [String: [String]] = [:]
        for term in terms {
            for factor in term.factors {
                switch factor {
                case .column(let name) where fitted.categories[name] != nil, .category(let name):
                    if levels[name] == nil { levels[name] = try self.levels(name, table, rows) }
                default: if numbers[factor] == nil { numbers[factor] = try self.numbers(factor, table, rows) }
                }
            }
        }
        return columns.map { column in
            if column.parts.count == 1, case .number(let factor) = column.parts[0] {
                return numbers[factor]!.rests.isEmpty ? DesignColumn(column.name, numbers[factor]!.values) : DesignColumn(column.name, rows.indices.map { numbers[factor]![$0] })
            }
            let indicators = column.parts.compactMap { part -> (values: [String], level: String)? in if case .level(let name, let level) = part { (levels[name]!, level) } else { nil } }
            let factors = column.parts.compactMap { part -> DesignColumn? in if case .number(let factor) = part { numbers[factor]! } else { nil } }
            return DesignColumn(
                column.name,
                rows.indices.map { place -> DoubleDouble in
                    guard indicators.allSatisfy({ $0.values[place] == $0.level }) else { return DoubleDouble(0) }
                    return factors.reduce(DoubleDouble(1)) { $0 * $1[place] }
                })
        }
    }

    private func levels(_ name: String, _ table: Table, _ rows: [Int]) throws(DataError) -> [String] {
        let place = try format.place(of: name, in: table, without: target)
        let known = Set(fitted.categories[name]!.levels)
        var found: [String] = []
        for row in rows {
            let level = FittedColumns.level(table, row: row, column: place)
            guard known.contains(level) else {
                let list = fitted.categories[name]!.levels
                throw DataError(
                    file: table.file(ofRow: row), line: table.line(ofRow: row), column: name,
                    "column \(quoted(name)) is \(quoted(level)), which no fitted row had: \(list.prefix(10).joined(separator: ", "))\(list.count > 10 ? ", ..." : "")")
            }
            found.append(level)
        }
        return found
    }

    private func numbers(_ factor: FormulaTerm.Factor, _ table: Table, _ rows: [Int]) throws(DataError) -> DesignColumn {
        let name = factor.description
        func cells(_ column: String) throws(DataError) -> [Double] {
            let place = try format.place(of: column, in: table, without: target)
            return rows.map { table.number(row: $0, column: place) ?? .nan }
        }
        let plain: [Double]
        switch factor {
        case .column(let column), .category(let column): plain = try cells(column)
        case .power(let column, let exponent):
            // A power of scaled numbers, or an exact one.
            let base = try cells(column)
            guard let scale = scales[.column(column)] else { return DesignColumn(name, base.map { DoubleDouble($0).power(exponent) }) }
            return DesignColumn(name, base.map { DoubleDouble(($0 - scale.mean) / scale.deviation).power(exponent) })
        case .computed(let text): plain = try Self.values(of: text, table, rows, cells)
        }
        guard let scale = scales[factor] else { return DesignColumn(name, plain) }
        return DesignColumn(name, plain.map { ($0 - scale.mean) / scale.deviation })
    }

    /// The values of a formula of columns for each row.
    ///
    /// - Throws: `DataError` with the line of a row where it has none.
    static func values(of text: String, _ table: Table, _ rows: [Int], _ cells: (String) throws(DataError) -> [Double]) throws(DataError) -> [Double] {
        var inputs: [String: Tensor] = [:], read: [(name: String, values: [Double])] = []
        let found: [Double]
        do throws(ExpressionError) {
            let expression = try Expression(text)
            for name in expression.names {
                let values: [Double]
                do throws(DataError) { values = try cells(name) } catch { throw ExpressionError(source: text, place: 0..<1, reason: error.description) }
                inputs[name] = Tensor(float64: values)
                read.append((name, values))
            }
            let result = try expression(inputs)
            guard result.count == rows.count else {
                throw ExpressionError(source: text, place: 0..<text.count, reason: "it has \(result.count) values for \(rows.count) rows; each row needs one of its own")
            }
            found = result.doubles
        } catch { throw DataError(file: table.file, error.reason) }
        if let place = found.firstIndex(where: { !$0.isFinite }) {
            let values = read.map { "\($0.name) is \($0.values[place])" }.joined(separator: ", ")
            throw DataError(file: table.file(ofRow: rows[place]), line: table.line(ofRow: rows[place]), "\(text) has no finite value: \(values)")
        }
        return found
    }

    // MARK: - Fitting

    /// Scales numbers to a mean of 0 and a standard deviation of 1 over rows.
    mutating func scale(_ table: Table, rows: [Int]) throws(DataError) {
        for factor in Set(terms.flatMap(\.factors)) {
            let base: FormulaTerm.Factor
            switch factor {
            case .column(let name) where fitted.numeric.contains(name): base = factor
            case .power(let name, _): base = .column(name)
            case .computed: base = factor
            default: continue
            }
            guard scales[base] == nil else { continue }
            let values = try numbers(base, table, rows).values, mean = values.reduce(0, +) / Double(values.count)
            let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot()
            scales[base] = Scale(mean: mean, deviation: deviation > 0 ? deviation : 1)
        }
    }

    /// Leaves out columns.
    mutating func drop(_ names: Set<String>) { columns.removeAll { names.contains($0.name) } }
}

extension DesignMatrix {
    /// To be stored with a model.
    func toJSON() -> JSON {
        var object = JSON.Object()
        object["terms"] = JSON(terms.map(\.description))
        object["hasIntercept"] = .bool(hasIntercept)
        object["isFull"] = .bool(isFull)
        object["fitted"] = fitted.toJSON()
        object["columns"] = JSON(names)
        object["scales"] = .array(
            scales.sorted { $0.key.description < $1.key.description }.map { ["factor": .string($0.key.description), "mean": .number($0.value.mean), "deviation": .number($0.value.deviation)] })
        return .object(object)
    }

    /// One that was stored.
    init(json: JSONReader, format: TableFormat, target: String) throws(FormatError) {
        let texts = try json["terms"].strings(), others = format.names.filter { $0 != target }
        func term(_ text: String) throws(FormatError) -> FormulaTerm {
            do throws(ExpressionError) {
                guard case .linear(let terms) = try ModelFormula("\(FormulaTerm.written(target)) ~ \(text) - 1", columns: others + [target]).content, terms.count == 1 else {
                    throw ExpressionError(source: text, place: 0..<1, reason: "it is no term")
                }
                return terms[0]
            } catch { throw json["terms"].error("cannot be read: \(error.reason)") }
        }
        var terms: [FormulaTerm] = []
        for text in texts { terms.append(try term(text)) }
        let fitted = try FittedColumns(json: json["fitted"])
        for factor in terms.flatMap(\.factors) {
            if case .category(let name) = factor, fitted.categories[name] == nil { throw json["fitted"].error("lacks the levels of \(quoted(name))") }
        }
        let hasIntercept = try json["hasIntercept"].bool(), isFull = try json["isFull"].bool()
        do throws(SettingsError) {
            try self.init(terms, intercept: hasIntercept, isFull: isFull, fitted, format: format, target: target)
        } catch { throw json["terms"].error("\(error)") }
        let kept = try json["columns"].strings(), known = Set(names)
        guard kept.allSatisfy(known.contains) else { throw json["columns"].error("has columns that the terms don't make") }
        let wanted = Set(kept)
        drop(known.subtracting(wanted))
        for scale in try json["scales"].elements() {
            let text = try scale["factor"].string()
            guard let factor = try term(text).factors.first else { throw scale["factor"].error("is no factor") }
            scales[factor] = Scale(mean: try scale["mean"].double(), deviation: try scale["deviation"].double())
            if scales[factor]!.deviation <= 0 { throw scale["deviation"].error("is not positive") }
        }
    }
}
