import DescentFormats

extension TableEncoder {
    /// The names of all columns of the training file but the target, used or not.
    public var columnNames: [String] { columns.map(\.name) }

    /// The columns that are used, each with the places of its features.
    public var featureRanges: [(column: String, features: Range<Int>)] {
        var ranges: [(column: String, features: Range<Int>)] = []
        var first = 0
        for column in columns where column.rule.width > 0 {
            ranges.append((column.name, first..<first + column.rule.width))
            first += column.rule.width
        }
        return ranges
    }
}

/// Counts the cells of categories whose value has no feature of its own, since it was rare or absent in training: they are written as
/// "other" or, without such a slot, as the average row.
public struct UnseenCategories: Sendable {
    /// The unseen categories of a column.
    public struct Column: Equatable, Sendable {
        /// The column's name.
        public let name: String
        /// How many cells.
        public internal(set) var cells = 0
        /// The first few different values.
        public internal(set) var examples: [String] = []
    }

    /// The columns with such cells.
    public var columns: [Column] { found.filter { $0.cells > 0 } }

    private let rules: [(name: String, part: TextPart, known: Set<String>)]
    private var found: [Column]
    private static let exampleLimit = 3

    /// For a model without such categories.
    public init() { (rules, found) = ([], []) }

    /// Nothing found yet.
    public init(_ encoder: TableEncoder) {
        rules = encoder.columns.compactMap { column in
            guard case .category(let rule) = column.rule, rule.width > 0 else { return nil }
            return (column.name, rule.part, Set(rule.values))
        }
        found = rules.map { Column(name: $0.name) }
    }

    /// Looks at rows of a table. Missing cells do not count, nor do columns that the table has not.
    public mutating func count(in table: Table, rows: Range<Int>) {
        for (index, rule) in rules.enumerated() {
            guard let place = table.names.firstIndex(of: rule.name) else { continue }
            for row in rows where !table.isMissing(row: row, column: place) {
                let text = table.text(row: row, column: place)
                if rule.part.of(text).map({ rule.known.contains($0) }) ?? false { continue }
                found[index].cells += 1
                if found[index].examples.count < Self.exampleLimit, !found[index].examples.contains(text) { found[index].examples.append(text) }
            }
        }
    }
}
