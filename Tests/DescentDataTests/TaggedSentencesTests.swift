import DescentData
import Testing

/// Files of words and tags as people have them, and what is wrong in some.
@Suite struct TaggedSentencesTests {
    private static let pairs = "Rahul\tB-PER\nlikes\tO\nOslo\tB-LOC\n.\tO\n\nMei\tB-PER\nleft\tO\nNorth\tB-ORG\nRail\tI-ORG\n"
    private static let sharedTask = "-DOCSTART- -X- -X- O\n\nRahul NNP B-NP B-PER\nleft VBD B-VP O\nOslo NNP B-NP B-LOC\n\nMei NNP B-NP B-PER\nslept VBD B-VP O\n"
    private static let universal =
        "# sent_id = 1\n1-2\tdont\t_\t_\t_\t_\t_\t_\t_\t_\n1\tdo\tdo\tAUX\tVB\t_\t0\troot\t_\t_\n2\tn't\tnot\tPART\tRB\t_\t1\tx\t_\t_\n2.1\tgo\tgo\tVERB\t_\t_\t_\t_\t_\t_\n\n1\tGo\tgo\tVERB\tVB\t_\t0\troot\t_\t_\n"

    @Test func pairsWithTabs() throws {
        let texts = try TaggedSentences(parsing: "\r\n" + Self.pairs.replacing("\n", with: "\r\n"), file: "e.tsv")
        #expect(texts.sentences.map(\.words) == [["Rahul", "likes", "Oslo", "."], ["Mei", "left", "North", "Rail"]])
        #expect(texts.sentences[1].tags == ["B-PER", "O", "B-ORG", "I-ORG"] && texts.sentences.map(\.line) == [2, 7] && texts.scheme == .iob2)
        #expect(TaggedSentences.recognized(Self.pairs) == "a word and its tag on each line, and an empty line after each sentence")
    }

    @Test func columnsWithSpacesAndDocuments() throws {
        let texts = try TaggedSentences(parsing: Self.sharedTask, file: "c.txt")
        #expect(texts.sentences.map(\.tags) == [["B-PER", "O", "B-LOC"], ["B-PER", "O"]] && texts.notes == ["1 mark of a document is no sentence"])
        #expect(try TaggedSentences(parsing: Self.sharedTask, file: "c.txt", tag: "pos").tags == ["NNP", "VBD"])
        #expect(try TaggedSentences(parsing: Self.sharedTask, file: "c.txt", tag: "3").tags == ["B-NP", "B-VP"])
        #expect(throws: DataError(file: "c.txt", "--tag-column is \"9\"; it must be the number of one of the file's 4 columns, from 1, named word, pos, chunk, ner")) {
            try TaggedSentences(parsing: Self.sharedTask, file: "c.txt", tag: "9")
        }
    }

    @Test func universalDependencies() throws {
        let texts = try TaggedSentences(parsing: Self.universal, file: "u.conllu")
        #expect(texts.sentences.map(\.words) == [["do", "n't"], ["Go"]] && texts.sentences.map(\.tags) == [["AUX", "PART"], ["VERB"]] && texts.scheme == .plain)
        #expect(try TaggedSentences(parsing: Self.universal, file: "u.conllu", tag: "XPOS").sentences[0].tags == ["VB", "RB"])
        #expect(texts.columns.title(texts.columns.tag) == "UPOS" && TaggedSentences.recognized(Self.universal) != nil)
    }

    @Test func wordsThatAreNumberedHeadersAndMarks() throws {
        let numbered = "1\tAnna\tB-PER\tO\n2\tslept\tO\tO\n\n1\tIn\tO\tO\n2\tOslo\tB-LOC\tO\n"
        #expect(try TaggedSentences(parsing: numbered, file: "g.tsv").sentences.map(\.words) == [["Anna", "slept"], ["In", "Oslo"]])
        #expect(try TaggedSentences(parsing: numbered, file: "g.tsv").tags == ["B-LOC", "B-PER", "O"])
        let headed = try TaggedSentences(parsing: "word\ttag\n#\tSYM\n1\tNUM\n\nA\tDET\nb\tX\n", file: "h.tsv")
        #expect(headed.sentences.map(\.words) == [["#", "1"], ["A", "b"]] && headed.notes == ["The first line (word, tag) names the columns"])
    }

    @Test func badLinesAreNamed() {
        let short = #expect(throws: DataError.self) { try TaggedSentences(parsing: Self.pairs + "Oslo\n", file: "e.tsv") }
        #expect(short?.line == 10 && short?.reason.hasPrefix("the line has 1 column (\"Oslo\"), where 2 are expected (2 columns with tabs)") == true)
        let bare = #expect(throws: DataError.self) { try TaggedSentences(parsing: Self.pairs + "Oslo\t\n", file: "e.tsv") }
        #expect(bare?.description == "e.tsv:10: the word \"Oslo\" has no tag (column 2); give it one: O, say, for a word of no span")
        #expect(throws: DataError.self) { try TaggedSentences(parsing: "one\ntwo\n", file: "t.txt") }
    }

    @Test func otherTextsAreNotTaken() {
        for text in ["ham\tsee you\nspam\tfree cash now\n\nham\tok\n", "Anna\tgirl\nBen\tboy\nCleo\tgirl\n", "a poem of\ntwo lines\n\nand of more\nin the end\n", "1 2\n3 4\n\n5 2\n1 4\n"] {
            #expect(TaggedSentences.recognized(text) == nil, "\(text)")
        }
    }

    @Test(arguments: [
        ("DET NOUN VERB", TagScheme.plain), ("B-PER I-PER O B-LOC", .iob2), ("I-PER I-PER O I-LOC B-LOC", .iob), ("B-PER E-PER O S-LOC", .iobes),
        ("B-PER L-PER O U-LOC", .bilou), ("B-A M-A E-A S-B", .bmes), ("B I O", .iob2), ("O O", .plain),
    ])
    func schemes(tags: String, scheme: TagScheme) { #expect(TagScheme(of: [tags.split(separator: " ").map(String.init)]) == scheme) }

    @Test func transitionsOfSchemes() {
        #expect(!TagScheme.iob2.allows("I-A", after: "O") && !TagScheme.iob2.allows("I-A", after: "B-B") && !TagScheme.iob2.allows("I-A", after: nil))
        #expect(TagScheme.iob2.allows("I-A", after: "B-A") && TagScheme.iob2.allows("O", after: "B-A") && TagScheme.iob.allows("I-A", after: "O"))
        #expect(!TagScheme.bilou.allows("O", after: "B-A") && TagScheme.bilou.allows("L-A", after: "I-A") && !TagScheme.iobes.allows("E-A", after: "S-A"))
    }
}
