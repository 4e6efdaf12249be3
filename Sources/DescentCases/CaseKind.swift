import Descent

/// One computation of the cases, by the name that the files use. Its definition is in the files' `kinds`.
struct CaseKind: Sendable {
    let name: String
    /// What it computes of the inputs, in their element type.
    let compute: @Sendable (CaseInputs) throws -> Answers

    init(_ name: String, _ compute: @escaping @Sendable (CaseInputs) throws -> Answers) { (self.name, self.compute) = (name, compute) }

    /// All kinds by name.
    static let all: [String: CaseKind] = Dictionary(
        uniqueKeysWithValues: [
            discriminants, leastSquares, logistic, classes, twoLayerNetworks, graphs, jacobians, norms, optimizers, layers, convolution, gates,
            recurrent, sequences,
        ].joined().map { ($0.name, $0) })
}
