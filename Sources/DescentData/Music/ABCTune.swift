/// The lines of one tune in a file of ABC notation.
struct ABCTune: Equatable {
    /// The fields before the notes, `K:` the last.
    var header: [ABCText.Line] = []
    /// The notes, with the fields between them.
    var body: [ABCText.Line] = []

    /// The line that it begins on.
    var line: Int { (header.first { "XT".contains(ABCText.field($0.text) ?? " ") } ?? header.first ?? body.first)?.number ?? 1 }
    /// The value of a field of the header; the last one counts, as in a file that corrects itself.
    func value(_ letter: Character) -> String? { header.last { ABCText.field($0.text) == letter }.map { ABCText.value($0.text) } }
    /// The title and the number as people call it: `"The Irish Washerwoman"`, or `X:3`.
    var name: String {
        let title = header.first { ABCText.field($0.text) == "T" }.map { ABCText.value($0.text) } ?? ""
        return title.isEmpty ? value("X").map { "X:\($0)" } ?? "the tune" : title
    }

    /// Whether it has a key and notes.
    var hasNotes: Bool { body.contains { ABCText.field($0.text) == nil && !$0.text.hasPrefix("%") && $0.text.contains { "ABCDEFGabcdefgzZx".contains($0) } } }
    fileprivate var hasKey: Bool { header.contains { ABCText.field($0.text) == "K" } }

    /// The tunes of a text.
    ///
    /// A tune begins with `X:`, or where that is missing with a title that a key follows, and ends with a blank line, the next tune or the text. A blank line within
    /// a header, or before more lines of notes, ends nothing: many files have one between any two lines. Words around tunes are left out.
    static func tunes(in text: String) -> [ABCTune] {
        let lines = ABCText.lines(text)
        var tunes: [ABCTune] = [], tune = ABCTune(), isWord = false
        // A metre and a unit length before the first tune apply to all that have none.
        var common: [ABCText.Line] = []
        func finish() {
            // A header alone is that of a page or of the whole file.
            if tune.hasNotes || tune.hasKey || tune.value("X") != nil {
                tune.header = common.filter { line in ABCText.field(line.text).map { tune.value($0) == nil } ?? false } + tune.header
                tunes.append(tune)
            } else if tunes.isEmpty {
                common += tune.header.filter { "ML".contains(ABCText.field($0.text) ?? " ") }
            }
            tune = ABCTune()
        }
        for (index, line) in lines.enumerated() {
            let field = ABCText.field(line.text)
            if line.text.isEmpty {
                isWord = false
                guard tune.hasKey, !tune.body.isEmpty, let next = lines[index...].first(where: { !$0.text.isEmpty && !$0.text.hasPrefix("%") }) else { continue }
                if !continues(tune, with: next, lines: lines) { finish() }
            } else if field == "X" || field == "T" && tune.hasNotes && beginsTune(lines[index...]) {
                finish()
                tune.header.append(line)
            } else if let field, !tune.hasKey {
                // Before a header, only fields that a header has begin a tune: a line of prose may begin `P:` too.
                if !tune.header.isEmpty || "TMLKRCSQZN".contains(field) { tune.header.append(line) }
            } else if tune.hasKey {
                // Prose after a tune goes on to the next blank line.
                if field == nil, !line.text.hasPrefix("%"), tune.hasNotes, !ABCText.looksLikeNotes(line.text), isWord || isProse(line.text) {
                    isWord = true
                } else {
                    tune.body.append(line)
                }
            } else if !tune.header.isEmpty, ABCText.looksLikeNotes(line.text) {
                // Notes without a key: what is wrong is said of the tune.
                tune.body.append(line)
            }
        }
        finish()
        return tunes
    }

    /// Whether what follows a blank line belongs to the tune before it.
    private static func continues(_ tune: ABCTune, with next: ABCText.Line, lines: [ABCText.Line]) -> Bool {
        guard let field = ABCText.field(next.text) else { return ABCText.looksLikeNotes(next.text) || !tune.hasNotes }
        if field == "X" { return false }
        if !tune.hasNotes { return true }
        return "wVWP".contains(field) || "KML".contains(field) && !beginsTune(lines[(next.number - 1)...])
    }

    /// Whether lines that begin with a title or another field go on to a key, by fields of a header alone.
    private static func beginsTune(_ lines: ArraySlice<ABCText.Line>) -> Bool {
        var hasTitle = false
        for line in lines.prefix(30) where !line.text.isEmpty && !line.text.hasPrefix("%") {
            guard let field = ABCText.field(line.text) else { return false }
            if field == "K" { return hasTitle }
            hasTitle = hasTitle || field == "T"
        }
        return false
    }

    /// Whether a line is words: several of three letters or more that are no notes.
    private static func isProse(_ line: String) -> Bool {
        let words = line.split { !$0.isLetter }.filter { $0.count > 2 && $0.contains { !"ABCDEFGabcdefgz".contains($0) } }
        return words.count > 2 && !line.contains("|")
    }
}
