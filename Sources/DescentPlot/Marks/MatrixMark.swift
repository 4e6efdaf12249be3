extension Chart {
    /// A confusion matrix: for each true class (a row) how many were predicted as each class (a column), with each cell's share of its row. What is
    /// right is blue, what is wrong orange, its strength by the root of the share, so that rare mistakes are seen. Cells of many classes that hold
    /// nothing are blank; where cells are too small for numbers, pointing at one tells it.
    ///
    /// - Parameters:
    ///   - counts: Rows of counts, `counts[truth][prediction]`, as many rows and columns as classes.
    ///   - classes: The classes' names.
    ///   - title: What the chart shows.
    public static func confusionMatrix(_ counts: [[Int]], classes: [String], title: String = "Confusion matrix") -> Chart {
        let rows = counts.map { row in row.map(Double.init) }
        let shares = rows.map { row in
            let sum = row.reduce(0, +); return row.map { sum > 0 ? $0 / sum : 0 }
        }
        let strengths = shares.enumerated().map { row, shares in shares.enumerated().map { $0 == row ? $1 : $1.squareRoot() } }
        let cells = MatrixMark(
            values: rows, rowNames: classes, columnNames: classes, strengths: strengths, shares: shares, isDiagonalRight: true, format: .decimals(0))
        return Chart(title, x: Axis("predicted"), y: Axis("true"), marks: [Mark(cells)], proportion: .equalUnits)
    }

    /// A matrix of numbers, each in its cell: correlations, a Jacobian, attention. Positive values are blue, negative ones orange, the stronger the
    /// larger.
    ///
    /// - Parameters:
    ///   - values: Rows from the top.
    ///   - rows: The rows' names.
    ///   - columns: The columns' names.
    ///   - title: What the chart shows.
    ///   - format: How the numbers are written.
    public static func matrix(
        _ values: [[Double]], rows: [String], columns: [String], title: String, x: Axis = Axis(), y: Axis = Axis(),
        format: NumberFormat = .significant(3)
    ) -> Chart {
        let largest = values.joined().lazy.filter(\.isFinite).map(abs).max() ?? 0
        let cells = MatrixMark(
            values: values, rowNames: rows, columnNames: columns,
            strengths: values.map { row in row.map { largest > 0 && $0.isFinite ? $0 / largest : 0 } }, format: format)
        return Chart(title, x: x, y: y, marks: [Mark(cells)], proportion: .equalUnits)
    }
}

/// Cells of a matrix with their numbers.
struct MatrixMark: Drawing {
    var values: [[Double]]
    var rowNames: [String]
    var columnNames: [String]
    /// -1 to 1: the sign chooses the colour, the size how much of it covers the paper.
    var strengths: [[Double]]
    /// Each cell's share of its row; empty for none.
    var shares: [[Double]] = []
    var isDiagonalRight = false
    var format: NumberFormat

    /// The strength from which text in the paper's colour is easier to read than text in the ink's, on light paper and on dark.
    static let strongFrom = 0.6
    /// How much of the colour covers the paper at full strength.
    static let fullOpacity = 0.92

    var takesStyle: Bool { false }
    var categories: (x: [String], y: [String]) { (columnNames, rowNames) }

    func extend(_ xs: inout Extent, _ ys: inout Extent) {
        xs.isTight = true
        ys.isTight = true
    }

    func draw(on canvas: inout Canvas, in frame: Frame, style: SeriesStyle) {
        let width = frame.x.unit, height = frame.y.unit
        let gap = min(width, height) > 12 ? 1.0 : 0
        let texts = values.map { row in row.map(format.text) }
        let longest = texts.joined().map { TextWidth.of($0, size: 1) }.max() ?? 1
        let size = min(13, height * 0.42, (width - 6) / max(longest, 0.6))
        let showsText = size >= 7
        let showsShares = !shares.isEmpty && showsText && height >= 34 && width >= 40
        let hidesZeros = !shares.isEmpty && columnNames.count > 4
        for (row, cells) in values.enumerated() {
            for (column, value) in cells.enumerated() where row < rowNames.count && column < columnNames.count {
                guard let x = frame.x.place(Double(column)), let y = frame.y.place(Double(row)) else { continue }
                let strength = strengths[row][column]
                let isWarm = isDiagonalRight ? row != column : strength < 0
                let opacity = value.isFinite ? (abs(strength) * Self.fullOpacity * 50).rounded() / 50 : 0
                let cell = Area(x: x - width / 2 + gap, y: y - height / 2 + gap, width: width - 2 * gap, height: height - 2 * gap)
                canvas.rectangle(cell, radius: gap * 2, Canvas.fill(.panel))
                if opacity > 0 {
                    canvas.rectangle(
                        cell, radius: gap * 2, Canvas.fill(isWarm ? .warm : .accent, opacity: opacity),
                        tooltip: tooltip(row, column, texts[row][column]))
                }
                let isNothing = !shares.isEmpty && value == 0
                guard showsText, !(isNothing && hidesZeros) else { continue }
                let paint: Paint = opacity >= Self.strongFrom ? .onStrong : isNothing ? .soft : .onWeak
                let style = Canvas.TextStyle(size: size, paint: paint, anchor: .middle)
                canvas.text(texts[row][column], x: x, y: y + (showsShares && !isNothing ? -1 : size * 0.35), style)
                if showsShares, !isNothing {
                    canvas.text(shareText(row, column), x: x, y: y + size * 0.95, Canvas.TextStyle(size: min(10.5, size * 0.82), paint: paint, anchor: .middle))
                }
            }
        }
    }

    /// "94%", "0.4%".
    private func shareText(_ row: Int, _ column: Int) -> String {
        let share = shares[row][column]
        return NumberFormat.percent(share < 0.1 && share != 0 || share > 0.99 && share < 1 ? 1 : 0).text(share)
    }

    private func tooltip(_ row: Int, _ column: Int, _ text: String) -> String {
        guard !shares.isEmpty else { return "\(rowNames[row]), \(columnNames[column]): \(text)" }
        return "\(rowNames[row]), predicted as \(columnNames[column]): \(text), \(shareText(row, column)) of the row"
    }

    var summary: String {
        guard isDiagonalRight else { return "A matrix of \(rowNames.count) rows and \(columnNames.count) columns." }
        let total = values.joined().reduce(0, +)
        let right = values.indices.reduce(0.0) { $0 + ($1 < values[$1].count ? values[$1][$1] : 0) }
        return "\(NumberFormat.decimals(0).text(right)) of \(NumberFormat.decimals(0).text(total)) are on the diagonal, that is right."
    }
}
