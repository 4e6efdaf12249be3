import DescentPlot
import Testing

@Suite("Report pages")
struct PageTests {
    static let page = ReportPage(
        title: "A & B", subtitle: "<the subtitle>",
        sections: [
            ReportSection(
                "Result",
                [
                    .figures([HeadlineMetric("Accuracy", "0.832", note: "test, 179 rows"), HeadlineMetric("Loss", "0.41")]),
                    .text("One paragraph.\n\nAnother with <b>no markup</b>."),
                    .picture(Chart("Loss", marks: [.line([3, 2, 1], name: "training")]), caption: "It \"falls\"."),
                    .pictures([Chart("a", marks: [.points(x: [1], y: [2])]), Chart("b")]),
                ]),
            ReportSection(
                "Details",
                [
                    .table(ReportTable(columns: ["Feature", "Importance"], rows: [["age", "0.12"], ["fare", "−0.03"], ["cabin"]], caption: "Features")),
                    .code("a < b && c\n\tprint('x')", caption: "Code"),
                    .list(["first", "second"]),
                    .warning("3 rows were left out."),
                    .details("Configuration", [.text("inside"), .details("More", [.list([])])]),
                ]),
        ], footer: "The end.")

    @Test("a page with every kind of block is well-formed and keeps its texts")
    func wellFormed() throws {
        let checker = try XMLChecker(Self.page.html())
        for text in [
            "A & B", "<the subtitle>", "Another with <b>no markup</b>.", "It \"falls\".", "a < b && c\n\tprint('x')", "3 rows were left out.",
            "−0.03", "The end.",
        ] {
            #expect(checker.text.contains(text), "\(text)")
        }
        #expect(checker.elements["script"] == nil)
        #expect(checker.elements["svg", default: 0] >= 6)
        #expect(checker.elements["td"] == 6)
        #expect(checker.elements["details"] == 2)
        // Two paragraphs of text, one in the details, the warning, the subtitle.
        #expect(checker.elements["p"] == 5)
    }
}
