import DescentData
import DescentFormats
import Testing

@Suite("tokenizers")
struct TokenizerTests {
    static let texts = [
        "ROMEO:\nBut, soft! what light through yonder window breaks?\n\n",
        "मैं घर जा रहा हूँ। क्या तुम आ रहे हो? क्षत्रिय ज्ञान",
        "👩🏽‍🚀 flew to 🇮🇳 — “twice” (they say)... and it's well-known!!!",
        "  two  blanks\tand\r\na carriage return ,badly( spaced )  ",
        "cafe\u{301} and caf\u{E9} look alike; 中文没有空格，对吗？",
        "a\u{301}\u{301} \u{301}b 3.14 1,000 50% x_1 don't 'quoted' rock-'n'-roll",
        "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}", " ", "a", "",
    ]

    @Test("characters, words and byte pairs give every text back, byte for byte", arguments: texts)
    func roundTrip(text: String) throws {
        let tokenizers: [any Tokenizer] = [
            CharacterTokenizer(fitting: text), WordTokenizer(fitting: [text], minimumCount: 1), BytePairTokenizer(fitting: [text], limit: 300),
        ]
        for tokenizer in tokenizers {
            let tokens = tokenizer.encode(text)
            #expect(!tokens.contains(Vocabulary.unknown))
            #expect(Array(tokenizer.decode(tokens).utf8) == Array(text.utf8), "\(tokenizer.unit)")
            let again = try TokenUnit.tokenizer(json: JSONReader(JSON(parsing: Array(tokenizer.toJSON().text().utf8), file: "card"), file: "card"))
            #expect(again.unit == tokenizer.unit && again.vocabulary == tokenizer.vocabulary && again.encode(text) == tokens)
        }
    }

    @Test("byte pairs learned from one text write any other", arguments: texts)
    func otherText(text: String) {
        let tokenizer = BytePairTokenizer(fitting: [Self.texts[0]], limit: 280)
        #expect(Array(tokenizer.decode(tokenizer.encode(text)).utf8) == Array(text.utf8))
    }

    @Test("the pairs are those of the plain algorithm, which counts everything anew each time")
    func plainAlgorithm() {
        let text = "low low low low lower lower newest newest newest newest newest newest widest widest widest banana bananas anna aaaaaa aaa"
        var words: [[Int32]] = []
        for (index, word) in text.split(separator: " ").enumerated() {
            words.append(((index == 0 ? "" : " ") + word).utf8.map { Int32($0) + 4 })
        }
        var expected: [BytePairTokenizer.Pair] = []
        while expected.count < 40 {
            var counts: [BytePairTokenizer.Pair: Int] = [:]
            for word in words { for (a, b) in zip(word, word.dropFirst()) { counts[.init(a, b), default: 0] += 1 } }
            let best = counts.filter { $0.value > 1 }.min { a, b in
                a.value != b.value ? a.value > b.value : (a.key.first, a.key.second) < (b.key.first, b.key.second)
            }
            guard let best else { break }
            let number = Int32(260 + expected.count)
            for index in words.indices {
                var place = 0
                while place + 1 < words[index].count {
                    if words[index][place] == best.key.first, words[index][place + 1] == best.key.second {
                        words[index].replaceSubrange(place...place + 1, with: [number])
                    }
                    place += 1
                }
            }
            expected.append(best.key)
        }
        let tokenizer = BytePairTokenizer(fitting: [text], limit: 256 + 40)
        #expect(tokenizer.merges == expected)
        #expect(expected.count > 20)
        #expect(tokenizer.encode(text) == words.flatMap { $0 })
    }

    @Test("the four specials come first, and stand for no text")
    func specials() {
        let tokenizer = CharacterTokenizer(fitting: "ba")
        #expect(Vocabulary.specials == ["<pad>", "<unk>", "<bos>", "<eos>"])
        #expect(tokenizer.encode("abc") == [4, 5, Vocabulary.unknown])
        #expect(tokenizer.unknownPieces(in: "abcb!") == ["c", "!"])
        #expect(tokenizer.vocabulary.count == 6)
        #expect(tokenizer.vocabulary.name(0) == "<pad>" && tokenizer.vocabulary.name(5) == "b")
        #expect(tokenizer.decode([2, 4, 1, 5, 3, 0]) == "a\u{FFFD}b")
    }

    @Test("words: blanks where they are expected take no piece")
    func wordPieces() {
        func pieces(_ text: String) -> [String] {
            WordTokenizer.pieces(of: text, lowercases: false, keepsSpacing: true).map { String(decoding: $0, as: UTF8.self) }
        }
        #expect(pieces("I went, (they say) for a walk.\nIt's fine...") == ["I", "went", ",", "(", "they", "say", ")", "for", "a", "walk", ".", "\n", "It's", "fine", "..."])
        #expect(pieces("x  y") == ["x", " ", " ", "y"])
        #expect(pieces("3+4") == ["3", "", "+", "", "4"])
        #expect(pieces("मैं घर।") == ["मैं", "घर", "।"])
        #expect(pieces("well-known 'tis") == ["well-known", "'", "", "tis"])
        #expect(WordTokenizer.pieces(of: "Not  SO\ngood", lowercases: true, keepsSpacing: false) == ["not", "so", "good"].map { Array($0.utf8) })
    }

    @Test("words: frequent ones are known, rare ones are <unk>, and decoding shows it")
    func rareWords() {
        let tokenizer = WordTokenizer(fitting: ["the cat and the dog and the bird"], limit: 2, minimumCount: 2)
        #expect(tokenizer.vocabulary.pieces == ["the", "and"].map { Array($0.utf8) })
        let tokens = tokenizer.encode("the horse and the cat")
        #expect(tokens == [4, 1, 5, 4, 1])
        #expect(tokenizer.decode(tokens) == "the <unk> and the <unk>")
    }

    @Test("text that streams out of tokens never shows half a character", arguments: texts)
    func streaming(text: String) {
        let tokenizer = BytePairTokenizer(fitting: ["plain"], limit: 256)
        var decoder = TokenDecoder(tokenizer)
        var parts = tokenizer.encode(text).map { decoder.append($0) }
        parts.append(decoder.finish())
        #expect(Array(parts.joined().utf8) == Array(text.utf8))
        #expect(!parts.contains { $0.unicodeScalars.contains("\u{FFFD}") })

        var cut = TokenDecoder(tokenizer)
        #expect(cut.append(BytePairTokenizer.number(of: 0xE0)) == "")
        #expect(cut.finish() == "\u{FFFD}")
    }

    @Test(
        "a damaged card is refused",
        arguments: [
            #"{"unit":"letters"}"#, #"{"unit":"bpe","merges":[[4,999]]}"#, #"{"unit":"characters","characters":"aba"}"#, #"{"unit":"words"}"#,
        ])
    func damaged(card: String) throws {
        let json = try JSON(parsing: Array(card.utf8), file: "card")
        #expect(throws: FormatError.self) { try TokenUnit.tokenizer(json: JSONReader(json, file: "card")) }
    }
}
