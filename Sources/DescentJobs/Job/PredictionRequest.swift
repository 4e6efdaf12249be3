import DescentData
import DescentFormats
import DescentTrain

/// What `descent predict` is asked for.
public struct PredictionRequest {
    /// What is read.
    public var input: JobInput
    /// How rows are written; `nil` to guess.
    public var format: RowFormat?
    /// Whether the probability of each class is given.
    public var probabilities = false
    /// The most probable classes, this many; `nil` for the answer alone.
    public var top: Int?
    /// Whether of the input's own columns only the target is repeated.
    public var brief = false
    /// The most rows.
    public var first = Int.max
    /// Whether the output is a terminal, which shows colours.
    public var showsColors = false

    /// A request for everything in an input.
    public init(_ input: JobInput) { self.input = input }
}

/// One line of a model's answers.
public struct Answer {
    /// The input's line, from 1; `nil` where answers are not of lines.
    public var line: Int?
    /// The input's own cells that are repeated.
    public var cells: [String]
    /// The answer's cells, one for each of the stream's answer columns; empty where there is an error.
    public var values: [String]
    /// The answer for machines.
    public var json: JSON.Object
    /// Why there is no answer: the whole sentence.
    public var error: String?
    /// The answer as lines in the form of the input, without the end of the last; `nil` where answers are rows of cells. It is what is written unless a
    /// format is asked for.
    public var ownForm: String?

    /// An answer, or the reason why there is none.
    public init(line: Int? = nil, cells: [String], values: [String], json: JSON.Object, error: String? = nil, ownForm: String? = nil) {
        (self.line, self.cells, self.values, self.json, self.error, self.ownForm) = (line, cells, values, json, error, ownForm)
    }
}

/// Answers as they come.
public protocol AnswerStream: AnyObject {
    /// The names of the input's columns that are repeated; `nil` where the input has no names. Known after the first answers.
    var columns: [String]? { get }
    /// The names of the answer's columns. Known after the first answers.
    var answerColumns: [String] { get }
    /// Whether single rows can fail, so that there is a column for errors.
    var canFail: Bool { get }
    /// How the input is written, which the output follows. Known after the first answers.
    var format: RowFormat? { get }
    /// What a person should know about what was read, in sentences. Known at the end.
    var notes: [String] { get }

    /// The next answers, as soon as there are any; `nil` at the end.
    ///
    /// - Throws: what reading throws.
    func next() throws -> [Answer]?
}

/// Answers that are all there.
public final class AnswerList: AnswerStream {
    public let columns: [String]?
    public let answerColumns: [String]
    public var canFail: Bool { false }
    public let format: RowFormat?
    public let notes: [String]
    private var answers: [Answer]?

    /// Answers with the names of their columns.
    public init(_ answers: [Answer], columns: [String]?, answerColumns: [String], format: RowFormat? = .csv, notes: [String] = []) {
        (self.answers, self.columns, self.answerColumns, self.format, self.notes) = (answers, columns, answerColumns, format, notes)
    }

    public func next() -> [Answer]? {
        defer { answers = nil }
        return answers
    }
}

/// The columns of a classifier's answers.
public struct ClassColumns {
    private let classes: [String]
    private let probabilities: Bool
    private let top: Int?

    /// - Parameters:
    ///   - probabilities: Whether the probability of each class is given.
    ///   - top: How many of the most probable classes are given; `nil` for the answer alone.
    public init(_ classes: [String], probabilities: Bool, top: Int?) {
        (self.classes, self.probabilities, self.top) = (classes, probabilities, top.map { Swift.min($0, classes.count) })
    }

    /// The names.
    public var names: [String] {
        var names = ["prediction", "probability"]
        if let top, top > 1 { names += (2...top).flatMap { ["prediction \($0)", "probability \($0)"] } }
        if probabilities { names += classes.map { "probability of \($0)" } }
        return names
    }

    /// The cells of an answer.
    public func values(_ all: [Float]) -> [String] {
        ranked(all, Swift.max(top ?? 1, 1)).flatMap { [classes[$0], Self.rounded(all[$0])] } + (probabilities ? all.map(Self.rounded) : [])
    }

    /// Adds an answer's members.
    public func add(_ label: Int, _ all: [Float], to object: inout JSON.Object) {
        object["prediction"] = .string(classes[label])
        object["probability"] = JSON(all[label])
        if let top {
            object["top"] = .array(ranked(all, top).map { ["class": .string(classes[$0]), "probability": JSON(all[$0])] })
        }
        if probabilities {
            var members = JSON.Object()
            for (name, probability) in zip(classes, all) { members[name] = JSON(probability) }
            object["probabilities"] = .object(members)
        }
    }

    private static func rounded(_ probability: Float) -> String { "\((probability * 10_000).rounded() / 10_000)" }

    /// The most probable labels; of equal ones the first class's comes first.
    private func ranked(_ probabilities: [Float], _ count: Int) -> [Int] {
        Array(probabilities.indices.sorted { (probabilities[$1], $0) < (probabilities[$0], $1) }.prefix(count))
    }
}
