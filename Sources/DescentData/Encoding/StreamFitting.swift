extension TableEncoder {
    /// Fits an encoder to a table that need not fit in memory, in two passes.
    ///
    /// What a column is, its median, its categories and the like are those of up to 50,000 rows drawn with a seed; means and
    /// standard deviations of numbers are then those of all training rows, exactly. Of a table with fewer rows the result
    /// is that of fitting the whole table.
    ///
    /// - Parameters:
    ///   - stream: The table.
    ///   - target: The index of the column that is to be predicted, which becomes no feature.
    ///   - kinds: Kinds by column name or number that are to be used instead of what is guessed.
    ///   - invalidCells: What to do with a cell that is no number in a column of numbers.
    ///   - seed: Any number.
    ///   - isTraining: Whether a row, numbered from 0, is trained on; nothing of the others becomes known.
    /// - Throws: As fitting a table, and `FileError` where the file cannot be read or has changed.
    public init(
        fitting stream: TableStream, target: Int?, kinds: [String: ColumnKind] = [:], invalidCells: InvalidCells = .reject,
        seed: UInt64 = 0, where isTraining: (Int) -> Bool = { _ in true }
    ) throws {
        let (sample, numbers) = try stream.sample(50_000, seed: seed, where: isTraining)
        var kinds = kinds
        // Among drawn rows, a column that counts the rows is known by their numbers in the file.
        let isPart = numbers.count > 10 && numbers[numbers.count - 1] >= numbers.count
        for column in sample.names.indices where isPart && column != target && kinds[sample.names[column]] == nil {
            let distances = numbers.indices.map { row in sample.number(row: row, column: column).map { $0 - Double(numbers[row]) } }
            if let first = distances[0], first == 0 || first == 1, distances.allSatisfy({ $0 == first }) {
                kinds[sample.names[column]] = .ignored
            }
        }
        let fitted = try TableEncoder(fitting: sample, target: target, kinds: kinds, invalidCells: invalidCells)
        var moments = fitted.columns.map { _ in RunningMoments() }
        let places = stream.names.indices.filter { $0 != target }
        for block in 0..<stream.blockCount {
            let first = stream.rows(ofBlock: block).lowerBound
            let table = try stream.table(block: block)
            let rows = (0..<table.rowCount).filter { isTraining(first + $0) }
            for (index, place) in places.enumerated() {
                guard case .number(let rule) = fitted.columns[index].rule else { continue }
                let values = rows.compactMap { table.number(row: $0, column: place).map(rule.scaled) }
                moments[index].add(values)
            }
        }
        let columns = zip(fitted.columns, moments).map { column, moments in
            guard case .number(let rule) = column.rule, rule.deviation > 0, moments.mean.isFinite, moments.deviation.isFinite else { return column }
            return Column(name: column.name, rule: .number(rule.standardised(mean: moments.mean, deviation: moments.deviation)), note: column.note)
        }
        self.init(columns: columns, like: fitted)
    }
}

/// Mean and standard deviation of numbers that come in parts, each part in two passes, and joined as Chan, Golub and
/// LeVeque (1983) do.
struct RunningMoments {
    private var count = 0.0
    private(set) var mean = 0.0
    private var squares = 0.0

    /// Of the population: divided by the count.
    var deviation: Double { count > 0 ? (squares / count).squareRoot() : 0 }

    mutating func add(_ values: [Double]) {
        if values.isEmpty { return }
        let part = Moments(values)
        let added = Double(values.count)
        let distance = part.mean - mean
        let total = count + added
        squares += part.deviation * part.deviation * added + distance * distance * count * added / total
        mean += distance * added / total
        count = total
    }
}
