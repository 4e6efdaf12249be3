import DescentData
import DescentExplain

extension Tokenizer {
    /// Tokens as texts, one for each. A character whose bytes several tokens share is written where its last byte is; a token without a whole one is `…`.
    package func names(of tokens: [Int32]) -> [String] {
        var begun: [UInt8] = []
        return tokens.map { token in
            guard let piece = vocabulary.piece(token) else {
                begun = []
                return vocabulary.name(token)
            }
            let bytes = begun + piece
            // A character has at most four bytes, so three may be missing to the next.
            for cut in 0...Swift.min(3, bytes.count) {
                guard let text = String(validating: bytes.dropLast(cut), as: UTF8.self) else { continue }
                begun = Array(bytes.suffix(cut))
                return text.isEmpty && cut > 0 ? "…" : text
            }
            // No part of a text: as it is.
            begun = []
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    /// Tokens as labels of pictures: see `TokenLabel`.
    package func labels(of tokens: [Int32]) -> [String] {
        zip(tokens, names(of: tokens)).map { token, name in vocabulary.piece(token) == nil ? name : TokenLabel.text(name) }
    }
}
