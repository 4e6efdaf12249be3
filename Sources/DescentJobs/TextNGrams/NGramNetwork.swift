import DescentCore
import DescentNN

/// The scores of classes by the weights of n-grams. Shapes: x [batch, terms], result [batch, outputs].
public struct NGramNetwork: Layer {
    let output: Linear

    /// The learned numbers of a network of these sizes.
    static func parameterCount(terms: Int, outputs: Int) -> Int { (terms + 1) * outputs }

    init(terms: Int, outputs: Int) { output = Linear(terms, outputs) }

    public func callAsFunction(_ x: Tensor) -> Tensor { output(x) }
}
