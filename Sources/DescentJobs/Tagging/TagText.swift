import DescentData

extension Tagger {
    /// The words of a sentence as people write it: cut at spaces; marks at the ends of words are words of their own. What the training's words show of its
    /// language is used: a word that it had stays whole ("U.S."), and one with an apostrophe is cut where the training cuts ("did" and "n't").
    func words(of text: String) -> [String] {
        text.split(whereSeparator: \.isWhitespace).flatMap { word -> [String] in
            if features.knows(String(word)) { return [String(word)] }
            var middle = word, before: [String] = [], after: [String] = []
            while let mark = middle.first, !Self.isPartOfWord(mark), middle.count > 1 {
                let run = middle.prefix { $0 == mark }
                before.append(String(run))
                middle = middle.dropFirst(run.count)
            }
            while let mark = middle.last, !Self.isPartOfWord(mark), middle.count > 1, !features.knows(String(middle)) {
                let run = middle.reversed().prefix { $0 == mark }.count
                after.insert(String(middle.suffix(run)), at: 0)
                middle = middle.dropLast(run)
            }
            return before + (middle.isEmpty ? [] : cut(middle)) + after
        }
    }

    private static func isPartOfWord(_ character: Character) -> Bool { character.isLetter || character.isNumber }

    /// A word, in two at its apostrophe where the second part is a word of the training: "it" and "'s".
    private func cut(_ word: Substring) -> [String] {
        guard !features.knows(String(word)), let apostrophe = word.firstIndex(where: { $0 == "'" || $0 == "’" }), apostrophe > word.startIndex else { return [String(word)] }
        for start in [apostrophe, word.index(before: apostrophe)] where start > word.startIndex && features.knows(String(word[start...])) {
            return [String(word[..<start]), String(word[start...])]
        }
        return [String(word)]
    }
}
