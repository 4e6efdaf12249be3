/// The bytes of a protocol buffer's message, field after field, as the format's documentation has them ("Encoding").
struct ProtobufMessage {
    private(set) var bytes: [UInt8] = []

    /// How a field's value is written; the number stands in the field's tag.
    private enum Wire: UInt64 {
        case varint = 0, fixed64 = 1, counted = 2
    }

    mutating func integer(_ field: UInt64, _ value: Int64) {
        tag(field, .varint)
        varint(UInt64(bitPattern: value))
    }

    mutating func double(_ field: UInt64, _ value: Double) {
        tag(field, .fixed64)
        fixed(value.bitPattern)
    }

    mutating func float(_ field: UInt64, _ value: Float) {
        // Wire type 5.
        varint(field << 3 | 5)
        withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes += $0 }
    }

    mutating func text(_ field: UInt64, _ value: String) { counted(field, Array(value.utf8)) }

    mutating func message(_ field: UInt64, _ build: (inout ProtobufMessage) -> Void) {
        var inner = ProtobufMessage()
        build(&inner)
        counted(field, inner.bytes)
    }

    /// A repeated field of numbers, one after the other.
    mutating func doubles(_ field: UInt64, _ values: [Double]) {
        var packed = ProtobufMessage()
        for value in values { packed.fixed(value.bitPattern) }
        counted(field, packed.bytes)
    }

    private mutating func counted(_ field: UInt64, _ content: [UInt8]) {
        tag(field, .counted)
        varint(UInt64(content.count))
        bytes += content
    }

    private mutating func tag(_ field: UInt64, _ wire: Wire) { varint(field << 3 | wire.rawValue) }

    private mutating func fixed(_ bits: UInt64) { withUnsafeBytes(of: bits.littleEndian) { bytes += $0 } }

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
