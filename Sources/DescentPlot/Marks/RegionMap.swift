/// A plane divided among classes: the class at each point of a grid, and where between the points it changes.
///
/// Between two neighbours of different classes the change is found by halving, so that borders are smooth however coarse the grid is. In a grid's
/// cell a border runs straight from change to change; where three or more classes meet, through the middle of the changes.
package struct RegionMap: Sendable {
    package typealias Point = (x: Double, y: Double)

    /// Cells along each axis; the grid has one point more.
    let columns: Int, rows: Int
    let x: ClosedRange<Double>, y: ClosedRange<Double>
    /// `classes[j][i]`: the class at the i-th x and the j-th y; negative for none.
    let classes: [[Int]]
    /// Where the class changes on the way to the neighbour on the right and to the one above, as a share of the way.
    private var rightward: [[Double]]
    private var upward: [[Double]]

    /// - Parameter classAt: the class of each of a list of places.
    package init(x: ClosedRange<Double>, y: ClosedRange<Double>, columns: Int, rows: Int, classAt: ([Point]) -> [Int]) {
        self.x = x
        self.y = y
        self.columns = columns
        self.rows = rows
        func place(_ column: Double, _ row: Double) -> Point {
            (
                x.lowerBound + (x.upperBound - x.lowerBound) * column / Double(columns),
                y.lowerBound + (y.upperBound - y.lowerBound) * row / Double(rows)
            )
        }
        let found = classAt((0...rows).flatMap { row in (0...columns).map { place(Double($0), Double(row)) } })
        let classes = (0...rows).map { row in Array(found[(row * (columns + 1))..<((row + 1) * (columns + 1))]) }
        self.classes = classes
        rightward = Array(repeating: Array(repeating: 0.5, count: columns + 1), count: rows + 1)
        upward = rightward
        struct Change { var column, row: Int; var isUpward: Bool; var low = 0.0, high = 1.0 }
        var changes: [Change] = []
        for row in 0...rows {
            for column in 0...columns {
                if column < columns, classes[row][column] != classes[row][column + 1] { changes.append(Change(column: column, row: row, isUpward: false)) }
                if row < rows, classes[row][column] != classes[row + 1][column] { changes.append(Change(column: column, row: row, isUpward: true)) }
            }
        }
        for _ in 0..<8 where !changes.isEmpty {
            let middles = classAt(
                changes.map { change in
                    let share = (change.low + change.high) / 2
                    return place(Double(change.column) + (change.isUpward ? 0 : share), Double(change.row) + (change.isUpward ? share : 0))
                })
            for (index, middle) in middles.enumerated() {
                let share = (changes[index].low + changes[index].high) / 2
                if middle == classes[changes[index].row][changes[index].column] { changes[index].low = share } else { changes[index].high = share }
            }
        }
        for change in changes {
            let share = (change.low + change.high) / 2
            if change.isUpward { upward[change.row][change.column] = share } else { rightward[change.row][change.column] = share }
        }
    }

    /// A place that borders run through, numbered so that neighbouring cells name it alike.
    private enum Node: Hashable {
        case corner(Int, Int), right(Int, Int), up(Int, Int), middle(Int, Int)
    }

    /// A piece of a border with the classes on its sides; -1 for the plane's end.
    private struct Piece { var from: Node, to: Node, classes: (Int, Int) }

    private func point(_ column: Double, _ row: Double) -> Point {
        (
            x.lowerBound + (x.upperBound - x.lowerBound) * column / Double(columns),
            y.lowerBound + (y.upperBound - y.lowerBound) * row / Double(rows)
        )
    }

    private func point(_ node: Node) -> Point {
        switch node {
        case .corner(let column, let row): return point(Double(column), Double(row))
        case .right(let column, let row): return point(Double(column) + rightward[row][column], Double(row))
        case .up(let column, let row): return point(Double(column), Double(row) + upward[row][column])
        case .middle(let column, let row):
            let changes = sides(column, row).map { point($0.node) }
            return (changes.reduce(0) { $0 + $1.x } / Double(changes.count), changes.reduce(0) { $0 + $1.y } / Double(changes.count))
        }
    }

    /// The sides of a cell on which the class changes.
    private func sides(_ column: Int, _ row: Int) -> [(node: Node, classes: (Int, Int))] {
        let a = classes[row][column], b = classes[row][column + 1], c = classes[row + 1][column + 1], d = classes[row + 1][column]
        var sides: [(node: Node, classes: (Int, Int))] = []
        if a != b { sides.append((.right(column, row), (a, b))) }
        if b != c { sides.append((.up(column + 1, row), (b, c))) }
        if d != c { sides.append((.right(column, row + 1), (d, c))) }
        if a != d { sides.append((.up(column, row), (a, d))) }
        return sides
    }

    /// The borders inside of the plane.
    private func borderPieces() -> [Piece] {
        var pieces: [Piece] = []
        for row in 0..<rows {
            for column in 0..<columns {
                let sides = sides(column, row)
                if sides.count == 2 {
                    pieces.append(Piece(from: sides[0].node, to: sides[1].node, classes: sides[0].classes))
                } else {
                    for side in sides { pieces.append(Piece(from: side.node, to: .middle(column, row), classes: side.classes)) }
                }
            }
        }
        return pieces
    }

    /// The plane's own border, in pieces of one class.
    private func framePieces() -> [Piece] {
        var pieces: [Piece] = []
        func add(_ a: Node, _ between: Node, _ b: Node, _ first: Int, _ second: Int) {
            if first == second { return pieces.append(Piece(from: a, to: b, classes: (first, -1))) }
            pieces.append(Piece(from: a, to: between, classes: (first, -1)))
            pieces.append(Piece(from: between, to: b, classes: (second, -1)))
        }
        for row in [0, rows] {
            for column in 0..<columns {
                add(.corner(column, row), .right(column, row), .corner(column + 1, row), classes[row][column], classes[row][column + 1])
            }
        }
        for column in [0, columns] {
            for row in 0..<rows { add(.corner(column, row), .up(column, row), .corner(column, row + 1), classes[row][column], classes[row + 1][column]) }
        }
        return pieces
    }

    /// The lines on which the class changes.
    package func borders() -> [[Point]] { chained(borderPieces()) }

    /// The closed outlines of each class' areas. An outline inside another is a hole: fill by the even-odd rule.
    package func outlines() -> [Int: [[Point]]] {
        var pieces: [Int: [Piece]] = [:]
        for piece in borderPieces() + framePieces() {
            for own in [piece.classes.0, piece.classes.1] where own >= 0 { pieces[own, default: []].append(piece) }
        }
        return pieces.mapValues(chained)
    }

    /// Pieces joined end to end. Where more than two meet, lines end; an outline never does, since an even number of its pieces meet anywhere.
    private func chained(_ pieces: [Piece]) -> [[Point]] {
        var ends: [Node: [Int]] = [:]
        for (index, piece) in pieces.enumerated() { ends[piece.from, default: []].append(index); ends[piece.to, default: []].append(index) }
        var isUsed = [Bool](repeating: false, count: pieces.count)
        func follow(_ start: Node) -> [Point] {
            var nodes = [start]
            while let next = ends[nodes[nodes.count - 1]]?.first(where: { !isUsed[$0] }) {
                isUsed[next] = true
                let node = nodes[nodes.count - 1]
                nodes.append(pieces[next].from == node ? pieces[next].to : pieces[next].from)
            }
            return nodes.map(point)
        }
        var lines: [[Point]] = []
        for piece in pieces {
            for node in [piece.from, piece.to] where ends[node]!.count % 2 == 1 {
                while ends[node]!.contains(where: { !isUsed[$0] }) { lines.append(follow(node)) }
            }
        }
        for (index, piece) in pieces.enumerated() where !isUsed[index] { lines.append(follow(piece.from)) }
        return lines.filter { $0.count > 1 }
    }

    /// The places deepest inside of each class' areas, best first: for its name.
    ///
    /// - Parameter cell: the size of a cell as drawn.
    func depths(cell: (width: Double, height: Double)) -> [Int: [(place: Point, depth: Double)]] {
        // Distances to the nearest point of another class, or to the plane's border, along the axes and diagonals, in two sweeps.
        var depth = classes.map { $0.map { _ in Double.infinity } }
        let diagonal = (cell.width * cell.width + cell.height * cell.height).squareRoot()
        func relax(_ row: Int, _ column: Int, _ otherRow: Int, _ otherColumn: Int, _ way: Double) {
            let isOutside = otherRow < 0 || otherColumn < 0 || otherRow > rows || otherColumn > columns
            if isOutside || classes[otherRow][otherColumn] != classes[row][column] {
                depth[row][column] = min(depth[row][column], way / 2)
            } else {
                depth[row][column] = min(depth[row][column], depth[otherRow][otherColumn] + way)
            }
        }
        for row in 0...rows {
            for column in 0...columns {
                relax(row, column, row, column - 1, cell.width)
                relax(row, column, row - 1, column, cell.height)
                relax(row, column, row - 1, column - 1, diagonal)
                relax(row, column, row - 1, column + 1, diagonal)
            }
        }
        for row in (0...rows).reversed() {
            for column in (0...columns).reversed() {
                relax(row, column, row, column + 1, cell.width)
                relax(row, column, row + 1, column, cell.height)
                relax(row, column, row + 1, column + 1, diagonal)
                relax(row, column, row + 1, column - 1, diagonal)
            }
        }
        var places: [Int: [(place: Point, depth: Double)]] = [:]
        for row in 0...rows {
            for column in 0...columns where classes[row][column] >= 0 {
                places[classes[row][column], default: []].append((point(Double(column), Double(row)), depth[row][column]))
            }
        }
        return places.mapValues { $0.sorted { ($0.depth, $1.place.x, $1.place.y) > ($1.depth, $0.place.x, $0.place.y) } }
    }
}
