/// The pieces of a text that a vectorizer counts.
package enum NGramTerms: String, CaseIterable, Sendable {
    /// Runs of words in lower case, with the marks ! and ?: "not good".
    case words
    /// Runs of characters in lower case within words, a space before and after each word: " goo".
    case characters

    /// Calls a function with each term of a text, as often as it occurs.
    ///
    /// - Parameter range: How many words or characters a term has.
    func forEach(in text: String, _ range: ClosedRange<Int>, _ body: (String) -> Void) {
        switch self {
        case .words:
            let words = Self.words(of: text)
            for count in range where count <= words.count {
                for start in 0...words.count - count { body(count == 1 ? words[start] : words[start..<start + count].joined(separator: " ")) }
            }
        case .characters:
            var bytes: [UInt8] = [], starts: [Int] = []
            func end() {
                if bytes.isEmpty { return }
                let padded = [0x20] + bytes + [0x20], places = [0] + starts.map { $0 + 1 } + [bytes.count + 1, bytes.count + 2]
                let length = places.count - 1
                for count in range {
                    for start in 0...Swift.max(0, length - count) { body(String(decoding: padded[places[start]..<places[Swift.min(start + count, length)]], as: UTF8.self)) }
                    // A word that is no longer than a term is one, once.
                    if count >= length { break }
                }
                (bytes, starts) = ([], [])
            }
            for scalar in text.lowercased().unicodeScalars {
                if ScalarKind(scalar) == .space {
                    end()
                } else {
                    starts.append(bytes.count)
                    bytes += Array(UTF8.encode(scalar)!)
                }
            }
            end()
        }
    }

    /// The words of a text in lower case: runs of letters and digits, with apostrophes between them, and the marks ! and ?.
    static func words(of text: String) -> [String] {
        var words: [String] = [], word = String.UnicodeScalarView(), apostrophe: Unicode.Scalar?
        func end() {
            if !word.isEmpty { words.append(String(word)) }
            (word, apostrophe) = (String.UnicodeScalarView(), nil)
        }
        for scalar in text.lowercased().unicodeScalars {
            let kind = ScalarKind(scalar)
            if kind == .letter || kind == .number {
                if let mark = apostrophe { word.append(mark) }
                apostrophe = nil
                word.append(scalar)
            } else if scalar == "'" || scalar == "’", !word.isEmpty, apostrophe == nil {
                // One spelling of the two: "don’t" is "don't".
                apostrophe = "'"
            } else {
                end()
                if scalar == "!" || scalar == "?" { words.append(String(scalar)) }
            }
        }
        end()
        return words
    }
}
