import DescentCore

/// Tensors and words by name, from text: `case NAME` starts one, `name [shape] numbers` is a float64 tensor (lines that start with spaces go
/// on with it), `name = word` a word.
struct Fixture: Sendable {
    private(set) var name: String
    private var tensors: [String: Tensor] = [:]
    private var words: [String: String] = [:]

    private init(_ name: String) { self.name = name }

    /// The tensor of a name that must be there.
    subscript(_ name: String) -> Tensor {
        guard let tensor = tensors[name] else { fatalError("\(self.name) has no \(name), only \(tensors.keys.sorted())") }
        return tensor
    }
    func word(_ name: String) -> String? { words[name] }
    func has(_ name: String) -> Bool { tensors[name] != nil }
    /// What of the tensors' names follows a prefix.
    func names(after prefix: String) -> [String] { tensors.keys.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }.sorted() }

    static func parse(_ text: String) -> [Fixture] {
        var found: [Fixture] = []
        var open: (name: String, shape: [Int], numbers: [Double])?
        func close() {
            if let tensor = open { found[found.count - 1].tensors[tensor.name] = Tensor(float64: tensor.numbers, shape: tensor.shape) }
            open = nil
        }
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            if line.hasPrefix(" ") {
                open!.numbers += words.map { Double($0)! }
                continue
            }
            close()
            if words[0] == "case" {
                found.append(Fixture(String(words[1])))
            } else if words[1] == "=" {
                found[found.count - 1].words[String(words[0])] = String(words[2])
            } else {
                let shape = words[1].dropFirst().dropLast().split(separator: ",").map { Int($0)! }
                open = (String(words[0]), shape, words.dropFirst(2).map { Double($0)! })
            }
        }
        close()
        return found
    }
}
