import Descent

/// The inputs of a case, as tensors of the element type in which it is checked. What is missing or of the wrong shape is an error that
/// names its place in the file.
struct CaseInputs {
    let reader: JSONReader
    /// float64 or float32.
    let dtype: DType

    /// Whether an input is there and not null.
    func has(_ name: String) -> Bool { reader[name].exists }

    /// A whole number.
    func int(_ name: String) throws(FormatError) -> Int { try reader[name].int() }
    /// A whole number of at least 0.
    func count(_ name: String) throws(FormatError) -> Int {
        let value = try int(name)
        if value < 0 { throw error(name, "is \(value); it must be at least 0") }
        return value
    }
    /// A number.
    func number(_ name: String) throws(FormatError) -> Double { try reader[name].double() }
    /// A text.
    func text(_ name: String) throws(FormatError) -> String { try reader[name].string() }
    /// Texts.
    func texts(_ name: String) throws(FormatError) -> [String] { try reader[name].strings() }
    /// Yes or no; no where it is absent.
    func flag(_ name: String) throws(FormatError) -> Bool { has(name) ? try reader[name].bool() : false }

    /// Whole numbers, each in `range`.
    func ints(_ name: String, in range: Range<Int>? = nil) throws(FormatError) -> [Int] { try Self.ints(reader[name], in: range) }

    static func ints(_ reader: JSONReader, in range: Range<Int>? = nil) throws(FormatError) -> [Int] {
        var result: [Int] = []
        for element in try reader.elements() {
            let value = try element.int()
            if let range, !range.contains(value) { throw element.error("is \(value); it must be in \(range.lowerBound) ..< \(range.upperBound)") }
            result.append(value)
        }
        return result
    }

    /// A scalar tensor.
    func scalar(_ name: String) throws(FormatError) -> Tensor { Tensor(float64: [try number(name)], shape: []).cast(to: dtype) }

    /// A tensor of any rank from nested lists.
    ///
    /// - Parameter shape: the sizes that it must have; nil for any size.
    func tensor(_ name: String, _ shape: [Int?]? = nil) throws(FormatError) -> Tensor { try tensor(reader[name], shape) }

    /// A tensor of a part of the inputs.
    func tensor(_ part: JSONReader, _ shape: [Int?]? = nil) throws(FormatError) -> Tensor {
        var values: [Double] = []
        let found = try Self.read(part, into: &values)
        if found.contains(0) { throw part.error("has shape \(found); no case is about nothing") }
        if let shape, shape.count != found.count || zip(shape, found).contains(where: { $0 != nil && $0 != $1 }) {
            let sizes = shape.map { $0.map(String.init) ?? "any" }.joined(separator: ", ")
            throw part.error("has shape \(found); it must be [\(sizes)]")
        }
        return Tensor(float64: values, shape: found).cast(to: dtype)
    }

    func vector(_ name: String, _ size: Int? = nil) throws(FormatError) -> Tensor { try tensor(name, [size]) }
    func matrix(_ name: String, _ rows: Int? = nil, _ columns: Int? = nil) throws(FormatError) -> Tensor { try tensor(name, [rows, columns]) }

    /// Appends the numbers of nested lists, and gives their shape.
    private static func read(_ part: JSONReader, into values: inout [Double]) throws(FormatError) -> [Int] {
        guard case .array(let members)? = part.json else {
            values.append(try part.double())
            return []
        }
        if members.isEmpty { return [0] }
        if case .array = members[0] {
            var shape: [Int]?
            for row in try part.elements() {
                let found = try read(row, into: &values)
                if let shape, shape != found { throw row.error("has shape \(found), the rows before it \(shape); rows must be alike") }
                shape = found
            }
            return [members.count] + shape!
        }
        values += try part.doubles()
        return [members.count]
    }

    /// An activation by name.
    func activation(_ name: String, orElse usual: String? = nil) throws(FormatError) -> Activation {
        if let usual, !has(name) { return Activation.named(usual)! }
        let text = try text(name)
        guard let activation = Activation.named(text) else {
            throw reader[name].error("is \"\(text)\"; there are \(Activation.all.map(\.name).joined(separator: ", "))")
        }
        return activation
    }

    /// Inputs that are members of an input.
    subscript(name: String) -> CaseInputs { CaseInputs(reader: reader[name], dtype: dtype) }

    /// The same inputs with all the digits that the file has.
    var exact: CaseInputs { CaseInputs(reader: reader, dtype: .float64) }

    /// An error about an input.
    func error(_ name: String, _ reason: String) -> FormatError { reader[name].error(reason) }
}
