import Descent

/// Predictions as lines of text beside the rows that they are for.
struct PredictionListing {
    private let target: TargetEncoder
    private let format: RowFormat
    private let separator: String
    private let hasHeader: Bool
    private let names: [String]
    /// The input's columns that are repeated.
    private let columns: [Int]
    private let probabilities: Bool
    /// The number of classes listed beside their probabilities; `nil` for the answer alone.
    private let top: Int?
    private let withErrors: Bool

    init(
        columns names: [String], hasHeader: Bool, target: TargetEncoder, format: RowFormat, brief: Bool, probabilities: Bool, top: Int?,
        withErrors: Bool
    ) {
        (self.names, self.hasHeader, self.target, self.format) = (names, hasHeader, target, format)
        separator = format == .tsv ? "\t" : ","
        columns = brief ? names.indices.filter { names[$0] == target.name } : Array(names.indices)
        let isNumber = target.task == .regression
        self.probabilities = probabilities && !isNumber
        self.top = isNumber ? nil : top.map { Swift.min($0, target.classes.count) }
        self.withErrors = withErrors
    }

    /// Lines for rows, each ended; before them, where one is wanted and the input has one, the header.
    func text(_ rows: ArraySlice<AnsweredRow>, header: Bool) throws -> String {
        var text = header && hasHeader && format != .jsonl ? line(self.header) : ""
        for row in rows { text += try format == .jsonl ? json(row).text() + "\n" : line(cells(row)) }
        return text
    }

    private func line(_ cells: [String]) -> String { cells.map(field).joined(separator: separator) + "\n" }

    private func field(_ text: String) -> String {
        // A tabulator within a field needs quotes where it separates fields.
        guard format == .tsv, text.utf8.contains(0x09) else { return CSVLine.field(text) }
        return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    // MARK: - Fields

    private var header: [String] {
        let repeated = columns.map { names[$0] }
        var added = ["prediction"]
        if target.task != .regression { added.append("probability") }
        if let top, top > 1 { added += (2...top).flatMap { ["prediction \($0)", "probability \($0)"] } }
        if probabilities { added += target.classes.map { "probability of \($0)" } }
        if withErrors { added.append("error") }
        return repeated + added.map { repeated.contains($0) ? "\($0) of \(target.name)" : $0 }
    }

    private func cells(_ row: AnsweredRow) -> [String] {
        var cells = columns.map { row.text(column: $0) }
        switch row.answer {
        case .value(let value)?: cells.append(abs(value) < 1e30 ? "\(Float(value))" : "\(value)")
        case .label(_, let all)?:
            let order = ranked(all, Swift.max(top ?? 1, 1))
            for label in order { cells += [target.classes[label], rounded(all[label])] }
            if probabilities { cells += all.map(rounded) }
        case nil: cells += [String](repeating: "", count: header.count - cells.count - (withErrors ? 1 : 0))
        }
        if withErrors { cells.append(row.error ?? "") }
        return cells
    }

    private func rounded(_ probability: Float) -> String { "\((probability * 10_000).rounded() / 10_000)" }

    /// The most probable labels; of equal ones the first class's comes first.
    private func ranked(_ probabilities: [Float], _ count: Int) -> [Int] {
        Array(probabilities.indices.sorted { (probabilities[$1], $0) < (probabilities[$0], $1) }.prefix(count))
    }

    // MARK: - JSON

    private func json(_ row: AnsweredRow) -> JSON {
        var object = JSON.Object()
        object["line"] = .integer(Int64(row.line))
        switch row.answer {
        case .value(let value)?: object["prediction"] = .number(value)
        case .label(let label, let all)?:
            object["prediction"] = .string(target.classes[label])
            object["probability"] = JSON(all[label])
            if let top {
                object["top"] = .array(ranked(all, top).map { ["class": .string(target.classes[$0]), "probability": JSON(all[$0])] })
            }
            if probabilities {
                var members = JSON.Object()
                for (name, probability) in zip(target.classes, all) { members[name] = JSON(probability) }
                object["probabilities"] = .object(members)
            }
        case nil:
            object["prediction"] = .null
            object["error"] = .string(row.error ?? "")
        }
        return .object(object)
    }
}
