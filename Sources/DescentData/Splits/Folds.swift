extension Split {
    /// Parts for cross-validation: each row is tested on in exactly one of `folds` splits.
    ///
    /// - Parameters:
    ///   - count: The number of rows.
    ///   - folds: How many splits, from 2 to `count`.
    ///   - seed: Any number.
    /// - Throws: `DataError` where there are fewer rows than folds.
    public static func folds(count: Int, folds: Int, seed: UInt64, file: String = "table") throws(DataError) -> [Split] {
        try Split.folds(labels: [Int32](repeating: 0, count: count), folds: folds, seed: seed, file: file)
    }

    /// Parts for cross-validation in which each class has the same share, as nearly as whole rows allow.
    ///
    /// The rows of each class are shuffled and dealt out in turn, each class beginning where the one before it ended, so
    /// that both the parts and the classes within them differ by one row at most.
    ///
    /// - Parameter labels: The class of each row.
    /// - Throws: `DataError` where there are fewer rows than folds.
    public static func folds(labels: [Int32], folds: Int, seed: UInt64, file: String = "table") throws(DataError) -> [Split] {
        try check(folds: folds, available: labels.count, of: "rows", file: file)
        var rowsByLabel: [Int32: [Int]] = [:]
        for (row, label) in labels.enumerated() { rowsByLabel[label, default: []].append(row) }
        var random = SplitMix64(seed: seed)
        var part = [Int](repeating: 0, count: labels.count)
        var next = 0
        for (_, rows) in rowsByLabel.sorted(by: { $0.key < $1.key }) {
            var rows = rows
            random.shuffle(&rows)
            for row in rows {
                part[row] = next % folds
                next += 1
            }
        }
        return splits(parts: part, folds: folds)
    }

    /// Parts for cross-validation that keep the rows of a group together, such as all those of one patient.
    ///
    /// Groups go, the largest first, to the part that has the fewest rows until then; equal ones in shuffled order.
    ///
    /// - Parameter groups: The group of each row.
    /// - Throws: `DataError` where there are fewer groups than folds.
    public static func folds<Group: Hashable>(
        groups: [Group], folds: Int, seed: UInt64, file: String = "table"
    ) throws(DataError) -> [Split] {
        let members = shuffledGroups(groups, seed: seed)
        try check(folds: folds, available: members.count, of: "groups", file: file)
        var part = [Int](repeating: 0, count: groups.count)
        var sizes = [Int](repeating: 0, count: folds)
        let bySize = members.indices.sorted { (members[$1].count, $0) < (members[$0].count, $1) }
        for index in bySize {
            let smallest = sizes.indices.min { (sizes[$0], $0) < (sizes[$1], $1) }!
            for row in members[index] { part[row] = smallest }
            sizes[smallest] += members[index].count
        }
        return splits(parts: part, folds: folds)
    }

    /// Divides at random and keeps the rows of a group together: a group is trained on or tested on, never both.
    ///
    /// - Parameters:
    ///   - groups: The group of each row.
    ///   - testFraction: The part of the rows held out, as nearly as whole groups allow without exceeding it.
    ///   - seed: Any number.
    /// - Throws: `DataError` where all rows are of one group.
    public static func grouped<Group: Hashable>(
        _ groups: [Group], testFraction: Double = 0.2, seed: UInt64, file: String = "table"
    ) throws(DataError) -> Split {
        let members = shuffledGroups(groups, seed: seed)
        if members.count < 2 {
            throw DataError(file: file, "all rows are of one group, so none can be held out without the others")
        }
        let wanted = Int((Double(groups.count) * min(max(testFraction.isNaN ? 0 : testFraction, 0), 1)).rounded())
        var isTest = [Bool](repeating: false, count: groups.count)
        var taken = 0
        var trained = members.count
        for rows in members where taken + rows.count <= wanted && trained > 1 {
            for row in rows { isTest[row] = true }
            taken += rows.count
            trained -= 1
        }
        return Split(train: groups.indices.filter { !isTest[$0] }, test: groups.indices.filter { isTest[$0] })
    }

    /// Divides by time: trained on are the earliest rows, tested on the latest, so that nothing of the future is known.
    ///
    /// - Parameters:
    ///   - times: The time of each row, in any unit. Rows of the same time stay together, on the side of the training.
    ///   - testFraction: The part of the rows held out.
    /// - Throws: `DataError` for a time that is not a finite number.
    public static func timeOrdered(_ times: [Double], testFraction: Double = 0.2, file: String = "table") throws(DataError) -> Split {
        let order = try ordered(times, file: file)
        let fraction = min(max(testFraction.isNaN ? 0 : testFraction, 0), 1)
        let boundary = max(order.count - Int((Double(order.count) * fraction).rounded()), min(1, order.count))
        return split(order, times, at: boundary, until: order.count)
    }

    /// Splits for time series: the rows by time in `folds` + 1 parts, of which each but the first is tested on once and
    /// all before it are trained on.
    ///
    /// - Throws: `DataError` for a time that is not a finite number, and for fewer rows than parts.
    public static func timeOrderedFolds(_ times: [Double], folds: Int, file: String = "table") throws(DataError) -> [Split] {
        let order = try ordered(times, file: file)
        try check(folds: folds, available: times.count - 1, of: "rows after the first", file: file)
        let size = order.count / (folds + 1)
        return (0..<folds).map { fold in
            let boundary = order.count - size * (folds - fold)
            return split(order, times, at: boundary, until: boundary + size)
        }
    }

    // MARK: - Parts

    private static func check(folds: Int, available: Int, of what: String, file: String) throws(DataError) {
        if folds < 2 { throw DataError(file: file, "\(folds) folds are too few to test on one and train on the others; use at least 2") }
        if folds > available { throw DataError(file: file, "\(folds) folds are more than the \(available) \(what); use fewer") }
    }

    private static func splits(parts: [Int], folds: Int) -> [Split] {
        (0..<folds).map { fold in
            Split(train: parts.indices.filter { parts[$0] != fold }, test: parts.indices.filter { parts[$0] == fold })
        }
    }

    /// The rows of each group, the groups in shuffled order.
    /// Divides at random and keeps the rows of a group together, such as those of one sentence: `testFraction` of the groups, however large they are; at
    /// least one of several, and none for 0. One group stays to train on.
    package static func shareOfGroups<Group: Hashable>(_ groups: [Group], testFraction: Double, seed: UInt64) -> Split {
        let members = shuffledGroups(groups, seed: seed)
        let count = testFraction == 0 ? 0 : max(0, min(members.count - 1, max(1, Int((Double(members.count) * testFraction).rounded()))))
        return Split(train: members[count...].joined().sorted(), test: members[..<count].joined().sorted())
    }

    private static func shuffledGroups<Group: Hashable>(_ groups: [Group], seed: UInt64) -> [[Int]] {
        var places: [Group: Int] = [:]
        var members: [[Int]] = []
        for (row, group) in groups.enumerated() {
            if let place = places[group] {
                members[place].append(row)
            } else {
                places[group] = members.count
                members.append([row])
            }
        }
        var order = Array(members.indices)
        var random = SplitMix64(seed: seed)
        random.shuffle(&order)
        return order.map { members[$0] }
    }

    private static func ordered(_ times: [Double], file: String) throws(DataError) -> [Int] {
        if let row = times.firstIndex(where: { !$0.isFinite }) {
            throw DataError(file: file, "the time of row \(row + 1) is \(times[row]), so it has no place in the order")
        }
        return times.indices.sorted { (times[$0], $0) < (times[$1], $1) }
    }

    /// Trains on what comes before the boundary and at the same time as the last of it.
    private static func split(_ order: [Int], _ times: [Double], at boundary: Int, until end: Int) -> Split {
        var boundary = boundary
        while boundary > 0, boundary < end, times[order[boundary]] == times[order[boundary - 1]] { boundary += 1 }
        return Split(train: order[..<boundary].sorted(), test: order[boundary..<end].sorted())
    }
}
