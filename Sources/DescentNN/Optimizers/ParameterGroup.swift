import DescentCore

/// Settings of an optimizer for some of a model's parameters.
///
///     Adam(groups: [ParameterGroup("encoder", rate: 0.1), ParameterGroup("embedding", isFrozen: true)])
///
/// A parameter belongs to the first group that has it.
public struct ParameterGroup: Sendable {
    /// Whether a parameter belongs to it.
    public let contains: @Sendable (NamedVariable) -> Bool
    /// The factor of the learning rate.
    public let rate: Double
    /// In place of the optimizer's; nil: the optimizer's.
    public let regularization: Regularization?
    /// Whether its parameters stay as they are. Their gradients are computed all the same; `Module.freeze` saves that too.
    public let isFrozen: Bool
    /// For errors: the path.
    let name: String

    /// The parameter at a path, or all under it: "encoder" has "encoder.0.weight".
    public init(_ path: String, rate: Double = 1, regularization: Regularization? = nil, isFrozen: Bool = false) {
        self.init(name: "\"\(path)\"", rate, regularization, isFrozen) { $0.path == path || $0.path.hasPrefix(path + ".") }
    }

    /// The parameters for which the closure says yes.
    public init(
        where contains: @escaping @Sendable (NamedVariable) -> Bool, rate: Double = 1, regularization: Regularization? = nil, isFrozen: Bool = false
    ) {
        self.init(name: "where", rate, regularization, isFrozen, contains)
    }

    private init(
        name: String, _ rate: Double, _ regularization: Regularization?, _ isFrozen: Bool, _ contains: @escaping @Sendable (NamedVariable) -> Bool
    ) {
        if !(rate >= 0 && rate.isFinite) { stop("ParameterGroup(\(name)): the rate is \(rate) times the optimizer's; it can't be below 0.") }
        (self.name, self.rate, self.regularization, self.isFrozen, self.contains) = (name, rate, regularization, isFrozen, contains)
    }
}
