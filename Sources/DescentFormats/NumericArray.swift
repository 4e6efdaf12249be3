/// Numbers in a grid, as IDX and NumPy files hold them.
public struct NumericArray: Equatable, Sendable {
    /// The kind of the elements.
    public let type: ElementType
    /// The size of each axis; empty for a single number.
    public let shape: [Int]
    /// The elements, little-endian, row-major, without padding.
    public let bytes: [UInt8]
    /// The number of elements.
    public var count: Int { shape.reduce(1, *) }

    /// An array from its bytes, whose number must be that of the shape.
    public init(type: ElementType, shape: [Int], bytes: [UInt8]) {
        guard SafetensorsFile.byteCount(shape, type.size) == bytes.count else {
            preconditionFailure("NumericArray: \(bytes.count) bytes do not fit \(type.rawValue) \(shape)")
        }
        self.type = type
        self.shape = shape
        self.bytes = bytes
    }

    /// An array of 32-bit floats.
    public init(_ values: [Float], shape: [Int]) { self.init(type: .float32, shape: shape, bytes: Self.bytes(values.map(\.bitPattern))) }

    /// An array of 64-bit floats.
    public init(_ values: [Double], shape: [Int]) { self.init(type: .float64, shape: shape, bytes: Self.bytes(values.map(\.bitPattern))) }

    /// An array of 32-bit integers.
    public init(_ values: [Int32], shape: [Int]) { self.init(type: .int32, shape: shape, bytes: Self.bytes(values)) }

    /// An array of 64-bit integers.
    public init(_ values: [Int64], shape: [Int]) { self.init(type: .int64, shape: shape, bytes: Self.bytes(values)) }

    /// The elements as 64-bit floats, row-major; an integer beyond 2^53 is rounded.
    public var doubles: [Double] { map({ Double($0) }, { $0 }, { Double($0) }, { Double($0) }, { Double($0) }) }

    /// The elements as 32-bit floats, row-major, rounded to the nearest.
    public var floats: [Float] { map({ $0 }, { Float($0) }, { Float($0) }, { Float($0) }, { Float($0) }) }

    private func map<Element>(
        _ float: (Float) -> Element, _ double: (Double) -> Element, _ int32: (Int32) -> Element, _ int64: (Int64) -> Element,
        _ byte: (UInt8) -> Element
    ) -> [Element] {
        bytes.withUnsafeBytes { raw in
            func word<Word: FixedWidthInteger>(_ index: Int, _ type: Word.Type) -> Word {
                Word(littleEndian: raw.loadUnaligned(fromByteOffset: index * MemoryLayout<Word>.size, as: Word.self))
            }
            let indices = 0..<count
            switch type {
            case .float32: return indices.map { float(Float(bitPattern: word($0, UInt32.self))) }
            case .float64: return indices.map { double(Double(bitPattern: word($0, UInt64.self))) }
            case .int32: return indices.map { int32(word($0, Int32.self)) }
            case .int64: return indices.map { int64(word($0, Int64.self)) }
            case .uint8, .bool: return indices.map { byte(raw[$0]) }
            }
        }
    }

    private static func bytes<Word: FixedWidthInteger>(_ words: [Word]) -> [UInt8] {
        words.map(\.littleEndian).withUnsafeBytes { Array($0) }
    }
}

/// Puts the elements of a file into the order and the kinds that are used here.
enum ElementConversion {
    /// Each element's bytes turned round.
    static func swapped(_ bytes: ArraySlice<UInt8>, size: Int) -> [UInt8] {
        var result = Array(bytes)
        if size == 1 { return result }
        for start in stride(from: 0, to: result.count - size + 1, by: size) { result[start..<start + size].reverse() }
        return result
    }

    /// Integers of a kind that is not used here, as ones that hold them all.
    static func widened<Source: FixedWidthInteger, Target: FixedWidthInteger>(_ bytes: [UInt8], _: Source.Type, _: Target.Type) -> [UInt8] {
        let size = MemoryLayout<Source>.size
        let words = bytes.withUnsafeBytes { raw in
            (0..<bytes.count / size).map { index in
                Target(truncatingIfNeeded: Source(littleEndian: raw.loadUnaligned(fromByteOffset: index * size, as: Source.self))).littleEndian
            }
        }
        return words.withUnsafeBytes { Array($0) }
    }

    /// Elements whose first axis is the fastest, made row-major.
    static func rowMajor(_ bytes: [UInt8], shape: [Int], size: Int) -> [UInt8] {
        if shape.count < 2 || bytes.isEmpty { return bytes }
        var strides: [Int] = []
        var stride = size
        for axis in shape {
            strides.append(stride)
            stride *= axis
        }
        var result = [UInt8](repeating: 0, count: bytes.count)
        var index = [Int](repeating: 0, count: shape.count)
        var source = 0
        for target in Swift.stride(from: 0, to: bytes.count, by: size) {
            for byte in 0..<size { result[target + byte] = bytes[source + byte] }
            // Counts up, the last axis first.
            for axis in shape.indices.reversed() {
                index[axis] += 1
                source += strides[axis]
                if index[axis] < shape[axis] { break }
                source -= strides[axis] * shape[axis]
                index[axis] = 0
            }
        }
        return result
    }
}
