/// A small phrase book: English sentences and their Hindi translations, written for this project to learn translation from.
///
/// Everyday sentences of 1 to 9 words about meals, travel, people, things, time and weather. About 300 English words recur in different
/// combinations, so that a model can learn how sentences are put together rather than each by heart.
///
/// The Hindi follows fixed conventions where English leaves a choice:
/// - the speaker is a man: "I want" is मैं … चाहता हूँ;
/// - "you" is the polite आप, with plural verbs and requests in -इए; parents, grandparents, uncles, teachers and doctors take plural forms too;
/// - "he", "she" and "that" are all वह; gender shows in the verb. "His" is उसका, and there is no "her";
/// - "the" is not translated; "a" is एक, left out before professions and where something is not there or is asked for;
/// - "tomorrow" and "yesterday" are both कल; the tense tells which.
///
/// The text is in Unicode's form NFC: letters with a nukta, as in ड़ and ज़, are two code points. A sentence ends with one mark: ".", "?" or
/// "!" in English, "।", "?" or "!" in Hindi.
public enum PhraseBook {
    /// The pairs to learn from. No English and no Hindi sentence occurs twice.
    public static let pairs: [(english: String, hindi: String)] =
        [meals, activities, travel, people, things, conversation, requests, time].flatMap(parsed)

    /// Further pairs to test with. Each is a new combination of words that `pairs` has at least three times each, in the same kinds of
    /// sentences.
    public static let heldOut: [(english: String, hindi: String)] = parsed(heldOutText)

    /// The pairs of a text with a pair on each line, its sides separated by a tab.
    private static func parsed(_ text: StaticString) -> [(english: String, hindi: String)] {
        text.withUTF8Buffer { String(decoding: $0, as: UTF8.self) }.split(separator: "\n").map { line in
            let sides = line.split(separator: "\t")
            precondition(sides.count == 2, "a line of the phrase book has two sides: \(line)")
            return (english: String(sides[0]), hindi: String(sides[1]))
        }
    }
}
