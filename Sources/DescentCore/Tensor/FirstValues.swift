import CKernels

extension Tensor {
    /// The first elements, for a line about the tensor: "[0.125, -2, 1.5e-07, ...]". Computes the tensor if need be.
    package var firstValues: String {
        func integer<Integer: FixedWidthInteger>(_ bytes: UnsafeRawBufferPointer, _ place: Int, _ type: Integer.Type) -> String {
            "\(bytes.load(fromByteOffset: place * MemoryLayout<Integer>.size, as: Integer.self))"
        }
        let shown = Swift.min(count, 4)
        let texts = withUnsafeBytes { bytes in
            (0..<shown).map { place -> String in
                switch dtype {
                case .float32: briefly(Double(bytes.load(fromByteOffset: place * 4, as: Float.self)))
                case .float64: briefly(bytes.load(fromByteOffset: place * 8, as: Double.self))
                case .bool: bytes[place] == 0 ? "false" : "true"
                case .float16, .bfloat16: briefly(dk_half_value(bytes.load(fromByteOffset: place * 2, as: UInt16.self), dtype.kernel))
                default: dtype.integerType.map { integer(bytes, place, $0) } ?? ""
                }
            }
        }
        return "[" + (texts + (count > shown ? ["..."] : [])).joined(separator: ", ") + "]"
    }
}

extension Variable: CustomStringConvertible {
    /// What `print` shows of a variable: its name, type, number of elements, what it is for, and the values, shortened in the middle.
    public var description: String {
        let role = !isTrainable ? "state" : isFrozen ? "frozen" : "learned"
        let head = "\(name.isEmpty ? "Variable" : name): \(type), \(type.count) number\(type.count == 1 ? "" : "s"), \(role)"
        return Scope.isActive ? head : head + "\n\(value)"
    }

    /// The first elements of its value; nil inside a compiled function or another transform, where it may have none.
    package var firstValues: String? { Scope.isActive ? nil : value.firstValues }
}

/// A number with four significant digits.
package func briefly(_ value: Double) -> String {
    let size = Swift.abs(value)
    if !value.isFinite || value == 0 { return value == 0 ? "0" : "\(value)" }
    if size < 1e-4 || size >= 1e6 { return scientific(value, 3) }
    var digits = 3
    var bound = 10.0
    while size >= bound, digits > 0 { (digits, bound) = (digits - 1, bound * 10) }
    bound = 1
    while size < bound, digits < 7 { (digits, bound) = (digits + 1, bound / 10) }
    var text = fixed(value, digits)
    if digits > 0 { while text.last == "0" { text.removeLast() } }
    if text.last == "." { text.removeLast() }
    return text
}
