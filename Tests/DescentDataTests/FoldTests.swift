import DescentData
import Testing

@Suite("folds")
struct FoldTests {
    /// What any cross-validation has: each row is tested on once, and never in both parts.
    private func expectPartition(_ splits: [Split], count: Int) {
        #expect(splits.flatMap(\.test).sorted() == Array(0..<count))
        for split in splits { #expect((split.train + split.test).sorted() == Array(0..<count)) }
    }

    @Test("parts differ by one row at most, depend on the seed alone, and cover the rows")
    func plain() throws {
        let splits = try Split.folds(count: 23, folds: 5, seed: 1)
        expectPartition(splits, count: 23)
        #expect(splits.map(\.test.count).sorted() == [4, 4, 5, 5, 5])
        #expect(try Split.folds(count: 23, folds: 5, seed: 1) == splits)
        #expect(try Split.folds(count: 23, folds: 5, seed: 2) != splits)
    }

    @Test("classes are spread evenly over the parts")
    func stratified() throws {
        let labels = (0..<53).map { Int32($0 % 10 == 0 ? 2 : $0 % 3 == 0 ? 1 : 0) }
        let splits = try Split.folds(labels: labels, folds: 4, seed: 3)
        expectPartition(splits, count: 53)
        for label: Int32 in 0...2 {
            let counts = splits.map { $0.test.filter { labels[$0] == label }.count }
            #expect(counts.max()! - counts.min()! <= 1)
        }
        #expect(Set(splits.map(\.test.count)) == [13, 14])
    }

    @Test("a group is in one part, and parts are even where groups allow")
    func grouped() throws {
        let groups = (0..<60).map { "patient \($0 * $0 % 17)" }
        let splits = try Split.folds(groups: groups, folds: 3, seed: 1)
        expectPartition(splits, count: 60)
        for split in splits {
            #expect(Set(split.train.map { groups[$0] }).isDisjoint(with: split.test.map { groups[$0] }))
            #expect((18...22).contains(split.test.count))
        }
        let split = try Split.grouped(groups, testFraction: 0.25, seed: 5)
        #expect(Set(split.train.map { groups[$0] }).isDisjoint(with: split.test.map { groups[$0] }))
        #expect((split.train + split.test).sorted() == Array(0..<60) && (10...15).contains(split.test.count))
        #expect(try Split.grouped(groups, testFraction: 1, seed: 5).train.isEmpty == false)
    }

    @Test("nothing that is trained on comes after what is tested on; equal times stay together")
    func timeOrdered() throws {
        let split = try Split.timeOrdered([5, 1, 4, 2, 3, 3, 3, 0, 9, 8], testFraction: 0.5)
        // The fifth earliest is one of three 3s.
        #expect(split.train == [1, 3, 4, 5, 6, 7] && split.test == [0, 2, 8, 9])
        let folds = try Split.timeOrderedFolds((0..<11).map { Double(10 - $0) }, folds: 3)
        #expect(folds.map(\.test) == [[4, 5], [2, 3], [0, 1]])
        #expect(folds.map(\.train.count) == [5, 7, 9])
        for fold in folds { #expect(fold.test.max()! < fold.train.min()!) }
    }

    @Test("what cannot be divided has a sentence")
    func mistakes() {
        func sentence(_ body: () throws -> Void) -> String {
            do {
                try body()
                return ""
            } catch {
                return "\(error)"
            }
        }
        #expect(sentence { _ = try Split.folds(count: 3, folds: 5, seed: 1, file: "f") } == "f: 5 folds are more than the 3 rows; use fewer")
        #expect(
            sentence { _ = try Split.folds(count: 3, folds: 1, seed: 1, file: "f") }
                == "f: 1 folds are too few to test on one and train on the others; use at least 2")
        #expect(
            sentence { _ = try Split.folds(groups: ["a", "b", "a"], folds: 3, seed: 1, file: "f") }
                == "f: 3 folds are more than the 2 groups; use fewer")
        #expect(
            sentence { _ = try Split.grouped(["a", "a"], seed: 1, file: "f") }
                == "f: all rows are of one group, so none can be held out without the others")
        #expect(
            sentence { _ = try Split.timeOrdered([1, .nan], file: "f") } == "f: the time of row 2 is nan, so it has no place in the order")
        #expect(
            sentence { _ = try Split.timeOrderedFolds([1, 2, 3], folds: 3, file: "f") }
                == "f: 3 folds are more than the 2 rows after the first; use fewer")
    }
}
