/// Puts texts where they cover neither one another nor the picture's border, and as little of the marks as may be.
struct LabelPlacer {
    let bounds: Area
    /// Where marks are.
    let obstacles: [Area]
    private(set) var placed: [(label: MarkLabel, place: MarkLabel.Place, area: Area)] = []

    private static let size = 11.5, rowHeight = 15.0

    init(bounds: Area, obstacles: [Area] = []) {
        self.bounds = bounds
        self.obstacles = obstacles
    }

    static func area(of label: MarkLabel, at place: MarkLabel.Place) -> Area {
        let width = TextWidth.of(label.text, size: size, bold: label.isBold)
        let x =
            switch place.anchor {
            case .start: place.x
            case .middle: place.x - width / 2
            case .end: place.x - width
            }
        return Area(x: x, y: place.y - 11, width: width, height: 14)
    }

    /// Takes the first of a label's places that covers nothing, or the one that covers the fewest marks. Where other texts are at all of them, an
    /// optional label is left out, and another moves up or down from its first place to where there is room.
    mutating func place(_ label: MarkLabel) {
        var label = label
        label.text = TextWidth.fitted(label.text, width: bounds.width, size: Self.size)
        var best: (cost: Int, place: MarkLabel.Place, area: Area)?
        for place in label.places {
            let area = Self.area(of: label, at: place)
            guard isInside(area), isFree(area) else { continue }
            let cost = obstacles.count { $0.overlaps(area) }
            if best.map({ cost < $0.cost }) ?? true { best = (cost, place, area) }
            if cost == 0 { break }
        }
        if let best { return placed.append((label, best.place, best.area)) }
        guard !label.isOptional, var place = label.places.first else { return }
        let area = Self.area(of: label, at: place)
        place.x += max(0, bounds.x - area.x) - max(0, area.right - bounds.right)
        let start = place.y + max(0, bounds.y - area.y) - max(0, area.bottom - bounds.bottom)
        let rows = Int(bounds.height / Self.rowHeight)
        for shift in (0...rows).flatMap({ [Double($0), -Double($0)] }) {
            place.y = start + shift * Self.rowHeight
            let area = Self.area(of: label, at: place)
            if isInside(area), isFree(area) { return placed.append((label, place, area)) }
        }
    }

    private func isInside(_ area: Area) -> Bool { area.x >= bounds.x && area.right <= bounds.right && area.y >= bounds.y && area.bottom <= bounds.bottom }

    /// Whether no text is closer than a space.
    private func isFree(_ area: Area) -> Bool {
        let wider = Area(x: area.x - 4, y: area.y, width: area.width + 8, height: area.height)
        return !placed.contains { $0.area.overlaps(wider) }
    }

    func draw(on canvas: inout Canvas) {
        for item in placed {
            let style = Canvas.TextStyle(size: Self.size, paint: item.label.paint, anchor: item.place.anchor, bold: item.label.isBold, halo: true)
            canvas.text(item.label.text, x: item.place.x, y: item.place.y, style)
        }
    }
}
