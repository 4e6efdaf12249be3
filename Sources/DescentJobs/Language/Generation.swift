import DescentCore
import DescentData
import DescentFormats
import DescentNN
import DescentTrain

extension LanguageModel {
    /// Pieces that are no text to go on with.
    private var silent: Set<Int32> { [Vocabulary.padding, Vocabulary.unknown, Vocabulary.beginning] }

    /// The tokens of a prompt.
    ///
    /// - Throws: `SettingsError` for characters that the model has never seen. Words that it does not know become `<unk>`.
    func tokens(ofPrompt prompt: String) throws(SettingsError) -> [Int32] {
        let unknown = tokenizer.unit == .characters ? tokenizer.unknownPieces(in: prompt) : []
        if let first = unknown.first {
            let place = Array(prompt.unicodeScalars).firstIndex { String($0) == first }.map { $0 + 1 } ?? 0
            let known = tokenizer.vocabulary.pieces.count
            throw SettingsError("the prompt has \"\(first)\" (character \(place)), which is not among the \(known) characters that the model was trained on; leave it out")
        }
        return tokenizer.encode(prompt)
    }

    /// Goes on with a text.
    ///
    /// - Parameters:
    ///   - prompt: the text to continue; empty to start a new one. Of a model of tunes it is the first notes; the measure and the key come before
    ///     them, unless the prompt begins with them (`M:6/8 K:G`, a line's end).
    ///   - heading: The metre and the key of a tune, where they are given.
    ///   - length: how many pieces are written at most. A tune ends sooner, where its end is.
    ///   - seed: what is drawn from: the same gives the same text.
    ///   - write: takes the text as it comes, the prompt first; returns whether to go on.
    /// - Throws: `SettingsError` for a prompt that the model cannot read, and what `write` throws.
    public func generate(
        _ prompt: String = "", heading given: TuneHeading = TuneHeading(), length: Int, sampling: Sampling, seed: Int = 1, write: (String) throws -> Bool
    ) throws {
        let tokens = try tokens(ofPrompt: prompt)
        var reader = LanguageReader(network)
        var random = SplitMix64(seed: UInt64(bitPattern: Int64(seed)))
        var decoder = TokenDecoder(tokenizer)
        let excluded = writesTunes ? silent : silent.union([Vocabulary.end])
        func next() -> Int32 {
            Int32(sampling.choose(reader.probabilities(without: excluded, temperature: sampling.temperature == 0 ? 1 : sampling.temperature), &random))
        }

        if writesTunes && !prompt.hasPrefix("M:") {
            // The first line is the metre and the key; then come the notes. What is given must be among the tokens: said before anything is written.
            let opening = try self.tokens(ofHeading: given.opening(tokenizer.unit)), keyTokens = try given.key.map { try self.tokens(ofHeading: "\($0)\n") }
            var heading = ""
            func put(_ token: Int32) throws -> Bool {
                let text = decoder.append(token)
                heading += text
                reader.read(token)
                return try write(text)
            }
            for token in opening where try !put(token) { return }
            while !heading.hasSuffix("\n"), heading.utf8.count < Self.headingLimit {
                if let keyTokens, heading.hasSuffix("K:") {
                    for token in keyTokens where try !put(token) { return }
                    break
                }
                let token = next()
                let piece = tokenizer.vocabulary.piece(token) ?? []
                if given.isRequired, tokenizer.unit == .characters, !heading.contains("K:"), !given.isBeforeKey(piece, after: heading) {
                    // A network that has learned little goes on with notes; its tune has a metre and a key all the same.
                    for token in try self.tokens(ofHeading: heading.isEmpty ? "M:" : " K:") where try !put(token) { return }
                    continue
                }
                if token == Vocabulary.end { break }
                if try !put(token) { return }
            }
        }
        if !prompt.isEmpty {
            for token in tokens {
                _ = decoder.append(token)
                reader.read(token)
            }
            if try !write(prompt) { return }
        }
        for _ in 0..<length {
            let token = next()
            if token == Vocabulary.end { break }
            let text = decoder.append(token)
            if !text.isEmpty, try !write(text) { return }
            reader.read(token)
        }
        let rest = decoder.finish()
        if !rest.isEmpty { _ = try write(rest) }
    }

    /// The tokens of a part of a heading that was asked for.
    private func tokens(ofHeading text: String) throws(SettingsError) -> [Int32] {
        let unknown = tokenizer.unknownPieces(in: text)
        if let first = unknown.first {
            throw SettingsError("\(quoted(first)) of the heading \(quoted(text.filter { $0 != "\n" })) stands in no tune that the model was trained on; choose a metre and a key that it has seen")
        }
        return tokenizer.encode(text)
    }

    /// A heading is no longer.
    private static let headingLimit = 64
}
