import DescentData
import DescentFormats
import Foundation
import Testing

@Suite("where texts and their classes are")
struct TextLayoutTests {
    private static let sentences = (0..<24).map { "sentence number \($0) of this, and more" }
    private static func lines(_ line: (Int) -> String) -> String { sentences.indices.map { line($0) + "\n" }.joined() }

    @Test("label first, label last, marks, tables and JSON are told apart and read")
    func layouts() throws {
        let (all, label) = (Self.sentences, { (index: Int) in index % 3 == 0 ? "spam" : "ham" })
        let cases: [(text: String, layout: TextLayout)] = [
            (Self.lines { "\(label($0))\t\(all[$0])" }, .classThenText), (Self.lines { "\(all[$0])\t\(label($0))" }, .textThenClass),
            ("label\ttext\n" + Self.lines { "\(label($0))\t\(all[$0])" }, .classThenText), (Self.lines { "__label__\(label($0)) \(all[$0])" }, .marks),
            (Self.lines { "\(all[$0]) __label__\(label($0))" }, .marks),
            ("id,review,sentiment\n" + Self.lines { "\($0),\"\(all[$0])\",\(label($0))" }, .columns(text: "review", label: "sentiment")),
            ("v1,v2,,\n" + Self.lines { "\(label($0)),\"\(all[$0])\",," }, .columns(text: "v2", label: "v1")),
            (Self.lines { "{\"text\": \"\(all[$0])\", \"label\": \"\(label($0))\", \"id\": \($0)}" }, .objects(text: "text", label: "label")),
            ("[" + sentences(all, label) + "]", .objects(text: "body", label: "kind")),
        ]
        for (text, layout) in cases {
            let texts = try LabelledTexts(parsing: text, file: "t")
            #expect(texts.layout == layout && texts.classes == ["ham", "spam"] && texts.texts == all && texts.labels == all.indices.map { $0 % 3 == 0 ? 1 : 0 }, "\(layout), read as \(texts.layout)")
            #expect(try TextLayout(json: JSONReader(layout.json, file: "t")) == layout)
        }
        // Words with tags are for another job, and so is a number to be predicted.
        #expect(TextLayout.guess((0..<40).map { "word\($0)\t\($0 % 2 == 0 ? "O" : "B")\n" + ($0 % 8 == 7 ? "\n" : "") }.joined(), file: "t") == nil)
        #expect(TextLayout.guess("text,price\n" + Self.lines { "\"\(all[$0])\",\($0).5" }, file: "t", target: "price") == nil)
    }

    private func sentences(_ all: [String], _ label: (Int) -> String) -> String { all.indices.map { "{\"body\": \"\(all[$0])\", \"kind\": \"\(label($0))\"}" }.joined(separator: ",\n") }

    @Test("several labels a text")
    func severalLabels() throws {
        let marks = try LabelledTexts(parsing: Self.lines { "__label__a \($0 % 2 == 0 ? "__label__b " : "")\(Self.sentences[$0])" }, file: "t")
        #expect(marks.hasSeveralLabels && marks.classes == ["a", "b"] && Array(marks.labelSets.prefix(2)) == [[0, 1], [0]])
        let lists = try LabelledTexts(parsing: Self.lines { "{\"text\": \"\(Self.sentences[$0])\", \"tags\": [\($0 % 2 == 0 ? "\"x\", \"y\"" : "\"y\"")]}" }, file: "t")
        #expect(lists.hasSeveralLabels && lists.classes == ["x", "y"] && lists.labelSets[1] == [1])
    }

    @Test("lines at fault are named in the words of their layout")
    func faults() {
        for (text, sentence) in [
            (
                Self.lines { $0 == 4 ? "__label__ham" : "__label__\($0 % 2) text \($0)" },
                "t:5: line 5 has no label (of 24); each must be __label__ with a class, and a text. Give them one, or take them out"
            ),
            (Self.lines { $0 == 6 ? "{\"text\": 1" : "{\"text\": \"a text of words \($0)\", \"label\": \($0 % 2)}" }, "t:7: "),
        ] { #expect { try LabelledTexts(parsing: text, file: "t") } throws: { "\($0)".hasPrefix(sentence) } }
        #expect { try LabelledTexts(parsing: Self.lines { "\(Self.sentences[$0])\t\($0 % 2)" }, file: "t", target: "sentiment") } throws: { "\($0)".contains("there is no column \"sentiment\"") }
    }

    @Test("a folder of folders: each file is a text; folders within are refused; texts to be answered are read without their labels")
    func folders() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "descent-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in [("pos/1.txt", "good\n"), ("pos/2.txt", "very\ngood"), ("neg/1.txt", "bad\r\n")] {
            let file = folder.appending(path: name)
            try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        let texts = try LabelledTexts(path: folder.path)
        #expect(texts.layout == .folders && texts.texts == ["bad", "good", "very\ngood"] && texts.labels == [0, 1, 1] && texts.classes == ["neg", "pos"])
        try FileManager.default.createDirectory(at: folder.appending(path: "pos/deep"), withIntermediateDirectories: true)
        #expect { try LabelledTexts(path: folder.path) } throws: { "\($0)".contains("give the folder whose folders are the classes") }
        let file = folder.appending(path: "new.csv").path
        try Data("id,review\n1,\"a, b\"\n2,c\n".utf8).write(to: URL(filePath: file))
        let new = try UnlabelledTexts(file, like: .columns(text: "review", label: "sentiment"), classes: ["x"])
        #expect(new.column == "review" && new.texts.map(\.text) == ["a, b", "c"] && new.texts.map(\.line) == [2, 3])
        try Data("spam\tone two\nthree four\tham\n__label__ham five\nsix\n".utf8).write(to: URL(filePath: file))
        #expect(try UnlabelledTexts(file, like: nil, classes: ["ham", "spam"]).texts.map(\.text) == ["one two", "three four", "five", "six"])
    }
}
