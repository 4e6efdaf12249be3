/// Words of a text, split at white space, as code points.
///
/// White space is what Python's `str.split()` and `str.rstrip()` take for it, since the published scores are computed with them. It
/// includes the information separators U+001C to U+001F, which Unicode's property White_Space leaves out.
enum ScalarWords {
    static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        (0x1C...0x1F).contains(scalar.value) || scalar.properties.isWhitespace
    }

    /// The words: the longest runs without white space. None in an empty text.
    static func split(_ text: some Sequence<Unicode.Scalar>) -> [[Unicode.Scalar]] {
        var words: [[Unicode.Scalar]] = []
        var word: [Unicode.Scalar] = []
        for scalar in text {
            if !isSpace(scalar) {
                word.append(scalar)
            } else if !word.isEmpty {
                words.append(word)
                word = []
            }
        }
        if !word.isEmpty { words.append(word) }
        return words
    }
}
