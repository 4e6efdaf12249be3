extension Mark {
    /// The class of each place of the plane: decision regions, with the borders between them.
    ///
    /// - Parameters:
    ///   - x: The range of x.
    ///   - y: The range of y.
    ///   - cells: How finely the plane is searched for regions, along each axis. Borders between them are found more exactly.
    ///   - names: The classes' names, by index. Each is written into its region; empty for none.
    ///   - inLegend: Whether the names stand in the legend too.
    ///   - classAt: The class of each of a list of places, an index from 0; negative leaves a hole. Colours are those of the series of the same index.
    public static func regions(
        x: ClosedRange<Double>, y: ClosedRange<Double>, cells: Int = 100, names: [String] = [], inLegend: Bool = true,
        classAt: ([(x: Double, y: Double)]) -> [Int]
    ) -> Mark {
        let cells = max(1, cells)
        return Mark(RegionsMark(map: RegionMap(x: x, y: y, columns: cells, rows: cells, classAt: classAt), names: names, isInLegend: inLegend))
    }
}

struct RegionsMark: Drawing {
    var map: RegionMap
    var names: [String]
    var isInLegend: Bool

    var takesStyle: Bool { false }

    func extend(_ xs: inout Extent, _ ys: inout Extent) {
        for bound in [map.x.lowerBound, map.x.upperBound] { xs.include(bound) }
        for bound in [map.y.lowerBound, map.y.upperBound] { ys.include(bound) }
        xs.isTight = true
        ys.isTight = true
    }

    func draw(on canvas: inout Canvas, in frame: Frame, style: SeriesStyle) {
        func data(_ line: [RegionMap.Point]) -> String {
            LinePath.data(LinePath.simplified(line.compactMap { frame.point($0.x, $0.y) }).map { $0 }, columns: .infinity)
        }
        for (index, outlines) in map.outlines().sorted(by: { $0.key < $1.key }) {
            let path = outlines.map { data($0) + "z" }.joined()
            canvas.path(path, Canvas.fill(SeriesStyle(index: index).paint, opacity: 0.2) + [("fill-rule", "evenodd")])
        }
        // In grey print the line alone tells where a class ends.
        canvas.path(map.borders().map(data).joined(), Canvas.stroke(.soft, width: 1.2) + [("stroke-linejoin", "round")])
    }

    func labels(in frame: Frame, style: SeriesStyle) -> [MarkLabel] {
        guard !names.isEmpty else { return [] }
        let cell = (width: frame.area.width / Double(map.columns), height: frame.area.height / Double(map.rows))
        return map.depths(cell: cell).sorted { $0.key < $1.key }.compactMap { index, places in
            guard index < names.count, let deepest = places.first?.depth, deepest > 9 else { return nil }
            // The deepest places of all and, where points are there, others far from them.
            var chosen: [RegionMap.Point] = []
            for (place, depth) in places where depth >= 9 {
                let isFar = chosen.allSatisfy { other in
                    guard let a = frame.point(place.x, place.y), let b = frame.point(other.x, other.y) else { return false }
                    return abs(a.x - b.x) > 24 || abs(a.y - b.y) > 12
                }
                if isFar { chosen.append(place) }
                if chosen.count == 40 { break }
            }
            let labels = chosen.compactMap { place in frame.point(place.x, place.y).map { MarkLabel.Place(x: $0.x, y: $0.y + 4, anchor: .middle) } }
            return MarkLabel(text: names[index], paint: SeriesStyle(index: index).paint, places: labels, isOptional: true, isBold: true)
        }
    }

    func obstacles(in frame: Frame) -> [Area] {
        map.borders().flatMap { line in Area.along(line.map { frame.point($0.x, $0.y) }, in: frame.area) }
    }

    func keys(style: SeriesStyle) -> [LegendKey] {
        guard isInLegend else { return [] }
        return names.enumerated().map { LegendKey(text: $1, symbol: .box, style: SeriesStyle(index: $0), opacity: 0.3) }
    }

    var summary: String {
        let present = Set(map.classes.joined().filter { $0 >= 0 }).sorted()
        let known = present.compactMap { $0 < names.count ? names[$0] : nil }
        return "The plane divided into the regions of \(present.count) class\(present.count == 1 ? "" : "es")" + (known.isEmpty ? "." : ": " + known.joined(separator: ", ") + ".")
    }
}
