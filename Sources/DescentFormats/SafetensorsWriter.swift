extension SafetensorsFile {
    /// The file's bytes: the same for the same tensors and metadata, in whatever order they are given.
    ///
    /// As the reference implementation does, wide elements come first and then names are sorted, so that every tensor
    /// is aligned; the header is padded with spaces to a multiple of 8 bytes.
    ///
    /// - Parameter file: The name that errors begin with.
    /// - Throws: `FormatError` where a name appears twice, is reserved, or a tensor's bytes do not fit its shape.
    public func encoded(file: String = "safetensors") throws(FormatError) -> [UInt8] {
        if metadata[Self.checksumKey] != nil {
            throw FormatError(file: file, reason: "the metadata entry \(quoted(Self.checksumKey)) is written by itself")
        }
        let ordered = tensors.sorted { ($1.type.size, $0.name) < ($0.type.size, $1.name) }
        var members = JSON.Object()
        var texts = JSON.Object()
        texts[Self.checksumKey] = .string(String(repeating: "0", count: Self.checksumLength))
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) { texts[key] = .string(value) }
        members["__metadata__"] = .object(texts)

        var end = 0
        for tensor in ordered {
            if tensor.name == "__metadata__" {
                throw FormatError(file: file, reason: "\"__metadata__\" is reserved and cannot name a tensor")
            }
            if members[tensor.name] != nil {
                throw FormatError(file: file, reason: "\(quoted(tensor.name)) names two tensors")
            }
            guard let size = Self.byteCount(tensor.shape, tensor.type.size), size == tensor.bytes.count else {
                throw FormatError(
                    file: file,
                    reason: "tensor \(quoted(tensor.name)): \(tensor.bytes.count) bytes do not fit "
                        + "\(tensor.type.rawValue) \(tensor.shape)")
            }
            let entry: JSON = [
                "dtype": .string(tensor.type.rawValue),
                "shape": .array(tensor.shape.map { .integer(Int64($0)) }),
                "data_offsets": [.integer(Int64(end)), .integer(Int64(end + size))],
            ]
            members[tensor.name] = entry
            end += size
        }

        var header = Array(try JSON.object(members).text(.compact, file: file).utf8)
        while header.count % 8 != 0 { header.append(UInt8(ascii: " ")) }
        if header.count > Self.headerLimit {
            throw FormatError(file: file, reason: "the header would be longer than \(Self.headerLimit) bytes")
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(8 + header.count + end)
        withUnsafeBytes(of: UInt64(header.count).littleEndian) { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: header)
        for tensor in ordered { bytes.append(contentsOf: tensor.bytes) }

        let range = 8..<8 + header.count
        let digits = Array(Self.checksum(of: bytes, header: range).hex.utf8)
        bytes.replaceSubrange(Self.checksumPlace(in: bytes[range])!, with: digits)
        return bytes
    }

    /// Writes the file, all or nothing (`FileSystem.write`).
    ///
    /// - Throws: `FormatError` as `encoded`, or `FileError` of kind `.unwritable`.
    public func write(to path: String) throws {
        try FileSystem.write(encoded(file: path), to: path)
    }

    /// Elements times size, or `nil` where an axis is negative or the product does not fit an `Int`.
    static func byteCount(_ shape: [Int], _ elementSize: Int) -> Int? {
        var count = elementSize
        var isEmpty = false
        for size in shape {
            if size < 0 { return nil }
            if size == 0 {
                isEmpty = true
                continue
            }
            let (product, overflow) = count.multipliedReportingOverflow(by: size)
            if overflow { return nil }
            count = product
        }
        return isEmpty ? 0 : count
    }

    /// The checksum of a file whose header lies in this range, its own digits taken as zeros.
    static func checksum(of bytes: [UInt8], header: Range<Int>) -> Checksum {
        var front = Array(bytes[..<header.upperBound])
        if let place = checksumPlace(in: bytes[header]) {
            for index in place { front[index] = UInt8(ascii: "0") }
        }
        let seed = Checksum(front).value
        return bytes.withUnsafeBytes {
            Checksum(UnsafeRawBufferPointer(rebasing: $0[header.upperBound...]), seed: seed)
        }
    }

    /// Where the checksum's digits are in a header, if it has one.
    static func checksumPlace(in header: ArraySlice<UInt8>) -> Range<Int>? {
        let prefix = checksumPrefix
        var start = header.startIndex
        while start + prefix.count + checksumLength <= header.endIndex {
            if header[start] == prefix[0], header[start..<start + prefix.count].elementsEqual(prefix) {
                return start + prefix.count..<start + prefix.count + checksumLength
            }
            start += 1
        }
        return nil
    }
}
