import Descent

/// The pictures made so far, and the page that shows them.
final class Gallery {
    private let folder: String
    private var sections: [(title: String, lines: [String])] = []
    private(set) var count = 0

    init(folder: String) { self.folder = folder }

    /// Begins a part of the page.
    func section(_ title: String) { sections.append((title, [])) }

    /// Writes a picture, and puts it on the page with a caption and, where there is one, the code that made it.
    func add(_ picture: any Picture, file: String, width: Double = 640, caption: String, code: String = "") throws {
        try FileSystem.write(Array(picture.svg(width: width).utf8), to: "\(folder)/\(file).svg")
        count += 1
        var lines = ["![\(picture.title)](\(file).svg)", "", caption, ""]
        if !code.isEmpty { lines += [code.hasPrefix("descent ") ? "```" : "```swift", code, "```", ""] }
        sections[sections.count - 1].lines += lines
    }

    /// Writes index.md.
    func writePage() throws {
        var lines = ["# Gallery", "", "Every picture here is made by `swift run -c release Gallery` from [Examples/Gallery](../../Examples/Gallery).", ""]
        for section in sections { lines += ["## \(section.title)", ""] + section.lines }
        try FileSystem.write(Array((lines.joined(separator: "\n")).utf8), to: "\(folder)/index.md")
    }
}
