import DescentCore

/// A tensor in a line: all numbers where they are few, else its shape with mean and spread.
func text(of value: Tensor, most: Int = 6, digits: Int = 6) -> String {
    let numbers = value.doubles
    if value.shape.isEmpty { return short(numbers[0], digits: digits) }
    if numbers.count > most || numbers.isEmpty {
        guard !numbers.isEmpty else { return "\(value.shape)" }
        let mean = numbers.reduce(0, +) / Double(numbers.count)
        let spread = (numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(numbers.count)).squareRoot()
        return "\(value.shape) mean \(short(mean, digits: 4)), spread \(short(spread, digits: 4))"
    }
    return nested(numbers[...], value.shape[...]) { short($0, digits: digits) }
}

private func nested(_ numbers: ArraySlice<Double>, _ shape: ArraySlice<Int>, _ text: (Double) -> String) -> String {
    guard let count = shape.first else { return text(numbers[numbers.startIndex]) }
    let size = numbers.count / max(count, 1)
    let parts = (0..<count).map { index in
        nested(numbers[(numbers.startIndex + index * size)..<(numbers.startIndex + (index + 1) * size)], shape.dropFirst(), text)
    }
    return "[" + parts.joined(separator: ", ") + "]"
}

/// Columns of text, each as wide as its widest cell, the last without trailing space.
struct TextColumns {
    private var rows: [[String]] = []

    init(_ head: [String]) { rows = [head] }

    mutating func add(_ row: [String]) { rows.append(row) }

    /// The lines. Columns at these places are right-aligned.
    func lines(right: Set<Int> = []) -> [String] {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            var line = row.indices.map { column in
                let space = String(repeating: " ", count: widths[column] - row[column].count)
                return right.contains(column) ? space + row[column] : row[column] + space
            }.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line
        }
    }
}
