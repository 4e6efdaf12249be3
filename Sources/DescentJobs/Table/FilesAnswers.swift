import DescentData
import DescentFormats
import DescentTrain

/// The answers to several files, one after the other. The columns are those of the first, found by name in the others.
final class FilesAnswers: AnswerStream {
    private var waiting: [JobInput]
    private let open: (JobInput, Int) throws -> TabularAnswers
    /// The rows that are still wanted, of all files together.
    private var left: Int
    private var current: TabularAnswers
    private var file: String
    private var finished: [String] = []
    /// The first file's columns, once it has some; `nil` until then.
    private var first: (columns: [String]?, answers: [String], format: RowFormat?)?

    /// - Parameters:
    ///   - first: The most rows, of all files together.
    ///   - open: The answers to one file, of which so many rows are wanted.
    init(_ input: JobInput, first: Int, open: @escaping (JobInput, Int) throws -> TabularAnswers) throws {
        waiting = input.paths.map { path in
            var one = JobInput([path], choices: input.choices, reading: input.reading)
            one.invalidCells = input.invalidCells
            return one
        }
        (self.open, left) = (open, first)
        let input = waiting.removeFirst()
        file = input.path
        current = try open(input, first)
    }

    var columns: [String]? { first?.columns ?? current.columns }
    var answerColumns: [String] { first?.answers ?? current.answerColumns }
    var canFail: Bool { current.canFail }
    var format: RowFormat? { first?.format ?? current.format }
    var notes: [String] { finished + current.notes.map { "\(file): \($0)" } }

    func next() throws -> [Answer]? {
        while left > 0 {
            if let answers = try current.next() {
                left -= answers.count
                if first == nil { first = (current.columns, current.answerColumns, current.format) }
                return try ordered(answers)
            }
            if waiting.isEmpty { return nil }
            finished += current.notes.map { "\(file): \($0)" }
            let input = waiting.removeFirst()
            file = input.path
            current = try open(input, left)
        }
        return nil
    }

    /// The answers with their cells in the order of the first file's columns, and for machines with the file's name.
    private func ordered(_ answers: [Answer]) throws -> [Answer] {
        var answers = answers
        for place in answers.indices { answers[place].json["file"] = .string(file) }
        guard let names = first?.columns, let own = current.columns, own != names else { return answers }
        let index = Dictionary(own.enumerated().map { ($1, $0) }) { first, _ in first }
        let lacking = names.filter { index[$0] == nil }, added = own.filter { !names.contains($0) }
        if !lacking.isEmpty || !added.isEmpty {
            let which = (lacking.isEmpty ? added : lacking).prefix(10).map(quoted).joined(separator: ", ")
            throw DataError(file: file, "it \(lacking.isEmpty ? "has" : "lacks") the columns \(which), unlike the first file; predict files of other columns one by one, or with --brief")
        }
        for place in answers.indices {
            let cells = answers[place].cells
            answers[place].cells = names.map { cells[index[$0]!] }
        }
        return answers
    }
}
