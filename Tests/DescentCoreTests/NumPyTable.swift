import DescentCore
import Foundation

/// The table of docs/FROM_NUMPY.md: what NumPy and PyTorch call it, and code of ours that does it. Each row's code is a closure, so it compiles and runs; the
/// text of the page is read from the line of the source that it stands on.
struct NumPyTable {
    struct Row {
        let section: String
        let numPy: String, torch: String
        /// Nil where there is no counterpart; `text` says then what to do.
        let code: (() -> Any)?
        let text: String
    }
    private(set) var rows: [Row] = []
    private var name = ""
    private let lines: [Substring]

    init(source: String) throws { lines = try String(contentsOfFile: source, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false) }

    mutating func section(_ name: String) { self.name = name }

    /// A row. The closure stands on the line of the call.
    mutating func row(_ numPy: String, _ torch: String, line: Int = #line, _ code: @escaping () -> Any) {
        let text = lines[line - 1]
        guard let start = text.range(of: "\") { "), text.hasSuffix(" }") else { fatalError("Line \(line) is not a row on one line.") }
        rows.append(Row(section: name, numPy: numPy, torch: torch, code: code, text: "`\(text[start.upperBound...].dropLast(2))`"))
    }

    /// A row without a counterpart.
    mutating func none(_ numPy: String, _ torch: String, _ sentence: String) {
        rows.append(Row(section: name, numPy: numPy, torch: torch, code: nil, text: sentence))
    }

    /// The page.
    var page: String {
        var text = """
            # From NumPy and PyTorch

            What it is called there, and what to write here: search this page for the name you know. Each line of Swift is compiled and run by a test
            (`Tests/DescentCoreTests/NumPyTableTests.swift`), which also makes this page. In it `x` and `y` are matrices, `v` and `w` vectors, `m` is a square matrix, `i` holds
            indices, `k` integers, `mask` bools, and `random` is a `Random(seed: 0)`. Axes count from 0, or from the end with -1. Operations are lazy and can be
            differentiated; a tensor is never changed in place.

            """
        var section = ""
        for row in rows {
            if row.section != section {
                section = row.section
                text += "\n## \(section)\n\n| NumPy | PyTorch | Descent |\n|---|---|---|\n"
            }
            // A bar would end the cell, in code too.
            let cells = [row.numPy, row.torch].map { $0.isEmpty ? "" : "`\($0)`" } + [row.text]
            text += "|" + cells.map { $0.isEmpty ? " |" : " " + $0.replacingOccurrences(of: "|", with: "\\|") + " |" }.joined() + "\n"
        }
        return text
    }
}
