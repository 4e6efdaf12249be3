import DescentPlot
import Testing

@Suite("Shaded text")
struct ShadedTextTests {
    @Test("pieces keep their texts, and have the colour of their strength")
    func page() throws {
        let text = ShadedText(
            [
                .init("plain "), .init("<b>", strength: 0.5, note: "a \"note\""), .init("\n  x", strength: 1), .init("y", strength: 0.1), .init("z", strength: .nan),
                .init("w", strength: 7),
            ], caption: "A & B")
        let html = ReportPage(title: "t", sections: [ReportSection("s", [.shaded(text)])]).html()
        let checker = try XMLChecker(html)
        #expect(checker.text.contains("A & B") && checker.text.contains("plain <b>\n  xyzw"))
        #expect(html.contains("plain <span class=\"s3\" title=\"a &quot;note&quot;\">&lt;b&gt;</span><span class=\"s5\">\n  x</span>yz<span class=\"s5\">w</span>"))
    }
}
