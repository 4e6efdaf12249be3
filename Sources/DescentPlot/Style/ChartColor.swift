/// The colour of a mark, named by its meaning, so that it fits light paper, dark paper and print.
public enum ChartColor: Sendable, Hashable {
    /// The palette's colour at an index from 0; the ten repeat.
    case series(Int)
    /// The colour of text: for what must stand out.
    case ink
    /// Grey: for what stands behind.
    case muted
    /// Blue: high values, agreement.
    case accent
    /// Orange: warnings, negative values, mistakes.
    case warning

    var paint: Paint {
        switch self {
        case .series(let index): Paint.series[((index % Paint.series.count) + Paint.series.count) % Paint.series.count]
        case .ink: .ink
        case .muted: .axis
        case .accent: .accent
        case .warning: .warm
        }
    }
}

/// How a series looks: colour, dashes and marker, all three told from its index.
struct SeriesStyle: Sendable {
    var paint: Paint
    var dash: String?
    var marker: Marker

    init(index: Int) {
        let dashes: [String?] = [nil, "7 3", "2 2.5", "9 3 2 3", "12 4", "4 2 1 2", "5 5", "1 3"]
        paint = Paint.series[index % Paint.series.count]
        dash = dashes[(index + index / Paint.series.count) % dashes.count]
        marker = Marker.allCases[index % Marker.allCases.count]
    }
}

/// The shape of a point.
public enum Marker: Sendable, Hashable, CaseIterable {
    case circle, square, triangle, diamond, cross, plus, invertedTriangle, star

    /// Whether the shape is drawn by lines alone.
    var isOpen: Bool { self == .cross || self == .plus || self == .star }

    /// The outline around a point: an SVG path, areas of the shapes about equal.
    func path(x: Double, y: Double, radius r: Double) -> String {
        func at(_ dx: Double, _ dy: Double) -> String { Canvas.number(x + dx * r) + " " + Canvas.number(y + dy * r) }
        func run(_ dx: Double, _ dy: Double) -> String { Canvas.number(dx * r) + " " + Canvas.number(dy * r) }
        switch self {
        case .circle:
            let d = Canvas.number(2 * r), radius = Canvas.number(r)
            return "M" + at(-1, 0) + "a\(radius) \(radius) 0 1 0 \(d) 0a\(radius) \(radius) 0 1 0 -\(d) 0z"
        case .square: return "M" + at(-0.88, -0.88) + "h" + Canvas.number(1.76 * r) + "v" + Canvas.number(1.76 * r) + "h-" + Canvas.number(1.76 * r) + "z"
        case .triangle: return "M" + at(0, -1.25) + "l" + run(1.15, 2) + "l" + run(-2.3, 0) + "z"
        case .invertedTriangle: return "M" + at(0, 1.25) + "l" + run(1.15, -2) + "l" + run(-2.3, 0) + "z"
        case .diamond: return "M" + at(0, -1.3) + "l" + run(1.3, 1.3) + "l" + run(-1.3, 1.3) + "l" + run(-1.3, -1.3) + "z"
        case .cross: return "M" + at(-0.9, -0.9) + "l" + run(1.8, 1.8) + "M" + at(-0.9, 0.9) + "l" + run(1.8, -1.8)
        case .plus: return "M" + at(-1.2, 0) + "h" + Canvas.number(2.4 * r) + "M" + at(0, -1.2) + "v" + Canvas.number(2.4 * r)
        case .star: return "M" + at(-1.2, 0) + "h" + Canvas.number(2.4 * r) + "M" + at(-0.6, -1.04) + "l" + run(1.2, 2.08) + "M" + at(-0.6, 1.04) + "l" + run(1.2, -2.08)
        }
    }
}
