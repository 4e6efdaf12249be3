import DescentData
import DescentTrain

/// Lines that network training and classical fits of tables have in common.
package enum TableLines {
    /// The most columns that are all listed.
    private static let columnLimit = 20

    /// What was read, who made it where it is built in, and what is predicted.
    package static func reading(_ table: Table, attribution: String?, target: String, isTaskGuessed: Bool) -> [String] {
        let header = table.hasHeader ? "" : ", no header (columns are called by number)"
        var lines = ["Read \(table.file): \(grouped(table.rowCount)) rows, \(table.columnCount) columns\(header)."]
        lines += table.notices.map { $0.prefix(1).uppercased() + $0.dropFirst() + "." }
        if let attribution { lines.append(attribution + ".") }
        lines.append("Target \(target)" + (isTaskGuessed ? " (guessed; --task changes it)." : "."))
        return lines
    }

    /// What becomes of each column; of many the first ones.
    package static func columns(_ notes: [String], heading: String = "Columns, as fitted on the training rows:") -> [String] {
        let shown = notes.count > columnLimit ? columnLimit / 2 : notes.count
        let more = shown < notes.count ? ["  ... and \(notes.count - shown) more (descent inspect lists them)"] : []
        return [heading] + notes.prefix(shown).map { "  " + $0 } + more
    }

    /// The metrics of what was held out.
    package static func heldOut<Settings>(_ record: ModelRecord<Settings>) -> [String] {
        guard let heldOut = record.heldOut, !record.metrics.isEmpty else { return ["Nothing was held out, so there is no test metric (--test-fraction)."] }
        return ["On the \(heldOut) held out:"] + record.lines.map { "  " + $0 }
    }
}
