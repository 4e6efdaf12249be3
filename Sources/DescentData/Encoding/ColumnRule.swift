import DescentFormats

/// How one column becomes features: fitted on some rows, applied to any.
enum ColumnRule: Equatable {
    case number(NumberRule)
    case category(CategoryRule)
    case boolean(BooleanRule)
    case date(DateRule)
    case words(WordsRule)
    case scores(TextScoreRule)
    /// Not used, and why.
    case ignored(reason: String)

    /// The number of features that the column becomes.
    var width: Int {
        switch self {
        case .number(let rule): rule.width
        case .category(let rule): rule.width
        case .boolean(let rule): rule.width
        case .date(let rule): rule.width
        case .words(let rule): rule.width
        case .scores(let rule): rule.width
        case .ignored: 0
        }
    }

    /// Whether programs that know version 1 of a stored encoder know this rule.
    var isInFirstVersion: Bool {
        switch self {
        case .number, .category, .ignored: true
        case .boolean, .date, .words, .scores: false
        }
    }

    /// The features' names.
    func featureNames(_ column: String) -> [String] {
        switch self {
        case .number(let rule): rule.featureNames(column)
        case .category(let rule): rule.featureNames(column)
        case .boolean(let rule): rule.featureNames(column)
        case .date(let rule): rule.featureNames(column)
        case .words(let rule): rule.featureNames(column)
        case .scores(let rule): rule.featureNames(column)
        case .ignored: []
        }
    }
}

extension ColumnRule {
    /// The error about a cell that is not of its column's kind.
    static func invalidCellError(_ table: Table, row: Int, column: Int, name: String, expected: String) -> DataError {
        DataError(
            file: table.file(ofRow: row), line: table.line(ofRow: row), column: name,
            "column \(quoted(name)) is \(quoted(table.text(row: row, column: column))), \(expected). "
                + "Fix the cell, or use --invalid-cells missing")
    }
}

/// A number: perhaps its logarithm, then standardised; missing ones are filled with the median.
package struct NumberRule: Equatable {
    /// Filled in where missing, in the column's own unit.
    let median: Double
    /// Where set, the number x is taken as log(1 + x / unit).
    package let logarithmUnit: Double?
    /// Of what is standardised.
    package let mean: Double
    /// Of what is standardised; 0 where all present numbers are the same, which makes no feature.
    let deviation: Double
    /// Whether a second feature is 1 where the number is missing.
    let marksMissing: Bool

    /// Standardised values are kept within this, so that a wild number at prediction cannot overflow.
    package static let limit = 50.0

    var width: Int { (deviation > 0 ? 1 : 0) + (marksMissing ? 1 : 0) }

    func featureNames(_ column: String) -> [String] {
        (deviation > 0 ? [column] : []) + (marksMissing ? ["\(column) missing"] : [])
    }

    /// Writes the features of one cell (`nil`: missing).
    func write(_ value: Double?, into output: UnsafeMutableBufferPointer<Float>) {
        var next = 0
        if deviation > 0 {
            let standard = (scaled(value ?? median) - mean) / deviation
            output[next] = Float(min(max(standard, -Self.limit), Self.limit))
            next += 1
        }
        if marksMissing { output[next] = value == nil ? 1 : 0 }
    }

    func scaled(_ value: Double) -> Double {
        guard let unit = logarithmUnit else { return value }
        return logarithm1p(max(value, 0) / unit)
    }

    /// Fits the rule to the numbers present, of which there is at least one.
    ///
    /// - Throws: The largest number in magnitude, where their squares overflow.
    package init(fitting values: [Double], marksMissing: Bool) throws(Overflow) {
        let sorted = values.sorted()
        let middle = sorted.count / 2
        median = sorted.count % 2 == 1 ? sorted[middle] : sorted[middle - 1] / 2 + sorted[middle] / 2
        self.marksMissing = marksMissing
        let plain = Moments(values)
        var chosen = plain
        var chosenUnit: Double?
        // A long tail to the right of 0: the logarithm, counted in the median, if it halves the skewness.
        if sorted[0] >= 0, plain.skewness > 1, let firstPositive = sorted.firstIndex(where: { $0 > 0 }) {
            let unit = sorted[(firstPositive + sorted.count) / 2]
            let logarithms = Moments(values.map { logarithm1p($0 / unit) })
            if abs(logarithms.skewness) < plain.skewness / 2 {
                chosen = logarithms
                chosenUnit = unit
            }
        }
        logarithmUnit = chosenUnit
        mean = chosen.mean
        deviation = sorted[0] == sorted[sorted.count - 1] ? 0 : chosen.deviation
        guard mean.isFinite, deviation.isFinite else {
            throw Overflow(value: -sorted[0] > sorted[sorted.count - 1] ? sorted[0] : sorted[sorted.count - 1])
        }
    }

    /// The same rule, with other moments of what is standardised.
    func standardised(mean: Double, deviation: Double) -> NumberRule {
        NumberRule(median: median, logarithmUnit: logarithmUnit, mean: mean, deviation: deviation, marksMissing: marksMissing)
    }

    private init(median: Double, logarithmUnit: Double?, mean: Double, deviation: Double, marksMissing: Bool) {
        self.median = median
        self.logarithmUnit = logarithmUnit
        self.mean = mean
        self.deviation = deviation
        self.marksMissing = marksMissing
    }

    package struct Overflow: Error {
        let value: Double
    }

    init(json: JSONReader) throws(FormatError) {
        median = try json["median"].double()
        logarithmUnit = json["logarithmUnit"].exists ? try json["logarithmUnit"].double() : nil
        mean = try json["mean"].double()
        deviation = try json["deviation"].double()
        marksMissing = try json["marksMissing"].bool()
        if deviation < 0 { throw json["deviation"].error("is negative") }
        if let unit = logarithmUnit, unit <= 0 { throw json["logarithmUnit"].error("is not positive") }
    }

    var json: JSON {
        [
            "kind": "number", "median": .number(median), "logarithmUnit": logarithmUnit.map(JSON.number) ?? nil,
            "mean": .number(mean), "deviation": .number(deviation), "marksMissing": .bool(marksMissing),
        ]
    }
}

/// A category: one feature per value that is 1 where the cell has it. Rare values share a slot, and so do missing
/// cells. Of two slots, one feature is enough.
struct CategoryRule: Equatable {
    /// The part of the text that is the category.
    let part: TextPart
    /// Values frequent enough for a slot of their own, the most frequent first.
    let values: [String]
    /// Whether there is a slot for all other values: when enough training rows had one, so that it was trained.
    let hasOther: Bool
    /// Whether there is a slot for missing cells, likewise.
    let hasMissing: Bool
    /// How the training rows were spread over the slots. A cell that fits no slot is written as this: as the average
    /// row, since a slot that no training row had would carry an untrained weight.
    let shares: [Double]
    private let index: [String: Int]

    var slotCount: Int { values.count + (hasOther ? 1 : 0) + (hasMissing ? 1 : 0) }

    var width: Int { slotCount == 2 ? 1 : slotCount }

    func featureNames(_ column: String) -> [String] {
        let slots =
            values.map { "\(column) = \($0)" } + (hasOther ? ["\(column) other"] : [])
            + (hasMissing ? ["\(column) missing"] : [])
        return Array(slots.suffix(width))
    }

    /// Writes the features of one cell (`nil`: missing).
    func write(_ text: String?, into output: UnsafeMutableBufferPointer<Float>) {
        let skipped = slotCount - width
        let slot = slot(of: text)
        for feature in 0..<width {
            output[feature] = slot.map { $0 == feature + skipped ? 1 : 0 } ?? Float(shares[feature + skipped])
        }
    }

    private func slot(of text: String?) -> Int? {
        guard let text else { return hasMissing ? slotCount - 1 : hasOther ? values.count : nil }
        if let value = part.of(text), let slot = index[value] { return slot }
        return hasOther ? values.count : nil
    }

    /// Fits the rule to counted values: those in fewer than `minimum` rows are "other".
    init(fitting counts: TextCounts, part: TextPart, minimum: Int) {
        let frequent = counts.counts.filter { $0.value >= minimum && !$0.key.isEmpty }
            .sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        self.part = part
        values = frequent.map(\.key)
        index = Self.index(values)
        hasMissing = counts.missingCount >= minimum
        // Missing cells without a slot of their own are as good as any other rare value.
        var others = counts.presentCount - frequent.reduce(0) { $0 + $1.value }
        if !hasMissing { others += counts.missingCount }
        hasOther = others >= minimum
        let slots = frequent.map(\.value) + (hasOther ? [others] : []) + (hasMissing ? [counts.missingCount] : [])
        let total = Double(max(slots.reduce(0, +), 1))
        shares = slots.map { Double($0) / total }
    }

    init(json: JSONReader) throws(FormatError) {
        let name = try json["part"].string()
        guard let part = TextPart(rawValue: name) else {
            throw json["part"].error("is \(quoted(name)), which is unknown")
        }
        self.part = part
        values = try json["values"].strings()
        hasOther = try json["hasOther"].bool()
        hasMissing = try json["hasMissing"].bool()
        shares = try json["shares"].doubles()
        index = Self.index(values)
        if index.count != values.count { throw json["values"].error("has a value twice") }
        if shares.count != slotCount { throw json["shares"].error("has \(shares.count) numbers, not \(slotCount)") }
    }

    var json: JSON {
        [
            "kind": "category", "part": .string(part.rawValue), "values": JSON(values), "hasOther": .bool(hasOther),
            "hasMissing": .bool(hasMissing), "shares": JSON(shares),
        ]
    }

    private static func index(_ values: [String]) -> [String: Int] {
        Dictionary(values.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    }
}
