import DescentCore
import DescentNN

/// A part of a run that is told of as one: a layer's call, a function between layers, operations that have no name together.
struct ModelUnit {
    /// The module's path; nil for what lies between modules.
    var path: String?
    /// "Linear", "relu", "residual sum", "multiply, mean"
    var kind: String
    /// The module, where it is one.
    var module: Any?
    var nodes: Set<Int>
    /// The output.
    var result: Tensor?
    /// The inputs from other parts.
    var arguments: [Tensor] = []
    /// The units that its arguments come from.
    var sources: [Int] = []
    /// Its parameters, by number.
    var parameters: [Int] = []
    /// The function that its result comes out of, where that decides whether units die or saturate: "relu", "tanh".
    var function: String?
    /// Whether it is a loop over time that begins at the last step.
    var isReversed = false
    /// Whether it is something with a name of its own.
    var isNamed = true
}
