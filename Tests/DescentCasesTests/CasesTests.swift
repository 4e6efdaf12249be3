import Descent
import DescentCases
import Testing

@Suite struct CasesTests {
    /// Values computed with 60 digits by mpmath, each in a second way too.
    private static let cases = Result {
        let path = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/") + "/Fixtures/cases.json"
        return try NumericCase.list(parsing: try FileSystem.read(path), file: "cases.json")
    }

    @Test("every case passes, in float64 and in float32 where it is marked so", arguments: NumericCase.knownKinds)
    func passes(kind: String) throws {
        let cases = try Self.cases.get().filter { $0.kind == kind }
        #expect(!cases.isEmpty)
        for numericCase in cases { #expect(numericCase.failures() == []) }
    }

    @Test func allKindsAreKnown() throws {
        let cases = try Self.cases.get()
        #expect(cases.count == 217)
        #expect(Set(cases.map(\.kind)) == Set(NumericCase.knownKinds))
    }

    /// Of one case with the given parts, the lines that say what fails.
    private func failures(kind: String = "odds", inputs: String = #"{"p": [0.5, 0.8]}"#, expected: String, float32: Bool = false) throws -> [String] {
        let text = """
            {"format": 1, "cases": [{"id": "one", "kind": "\(kind)", "inputs": \(inputs), "expected": \(expected),
              "tolerance": {"rel": 1e-9, "abs": 1e-10}, "float32": \(float32)}]}
            """
        return try NumericCase.list(parsing: Array(text.utf8), file: "one.json")[0].failures()
    }

    @Test func aChangedValueFails() throws {
        #expect(try failures(expected: #"{"odds": [1, 4], "class": [0, 1]}"#) == [])
        #expect(try failures(expected: #"{"odds": [1, 4.00000001], "class": [0, 1]}"#) == ["one (odds): odds[1]: expected 4.00000001, got 4.000000000000001"])
        #expect(
            try failures(expected: #"{"odds": [1.01, 4.01]}"#, float32: true) == [
                "one (odds): odds[0]: expected 1.01, got 1.0 (and 1 more of its entries)",
                "one (odds, float32): odds[0]: expected 1.01, got 1.0 (and 1 more of its entries)",
            ])
        #expect(try failures(expected: #"{"odds": [1]}"#) == ["one (odds): odds: expected 1 entries, got 2"])
        #expect(try failures(expected: #"{"class": [0, true]}"#) == ["one (odds): class[1]: expected true, got 1"])
    }

    @Test func whatIsNotComputedFails() throws {
        #expect(try failures(expected: #"{"evens": [1, 4]}"#) == ["one (odds): evens: expected [1, 4], got nothing: this program does not compute it"])
        #expect(try failures(kind: "evens", expected: "{}") == [#"one (evens): this program has no kind "evens""#])
    }

    @Test func badInputsAreSentences() throws {
        let cases = [
            ("odds", "{}", #"one.json: "cases[0].inputs.p" is missing"#),
            ("odds", #"{"p": [[1], [1, 2]]}"#, #"one.json: "cases[0].inputs.p[1]" has shape [2], the rows before it [1]; rows must be alike"#),
            ("perceptron", #"{"theta": [1, 2], "x": [1], "activation": "relu"}"#, #"one.json: "cases[0].inputs.x" has shape [1]; it must be [2]"#),
            ("jacobian", #"{"functions": ["x +"], "variables": "x", "point": [1]}"#, "the formula ends where a number, a name or ( should be\n  x +\n     ^"),
            ("scalar_chain", #"{"d": 1, "steps": -1}"#, #"one.json: "cases[0].inputs.steps" is -1; it must be at least 0"#),
        ]
        for (kind, inputs, sentence) in cases {
            #expect(try failures(kind: kind, inputs: inputs, expected: "{}") == ["one (\(kind)): \(sentence)"])
        }
        #expect(throws: FormatError(file: "x.json", reason: "\"format\" is 2; this program reads format 1")) {
            try NumericCase.list(parsing: Array(#"{"format": 2}"#.utf8), file: "x.json")
        }
    }
}
