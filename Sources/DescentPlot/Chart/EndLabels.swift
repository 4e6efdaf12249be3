/// Names of lines at their right ends: the eye need not travel to a legend.
enum EndLabels {
    struct Candidate {
        var name: String
        var series: ChartPainter.Series
    }

    struct Item {
        var text: String
        var paint: Paint
        var endX, endY: Double
        var x, y: Double
    }

    private static let size = 12.0, lineHeight = 15.0

    /// The lines with names, each name once.
    static func candidates(_ series: [ChartPainter.Series]) -> [Candidate] {
        var seen = Set<String>()
        return series.compactMap { item in
            guard item.drawing is LineMark, let name = item.drawing.name, !name.isEmpty, seen.insert(name).inserted else { return nil }
            return Candidate(name: name, series: item)
        }
    }

    /// The margin that the names need; nil if that is too much of the width, or there are too many of them to be told apart at one end.
    static func room(for candidates: [Candidate], width: Double) -> Double? {
        let longest = candidates.map { TextWidth.of($0.name, size: size) }.max() ?? 0
        let room = longest + 24
        return candidates.count <= 8 && room <= width * 0.3 ? room : nil
    }

    /// Places at the plot's right, moved apart where lines end close together; nil if a line ends elsewhere or a name would be far from its line.
    static func placed(_ candidates: [Candidate], in frame: Frame) -> [Item]? {
        var items: [Item] = []
        for candidate in candidates {
            guard let end = candidate.series.drawing.labelPlace(in: frame), end.x >= frame.area.right - frame.area.width * 0.12,
                end.y >= frame.area.y - 4, end.y <= frame.area.bottom + 4
            else { return nil }
            items.append(
                Item(
                    text: candidate.name, paint: candidate.series.style.paint, endX: min(end.x, frame.area.right), endY: end.y,
                    x: frame.area.right + 12, y: end.y))
        }
        items.sort { $0.endY < $1.endY }
        // Names in each cluster are spread evenly about its middle, until clusters no longer touch.
        var clusters = items.indices.map { (from: $0, to: $0 + 1, middle: items[$0].y) }
        var index = 0
        while index + 1 < clusters.count {
            let a = clusters[index], b = clusters[index + 1]
            let aBottom = a.middle + Double(a.to - a.from) * lineHeight / 2, bTop = b.middle - Double(b.to - b.from) * lineHeight / 2
            if aBottom > bTop + 0.001 {
                let middle = items[a.from..<b.to].reduce(0) { $0 + $1.endY } / Double(b.to - a.from)
                clusters.replaceSubrange(index...index + 1, with: [(a.from, b.to, middle)])
                index = max(0, index - 1)
            } else {
                index += 1
            }
        }
        for cluster in clusters {
            for index in cluster.from..<cluster.to {
                items[index].y = cluster.middle + (Double(index - cluster.from) - Double(cluster.to - cluster.from - 1) / 2) * lineHeight
                guard abs(items[index].y - items[index].endY) <= 2.6 * lineHeight else { return nil }
            }
        }
        return items
    }

    static func draw(_ items: [Item], on canvas: inout Canvas) {
        for item in items {
            canvas.line(item.endX + 2, item.endY, item.x - 2, item.y, Canvas.stroke(item.paint, width: 1, opacity: 0.6))
            canvas.text(item.text, x: item.x, y: item.y + 4, Canvas.TextStyle(size: size, paint: item.paint, bold: true))
        }
    }
}
