import Descent

extension NumericCase {
    /// The names of the kinds that can be checked.
    public static var knownKinds: [String] { CaseKind.all.keys.sorted() }

    /// Computes the case through the library, in float64 and, where the case is marked so, again in float32, and compares.
    ///
    /// - Returns: a line for each quantity that differs: case, kind, quantity, expected, got. None: the case passes.
    public func failures() -> [String] {
        var lines = failures(in: .float64, tolerance)
        if isFloat32 { lines += failures(in: .float32, .float32) }
        return lines
    }

    private func failures(in dtype: DType, _ tolerance: Tolerance) -> [String] {
        let name = "\(id) (\(kind)\(dtype == .float32 ? ", float32" : ""))"
        guard let known = CaseKind.all[kind] else { return ["\(name): this program has no kind \"\(kind)\""] }
        let answers: Answers
        do {
            answers = try known.compute(CaseInputs(reader: inputs, dtype: dtype))
        } catch {
            return ["\(name): \(error)"]
        }
        var lines: [String] = []
        for (quantity, want) in expected.members {
            guard let answer = answers[quantity] else {
                lines.append("\(name): \(quantity): expected \(Comparison.text(want)), got nothing: this program does not compute it")
                continue
            }
            var comparison = Comparison(tolerance)
            comparison.compare(answer.json, want, quantity)
            // One line for each quantity: the first entry says enough.
            guard let first = comparison.mismatches.first else { continue }
            let others = comparison.mismatches.count - 1
            let rest = others == 0 ? "" : " (and \(others) more of its entries)"
            lines.append("\(name): \(first.quantity): expected \(first.expected), got \(first.found)\(rest)")
        }
        return lines
    }
}
