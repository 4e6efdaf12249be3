import CKernels

extension Tensor {
    /// Its memory, computed if need be.
    package var storage: Storage {
        if let known = node.storage(index) { return known }
        Evaluation.evaluate([self])
        return node.storage(index) ?? FaultScope.current!.standIn(type)
    }

    /// The memory of its elements, computed if need be. Valid while the tensor is held.
    package var memory: UnsafeMutableRawPointer {
        if let known = node.memory(index) { return known }
        return storage.pointer
    }

    /// The elements, row by row, as numbers of the given type. Computes the tensor if need be.
    public func scalars<Scalar: TensorScalar>(as scalar: Scalar.Type = Scalar.self) -> [Scalar] {
        let source = dtype == Scalar.dtype ? self : cast(to: Scalar.dtype)
        // The tensor keeps its own value too, and is not computed again when it is asked again.
        if dtype != Scalar.dtype, node.storage(index) == nil { Evaluation.evaluate([self, source]) }
        let storage = source.storage
        return [Scalar](unsafeUninitializedCapacity: count) { buffer, initialized in
            if count > 0 { UnsafeMutableRawPointer(buffer.baseAddress!).copyMemory(from: storage.pointer, byteCount: count * MemoryLayout<Scalar>.stride) }
            dk_order_reads()
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
        guard count == 1 else {
            raise("item: a tensor of shape \(shape) has \(count) elements; item() is for one. Use floats, or a subscript.")
            return .nan
        }
        return scalars(as: Double.self)[0]
    }

    /// The dense memory of the elements, without a copy, for as long as the closure runs.
    public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        let storage = self.storage
        defer { dk_order_reads() }
        return try withExtendedLifetime(storage) { try body(UnsafeRawBufferPointer(start: storage.pointer, count: type.byteCount)) }
    }
}

extension Tensor: CustomStringConvertible {
    /// The elements in rows and columns, shortened in the middle when there are many, with shape and type.
    public var description: String { TensorPrinter(self).text }
}

/// Lays out a tensor's elements for people.
struct TensorPrinter {
    private let tensor: Tensor
    /// The elements that are shown, by their place in the tensor.
    private var names: [Int: String] = [:]
    private var width = 0

    init(_ tensor: Tensor) {
        self.tensor = tensor
        let places = shownPlaces(0, 0)
        let texts: [String]
        switch tensor.dtype {
        case .bool:
            let all = tensor.bools
            texts = places.map { all[$0] ? "true" : "false" }
        case .uint64:
            let all = tensor.scalars(as: UInt64.self)
            texts = places.map { String(all[$0]) }
        case _ where tensor.dtype.isInteger:
            let all = tensor.ints
            texts = places.map { String(all[$0]) }
        default:
            let all = tensor.doubles
            texts = Self.texts(places.map { all[$0] }, digits: tensor.dtype == .float64 ? 6 : 4)
        }
        setNames(places, texts)
    }

    /// Of complex numbers: as "1.5-2.0i".
    init(complex: ComplexTensor) {
        tensor = complex.real
        let places = shownPlaces(0, 0), digits = complex.dtype == .complex128 ? 6 : 4
        let all = [complex.real.doubles, complex.imaginary.doubles]
        // In one format, whole numbers only where both parts are.
        let texts = Self.texts(all.flatMap { part in places.map { part[$0] } }, digits: digits)
        let imaginary = texts[places.count...].map { ($0.hasPrefix("-") ? "" : "+") + $0 + "i" }
        setNames(places, zip(texts, imaginary).map { $0 + $1 })
    }

    private mutating func setNames(_ places: [Int], _ texts: [String]) {
        for (place, text) in zip(places, texts) {
            names[place] = text
            width = Swift.max(width, text.count)
        }
    }

    /// Where the elements are that are shown of a part of the tensor.
    private func shownPlaces(_ axis: Int, _ base: Int) -> [Int] {
        if axis == tensor.rank { return [base] }
        let stride = Array(tensor.shape[(axis + 1)...]).elementCount
        return members(axis).flatMap { $0.map { shownPlaces(axis + 1, base + $0 * stride) } ?? [] }
    }

    /// The members of an axis that are shown; nil stands for those left out of a large tensor, all but three at either end.
    private func members(_ axis: Int) -> [Int?] {
        let size = tensor.shape[axis]
        return tensor.count > 1000 && size > 6 ? [0, 1, 2, nil, size - 3, size - 2, size - 1] : Array(0..<size)
    }

    /// Floating numbers in one format: whole, with a few digits after the point, or with a power of ten.
    private static func texts(_ values: [Double], digits: Int) -> [String] {
        let sizes = values.filter(\.isFinite).map { Swift.abs($0) }
        let isWhole = sizes.allSatisfy { $0 == $0.rounded() && $0 < 1e6 }
        let isWide = sizes.contains { $0 >= 1e6 || ($0 > 0 && $0 < 1e-4) }
        return values.map { value in
            if !value.isFinite { return "\(value)" }
            return isWhole ? fixed(value, 0) + "." : isWide ? scientific(value, digits) : fixed(value, digits)
        }
    }

    var text: String {
        let tail = tensor.rank == 0 ? "  (\(tensor.dtype))" : "  (\(tensor.dtype)\(tensor.shape))"
        return elements + tail
    }

    /// The elements without shape and type.
    var elements: String { render(0, 0) }

    private func render(_ axis: Int, _ base: Int) -> String {
        if axis == tensor.rank {
            let name = names[base]!
            return String(repeating: " ", count: width - name.count) + name
        }
        let stride = Array(tensor.shape[(axis + 1)...]).elementCount
        let parts = members(axis).map { $0.map { render(axis + 1, base + $0 * stride) } ?? "..." }
        let separator = axis == tensor.rank - 1 ? ", " : ",\n" + String(repeating: " ", count: axis + 1)
        return "[" + parts.joined(separator: separator) + "]"
    }
}

/// A number with this many decimals.
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
