import DescentFormats

/// Reads a tune in ABC notation (Walshaw's standard 2.1, and older habits) as a score.
///
/// What has no meaning in the notation is noted with its place, and reading goes on: a player of a tune that a network wrote plays what there is, and a
/// collection leaves a tune with faults out.
struct ABCReader {
    /// Something that is not as it should be.
    struct Fault: Equatable {
        let line: Int
        /// The column, from 1; `nil` for the whole line.
        let column: Int?
        let message: String
    }

    /// What was read.
    private(set) var score = Score()
    /// What was found wrong, in order.
    private(set) var faults: [Fault] = []

    private let tune: ABCTune
    private var unit = Fraction(1, 8)
    /// The voices and where each of them is, by name.
    private var states: [String: VoiceState] = [:]
    private var current = ""
    private var order: [String] = []

    /// Reads a tune.
    init(_ tune: ABCTune) {
        self.tune = tune
        readHeader()
        for line in tune.body { read(line) }
        finish()
    }

    // MARK: - Fields

    private mutating func readHeader() {
        guard tune.value("K") != nil else {
            fault(tune.line, "it has no key; a header ends with a line K:, as in K:G")
            return
        }
        let title = tune.header.first { ABCText.field($0.text) == "T" }.map { ABCText.value($0.text) }
        score.title = title ?? ""
        score.composer = tune.value("C") ?? ""
        for line in tune.header {
            guard let field = ABCText.field(line.text) else { continue }
            let value = ABCText.value(line.text)
            do throws(NotationError) {
                switch field {
                case "M": score.metre = try Metre(parsing: value)
                case "L": unit = try unitLength(parsing: value)
                case "K": score.key = try KeySignature(parsing: value)
                default: break
                }
            } catch {
                fault(line.number, error.description)
            }
            if field == "V" { declare(value) }
        }
        if tune.value("L") == nil { unit = score.metre.unitLength }
        score.unitLength = unit
        if let value = tune.value("Q") { score.tempo = Tempo(parsing: value, unit: unit) }
        for name in order { states[name]?.reset(score, unit) }
        current = order.first ?? ""
    }

    private mutating func fault(_ line: Int, column: Int? = nil, _ message: String) { faults.append(Fault(line: line, column: column, message: message)) }

    /// Makes a voice, or goes on with it.
    private mutating func declare(_ value: String) {
        let name = String(value.prefix { $0 != " " && $0 != "\t" })
        current = name
        if states[name] == nil {
            order.append(name)
            states[name] = VoiceState(name, of: score, unit: unit)
        }
    }

    /// A field between notes, in a line of its own or in brackets.
    private mutating func readField(_ letter: Character, _ value: String, at line: ABCText.Line, column: Int? = nil) {
        if letter == "V" {
            declare(value)
            return
        }
        if states[current] == nil { declare(current) }
        var state = states[current]!
        do throws(NotationError) {
            switch letter {
            case "K":
                let key = try KeySignature(parsing: value)
                // A clef alone changes no key.
                if key != .none || value.lowercased().hasPrefix("none") { state.change(key) }
            case "M": state.change(try Metre(parsing: value))
            case "L": state.unit = try unitLength(parsing: value)
            case "Q": if let tempo = Tempo(parsing: value, unit: state.unit) { state.change(tempo) }
            default: break
            }
        } catch {
            fault(line.number, column: column, error.description)
        }
        states[current] = state
    }

    private mutating func read(_ line: ABCText.Line) {
        if line.text.hasPrefix("%") { return }
        if let field = ABCText.field(line.text) {
            readField(field, ABCText.value(line.text), at: line)
            return
        }
        if states[current] == nil { declare(current) }
        var scanner = ABCScanner(line)
        while let token = scanner.next() {
            switch token {
            case .field(let letter, let value): readField(letter, value, at: line, column: scanner.column)
            case .fault(let column, let message): fault(line.number, column: column, message)
            default: states[current]!.take(token)
            }
        }
        states[current]!.endLine()
    }

    private mutating func finish() {
        score.voices = order.compactMap { states[$0]?.voice }.filter { $0.elements.contains { if case .note = $0 { true } else { false } } }
        if score.voices.isEmpty, faults.isEmpty { fault(tune.line, "it has no notes after its key") }
        if score.voices.isEmpty { score.voices = [Score.Voice(name: "")] }
    }
}
