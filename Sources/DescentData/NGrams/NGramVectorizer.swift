#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif
import DescentFormats

/// Turns texts into sparse rows: a number for each n-gram that occurs, its TF-IDF weight.
///
/// The weight of a term in a text is `(1 + log count) * (log((1 + texts) / (1 + texts with the term)) + 1)`, and the weights of each kind of terms
/// together have length 1 in each text (Salton and Buckley 1988; as scikit-learn's `TfidfVectorizer` with `sublinear_tf`).
package struct NGramVectorizer: Equatable, Sendable {
    /// The terms of one kind.
    struct Block: Equatable, Sendable {
        let kind: NGramTerms
        let range: ClosedRange<Int>
        /// The terms, ascending, and in how many of the training texts each is.
        let terms: [String]
        let counts: [Int]
        let index: [String: Int32]
    }

    let blocks: [Block]
    /// The number of texts that it was fitted to.
    let textCount: Int

    /// The most terms of a kind: those in most texts.
    package static let termLimit = 300_000
    /// With more texts than this, a term must be in two of them.
    private static let sparseTexts = 5_000

    /// The number of columns.
    package var width: Int { blocks.reduce(0) { $0 + $1.terms.count } }
    /// The term of each column; terms of characters have their spaces.
    package var terms: [String] { blocks.flatMap(\.terms) }
    /// The kind of a column's term.
    package func kind(ofColumn column: Int) -> NGramTerms { blocks.count > 1 && column >= blocks[0].terms.count ? blocks[1].kind : blocks[0].kind }

    /// Counts the terms of texts.
    ///
    /// - Parameter kinds: The kinds of terms, each with its lengths; at least one.
    package init(fitting texts: [String], _ kinds: [(kind: NGramTerms, range: ClosedRange<Int>)]) {
        textCount = texts.count
        let minimum = texts.count > Self.sparseTexts ? 2 : 1
        blocks = kinds.map { kind, range in
            var counts: [String: Int] = [:]
            for text in texts {
                var own: Set<String> = []
                kind.forEach(in: text, range) { own.insert($0) }
                for term in own { counts[term, default: 0] += 1 }
            }
            var kept = counts.filter { $0.value >= minimum }.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            if kept.count > Self.termLimit { kept.removeLast(kept.count - Self.termLimit) }
            kept.sort { $0.key < $1.key }
            return Block(kind, range, terms: kept.map(\.key), counts: kept.map(\.value))
        }
    }

    /// The row of a text: columns ascending. A text without a known term has an empty one.
    package func row(_ text: String) -> [(column: Int32, value: Float)] {
        var row: [(column: Int32, value: Float)] = [], first: Int32 = 0
        for block in blocks {
            var counts: [Int32: Int] = [:]
            block.kind.forEach(in: text, block.range) { term in if let place = block.index[term] { counts[place, default: 0] += 1 } }
            var squares = 0.0
            var own = counts.sorted { $0.key < $1.key }.map { place, count -> (column: Int32, value: Double) in
                let weight = (1 + log(Double(count))) * (log(Double(1 + textCount) / Double(1 + block.counts[Int(place)])) + 1)
                squares += weight * weight
                return (first + place, weight)
            }
            let length = squares.squareRoot()
            for place in own.indices { own[place].value /= length }
            row += own.map { ($0.column, Float($0.value)) }
            first += Int32(block.terms.count)
        }
        return row
    }

    /// The rows of texts.
    package func rows(_ texts: [String]) -> SparseRows {
        var rows = SparseRows(width: width)
        for text in texts { rows.append(row(text)) }
        return rows
    }
}

extension NGramVectorizer.Block {
    init(_ kind: NGramTerms, _ range: ClosedRange<Int>, terms: [String], counts: [Int]) {
        (self.kind, self.range, self.terms, self.counts) = (kind, range, terms, counts)
        index = Dictionary(zip(terms, Int32(0)...), uniquingKeysWith: { first, _ in first })
    }
}

extension NGramVectorizer {
    /// To be stored with a model.
    package func toJSON() -> JSON {
        let all = blocks.map { block -> JSON in
            [
                "kind": .string(block.kind.rawValue), "from": .integer(Int64(block.range.lowerBound)), "to": .integer(Int64(block.range.upperBound)), "terms": JSON(block.terms),
                "counts": .array(block.counts.map { .integer(Int64($0)) }),
            ]
        }
        return ["texts": .integer(Int64(textCount)), "terms": .array(all)]
    }

    /// A vectorizer that was stored.
    ///
    /// - Throws: `FormatError` where something is missing or cannot be.
    package init(json: JSONReader) throws(FormatError) {
        let texts = try json["texts"].int()
        textCount = texts
        var blocks: [Block] = []
        for entry in try json["terms"].elements() {
            guard let kind = NGramTerms(rawValue: try entry["kind"].string()) else { throw entry["kind"].error("is no kind of n-grams that is known") }
            let (from, to) = (try entry["from"].int(), try entry["to"].int())
            if from < 1 || to < from || to > 100 { throw entry["to"].error("is \(to), which does not fit n-grams from \(from)") }
            var counts: [Int] = []
            for count in try entry["counts"].elements() { counts.append(try count.int()) }
            let block = Block(kind, from...to, terms: try entry["terms"].strings(), counts: counts)
            if block.index.count != block.terms.count { throw entry["terms"].error("has a term twice") }
            if counts.count != block.terms.count || counts.contains(where: { $0 < 0 || $0 > texts }) { throw entry["counts"].error("must have a number of texts for each term") }
            blocks.append(block)
        }
        if !(1...2).contains(blocks.count) { throw json["terms"].error("has \(blocks.count) kinds of n-grams; there must be 1 or 2") }
        self.blocks = blocks
    }
}
