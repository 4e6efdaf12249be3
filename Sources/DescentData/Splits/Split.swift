/// The rows of a table divided into a part to train on and a part to test on.
///
/// The division depends on the seed, the labels' order and the fraction alone: the same on every machine.
public struct Split: Equatable, Sendable {
    /// The rows to train on, ascending.
    public let train: [Int]
    /// The rows to test on, ascending.
    public let test: [Int]

    /// Rows that are divided already, each part ascending.
    package init(train: [Int], test: [Int]) { (self.train, self.test) = (train, test) }

    /// Divides at random.
    ///
    /// - Parameters:
    ///   - count: The number of rows.
    ///   - testFraction: The part held out, rounded to whole rows; at least one row stays to train on.
    ///   - seed: Any number.
    public static func shuffled(count: Int, testFraction: Double = 0.2, seed: UInt64) -> Split {
        stratified(labels: [Int32](repeating: 0, count: count), testFraction: testFraction, seed: seed)
    }

    /// Divides at random so that each class has the same share of both parts, as nearly as whole rows allow; of each
    /// class at least one row stays to train on.
    ///
    /// - Parameters:
    ///   - labels: The class of each row.
    ///   - testFraction: The part of each class held out.
    ///   - seed: Any number.
    public static func stratified(labels: [Int32], testFraction: Double = 0.2, seed: UInt64) -> Split {
        let fraction = min(max(testFraction.isNaN ? 0 : testFraction, 0), 1)
        var rowsByLabel: [Int32: [Int]] = [:]
        for (row, label) in labels.enumerated() { rowsByLabel[label, default: []].append(row) }
        let classes = rowsByLabel.sorted { $0.key < $1.key }.map(\.value)

        // Whole rows of each class first; what the rounding lost goes to the classes that lost most.
        let exact = classes.map { Double($0.count) * fraction }
        var taken = zip(classes, exact).map { min(Int($1), $0.count - 1) }
        var left = Int((Double(labels.count) * fraction).rounded()) - taken.reduce(0, +)
        let byLoss = classes.indices.sorted { a, b in
            let lossA = exact[a] - Double(taken[a])
            let lossB = exact[b] - Double(taken[b])
            return lossA == lossB ? a < b : lossA > lossB
        }
        for index in byLoss where left > 0 && taken[index] < classes[index].count - 1 {
            taken[index] += 1
            left -= 1
        }

        var random = SplitMix64(seed: seed)
        var isTest = [Bool](repeating: false, count: labels.count)
        for (rows, count) in zip(classes, taken) {
            var rows = rows
            random.shuffle(&rows)
            for row in rows.prefix(count) { isTest[row] = true }
        }
        return Split(train: labels.indices.filter { !isTest[$0] }, test: labels.indices.filter { isTest[$0] })
    }
}

/// SplitMix64 (Steele, Lea and Flood 2014): a counter passed through a mixing function. Used for splits and orders of rows.
package struct SplitMix64: Sendable {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    /// Fisher and Yates, from the end. An index is the high half of a 128-bit product; its bias is under 2^-40 for any
    /// table that fits a machine.
    package mutating func shuffle(_ values: inout [Int]) {
        for last in values.indices.dropFirst().reversed() {
            values.swapAt(last, Int(next().multipliedFullWidth(by: UInt64(last + 1)).high))
        }
    }
}
