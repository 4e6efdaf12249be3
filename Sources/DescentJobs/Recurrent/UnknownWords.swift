import DescentFormats

/// That words are not known to a model, as the beginning of a sentence; of many the first ones.
package func unknownWords(_ words: [String]) -> String {
    "not in the vocabulary: \(words.prefix(5).map(quoted).joined(separator: ", "))" + (words.count > 5 ? " and \(words.count - 5) more" : "")
}
