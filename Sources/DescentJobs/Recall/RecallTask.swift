import DescentCore
import DescentData
import DescentFormats
import DescentTrain

/// The recall task: a subject is named, filler words follow, and a question mark asks who it was.
///
///     Ada rain falls and walks over the hill ?          -> Ada
///
/// The same for recurrent networks as an adding problem or a copy task (Hochreiter and Schmidhuber 1997): all that counts is at the beginning, and
/// the number of fillers says how far the network has to carry it.
public struct RecallTask: Equatable, Sendable {
    /// The subjects' names.
    public let subjects: [String]
    /// The words between.
    public static let fillers = ["and", "then", "walks", "slowly", "over", "the", "hill", "while", "rain", "falls", "on", "grey", "stones", "by", "a", "river"]
    /// What asks for the subject.
    public static let question = "?"

    private static let names = [
        "Ada", "Ben", "Cleo", "Dan", "Eva", "Finn", "Gita", "Hugo", "Iris", "Jan", "Kira", "Leo", "Mia", "Noah", "Olga", "Paul", "Quinn", "Rosa", "Sam", "Tara", "Uma", "Vera",
        "Will", "Xenia", "Yusuf", "Zoe",
    ]

    /// - Parameter subjects: How many, 2 or more.
    public init(subjects: Int) { self.subjects = (0..<subjects).map { $0 < Self.names.count ? Self.names[$0] : "person\($0 + 1)" } }

    /// The number of different tokens: subjects, fillers, the question mark.
    public var tokenCount: Int { subjects.count + Self.fillers.count + 1 }
    /// The accuracy of guessing.
    public var chance: Double { 1 / Double(subjects.count) }

    /// The tokens in words.
    public func words(_ tokens: [Int32]) -> [String] {
        tokens.map { token in
            let place = Int(token) - subjects.count
            return place < 0 ? subjects[Int(token)] : place < Self.fillers.count ? Self.fillers[place] : Self.question
        }
    }

    /// The tokens of a text; words stand between spaces, and a question mark may stand at the last word.
    ///
    /// - Throws: `SettingsError` for a word that is not of the task.
    public func tokens(_ text: String) throws(SettingsError) -> [Int32] {
        var words = text.split(whereSeparator: \.isWhitespace).map(String.init)
        if let last = words.last, last.count > 1, last.hasSuffix(Self.question) { words = words.dropLast() + [String(last.dropLast()), Self.question] }
        var tokens: [Int32] = []
        for word in words {
            if let number = subjects.firstIndex(of: word) {
                tokens.append(Int32(number))
            } else if let number = Self.fillers.firstIndex(of: word) {
                tokens.append(Int32(subjects.count + number))
            } else if word == Self.question {
                tokens.append(Int32(tokenCount - 1))
            } else {
                throw SettingsError(
                    "the word \(quoted(word)) is not of this task; its subjects are \(Self.listed(subjects)), its fillers \(Self.listed(Self.fillers)), and ? asks")
            }
        }
        if tokens.isEmpty { throw SettingsError("the text is empty; write a subject, fillers and a question mark: \(subjects[0]) walks slowly ?") }
        return tokens
    }

    private static func listed(_ words: [String]) -> String { words.prefix(30).joined(separator: ", ") + (words.count > 30 ? ", ..." : "") }

    /// Sequences of one distance, drawn by a seed: tokens [distance + 2, count] and the subjects' numbers [count].
    func draw(_ count: Int, distance: Int, _ random: inout SplitMix64) -> (tokens: Tensor, subjects: Tensor) {
        let time = distance + 2
        var tokens = [Int32](repeating: Int32(tokenCount - 1), count: time * count)
        for column in 0..<count {
            tokens[column] = Int32(random.next() % UInt64(subjects.count))
            for step in 1...distance { tokens[step * count + column] = Int32(subjects.count) + Int32(random.next() % UInt64(Self.fillers.count)) }
        }
        return (Tensor(int32: tokens, shape: [time, count]), Tensor(int32: Array(tokens.prefix(count))))
    }

    /// The distances that a model is tested at: up to the one that it was trained at, and beyond.
    static func testDistances(trainedAt distance: Int) -> [Int] {
        let parts = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 3, 4].map { Int((Double(distance) * $0).rounded()) }
        return Set([1] + parts).filter { $0 >= 1 }.sorted()
    }

    /// Numbers for a purpose: training, validation and test never draw the same.
    static func random(seed: Int, purpose: UInt64, _ numbers: Int...) -> SplitMix64 {
        var random = SplitMix64(seed: UInt64(bitPattern: Int64(seed)) ^ purpose &* 0x9E37_79B9_7F4A_7C15)
        for number in numbers { random = SplitMix64(seed: random.next() ^ UInt64(bitPattern: Int64(number))) }
        return random
    }
}

/// Endless sequences: each batch is new, and has one distance, so that nothing is padded.
final class RecallBatches: BatchSource {
    private let task: RecallTask
    private let distances: [Int]
    private let batchSize: Int, steps: Int, seed: Int
    private let purpose: UInt64

    /// - Parameters:
    ///   - distances: What the batches' distances are drawn from.
    ///   - steps: The steps that count as an epoch.
    ///   - purpose: 1 for training, 2 for validation.
    init(_ task: RecallTask, distances: [Int], batchSize: Int, steps: Int, seed: Int, purpose: UInt64) {
        (self.task, self.distances, self.batchSize, self.steps, self.seed, self.purpose) = (task, distances, batchSize, steps, seed, purpose)
    }

    var examplesPerEpoch: Int { steps * batchSize }
    var isPreparedAhead: Bool { false }
    func steps(inEpoch epoch: Int) -> Int { steps }

    func batch(_ step: Int, ofEpoch epoch: Int) -> Batch {
        var random = RecallTask.random(seed: seed, purpose: purpose, epoch, step)
        let distance = distances[Int(random.next() % UInt64(distances.count))]
        let (tokens, subjects) = task.draw(batchSize, distance: distance, &random)
        return Batch([tokens, subjects], count: batchSize)
    }
}
