import DescentData
import DescentFormats
import Testing

@Suite("built-in digits")
struct DigitsTests {
    @Test("the numbers are those published")
    func fingerprint() {
        let (pixels, labels) = Digits.load()
        #expect(labels.count == Digits.count)
        #expect(pixels.count == Digits.count * Digits.side * Digits.side)
        #expect(pixels.max() == Digits.maximum)
        #expect(pixels.reduce(0) { $0 + Int($1) } == 561_718)
        let counts = (0..<10).map { digit in labels.count { $0 == digit } }
        #expect(counts == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180])
        #expect(Array(pixels[..<8]) == [0, 0, 5, 13, 9, 1, 0, 0])
        #expect(Checksum(pixels).hex == "e04909f2dffeb769")
        #expect(Checksum(labels).hex == "f2330cdd69ab2f0b")
    }

    @Test("the table holds the same images")
    func table() {
        let (pixels, labels) = Digits.load()
        let table = Digits.table()
        #expect(table.rowCount == Digits.count)
        #expect(table.names.count == 65 && table.names[63] == "p63" && table.names[64] == "digit")
        for image in stride(from: 0, to: Digits.count, by: 97) {
            #expect((0..<64).map { table.text(row: image, column: $0) } == pixels[image * 64..<(image + 1) * 64].map { "\($0)" })
            #expect(table.text(row: image, column: 64) == "\(labels[image])")
        }
    }
}
