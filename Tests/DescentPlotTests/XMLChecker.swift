/// Checks that a document is well-formed: elements closed in order, attributes quoted and given once, only known entities, no stray markup, one
/// root. Reads what DescentPlot may write: a doctype, elements, attributes, text.
struct XMLChecker {
    struct Fault: Error, CustomStringConvertible {
        var description: String
    }

    private let bytes: [UInt8]
    private var place = 0
    private(set) var elements: [String: Int] = [:]
    private(set) var text = ""

    /// Reads a document; what it found stays in `elements` (how many of each name) and `text` (without style sheets).
    init(_ document: String) throws {
        bytes = Array(document.utf8)
        if document.hasPrefix("<!DOCTYPE html>\n") { place = 16 }
        var open: [String] = [], roots = 0
        while place < bytes.count {
            if bytes[place] == UInt8(ascii: "<") {
                if bytes[place + 1] == UInt8(ascii: "/") {
                    place += 2
                    let name = try name()
                    try expect(">")
                    guard open.popLast() == name else { throw fault("</\(name)> closes nothing open") }
                } else {
                    place += 1
                    let name = try name()
                    elements[name, default: 0] += 1
                    if open.isEmpty { roots += 1 }
                    if try attributes() { open.append(name) }
                }
            } else {
                let content = try content(until: ["<"])
                if open.isEmpty, !content.allSatisfy(\.isWhitespace) { throw fault("text outside the root") }
                if open.last != "style" { text += content }
            }
        }
        guard open.isEmpty else { throw fault("\(open) not closed") }
        guard roots == 1 else { throw fault("\(roots) roots") }
    }

    private func fault(_ text: String) -> Fault {
        Fault(description: text + " at byte \(place): " + String(decoding: bytes[max(0, place - 40)..<min(bytes.count, place + 40)], as: UTF8.self))
    }

    private mutating func expect(_ character: Unicode.Scalar) throws {
        guard place < bytes.count, bytes[place] == UInt8(ascii: character) else { throw fault("no \(character)") }
        place += 1
    }

    private mutating func name() throws -> String {
        let start = place
        while place < bytes.count, bytes[place] != 0x20, bytes[place] != UInt8(ascii: ">"), bytes[place] != UInt8(ascii: "/"),
            bytes[place] != UInt8(ascii: "=")
        { place += 1 }
        let name = String(decoding: bytes[start..<place], as: UTF8.self)
        guard !name.isEmpty, name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == ":") }) else {
            throw fault("“\(name)” is no name")
        }
        return name
    }

    /// The attributes after an element's name; whether the element has content.
    private mutating func attributes() throws -> Bool {
        var seen = Set<String>()
        while place < bytes.count {
            switch bytes[place] {
            case UInt8(ascii: ">"): place += 1; return true
            case UInt8(ascii: "/"): place += 1; try expect(">"); return false
            default:
                try expect(" ")
                let name = try name()
                guard seen.insert(name).inserted else { throw fault("\(name) twice") }
                try expect("=")
                try expect("\"")
                _ = try content(until: ["\"", "<"])
                try expect("\"")
            }
        }
        throw fault("an element without end")
    }

    /// Text with its entities resolved.
    private mutating func content(until ends: [Unicode.Scalar]) throws -> String {
        var content: [UInt8] = []
        let stops = ends.map { UInt8(ascii: $0) }
        let entities = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "#39": "'"]
        while place < bytes.count, !stops.contains(bytes[place]) {
            let byte = bytes[place]
            place += 1
            if byte == UInt8(ascii: "&") {
                var entity: [UInt8] = []
                while place < bytes.count, bytes[place] != UInt8(ascii: ";"), entity.count < 6 { entity.append(bytes[place]); place += 1 }
                try expect(";")
                guard let resolved = entities[String(decoding: entity, as: UTF8.self)] else { throw fault("an unknown entity") }
                content += Array(resolved.utf8)
            } else {
                guard byte >= 32 || byte == 10 || byte == 9 else { throw fault("a control character") }
                content.append(byte)
            }
        }
        return String(decoding: content, as: UTF8.self)
    }
}
