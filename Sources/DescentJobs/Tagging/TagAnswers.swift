import DescentCore
import DescentData
import DescentFormats
import DescentTrain

extension Tagger {
    /// A sentence, where no file of that name exists; a file whose lines are words in columns, or sentences.
    public func answers(_ request: PredictionRequest) throws -> any AnswerStream {
        if request.input.paths.allSatisfy({ Self.isSentence($0) }) {
            return TagStream(self, request, lines: request.input.paths.enumerated().map { ($0 + 1, $1) })
        }
        let path = try request.input.onlyPath(for: "a list of sentences")
        return TagStream(self, request, reading: try LineStream(path: path), file: path == "-" ? "standard input" : path)
    }

    /// Whether an argument is a sentence and not the name of a file.
    private static func isSentence(_ argument: String) -> Bool {
        if argument == "-" || FileSystem.exists(argument) { return false }
        return argument.contains(where: \.isWhitespace) || !argument.contains { $0 == "/" || $0 == "." }
    }
}

/// The tags of sentences as they come, in the form in which they come: the columns of a file, or a word and its tag on each line.
final class TagStream: AnswerStream {
    private let model: Tagger
    private let request: PredictionRequest
    private let lines: LineStream?
    private let file: String
    /// Lines that are read and not yet used.
    private var waiting: [(number: Int, text: String)]
    /// How the words stand in columns; `nil` where each line is a sentence, or nothing is read yet.
    private var layout: TagColumns?
    private var isBegun: Bool
    private var isEnd: Bool
    private var left: Int

    var columns: [String]? { request.brief ? [] : ["sentence"] }
    var answerColumns: [String] { ["tags"] }
    var canFail: Bool { false }
    var format: RowFormat? { nil }
    var notes: [String] { [] }

    /// Sentences that are all there.
    init(_ model: Tagger, _ request: PredictionRequest, lines: [(number: Int, text: String)]) {
        (self.model, self.request, self.lines, file, waiting, isBegun, isEnd, left) = (model, request, nil, "", lines, true, true, request.first)
    }

    /// The lines of a file or a pipe.
    init(_ model: Tagger, _ request: PredictionRequest, reading lines: LineStream, file: String) {
        (self.model, self.request, self.lines, self.file, waiting, isBegun, isEnd, left) = (model, request, lines, file, [], false, false, request.first)
    }

    func next() throws -> [Answer]? {
        while left > 0 {
            if !isEnd {
                if let more = try lines?.next() { waiting += more } else { isEnd = true }
            }
            if !isBegun, !waiting.isEmpty {
                layout = TagLayout(model).columns(of: waiting.map(\.text))
                isBegun = true
            }
            let answers = try layout.map { (layout) throws(DataError) in try columnAnswers(layout) } ?? sentenceAnswers()
            if !answers.isEmpty { return answers }
            if isEnd { return nil }
        }
        return nil
    }

    // MARK: - Sentences on lines

    private func sentenceAnswers() -> [Answer] {
        let rows = waiting.filter { !$0.text.allSatisfy(\.isWhitespace) }.prefix(left)
        waiting = []
        left -= rows.count
        return zip(rows, model.predict(rows.map { model.words(of: $0.text) })).map { row, answer in
            let separator = model.columns.separator == .space ? " " : "\t"
            let lines = answer.words.indices.map { place in
                request.brief ? tag(answer, place) : answer.words[place] + separator + tag(answer, place) + probability(answer, place, separator)
            }
            return made(answer, line: row.number, text: row.text, ownForm: lines.joined(separator: "\n") + "\n")
        }
    }

    // MARK: - Columns

    private func columnAnswers(_ layout: TagColumns) throws(DataError) -> [Answer] {
        let reader = TagReader(layout, file: file, needsTags: false)
        var blocks: [(lines: [(number: Int, text: String, word: String?)], isWhole: Bool)] = []
        var block: [(number: Int, text: String, word: String?)] = []
        var used = 0
        for (place, line) in waiting.enumerated() where blocks.count < left {
            switch try reader.kind(line.text[...], number: line.number) {
            case .word(let cells): block.append((line.number, line.text, cells[layout.word]))
            case .other: block.append((line.number, line.text, nil))
            case .blank:
                block.append((line.number, line.text, nil))
                // Empty lines before the first word belong to the sentence that follows.
                if !block.contains(where: { $0.word != nil }) { continue }
                blocks.append((block, true))
                block = []
                used = place + 1
            }
        }
        if isEnd, blocks.count < left, !block.isEmpty {
            blocks.append((block, false))
            used = waiting.count
        }
        waiting.removeFirst(used)
        left -= blocks.count
        return zip(blocks, model.predict(blocks.map { $0.lines.compactMap(\.word) })).map { block, answer in
            var place = 0
            let lines = block.lines.map { line in
                if line.word == nil { return line.text }
                defer { place += 1 }
                if request.brief { return tag(answer, place) }
                let separator = layout.separator == .space ? " " : "\t"
                return TagLine.line(line.text[...], with: tag(answer, place), in: layout.tag, layout.separator) + probability(answer, place, separator)
            }
            return made(answer, line: block.lines.first { $0.word != nil }?.number, text: answer.words.joined(separator: " "), ownForm: lines.joined(separator: "\n"))
        }
    }

    // MARK: - Answers

    private func made(_ answer: Tagger.Answer, line: Int?, text: String, ownForm: String) -> Answer {
        var json = JSON.Object()
        json["line"] = line.map { .integer(Int64($0)) }
        json["text"] = .string(text)
        json["words"] = JSON(answer.words)
        json["tags"] = JSON(answer.tags)
        json["probabilities"] = .array(answer.confidences.map { JSON($0) })
        if model.scheme != .plain {
            json["spans"] = .array(
                answer.spans.map { span in
                    [
                        "type": .string(span.type), "text": .string(answer.words[span.start..<span.end].joined(separator: " ")), "start": .integer(Int64(span.start)),
                        "end": .integer(Int64(span.end)),
                    ]
                })
        }
        if request.probabilities || request.top != nil { json["tagProbabilities"] = .array(answer.probabilities.map { ranked($0) }) }
        return Answer(
            line: line, cells: request.brief ? [] : [answer.words.joined(separator: " ")], values: [answer.tags.joined(separator: " ")], json: json, ownForm: ownForm)
    }

    /// The most probable tags of a word, or all.
    private func ranked(_ probabilities: [Float]) -> JSON {
        let order = probabilities.indices.sorted { (probabilities[$1], $0) < (probabilities[$0], $1) }.prefix(request.top ?? probabilities.count)
        var object = JSON.Object()
        for number in order { object[model.tags[number]] = JSON(probabilities[number]) }
        return .object(object)
    }

    private func probability(_ answer: Tagger.Answer, _ place: Int, _ separator: String) -> String {
        request.probabilities ? separator + fixed(Double(answer.confidences[place]), 4) : ""
    }

    /// A word's tag, on a terminal in the colour of its type; O is dim.
    private func tag(_ answer: Tagger.Answer, _ place: Int) -> String {
        let tag = answer.tags[place]
        if !request.showsColors { return tag }
        if model.scheme != .plain, tag == "O" { return "\u{1B}[2m\(tag)\u{1B}[0m" }
        let type = model.scheme == .plain ? tag : answer.spans.first { ($0.start..<$0.end).contains(place) }?.type ?? tag
        let types = model.scheme == .plain ? model.tags : Set(model.tags.flatMap { model.scheme.spans([$0]).map(\.type) }).sorted()
        return "\u{1B}[3\(1 + (types.firstIndex(of: type) ?? 0) % 6)m\(tag)\u{1B}[0m"
    }
}

/// How a file to be tagged is laid out.
struct TagLayout {
    private let model: Tagger

    init(_ model: Tagger) { self.model = model }

    /// The columns of some first lines; `nil` where each line is a sentence.
    ///
    /// Words stand in columns if the lines are CoNLL-U, have tabs, have as many columns as the training's and tags where it had them, or are one word each.
    func columns(of lines: [String]) -> TagColumns? {
        let rows = lines.map { $0[...] }.filter { !TagLine.isBlank($0) && !$0.hasPrefix("#") }
        let known = model.columns
        if rows.count > 1, rows.allSatisfy({ TagLine.cells(of: $0, .space).count == 1 }) { return .pairs }
        guard let guess = TagColumns(guessing: lines.joined(separator: "\n")) else { return nil }
        if guess.separator == .universal { return known.separator == .universal ? known : guess }
        if guess.separator == known.separator, guess.separator == .tab, guess.count == known.count || (guess.count == known.count - 1 && known.tag == guess.count) { return known }
        if guess.separator == .tab { return guess }
        let columns = guess.count == known.count && known.separator == .space ? known : guess
        let cells = rows.map { TagLine.cells(of: $0, .space) }
        guard cells.allSatisfy({ $0.count == columns.count }) else { return nil }
        let tags = Set(model.tags + ["_", "O", "?"])
        return cells.count { tags.contains($0[columns.tag]) } * 2 > cells.count ? columns : nil
    }
}
