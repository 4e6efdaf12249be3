/// Puts texts where they cover neither one another nor the picture's border.
struct LabelPlacer {
    let bounds: Area
    private(set) var placed: [(label: MarkLabel, place: MarkLabel.Place, area: Area)] = []

    private static let size = 11.5

    init(bounds: Area) { self.bounds = bounds }

    static func area(of text: String, at place: MarkLabel.Place) -> Area {
        let width = TextWidth.of(text, size: size)
        let x = switch place.anchor {
        case .start: place.x
        case .middle: place.x - width / 2
        case .end: place.x - width
        }
        return Area(x: x, y: place.y - 11, width: width, height: 14)
    }

    /// Takes the first free place of a label. Without one, an optional label is left out, and another takes its first place, moved inside.
    mutating func place(_ label: MarkLabel) {
        for place in label.places {
            let area = Self.area(of: label.text, at: place)
            let isInside = area.x >= bounds.x && area.right <= bounds.right && area.y >= bounds.y && area.bottom <= bounds.bottom
            if isInside, !placed.contains(where: { $0.area.overlaps(area) }) {
                placed.append((label, place, area))
                return
            }
        }
        guard !label.isOptional, var place = label.places.first else { return }
        let area = Self.area(of: label.text, at: place)
        place.x += max(0, bounds.x - area.x) - max(0, area.right - bounds.right)
        placed.append((label, place, Self.area(of: label.text, at: place)))
    }

    func draw(on canvas: inout Canvas) {
        for item in placed {
            let style = Canvas.TextStyle(size: Self.size, paint: item.label.paint, anchor: item.place.anchor, halo: true)
            canvas.text(item.label.text, x: item.place.x, y: item.place.y, style)
        }
    }
}
