/// Which of some columns are a text and its class, by what stands in them.
struct TextColumns: Equatable {
    /// The number of the column of the texts.
    let text: Int
    /// The number of the column of the classes; `nil` where none is told from the others.
    let label: Int?
    /// Columns that may say something too: neither the text nor the class, nor empty, constant or a row's name.
    let others: [Int]

    /// The most words of a class, and its most characters.
    private static let labelWords = 4, labelLength = 60
    /// The most different numbers that are classes.
    private static let numberLimit = 20
    /// From so many words on, or characters where there are no spaces, a column is of texts.
    private static let textWords = 2.5, textLength = 20.0
    /// What columns of classes are usually called; the first that is there is taken.
    private static let labelNames = ["label", "labels", "class", "category", "target", "sentiment", "polarity", "topic", "intent", "tag", "tags", "genre", "type", "y", "v1"]

    /// - Parameters:
    ///   - names: The columns' names.
    ///   - rows: Some rows, each a cell for each column.
    ///   - target: The column of the classes, where it is known.
    ///   - textColumn: The column of the texts, where it is known.
    init?(names: [String], rows: [[String]], target: Int? = nil, textColumn: Int? = nil) {
        let columns = names.indices.map { place in Column(rows.map { $0[place] }) }
        let texts = columns.indices.filter { $0 != target && columns[$0].isText }
        guard let text = textColumn ?? texts.max(by: { columns[$0].length < columns[$1].length }) else { return nil }
        let possible = columns.indices.filter { $0 != text && columns[$0].isLabel }
        let named = Self.labelNames.lazy.compactMap { name in possible.first { names[$0].lowercased() == name } }.first
        label = target.flatMap { columns[$0].isClass ? $0 : nil } ?? (target != nil ? nil : named ?? (possible.count == 1 ? possible[0] : nil))
        let chosen = label
        self.text = text
        others = columns.indices.filter { $0 != text && $0 != chosen && columns[$0].isUseful }
    }

    /// What a column looks like.
    private struct Column {
        let count: Int
        let distinct: Int
        let words: Double
        let length: Double
        let longest: (words: Int, length: Int)
        let areNumbers: Bool

        init(_ cells: [String]) {
            let present = cells.filter { !$0.isEmpty }
            (count, distinct) = (present.count, Set(present).count)
            areNumbers = present.allSatisfy { Double($0) != nil }
            let sizes = present.map { (words: $0.split(whereSeparator: \.isWhitespace).count, length: $0.unicodeScalars.count) }
            words = Double(sizes.reduce(0) { $0 + $1.words }) / Double(Swift.max(count, 1))
            length = Double(sizes.reduce(0) { $0 + $1.length }) / Double(Swift.max(count, 1))
            longest = (sizes.map(\.words).max() ?? 0, sizes.map(\.length).max() ?? 0)
        }

        var isText: Bool { distinct * 2 > count && (words >= TextColumns.textWords || length >= TextColumns.textLength && words >= 1) }
        /// Whether values repeat enough to be classes, in a column that is said to hold them.
        var isClass: Bool { distinct >= 2 && distinct * 2 <= count && isShort }
        /// Numbers of many sizes are to be predicted as numbers.
        private var isShort: Bool { !(areNumbers && distinct > TextColumns.numberLimit) && longest.words <= TextColumns.labelWords && longest.length <= TextColumns.labelLength }
        var isLabel: Bool { TextColumns.areLabels(distinct: distinct, count: count) && isShort }
        /// Not empty, constant, or different in nearly every row, as numbers and names of rows are.
        var isUseful: Bool { distinct > 1 && distinct * 10 < count * 9 }
    }

    /// Whether values that repeat this often are classes: each four times, or in very small files twice.
    static func areLabels(distinct: Int, count: Int) -> Bool { distinct >= 2 && distinct * (count < 20 ? 2 : 4) <= count }

    /// Whether a value may be a class by its length.
    static func isLabel(_ value: String) -> Bool { value.count <= labelLength && value.split(whereSeparator: \.isWhitespace).count <= labelWords }
}
