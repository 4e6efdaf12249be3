import DescentCore
import DescentData
import DescentFormats
import Foundation
import Testing
import DescentJobs
import DescentReports
import DescentTrain

@Suite(.serialized)
struct TabularModelFileTests {
    /// A model small enough that every byte of its file can be tried.
    private static func small(_ target: String = "y") throws -> (model: TabularModel, table: Table) {
        let table = target == "y" ? try TableSamples.classes() : try TableSamples.line()
        var settings = TabularSettings()
        settings.hidden = [2]
        settings.pieces = 0
        settings.members = 1
        settings.epochs = 2
        return (try TabularTraining(table, target: "y", settings: settings).run(), table)
    }

    @Test("a model that is read back predicts the same, and says the same of itself", arguments: ["y", "line"])
    func roundTrip(_ kind: String) throws {
        let (model, table) = try Self.small(kind)
        let copy = try TabularModel(parsing: model.encoded(), file: "copy")
        #expect(try copy.predict(table) == model.predict(table))
        #expect(copy.card() == model.card())
        #expect(copy.record == model.record)
        #expect(try copy.encoded() == model.encoded())
    }

    @Test("each byte of a file flipped in turn: an error, or the same predictions")
    func flippedBytes() throws {
        let (model, table) = try Self.small()
        let bytes = try model.encoded()
        let truth = try model.predict(table, rows: [0, 1, 2])
        var accepted = 0
        for place in bytes.indices {
            for mask: UInt8 in [0x01, 0x80, 0xFF] {
                var damaged = bytes
                damaged[place] ^= mask
                guard let read = try? TabularModel(parsing: damaged, file: "damaged") else { continue }
                accepted += 1
                #expect(try read.predict(table, rows: [0, 1, 2]) == truth, "byte \(place)")
            }
        }
        // Only damage to the checksum's own name goes unnoticed.
        #expect(accepted < 100)
    }

    @Test("without the checksum, each byte flipped in turn: an error, or predictions that are numbers")
    func flippedBytesUnchecked() throws {
        let (model, table) = try Self.small()
        let whole = try model.encoded()
        // Another name for the checksum's entry, so that it is not verified.
        let name = Array("descent.checksum".utf8)
        let start = try #require(whole.indices.first { whole[$0...].starts(with: name) })
        var bytes = whole
        bytes[start] = UInt8(ascii: "x")
        #expect(throws: Never.self) { try TabularModel(parsing: bytes, file: "unchecked") }
        for place in bytes.indices {
            for mask: UInt8 in [0x01, 0x04, 0x10, 0xFF] {
                var damaged = bytes
                damaged[place] ^= mask
                guard let read = try? TabularModel(parsing: damaged, file: "damaged") else { continue }
                // Another column's name, an overflow: errors too.
                _ = try? read.predict(table, rows: [0, 1, 2])
            }
        }
    }

    @Test("a file cut anywhere is an error")
    func truncated() throws {
        let bytes = try Self.small().model.encoded()
        for length in 0..<bytes.count {
            #expect(throws: FormatError.self) { try TabularModel(parsing: Array(bytes[..<length]), file: "cut") }
        }
    }

    /// The file with its card or tensors changed, and a right checksum.
    private static func changed(_ change: (inout SafetensorsFile) throws -> Void) throws -> [UInt8] {
        var file = try SafetensorsFile(parsing: small().model.encoded(), file: "model")
        try change(&file)
        return try file.encoded()
    }

    @Test(
        "a card that does not say what it must is an error that names the place",
        arguments: [
            ("\"kind\":\"feed-forward\"", "\"kind\":\"transformer\"", "\"architecture.kind\" is \"transformer\""),
            ("\"inputs\":3", "\"inputs\":4", "\"architecture.inputs\" is 4, and the columns make 3 features"),
            ("\"inputs\":3", "\"inputs\":-3", "no size of a layer"),
            ("\"outputs\":1", "\"outputs\":2", "\"architecture.outputs\" is 2, and the target needs 1"),
            ("\"hidden\":[2]", "\"hidden\":[2000000]", "it holds 11 weights, and the architecture takes 10,000,001"),
            ("\"hidden\":[2]", "\"hidden\":[2,2]", "it holds 11 weights, and the architecture takes 17"),
            ("\"hidden\":[2]", "\"hidden\":[]", "it holds 11 weights, and the architecture takes 4"),
            ("\"activation\":\"gelu\"", "\"activation\":\"gelo\"", "\"gelo\", which is unknown"),
            (
                "\"formatVersion\":3", "\"formatVersion\":4",
                "\"formatVersion\" is 4, and this program, Descent \(Release.version), knows versions 1 to 3: a newer one wrote the model. Use Descent \(Release.version) or newer, or train again with this one"
            ),
            ("\"formatVersion\":3", "\"formatVersion\":0", "\"formatVersion\" is 0, and this program"),
            ("\"source\":\"classes.csv\"", "\"source\":7", "\"record.source\" is 7, not text"),
            ("\"dropout\":0.1", "\"dropout\":1.5", "below 1"),
            ("\"format\":\"descent model\"", "\"format\":\"poem\"", "\"poem\""),
            ("\"seed\":1", "\"seed\":\"one\"", "\"record.settings.seed\" is \"one\""),
            ("\"fileColumnCount\":4", "\"fileColumnCount\":-9223372036854775808", "\"encoder.fileColumnCount\" is -9223372036854775808"),
        ])
    func badCards(old: String, new: String, sentence: String) throws {
        let bytes = try Self.changed { file in
            let card = try #require(file.metadata["descent.card"])
            let parts = card.split(separator: old, omittingEmptySubsequences: false)
            try #require(parts.count >= 2, "\(old) is not in \(card)")
            file.metadata["descent.card"] = parts[0] + new + parts.dropFirst().joined(separator: old)
        }
        let error = #expect(throws: FormatError.self) { try TabularModel(parsing: bytes, file: "model") }
        #expect(error?.sentence.contains(sentence) == true, "\(error?.sentence ?? "")")
    }

    @Test("a model of format version 1 is read, and answers as it did")
    func formatOne() throws {
        let bytes = Array(try #require(Data(base64Encoded: FormatOneFixture.base64)))
        let model = try TabularModel(parsing: bytes, file: "old")
        #expect(model.record.fingerprint == nil)
        #expect(model.record["rocArea"] == nil && model.record["accuracy"] != nil)
        #expect(model.record.version == "0.1.0")
        let table = try Table(names: ["a", "kind", "when"], rows: FormatOneFixture.rows)
        for (answer, truth) in zip(try model.predict(table), FormatOneFixture.probabilities) {
            guard case .label(0, let probabilities) = answer else {
                Issue.record("\(answer) is not the first class")
                continue
            }
            #expect(abs(probabilities[0] - truth) < 1e-6)
        }
        // Written again it is of the present version.
        #expect(try TabularModel(parsing: model.encoded(), file: "new").predict(table) == model.predict(table))
    }

    @Test("the card has every figure and the data's fingerprint, and gives them back")
    func card() throws {
        let (model, _) = try Self.small()
        var record = model.record
        record.fingerprint = "xxh64:0123456789abcdef"
        let marked = TabularModel(network: model.network, encoder: model.encoder, target: model.target, record: record)
        let copy = try TabularModel(parsing: marked.encoded(), file: "copy")
        #expect(copy.record == record)
        #expect(copy.record["rocArea"] != nil)
        #expect(copy.record.metrics.first?.name == "accuracy" && copy.record.lines.first?.hasPrefix("accuracy ") == true)
    }

    @Test("weights that are not those of the architecture are errors")
    func badWeights() throws {
        let other = try Self.changed { $0.tensors.append(.init(name: "extra", type: .uint8, shape: [1], bytes: [1])) }
        #expect(throws: FormatError.self) { try TabularModel(parsing: other, file: "model") }
        let infinite = try Self.changed { file in
            let place = file.tensors.firstIndex { $0.name == "output.bias" }!
            file.tensors[place].bytes = withUnsafeBytes(of: Float.nan) { Array($0)[...] }
        }
        #expect(throws: FormatError.self) { try TabularModel(parsing: infinite, file: "model") }
        let cardless = try Self.changed { $0.metadata = [:] }
        let error = #expect(throws: FormatError.self) { try TabularModel(parsing: cardless, file: "model") }
        #expect(error?.sentence.contains("no card") == true)
    }
}
