import DescentCore

/// Values for names, as text: `x=0.5, W=[[1, 2], [3, 4]], b=-1e-3, angle=pi/4`.
public enum ArgumentValues {
    /// Reads the values, as float64.
    ///
    /// - Throws: `ExpressionError`, with the place marked: a name without `=`, a name given twice, a value that is no number, vector or matrix.
    public static func read(_ text: String) throws(ExpressionError) -> [(name: String, value: Tensor)] {
        let characters = Array(text)
        var found: [(name: String, value: Tensor)] = [], start = 0, depth = 0
        for place in 0...characters.count {
            if place < characters.count {
                if "[(".contains(characters[place]) { depth += 1 }
                if "])".contains(characters[place]) { depth -= 1 }
                guard depth <= 0, ",;".contains(characters[place]) else { continue }
            }
            let part = start..<place
            start = place + 1
            if characters[part].allSatisfy(\.isWhitespace) {
                if place == characters.count, found.isEmpty || part.isEmpty { continue }
                throw ExpressionError(source: text, place: part, reason: "a value is missing here: name=number")
            }
            let entry = try entry(characters, part, text)
            if found.contains(where: { $0.name == entry.name }) {
                throw ExpressionError(source: text, place: part, reason: "\(entry.name) has a value already")
            }
            found.append(entry)
        }
        return found
    }

    private static func entry(_ characters: [Character], _ part: Range<Int>, _ text: String) throws(ExpressionError) -> (name: String, value: Tensor) {
        guard let equals = characters[part].firstIndex(of: "=") else {
            throw ExpressionError(source: text, place: part, reason: "name=value is meant here")
        }
        let name = String(characters[part.lowerBound..<equals].drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
        guard let first = name.first, first.isLetter || first == "_", name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" }) else {
            throw ExpressionError(source: text, place: part.lowerBound..<equals, reason: "\"\(name)\" is not a name: letters, digits and _ only, a letter first")
        }
        let value = (equals + 1)..<part.upperBound
        do throws(ExpressionError) {
            let expression = try Expression(String(characters[value]))
            if let other = expression.names.first {
                throw ExpressionError(source: "", place: 0..<0, reason: "\"\(other)\" is not a number; a value is a number, [1, 2] or [[1, 2], [3, 4]]")
            }
            let tensor = try expression([:])
            if let bad = tensor.doubles.first(where: { !$0.isFinite }) {
                throw ExpressionError(source: "", place: 0..<0, reason: "the value of \(name) is \(short(bad)), which no graph can be followed through")
            }
            return (name, tensor)
        } catch {
            // The place within the value becomes one within the whole text.
            let place = error.source.isEmpty ? value : (error.place.lowerBound + value.lowerBound)..<(error.place.upperBound + value.lowerBound)
            throw ExpressionError(source: text, place: place, reason: error.reason)
        }
    }
}
