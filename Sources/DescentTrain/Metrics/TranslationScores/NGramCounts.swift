/// The n-grams of one order in a sequence, with how often each occurs.
///
/// The elements are numbers: code points for characters, a `WordNumbers` number for words.
struct NGramCounts {
    /// The count of each distinct n-gram.
    private(set) var counts: [ArraySlice<UInt32>: Int] = [:]

    /// Counts the n-grams of `order` elements, at least 1. A shorter sequence has none.
    init(of sequence: [UInt32], order: Int) {
        guard sequence.count >= order else { return }
        counts.reserveCapacity(sequence.count - order + 1)
        for start in 0...(sequence.count - order) { counts[sequence[start..<start + order], default: 0] += 1 }
    }

    /// The number of n-grams, each as often as it occurs.
    var total: Int { counts.values.reduce(0, +) }

    /// Keeps the higher count of each n-gram: what any of several references allows.
    mutating func formMaximum(_ other: NGramCounts) {
        counts.merge(other.counts, uniquingKeysWith: max)
    }

    /// The number of n-grams found in both, each at most as often as in the one where it occurs less (clipped counts).
    func matches(in other: NGramCounts) -> Int {
        counts.reduce(0) { sum, entry in sum + min(entry.value, other.counts[entry.key] ?? 0) }
    }
}

/// Numbers for the distinct words of a sentence and its references, so that their n-grams hash quickly.
///
/// Words are equal when their code points are: "é" in one code point differs from "é" in two.
struct WordNumbers {
    private var numbers: [[Unicode.Scalar]: UInt32] = [:]

    /// The number of each word; new words get the next free number.
    mutating func callAsFunction(_ words: [[Unicode.Scalar]]) -> [UInt32] {
        words.map { word in
            if let number = numbers[word] { return number }
            let number = UInt32(numbers.count)
            numbers[word] = number
            return number
        }
    }
}
