import DescentCore

/// A classifier of several classes from one of two: for each class a model that tells it from all others; the largest decision wins.
public struct OneVsRest<Base: BinaryClassifier>: Classifier {
    /// The model that each class starts from.
    public let base: Base
    /// One fitted model a class, in the order of `classes`.
    public private(set) var models: [Base] = []
    private var labels: [Int] = []

    public init(_ base: Base) { self.base = base }

    public var classes: [Int] {
        if models.isEmpty { stop("OneVsRest: fit comes before predict.") }
        return labels
    }

    public mutating func fit(_ inputs: Tensor, _ targets: Tensor) throws(ModelError) {
        let (x, y) = try Examples.checked(inputs, targets)
        let (classes, places) = try Examples.labels(y)
        var models: [Base] = []
        for place in classes.indices {
            var model = base
            try model.fit(x, (places .== Double(place)).cast(to: .int64))
            models.append(model)
        }
        (self.models, labels) = (models, classes)
    }

    /// Each class's decision: [examples, classes].
    public func decisionFunction(_ inputs: Tensor) -> Tensor {
        if models.isEmpty { stop("OneVsRest: fit comes before predict.") }
        return Tensor.stack(models.map { $0.decisionFunction(inputs) }, axis: 1)
    }
    public func predict(_ inputs: Tensor) -> Tensor { Examples.labelled(decisionFunction(inputs).argmax(axis: 1), labels) }
}

/// A classifier of several classes from one of two: for each pair of classes a model, `K (K - 1) / 2` of them, that votes for one of the two.
/// The most votes win; among equals the first class.
public struct OneVsOne<Base: BinaryClassifier>: Classifier {
    /// The model that each pair starts from.
    public let base: Base
    /// One fitted model a pair: (0, 1), (0, 2), ... (1, 2), ... by place in `classes`. A decision above 0 is for the second.
    public private(set) var models: [(first: Int, second: Int, model: Base)] = []
    private var labels: [Int] = []

    public init(_ base: Base) { self.base = base }

    public var classes: [Int] {
        if models.isEmpty { stop("OneVsOne: fit comes before predict.") }
        return labels
    }

    public mutating func fit(_ inputs: Tensor, _ targets: Tensor) throws(ModelError) {
        let (x, y) = try Examples.checked(inputs, targets)
        let (classes, places) = try Examples.labels(y)
        let numbers = places.ints
        var models: [(first: Int, second: Int, model: Base)] = []
        for first in classes.indices {
            for second in (first + 1)..<Swift.max(classes.count, first + 1) {
                let members = numbers.indices.filter { numbers[$0] == first || numbers[$0] == second }
                var model = base
                try model.fit(x.gathered(Tensor(int64: members)), Tensor(int64: members.map { numbers[$0] == second ? 1 : 0 }))
                models.append((first, second, model))
            }
        }
        (self.models, labels) = (models, classes)
    }

    /// How many pairs vote for each class: int64 [examples, classes].
    public func votes(_ inputs: Tensor) -> Tensor {
        if models.isEmpty { stop("OneVsOne: fit comes before predict.") }
        var columns = [Tensor](repeating: Tensor.zeros([inputs.shape[0]], dtype: .int64), count: labels.count)
        for (first, second, model) in models {
            let isSecond = (model.decisionFunction(inputs) .> 0).cast(to: .int64)
            columns[second] = columns[second] + isSecond
            columns[first] = columns[first] + (1 - isSecond)
        }
        return Tensor.stack(columns, axis: 1)
    }
    public func predict(_ inputs: Tensor) -> Tensor { Examples.labelled(votes(inputs).argmax(axis: 1), labels) }
}
