/// The tokenization of NIST's `mteval-v13a.pl`, known as "13a": the one with which BLEU is published (Post 2018).
///
/// It splits off ASCII punctuation, leaves apostrophes and hyphens inside words, and splits a period or comma unless digits stand on both
/// sides. Punctuation outside ASCII, such as the danda, stays with its word. Case is kept.
enum MTEvalTokenizer {
    /// The tokens of a sentence, as code points.
    static func tokens(_ sentence: String) -> [[Unicode.Scalar]] {
        var line = Array(sentence.unicodeScalars)
        while let last = line.last, ScalarWords.isSpace(last) { line.removeLast() }
        line = replacing("<skipped>", in: line, with: "")
        // A word hyphenated at the end of a line is joined.
        line = replacing("-\n", in: line, with: "")
        line = replacing("\n", in: line, with: " ")
        // One after the other: "&amp;lt;" ends as "<".
        for (entity, character) in [("&quot;", "\""), ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">")] as [(String, String)] {
            line = replacing(entity, in: line, with: character)
        }
        line = spacedPunctuation([" "] + line + [" "])
        line = spacing(line, where: { !isDigit($0) && isPoint($1) }, as: { [$0, " ", $1, " "] })
        line = spacing(line, where: { isPoint($0) && !isDigit($1) }, as: { [" ", $0, " ", $1] })
        line = spacing(line, where: { isDigit($0) && $1 == "-" }, as: { [$0, " ", $1, " "] })
        return ScalarWords.split(line)
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }
    private static func isPoint(_ scalar: Unicode.Scalar) -> Bool { scalar == "." || scalar == "," }

    /// Puts spaces around every ASCII sign but the apostrophe, comma, hyphen and period.
    private static func spacedPunctuation(_ line: [Unicode.Scalar]) -> [Unicode.Scalar] {
        line.flatMap { scalar -> [Unicode.Scalar] in
            switch scalar {
            case " "..."&", "("..."+", "/", ":"..."@", "["..."`", "{"..."~": [" ", scalar, " "]
            default: [scalar]
            }
        }
    }

    /// Rewrites each pair of neighbours that matches, from left to right. A pair starts after the end of the one before, as the matches
    /// of a regular expression do.
    private static func spacing(
        _ line: [Unicode.Scalar], where matches: (Unicode.Scalar, Unicode.Scalar) -> Bool, as spaced: (Unicode.Scalar, Unicode.Scalar) -> [Unicode.Scalar]
    ) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        result.reserveCapacity(line.count * 2)
        var index = 0
        while index < line.count {
            if index + 1 < line.count, matches(line[index], line[index + 1]) {
                result += spaced(line[index], line[index + 1])
                index += 2
            } else {
                result.append(line[index])
                index += 1
            }
        }
        return result
    }

    /// Replaces each occurrence of a part, from left to right and without overlaps.
    private static func replacing(_ part: String, in line: [Unicode.Scalar], with other: String) -> [Unicode.Scalar] {
        let pattern = Array(part.unicodeScalars)
        guard line.contains(pattern[0]) else { return line }
        var result: [Unicode.Scalar] = []
        var index = 0
        while index < line.count {
            if line[index...].starts(with: pattern) {
                result += other.unicodeScalars
                index += pattern.count
            } else {
                result.append(line[index])
                index += 1
            }
        }
        return result
    }
}
