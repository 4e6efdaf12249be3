import DescentCore
import DescentFormats
import DescentNN
import DescentTrain

/// The network for rows of numbers: layers of weighted sums, each followed by an activation and, in training, dropout; then the outputs.
/// With several members it is as many such networks side by side, each with first weights of its own, and the result is the mean of theirs
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

        /// - Precondition: `FeedForward` says what is allowed; `shapes` may be asked before.
        public init(inputs: Int, hidden: [Int], outputs: Int, activation: String, dropout: Double, members: Int = 1) {
            (self.inputs, self.hidden, self.outputs) = (inputs, hidden, outputs)
            (self.activation, self.dropout, self.members) = (activation, dropout, members)
        }

        /// Each parameter's path and shape.
        public var shapes: [(path: String, shape: [Int])] {
            let sizes = [inputs] + hidden + [outputs]
            return (0..<members).flatMap { member in
                zip(sizes, sizes.dropFirst()).enumerated().flatMap { place, pair in
                    let name = (members > 1 ? "members.\(member)." : "") + (place == hidden.count ? "output" : "hidden.\(place)")
                    return [(path: "\(name).weight", shape: [pair.1, pair.0]), (path: "\(name).bias", shape: [pair.1])]
                }
            }
        }

        /// In words: `13 inputs -> 128 -> 128 -> 1 output, gelu, dropout 0.1`.
        public var summary: String {
            let inner = hidden.map { "\($0) -> " }.joined()
            let choices = hidden.isEmpty ? "" : ", \(activation)" + (dropout > 0 ? ", dropout \(shortNumber(dropout))" : "")
            let one = "\(inputs) input\(inputs == 1 ? "" : "s") -> \(inner)\(outputs) output\(outputs == 1 ? "" : "s")\(choices)"
            return members > 1 ? "the mean of \(members) networks, each \(one)" : one
        }
    }

    /// What it was built from.
    public let architecture: Architecture
    private let members: [Member]

    /// - Precondition: sizes and members are at least 1, the activation is known, dropout is at least 0 and below 1.
    public init(_ architecture: Architecture) {
        if architecture.members < 1 { stop("FeedForward: \(architecture.members) members; there must be at least 1.") }
        self.architecture = architecture
        members = (0..<architecture.members).map { _ in Member(architecture) }
    }

    /// Its parts, for paths and modes.
    public var children: [(name: String, value: Any)] { members.count == 1 ? members[0].children : [("members", members)] }

    /// The outputs for a batch: logits, or standardised numbers.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        let outputs = outputs(x)
        return outputs.count == 1 ? outputs[0] : outputs.dropFirst().reduce(outputs[0], +) * (1 / Double(outputs.count))
    }

    /// The outputs of each member. Members are trained each by a loss of its own: so they stay different.
    public func outputs(_ x: Tensor) -> [Tensor] { members.map { $0(x) } }

    /// One of the networks.
    private struct Member: Layer {
        let hidden: [Linear]
        let activation: Activation
        let dropout: Dropout
        let output: Linear

        init(_ architecture: Architecture) {
            guard let activation = Activation.named(architecture.activation) else {
                stop("FeedForward: there is no activation \"\(architecture.activation)\". There are: \(Activation.all.map(\.name).joined(separator: ", ")).")
            }
            self.activation = activation
            let sizes = [architecture.inputs] + architecture.hidden
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
        [
            "kind": "feed-forward", "inputs": .integer(Int64(inputs)), "hidden": .array(hidden.map { .integer(Int64($0)) }),
            "outputs": .integer(Int64(outputs)), "activation": .string(activation), "dropout": .number(dropout),
            "members": .integer(Int64(members)),
        ]
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
        if !(0..<1).contains(dropout) { throw json["dropout"].error("is \(dropout); it must be at least 0 and below 1") }
    }
}
