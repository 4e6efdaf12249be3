import DescentCore
import DescentNN

extension Layer {
    /// Explains one batch part by part: the layers, and what the code does between them.
    ///
    ///     print(network.explain(inputs) { softmaxCrossEntropy($0, labels) })
    ///
    /// Any layer can be looked into, since the graph that its call makes is: see `Module.explain(running:loss:)`.
    ///
    /// - Parameters:
    ///   - input: A batch, the first axis counting examples.
    ///   - loss: A scalar from the model's result.
    public func explain(_ input: Tensor, loss: (Tensor) -> Tensor) -> ModelExplanation {
        explanation(input: input) {
            let result = self(input); return (result, loss(result))
        }
    }
}

extension Module {
    /// Explains one batch part by part, for a model that is called by a closure.
    ///
    ///     print(classifier.explain(running: { classifier(tokens, lengths: lengths) }) { softmaxCrossEntropy($0, labels) })
    ///
    /// The call is run once, and the graph that it made is divided: what reads a layer's parameters is that layer's; functions such as `tanh`,
    /// `softmax` or `gelu` are known by the graph that they make; a sum of a value with what layers made of it is a residual one; the rest goes
    /// by the names of its operations. Values and gradients are of the same run, random layers included. The model is left in the mode that it is
    /// in, and no parameter changes.
    ///
    /// - Parameters:
    ///   - run: the model's call.
    ///   - loss: A scalar from the model's result.
    public func explain(running run: () -> Tensor, loss: (Tensor) -> Tensor) -> ModelExplanation {
        explanation(input: nil) {
            let result = run(); return (result, loss(result))
        }
    }

    /// The same where only the loss is at hand, a scalar. What has no name after the last layer is taken to be the loss's, and left out.
    public func explain(loss: () -> Tensor) -> ModelExplanation { explanation(input: nil) { (nil, loss()) } }

    fileprivate func explanation(input: Tensor?, run: () -> (Tensor?, Tensor)) -> ModelExplanation {
        let trace = ModelTrace(self, input: input, run: run)
        let units = ModelUnits(trace, ModulePlaces(self)).units
        let gradients = ModelGradients(trace, units)
        return ModelExplanation(trace, units, gradients, places: ModulePlaces(self))
    }
}
