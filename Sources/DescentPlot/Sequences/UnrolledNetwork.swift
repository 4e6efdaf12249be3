/// A recurrent network drawn unrolled: one box for each layer and step, inputs below, outputs above, the state's arrows between the steps. Boxes of
/// one colour and one label share their weights.
///
///     UnrolledNetwork("A language model", parts: [.init(groups: [[.init("LSTM", weights: "W₁ U₁", state: "h, c")]], inputs: ["the", "cat"], readout: .eachStep(["cat", "sat"], notes: ["0.12", "0.43"]))])
///
/// Of many steps the first and the last are drawn, with an ellipsis between. An encoder and a decoder are two parts: the state goes from one to the next.
public struct UnrolledNetwork: Picture {
    /// A recurrent layer in one direction.
    public struct Layer: Sendable, Hashable {
        /// The cell: "LSTM".
        public var name: String
        /// The weights that all its steps share: "W₁ U₁".
        public var weights: String
        /// What goes from step to step: "h", or "h, c".
        public var state: String
        /// Whether it reads from the end.
        public var isReversed: Bool

        public init(_ name: String, weights: String, state: String = "h", isReversed: Bool = false) {
            (self.name, self.weights, self.state, self.isReversed) = (name, weights, state, isReversed)
        }
    }

    /// What the network answers from.
    public enum Readout: Sendable, Hashable {
        /// An answer at each step, with a note each: the next token and its probability.
        case eachStep([String], notes: [String])
        /// One answer, from the last step.
        case lastStep(String)
        /// One answer, from all steps.
        case allSteps(String)
    }

    /// Steps that are read by the same layers.
    public struct Part: Sendable, Hashable {
        /// "encoder"; empty for the only part.
        public var name: String
        /// Layers from the input up; two in a group read the same inputs in two directions.
        public var groups: [[Layer]]
        /// What each step reads.
        public var inputs: [String]
        public var readout: Readout?

        public init(_ name: String = "", groups: [[Layer]], inputs: [String], readout: Readout? = nil) {
            (self.name, self.groups, self.inputs, self.readout) = (name, groups, inputs, readout)
        }
    }

    public var title: String
    /// From left to right.
    public var parts: [Part]
    /// A line under the picture; empty for none.
    public var note: String

    public init(_ title: String, parts: [Part], note: String = "") { (self.title, self.parts, self.note) = (title, parts, note) }

    public var hasFixedSize: Bool { true }

    /// More steps of a part are not drawn.
    public static let stepLimit = 8

    public func svg(width: Double = 900) -> String {
        var painter = UnrolledPainter(self)
        return painter.document(width: width)
    }
}
