import DescentCore
import DescentFormats
import DescentNN
import DescentTrain

/// The network for rows of numbers: layers of weighted sums, each followed by an activation and, in training, dropout; then the outputs.
/// Before them, numbers may be cut into pieces (`PiecewiseLinearEncoding`). With several members it is as many such networks side by side, each with first weights of its own, and the result is the mean of theirs
/// (Hansen and Salamon 1990): what they got wrong by chance evens out.
///
/// Shapes: x [batch, inputs], result [batch, outputs]. First values are those of `Linear`, small ones: on small tables such networks
/// generalised better than with the larger values of He et al. 2015. Parameters are named "hidden.0.weight", "hidden.0.bias", ...,
/// "output.weight", "output.bias"; with several members "members.0." and so on stands before each.
public struct FeedForward: Layer {
    /// The sizes and choices that make the network: enough to build it again.
    public struct Architecture: Equatable, Sendable {
        /// The number of features.
        public var inputs: Int
        /// The sizes of the hidden layers; empty for a linear model.
        public var hidden: [Int]
        /// The number of results.
        public var outputs: Int
        /// The activation's name: "gelu".
        public var activation: String
        /// The share of hidden values that are dropped in training.
        public var dropout: Double
        /// How many networks' results are averaged.
        public var members: Int
        /// The edges of the pieces that each feature is cut into (`PiecewiseLinearEncoding`); empty where none is.
        public var edges: [[Float]]
        /// Of members in pairs, of which the first sees the pieces and the second the numbers alone: how much the first ones count in the mean, from 0 to 1. `nil` where
        /// all members are alike. Steps and thresholds are learned from pieces, smooth relations better without: a training finds out how much of each.
        public var pieceShare: Double?

        /// - Precondition: `FeedForward` says what is allowed; `shapes` may be asked before.
        public init(inputs: Int, hidden: [Int], outputs: Int, activation: String, dropout: Double, members: Int = 1, edges: [[Float]] = [], pieceShare: Double? = nil) {
            (self.inputs, self.hidden, self.outputs) = (inputs, hidden, outputs)
            (self.activation, self.dropout, self.members) = (activation, dropout, members)
            self.edges = edges.allSatisfy(\.isEmpty) ? [] : edges
            self.pieceShare = pieceShare
        }

        /// The pieces that features are cut into, of all together.
        public var pieces: Int { edges.reduce(0) { $0 + Swift.max(0, $1.count - 1) } }

        /// Whether a member sees the pieces too.
        func seesPieces(member: Int) -> Bool { !edges.isEmpty && (pieceShare == nil || member % 2 == 0) }

        /// What a member counts in the mean.
        func weight(ofMember member: Int) -> Double {
            guard let pieceShare else { return 1 / Double(members) }
            return (member % 2 == 0 ? pieceShare : 1 - pieceShare) * 2 / Double(members)
        }

        /// The inputs of a member's first layer.
        func inputs(ofMember member: Int) -> Int { inputs + (seesPieces(member: member) ? pieces : 0) }

        /// Each parameter's path and shape.
        public var shapes: [(path: String, shape: [Int])] {
            return (0..<members).flatMap { member in
                let sizes = [inputs(ofMember: member)] + hidden + [outputs]
                return zip(sizes, sizes.dropFirst()).enumerated().flatMap { place, pair in
                    let name = (members > 1 ? "members.\(member)." : "") + (place == hidden.count ? "output" : "hidden.\(place)")
                    return [(path: "\(name).weight", shape: [pair.1, pair.0]), (path: "\(name).bias", shape: [pair.1])]
                }
            }
        }

        /// In words: `13 inputs -> 128 -> 128 -> 1 output, gelu, dropout 0.1`.
        public var summary: String {
            let inner = hidden.map { "\($0) -> " }.joined()
            let choices = hidden.isEmpty ? "" : ", \(activation)" + (dropout > 0 ? ", dropout \(shortNumber(dropout))" : "")
            let whose = pieceShare == nil ? "" : " for every second network"
            let cut = pieces == 0 ? "" : " (and \(pieces) pieces of their numbers\(whose))"
            let one = "\(inputs) input\(inputs == 1 ? "" : "s")\(cut) -> \(inner)\(outputs) output\(outputs == 1 ? "" : "s")\(choices)"
            let mean = pieceShare == nil || pieceShare == 0.5 || pieces == 0 ? "the mean" : "the mean, \(shortNumber(pieceShare!)) of it with pieces,"
            return members > 1 ? "\(mean) of \(members) networks, each \(one)" : one
        }
    }

    /// What it was built from.
    public let architecture: Architecture
    private let encoding: PiecewiseLinearEncoding?
    private let members: [Member]

    /// - Precondition: sizes and members are at least 1, the activation is known, dropout is at least 0 and below 1; there are no edges, or those of each input; members
    /// with a share for pieces are even in number.
    public init(_ architecture: Architecture) {
        if !architecture.edges.isEmpty, architecture.edges.count != architecture.inputs {
            stop("FeedForward: \(architecture.inputs) inputs, and edges for \(architecture.edges.count) of them.")
        }
        if architecture.members < 1 { stop("FeedForward: \(architecture.members) members; there must be at least 1.") }
        if architecture.pieceShare != nil, architecture.members % 2 != 0 { stop("FeedForward: \(architecture.members) members, which are no pairs, and a share for pieces.") }
        self.architecture = architecture
        encoding = architecture.edges.isEmpty ? nil : PiecewiseLinearEncoding(edges: architecture.edges)
        members = (0..<architecture.members).map { Member(architecture, inputs: architecture.inputs(ofMember: $0)) }
    }

    /// Its parts, for paths and modes.
    public var children: [(name: String, value: Any)] { members.count == 1 ? members[0].children : [("members", members)] }

    /// The outputs for a batch: logits, or standardised numbers.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        let outputs = outputs(x)
        if architecture.pieceShare != nil {
            let weighed = outputs.enumerated().filter { architecture.weight(ofMember: $0.offset) > 0 }.map { $0.element * architecture.weight(ofMember: $0.offset) }
            return weighed.dropFirst().reduce(weighed[0], +)
        }
        return outputs.count == 1 ? outputs[0] : outputs.dropFirst().reduce(outputs[0], +) * (1 / Double(outputs.count))
    }

    /// The same members, those that see pieces counting so much of the mean.
    package func weighing(pieces share: Double) -> FeedForward {
        var architecture = architecture
        architecture.pieceShare = share
        return FeedForward(architecture, encoding, members)
    }

    private init(_ architecture: Architecture, _ encoding: PiecewiseLinearEncoding?, _ members: [Member]) {
        (self.architecture, self.encoding, self.members) = (architecture, encoding, members)
    }

    /// The outputs of each member. Members are trained each by a loss of its own: so they stay different.
    public func outputs(_ x: Tensor) -> [Tensor] {
        guard let encoding else { return members.map { $0(x) } }
        let encoded = encoding(x)
        return members.enumerated().map { place, member in member(architecture.seesPieces(member: place) ? encoded : x) }
    }

    /// One of the networks.
    private struct Member: Layer {
        let hidden: [Linear]
        let activation: Activation
        let dropout: Dropout
        let output: Linear

        init(_ architecture: Architecture, inputs: Int) {
            guard let activation = Activation.named(architecture.activation) else {
                stop("FeedForward: there is no activation \"\(architecture.activation)\". There are: \(Activation.all.map(\.name).joined(separator: ", ")).")
            }
            self.activation = activation
            let sizes = [inputs] + architecture.hidden
            hidden = zip(sizes, sizes.dropFirst()).map { Linear($0, $1) }
            output = Linear(sizes[sizes.count - 1], architecture.outputs)
            dropout = Dropout(architecture.dropout)
        }

        var children: [(name: String, value: Any)] { [("hidden", hidden), ("output", output), ("dropout", dropout)] }

        func callAsFunction(_ x: Tensor) -> Tensor {
            output(hidden.reduce(x) { value, layer in dropout(activation(layer(value))) })
        }
    }
}

extension FeedForward.Architecture {
    /// To be stored with a model.
    public func toJSON() -> JSON {
        var json: JSON.Object = [
            "kind": "feed-forward", "inputs": .integer(Int64(inputs)), "hidden": .array(hidden.map { .integer(Int64($0)) }),
            "outputs": .integer(Int64(outputs)), "activation": .string(activation), "dropout": .number(dropout),
            "members": .integer(Int64(members)),
        ]
        if !edges.isEmpty { json["edges"] = .array(edges.map { JSON($0.map(Double.init)) }) }
        if let pieceShare { json["pieceShare"] = .number(pieceShare) }
        return .object(json)
    }

    /// An architecture that was stored. That sizes are possible is checked, that they fit the weights is the caller's.
    ///
    /// - Throws: `FormatError` that names the place in the document.
    public init(json: JSONReader) throws(FormatError) {
        let kind = try json["kind"].string()
        if kind != "feed-forward" { throw json["kind"].error("is \(quoted(kind)), and this program knows feed-forward: a newer one wrote the model") }
        func size(_ reader: JSONReader) throws(FormatError) -> Int {
            let value = try reader.int()
            if !(1...1 << 31).contains(value) { throw reader.error("is \(value), which is no size of a layer") }
            return value
        }
        inputs = try size(json["inputs"])
        outputs = try size(json["outputs"])
        hidden = []
        for layer in try json["hidden"].elements() { hidden.append(try size(layer)) }
        activation = try json["activation"].string()
        if Activation.named(activation) == nil { throw json["activation"].error("is \(quoted(activation)), which is unknown") }
        dropout = try json["dropout"].double()
        members = json["members"].exists ? try json["members"].int() : 1
        if !(1...1000).contains(members) { throw json["members"].error("is \(members); there may be 1 to 1000") }
        edges = []
        if json["edges"].exists {
            for own in try json["edges"].elements() {
                let values = try own.doubles().map { Float($0) }
                if !PiecewiseLinearEncoding.areEdges(values) { throw own.error("is no list of ascending numbers") }
                edges.append(values)
            }
            if edges.count != inputs { throw json["edges"].error("has \(edges.count) lists, and there are \(inputs) inputs") }
        }
        pieceShare = json["pieceShare"].exists ? try json["pieceShare"].double() : nil
        if let pieceShare, !(0...1).contains(pieceShare) { throw json["pieceShare"].error("is \(pieceShare); it must be from 0 to 1") }
        if pieceShare != nil, members % 2 != 0 { throw json["pieceShare"].error("is there, and \(members) members are no pairs") }
        if !(0..<1).contains(dropout) { throw json["dropout"].error("is \(dropout); it must be at least 0 and below 1") }
    }
}
