import DescentCore
import Foundation

/// Fixtures/arrays.txt: inputs, and what NumPy, SciPy and PyTorch make of them. Fixtures/arrays.py made it.
struct ArrayRecording: Sendable {
    private var inputs: [String: (shape: [Int], elements: [Double])] = [:]
    private(set) var results: [String: (shape: [Int], elements: [Double])] = [:]

    static let shared = ArrayRecording()

    private init() {
        let path = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/") + "/Fixtures/arrays.txt"
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { fatalError("\(path) can't be read") }
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            let shape = words[2] == "scalar" ? [] : words[2].split(separator: "x").map { Int($0)! }
            let entry = (shape: shape, elements: words.dropFirst(3).map { Double($0)! })
            if words[0] == "input" { inputs[words[1]] = entry } else { results[words[1]] = entry }
        }
    }

    /// A recorded input.
    func callAsFunction(_ name: String, _ dtype: DType = .float64) -> Tensor {
        let input = inputs[name]!
        return Tensor(float64: input.elements, shape: input.shape).settled(as: dtype)
    }
}
