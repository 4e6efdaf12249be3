import DescentFormats
import Testing

@Suite("JSON")
struct JSONTests {
    @Test("values are read as what they are")
    func values() throws {
        let text = #" {"a": [1, -0, 1.5e3, 1180591620717411303424], "b": null, "c": {"d": true, "e": "x\n\u00e9\ud83d\ude00/\/"}} "#
        let expected: JSON = [
            "a": [1, -0.0, 1500.0, .number(0x1p70)], "b": nil, "c": ["d": true, "e": "x\né😀//"],
        ]
        #expect(try JSON(parsing: text, file: "f") == expected)
    }

    @Test(
        "each kind of mistake is named with its place",
        arguments: [
            ("", "f:1:1: it is empty: no JSON value"),
            ("{\"a\": 1,\n \"a\": 2}", "f:2:2: the key \"a\" appears twice in one object"),
            ("[1, 2", "f:1:6: a comma or ] is missing in an array"),
            ("[1,]", "f:1:4: no JSON value begins like this"),
            ("{\"é\" 1}", "f:1:6: a colon is missing after the key \"é\""),
            ("{\"a\":1 \"b\":2}", "f:1:8: a comma or } is missing in an object"),
            ("{a:1}", "f:1:2: a key in quotes is missing in an object"),
            ("01", "f:1:1: a number may not begin with 0"),
            ("[1.]", "f:1:2: a number lacks a digit"),
            ("1e999", "f:1:1: the number is too large for 64 bits"),
            ("NaN", "f:1:1: no JSON value begins like this"),
            ("\"abc", "f:1:1: a text is not closed by a quote"),
            ("\"a\tb\"", "f:1:3: a text has a control character in it; it must be written with a backslash"),
            ("\"\\x\"", "f:1:2: no escape is written like this"),
            ("\"\\u12g4\"", "f:1:2: \\u takes four hexadecimal digits"),
            ("\"\\ud800\"", "f:1:2: half of a surrogate pair stands alone"),
            ("\"\\udc00\"", "f:1:2: half of a surrogate pair stands alone"),
            ("1 2", "f:1:3: there is more text after the end of the JSON value"),
            ("tru", "f:1:1: no JSON value begins like this"),
        ])
    func mistakes(text: String, sentence: String) {
        let error = #expect(throws: FormatError.self) { try JSON(parsing: text, file: "f") }
        #expect(error?.sentence == sentence)
    }

    @Test("text that is not UTF-8 is refused")
    func invalidUTF8() {
        let error = #expect(throws: FormatError.self) { try JSON(parsing: [0x22, 0xFF, 0x22], file: "f") }
        #expect(error?.sentence == "f:1:1: a text is not valid UTF-8")
    }

    @Test("nesting is limited, so that no input can overflow the stack")
    func depth() throws {
        let limit = JSON.depthLimit
        let deepest = String(repeating: "[", count: limit) + String(repeating: "]", count: limit)
        _ = try JSON(parsing: deepest, file: "f")
        let error = #expect(throws: FormatError.self) {
            try JSON(parsing: String(repeating: "[", count: 1_000_000), file: "f")
        }
        #expect(error?.sentence == "f:1:\(limit + 2): values are nested more than \(limit) deep")
    }

    @Test("a document damaged anywhere is an error or another value, never a crash")
    func damage() throws {
        let bytes = Array(#"{"a":[1,-2.5e3,"x\u00e9\n"],"b":{"c":null,"d":true}}"#.utf8)
        for index in bytes.indices {
            for bit in 0..<8 {
                var damaged = bytes
                damaged[index] ^= 1 << bit
                _ = try? JSON(parsing: damaged, file: "f")
            }
            _ = try? JSON(parsing: bytes[..<index], file: "f")
        }
    }

    @Test("doubles and floats are written as the shortest text that reads back")
    func shortest() throws {
        #expect(
            try JSON.array([JSON(Float(0.1)), 0.1, 1e-5, .number(.leastNonzeroMagnitude)]).text()
                == "[0.1,0.1,1e-05,5e-324]")
        var pattern: UInt64 = 88_172_645_463_325_252
        for _ in 0..<2000 {
            pattern ^= pattern << 13
            pattern ^= pattern >> 7
            pattern ^= pattern << 17
            let double = Double(bitPattern: pattern), float = Float(bitPattern: UInt32(truncatingIfNeeded: pattern))
            guard double.isFinite, float.isFinite else { continue }
            let text = try JSON.array([.number(double), JSON(float)]).text()
            let back = try JSONReader(JSON(parsing: text, file: "f"), file: "f").doubles()
            #expect(back[0] == double)
            #expect(Float(back[1]) == float)
        }
    }

    @Test("NaN and infinities are refused, with their place")
    func nonFinite() {
        let json: JSON = ["columns": [["mean": 1], ["mean": .number(.nan)]]]
        let error = #expect(throws: FormatError.self) { try json.text(.compact, file: "card.json") }
        #expect(error?.sentence == "card.json: \"columns[1].mean\" is nan, and JSON has only finite numbers")
    }

    @Test("both layouts, and that they read back")
    func layouts() throws {
        let json: JSON = ["name": "a\"b\u{1}", "shape": [2, 3], "empty": [:], "list": [["x": 1], []]]
        #expect(try json.text() == #"{"name":"a\"b\u0001","shape":[2,3],"empty":{},"list":[{"x":1},[]]}"#)
        let pretty = """
            {
              "name": "a\\"b\\u0001",
              "shape": [2, 3],
              "empty": {},
              "list": [
                {
                  "x": 1
                },
                []
              ]
            }

            """
        #expect(try json.text(.pretty) == pretty)
        #expect(try JSON(parsing: pretty, file: "f") == json)
    }

    @Test("a value that is missing or of another kind is named by its path")
    func reader() throws {
        let json = try JSON(parsing: #"{"columns":[{"kind":"a"},{"kind":3,"n":1.5,"b":true}],"z":null}"#, file: "card.json")
        let card = JSONReader(json, file: "card.json")
        let columns = try card["columns"].elements()
        #expect(try columns[0]["kind"].string() == "a")
        #expect(try columns[1]["kind"].int() == 3)
        #expect(try columns[1]["kind"].double() == 3)
        #expect(try columns[1]["b"].bool())
        #expect(!card["z"].exists && !card["y"]["x"].exists)
        #expect(try card.members().map(\.key) == ["columns", "z"])
        expect(#"card.json: "columns[1].kind" is 3, not text"#) { try columns[1]["kind"].string() }
        expect(#"card.json: "columns[1].n" is 1.5, not a whole number"#) { try columns[1]["n"].int() }
        expect(#"card.json: "columns[0].n" is missing"#) { try columns[0]["n"].double() }
        expect(#"card.json: "z" is null, not an array"#) { try card["z"].elements() }
        expect(#"card.json: "columns" is not an array of numbers"#) { try card["columns"].doubles() }
        expect(#"card.json: the document is an object, not true or false"#) { try card.bool() }
    }

    private func expect(_ sentence: String, _ body: () throws -> Any) {
        let error = #expect(throws: FormatError.self) { _ = try body() }
        #expect(error?.sentence == sentence)
    }
}
