extension Tensor {
    /// Its memory, computed if need be.
    package var storage: Storage {
        if let known = node.storage(index) { return known }
        Evaluation.evaluate([self])
        return node.storage(index)!
    }

    /// The elements, row by row, as numbers of the given type. Computes the tensor if need be.
    public func scalars<Scalar: TensorScalar>(as scalar: Scalar.Type = Scalar.self) -> [Scalar] {
        let source = dtype == Scalar.dtype ? self : cast(to: Scalar.dtype)
        let storage = source.storage
        return [Scalar](unsafeUninitializedCapacity: count) { buffer, initialized in
            if count > 0 { UnsafeMutableRawPointer(buffer.baseAddress!).copyMemory(from: storage.pointer, byteCount: count * MemoryLayout<Scalar>.stride) }
            initialized = count
        }
    }

    /// The elements as `Float`.
    public var floats: [Float] { scalars() }
    /// The elements as `Double`.
    public var doubles: [Double] { scalars() }
    /// The elements as `Int`; fractions are cut off.
    public var ints: [Int] { scalars() }
    /// The elements as `Bool`; anything but 0 is true.
    public var bools: [Bool] { scalars() }

    /// The one element of a tensor that has only one.
    public func item() -> Double {
        guard count == 1 else { stop("item: a tensor of shape \(shape) has \(count) elements; item() is for one. Use floats, or a subscript.") }
        return scalars(as: Double.self)[0]
    }

    /// The dense memory of the elements, without a copy, for as long as the closure runs.
    public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        let storage = self.storage
        return try withExtendedLifetime(storage) { try body(UnsafeRawBufferPointer(start: storage.pointer, count: type.byteCount)) }
    }
}

extension Tensor: CustomStringConvertible {
    /// The elements in rows and columns, shortened in the middle when there are many, with shape and type.
    public var description: String { TensorPrinter(self).text }
}

/// Lays out a tensor's elements for people.
private struct TensorPrinter {
    let tensor: Tensor
    let values: [Double]
    let names: [String]
    let width: Int
    /// An axis longer than this is shown by its ends when the tensor is large.
    private let shown = 6
    private let isShortened: Bool

    init(_ tensor: Tensor) {
        self.tensor = tensor
        isShortened = tensor.count > 1000
        values = tensor.scalars(as: Double.self)
        var visible: [Int] = []
        func collect(_ axis: Int, _ base: Int) {
            if axis == tensor.rank { return visible.append(base) }
            let stride = Array(tensor.shape[(axis + 1)...]).elementCount
            for member in Self.members(tensor.shape[axis], tensor.count > 1000, 6) where member >= 0 { collect(axis + 1, base + member * stride) }
        }
        collect(0, 0)
        let scalars = values
        let format = Self.formatter(tensor.dtype, visible.filter { $0 < scalars.count }.map { scalars[$0] })
        var names = [String](repeating: "", count: values.count)
        var width = 0
        for place in visible where place < values.count {
            names[place] = format(values[place])
            width = Swift.max(width, names[place].count)
        }
        self.names = names
        self.width = width
    }

    /// The members of an axis that are shown; -1 stands for those left out.
    private static func members(_ size: Int, _ isShortened: Bool, _ shown: Int) -> [Int] {
        isShortened && size > shown ? Array(0..<3) + [-1] + Array((size - 3)..<size) : Array(0..<size)
    }

    private static func formatter(_ dtype: DType, _ values: [Double]) -> (Double) -> String {
        switch dtype {
        case .bool: return { $0 == 0 ? "false" : "true" }
        case .float32, .float64: break
        default: return { String(Int($0)) }
        }
        let finite = values.filter(\.isFinite).map { Swift.abs($0) }
        let largest = finite.max() ?? 0, smallest = finite.filter { $0 > 0 }.min() ?? 0
        if finite.allSatisfy({ $0 == $0.rounded() && $0 < 1e6 }) { return { $0.isFinite ? fixed($0, 0) + "." : "\($0)" } }
        let digits = dtype == .float64 ? 6 : 4
        if largest >= 1e6 || (smallest > 0 && smallest < 1e-4) {
            return { $0.isFinite ? scientific($0, digits) : "\($0)" }
        }
        return { $0.isFinite ? fixed($0, digits) : "\($0)" }
    }

    var text: String {
        let tail = tensor.rank == 0 ? "  (\(tensor.dtype))" : "  (\(tensor.dtype)\(tensor.shape))"
        return render(0, 0, indent: 1) + tail
    }

    private func render(_ axis: Int, _ base: Int, indent: Int) -> String {
        if axis == tensor.rank { return String(repeating: " ", count: Swift.max(0, width - names[base].count)) + names[base] }
        let stride = Array(tensor.shape[(axis + 1)...]).elementCount
        let isLast = axis == tensor.rank - 1
        let parts = Self.members(tensor.shape[axis], isShortened, shown).map { member in
            member < 0 ? "..." : render(axis + 1, base + member * stride, indent: indent + 1)
        }
        let separator = isLast ? ", " : ",\n" + String(repeating: " ", count: indent)
        return "[" + parts.joined(separator: separator) + "]"
    }
}

/// A number with so many digits after the point.
package func fixed(_ value: Double, _ digits: Int) -> String {
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let magnitude = Swift.abs(value) * scale
    guard magnitude < 9e15 else { return "\(value)" }
    let whole = Int(magnitude.rounded(.toNearestOrEven))
    let sign = value < 0 && whole != 0 ? "-" : ""
    guard digits > 0 else { return sign + String(whole) }
    let text = String(whole)
    let padded = String(repeating: "0", count: Swift.max(0, digits + 1 - text.count)) + text
    return sign + padded.dropLast(digits) + "." + padded.suffix(digits)
}

/// A number as one digit before the point, some after it, and a power of ten.
package func scientific(_ value: Double, _ digits: Int) -> String {
    guard value != 0 else { return fixed(0, digits) + "e+00" }
    var exponent = 0
    var mantissa = Swift.abs(value)
    while mantissa >= 10 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
    while mantissa < 1 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
    var text = fixed(mantissa, digits)
    if text.hasPrefix("10") { (text, exponent) = (fixed(mantissa / 10, digits), exponent + 1) }
    let power = Swift.abs(exponent) < 10 ? "0\(Swift.abs(exponent))" : "\(Swift.abs(exponent))"
    return (value < 0 ? "-" : "") + text + "e" + (exponent < 0 ? "-" : "+") + power
}
