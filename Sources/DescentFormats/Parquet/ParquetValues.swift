/// Values of a Parquet column as a table has them.
package enum ParquetValues {
    /// Numbers; NaN where a value is missing.
    case numbers([Double])
    /// Texts: also dates, times, booleans, and integers that a 64-bit float does not hold; `nil` where a value is missing.
    case texts([String?])
}

/// Makes values of their bytes.
struct ParquetDecoder {
    let column: ParquetColumn
    /// Whether integers become texts, since some are beyond 2^53.
    let keepsDigits: Bool

    private static let exact: Int64 = 1 << 53

    /// Whether values become numbers, and not texts.
    var areNumbers: Bool {
        switch column.meaning {
        case .plain, .unsigned: column.storage != .boolean && !(keepsDigits && (column.storage == .int32 || column.storage == .int64))
        case .decimal, .half: true
        default: false
        }
    }

    /// Some values one after the other (the encoding PLAIN).
    ///
    /// - Returns: `nil` where an integer is beyond 2^53 and `keepsDigits` is false.
    /// - Throws: `Failure` where there are too few bytes.
    func plain(_ bytes: ArraySlice<UInt8>, count: Int) throws(Failure) -> ParquetValues? {
        let size = width
        if let size {
            guard count >= 0, bytes.count / size >= count else { throw Failure(reason: "\(count) values of \(size) bytes are more than the \(bytes.count) bytes of their page") }
        } else {
            // A boolean has a bit, and bytes have a length of 4 bytes each.
            guard count >= 0, column.storage == .boolean ? bytes.count >= (count + 7) / 8 : bytes.count / 4 >= count else {
                throw Failure(reason: "\(count) values are more than the \(bytes.count) bytes of their page")
            }
        }
        if column.storage == .boolean {
            return .texts((0..<count).map { bytes[bytes.startIndex + $0 / 8] >> ($0 % 8) & 1 == 1 ? "true" : "false" })
        }
        var numbers: [Double] = [], texts: [String?] = []
        if areNumbers { numbers.reserveCapacity(count) } else { texts.reserveCapacity(count) }
        var position = bytes.startIndex
        for _ in 0..<count {
            var length = size ?? 0
            if size == nil {
                guard bytes.endIndex - position >= 4 else { throw Failure(reason: "a page ends within the length of a text") }
                length = Int(word(bytes, position, 4))
                position += 4
                guard bytes.endIndex - position >= length else { throw Failure(reason: "a text of \(length) bytes is longer than what is left of its page") }
            }
            if case .decimal = column.meaning, length > 256 { throw Failure(reason: "a decimal number of \(length) bytes is too long") }
            let value = bytes[position..<position + length]
            position += length
            if areNumbers {
                guard let number = number(value) else { return nil }
                numbers.append(number)
            } else {
                guard let text = text(value) else { throw Failure(reason: "a value is no text in UTF-8") }
                texts.append(text)
            }
        }
        return areNumbers ? .numbers(numbers) : .texts(texts)
    }

    /// Why bytes are no values.
    struct Failure: Error {
        let reason: String
    }

    /// The bytes of each value; `nil` where they differ, or a value has less than one.
    private var width: Int? {
        switch column.storage {
        case .int32, .float: 4
        case .int64, .double: 8
        case .int96: 12
        case .fixedBytes: column.size
        case .boolean, .bytes: nil
        }
    }

    private func word(_ bytes: ArraySlice<UInt8>, _ start: Int, _ size: Int) -> UInt64 {
        bytes.withUnsafeBytes { raw in
            let offset = start - bytes.startIndex
            return size == 4
                ? UInt64(UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt32.self))) : UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        }
    }

    /// An integer of 4 or 8 bytes.
    private func integer(_ value: ArraySlice<UInt8>) -> Int64 {
        let bits = word(value, value.startIndex, value.count)
        return value.count == 4 ? Int64(Int32(truncatingIfNeeded: bits)) : Int64(bitPattern: bits)
    }

    private func number(_ value: ArraySlice<UInt8>) -> Double? {
        switch (column.storage, column.meaning) {
        case (_, .decimal(let scale)): return Double(decimal(value, scale: scale))
        case (_, .half): return Double(HalfFloat.ieee.widened(value).withUnsafeBytes { Float(bitPattern: UInt32(littleEndian: $0.loadUnaligned(as: UInt32.self))) })
        case (.float, _): return Double(Float(bitPattern: UInt32(truncatingIfNeeded: word(value, value.startIndex, 4))))
        case (.double, _): return Double(bitPattern: word(value, value.startIndex, 8))
        case (.int32, .unsigned): return Double(word(value, value.startIndex, 4))
        case (_, .unsigned):
            let bits = word(value, value.startIndex, 8)
            return bits > UInt64(Self.exact) ? nil : Double(bits)
        default:
            let whole = integer(value)
            return whole.magnitude > UInt64(Self.exact) ? nil : Double(whole)
        }
    }

    private func text(_ value: ArraySlice<UInt8>) -> String? {
        switch column.meaning {
        case .text: return String(validating: value, as: UTF8.self)
        case .uuid:
            let hex = value.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
            return [hex[0..<4], hex[4..<6], hex[6..<8], hex[8..<10], hex[10..<16]].map { $0.joined() }.joined(separator: "-")
        case .date: return Self.date(integer(value))
        case .time(let unit): return Self.clock(integer(value), unit)
        case .timestamp(let unit, let isUTC):
            if column.storage == .int96 {
                // Nanoseconds of the day, and the day in Julian days.
                let day = Int64(word(value, value.startIndex + 8, 4)) - 2_440_588
                return "\(Self.date(day)) \(Self.clock(Int64(bitPattern: word(value, value.startIndex, 8)), unit))"
            }
            let time = integer(value), perDay = 86_400 * unit
            let day = time >= 0 ? time / perDay : -((-(time + 1)) / perDay) - 1
            return "\(Self.date(day)) \(Self.clock(time - day * perDay, unit))\(isUTC ? "Z" : "")"
        default: return column.meaning == .unsigned ? "\(word(value, value.startIndex, value.count))" : "\(integer(value))"
        }
    }

    /// Day of the Gregorian calendar, by the algorithm of Howard Hinnant ("chrono-compatible low-level date algorithms").
    private static func date(_ days: Int64) -> String {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    }

    private static func clock(_ time: Int64, _ unit: Int64) -> String {
        let seconds = time / unit, rest = time % unit
        var text = "\(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))"
        if rest != 0 {
            var digits = padded(rest, unit == 1_000 ? 3 : unit == 1_000_000 ? 6 : 9)
            while digits.last == "0" { digits.removeLast() }
            text += "." + digits
        }
        return text
    }

    private static func padded(_ value: Int64, _ count: Int) -> String {
        let digits = "\(value)"
        return String(repeating: "0", count: max(count - digits.count, 0)) + digits
    }

    /// A decimal as text: an integer, of bytes the highest first, with the point `scale` digits from its end.
    private func decimal(_ value: ArraySlice<UInt8>, scale: Int) -> String {
        var digits: String
        var isNegative = false
        if column.storage == .bytes || column.storage == .fixedBytes {
            isNegative = (value.first ?? 0) >= 0x80
            // The magnitude, in base 10^9.
            var limbs: [UInt64] = [0]
            for byte in value {
                var carry = UInt64(isNegative ? ~byte : byte)
                for place in limbs.indices {
                    let sum = limbs[place] << 8 + carry
                    limbs[place] = sum % 1_000_000_000
                    carry = sum / 1_000_000_000
                }
                if carry > 0 { limbs.append(carry) }
            }
            if isNegative {
                var place = 0
                limbs[0] += 1
                while limbs[place] == 1_000_000_000 {
                    limbs[place] = 0
                    place += 1
                    if place == limbs.count { limbs.append(0) }
                    limbs[place] += 1
                }
            }
            digits = "\(limbs.last!)" + limbs.dropLast().reversed().map { Self.padded(Int64($0), 9) }.joined()
        } else {
            let whole = integer(value)
            (digits, isNegative) = ("\(whole.magnitude)", whole < 0)
        }
        if scale > 0 {
            digits = String(repeating: "0", count: max(scale + 1 - digits.count, 0)) + digits
            digits.insert(".", at: digits.index(digits.endIndex, offsetBy: -scale))
        }
        return (isNegative ? "-" : "") + digits
    }
}
