import Descent

/// Predictions as lines of text beside the rows that they are for.
struct PredictionListing {
    let table: Table
    let target: TargetEncoder
    /// The file's columns that are repeated.
    private let columns: [Int]

    init(table: Table, target: TargetEncoder, brief: Bool) {
        self.table = table
        self.target = target
        columns = brief ? table.names.indices.filter { table.names[$0] == target.name } : Array(table.names.indices)
    }

    /// All rows as CSV, with a header where the file has one; without the last line's end.
    func csv(rows: [Int], _ answers: [Prediction]) -> String {
        var lines: [String] = []
        lines.reserveCapacity(rows.count + 1)
        if table.hasHeader {
            let repeated = columns.map { table.names[$0] }
            let added = (target.task == .regression ? ["prediction"] : ["prediction", "probability"])
                .map { repeated.contains($0) ? "\($0) of \(target.name)" : $0 }
            lines.append((repeated + added).map(Self.field).joined(separator: ","))
        }
        for (row, answer) in zip(rows, answers) {
            let cells = columns.map { Self.field(table.text(row: row, column: $0)) }
            lines.append((cells + words(answer).map(Self.field)).joined(separator: ","))
        }
        return lines.joined(separator: "\n")
    }

    /// One row for machines.
    func json(row: Int, _ answer: Prediction) -> JSON {
        switch answer {
        case .value(let value): return ["line": .integer(Int64(table.line(ofRow: row))), "prediction": .number(value)]
        case .label(let label, let probabilities):
            var all = JSON.Object()
            for (name, probability) in zip(target.classes, probabilities) { all[name] = JSON(probability) }
            return [
                "line": .integer(Int64(table.line(ofRow: row))), "prediction": .string(target.classes[label]),
                "probability": JSON(probabilities[label]), "probabilities": .object(all),
            ]
        }
    }

    private func words(_ answer: Prediction) -> [String] {
        switch answer {
        case .value(let value): [abs(value) < 1e30 ? "\(Float(value))" : "\(value)"]
        case .label(let label, let probabilities): [target.classes[label], "\((probabilities[label] * 10_000).rounded() / 10_000)"]
        }
    }

    /// A field as RFC 4180 has it: in quotes where it must be.
    private static func field(_ text: String) -> String {
        let needsQuotes = text.utf8.contains { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") || $0 == 0x0A || $0 == 0x0D }
        guard needsQuotes || text.first == " " || text.last == " " else { return text }
        return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
