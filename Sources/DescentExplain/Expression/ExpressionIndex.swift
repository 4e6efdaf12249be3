import DescentCore

/// One entry of an index as NumPy has them, `0`, `-1`, `1:3`, `::2`, `:`, `None` or `...`, and where it stands.
struct ExpressionIndex: Sendable {
    let entry: TensorIndex
    /// "1:3"
    let text: String
    /// In characters of the source, from 0.
    let place: Range<Int>

    /// Whether it is about an axis of the value.
    private var takesAxis: Bool {
        switch entry {
        case .others, .inserted: false
        default: true
        }
    }

    /// Why entries don't fit a shape, and where; nil where they do.
    static func misfit(_ entries: [ExpressionIndex], _ shape: [Int]) -> (reason: String, place: Range<Int>)? {
        let named = entries.filter(\.takesAxis)
        if named.count > shape.count {
            let found = shape.isEmpty ? "the value is a single number, of which there are no parts" : "the shape \(shape) has \(counted(shape.count, "axis", "axes")), so this index is one too many"
            return (found, named[shape.count].place)
        }
        var axis = 0
        for item in entries {
            switch item.entry {
            case .others: axis = shape.count - entries[(entries.firstIndex { $0.place == item.place }! + 1)...].count(where: \.takesAxis)
            case .inserted: break
            case .at(let number):
                let size = shape[axis]
                if !(-size..<size).contains(number) {
                    let range = size == 1 ? "0 or -1" : "0 to \(size - 1), or from the end -1 to -\(size)"
                    return ("index \(number) is outside of axis \(axis) of the shape \(shape): \(range)", item.place)
                }
                axis += 1
            case .range(let from, let to, let step):
                if count(from, to, step, of: shape[axis]) == 0 {
                    return ("\(item.text) takes nothing of axis \(axis) of the shape \(shape)", item.place)
                }
                axis += 1
            default: axis += 1
            }
        }
        return nil
    }

    /// How many members a range takes of an axis: Python's `slice.indices`.
    private static func count(_ from: Int?, _ to: Int?, _ step: Int, of size: Int) -> Int {
        let low = step > 0 ? 0 : -1, high = step > 0 ? size : size - 1
        func place(_ number: Int?, _ otherwise: Int) -> Int { number.map { min(max($0 < 0 ? $0 + size : $0, low), high) } ?? otherwise }
        let start = place(from, step > 0 ? low : high), end = place(to, step > 0 ? high : low)
        return step > 0 ? max(0, (end - start + step - 1) / step) : max(0, (start - end - step - 1) / -step)
    }

    private static func counted(_ count: Int, _ one: String, _ several: String) -> String { "\(count) \(count == 1 ? one : several)" }
}

extension ExpressionFunction {
    /// Parts of a value: `W[0, :]`.
    static func index(_ entries: [ExpressionIndex]) -> ExpressionFunction {
        let text = "[\(entries.map(\.text).joined(separator: ", "))]"
        return ExpressionFunction(
            text, isElementwise: false, notation: .suffix, misfit: { _ in nil }, misplaced: { ExpressionIndex.misfit(entries, $0[0]) }
        ) { $0[0].part(entries.map(\.entry)) }
    }

    /// All axes in reverse order: `W.T`.
    static let transposed = ExpressionFunction(".T", isElementwise: false, notation: .suffix, misfit: { _ in nil }) { values in
        let rank = values[0].rank
        return rank < 2 ? values[0].reshaped(to: values[0].shape) : (0..<rank / 2).reduce(values[0]) { $0.swappingAxes($1, rank - 1 - $1) }
    }
}

extension ExpressionParser {
    /// `W[0, :]`, where W has been read and [ comes next.
    mutating func indexed(_ node: Expression.Node) throws(ExpressionError) -> Expression.Node {
        let opening = token.place
        next += 1
        if token.kind == .symbol("]") {
            throw error("an index is missing here, such as 0, -1 or 1:3", at: opening.lowerBound..<token.place.upperBound)
        }
        var entries: [ExpressionIndex] = []
        repeat {
            let entry = try indexEntry(opening)
            if case .others = entry.entry, entries.contains(where: { if case .others = $0.entry { true } else { false } }) {
                throw error("... can stand only once in an index", at: entry.place)
            }
            entries.append(entry)
        } while take(",") != nil
        guard take("]") != nil else { throw unclosed(opening, "[", "]") }
        return Expression.Node(form: .call(.index(entries), [node]), place: node.place.lowerBound..<tokens[next - 1].place.upperBound)
    }

    private mutating func indexEntry(_ opening: Range<Int>) throws(ExpressionError) -> ExpressionIndex {
        let start = token.place
        func made(_ entry: TensorIndex, _ text: String) -> ExpressionIndex {
            ExpressionIndex(entry: entry, text: text, place: start.lowerBound..<tokens[next - 1].place.upperBound)
        }
        if token.kind == .name("None") {
            next += 1
            return made(.inserted, "None")
        }
        if take("...") != nil { return made(.others, "...") }
        let from = try wholeNumber()
        guard take(":") != nil else {
            if let from { return made(.at(from), "\(from)") }
            if token.kind == .end || token.kind == .symbol(";") { throw unclosed(opening, "[", "]") }
            throw error("an index is a whole number such as 0 or -1, or a range such as 1:3", at: token.place)
        }
        let to = try wholeNumber()
        var step = 1
        if take(":") != nil {
            let place = token.place
            step = try wholeNumber() ?? 1
            if step == 0 { throw error("a step of 0 leads nowhere; 1 takes every one, -1 goes backwards", at: place) }
        }
        let text = "\(from.map(String.init) ?? ""):\(to.map(String.init) ?? "")\(step == 1 ? "" : ":\(step)")"
        return made(from == nil && to == nil && step == 1 ? .whole : .range(from: from, to: to, step: step), text)
    }
}
