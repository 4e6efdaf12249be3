/// The orientation in EXIF data (tag 274 of a TIFF header's first directory).
enum ImageOrientation {
    /// From 1 to 8; 1, upright, where there is none or the data is damaged.
    static func read(tiff bytes: ArraySlice<UInt8>) -> Int {
        let base = bytes.startIndex
        guard bytes.count >= 8 else { return 1 }
        let isLittle = bytes[base] == 0x49
        guard bytes[base] == bytes[base + 1], isLittle || bytes[base] == 0x4D else { return 1 }
        func number(_ offset: Int, _ size: Int) -> Int? {
            guard offset >= 0, offset <= bytes.count - size else { return nil }
            let part = bytes[(base + offset)..<(base + offset + size)]
            return (isLittle ? Array(part.reversed()) : Array(part)).reduce(0) { $0 << 8 | Int($1) }
        }
        guard let directory = number(4, 4), let count = number(directory, 2) else { return 1 }
        for entry in 0..<count {
            let place = directory + 2 + 12 * entry
            guard let tag = number(place, 2) else { return 1 }
            if tag == 274, let value = number(place + 8, 2), (1...8).contains(value) { return value }
        }
        return 1
    }
}
