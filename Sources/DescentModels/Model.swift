import DescentCore

/// A model that learns from examples: inputs [examples, features] and one target each.
///
/// Models are values: `fit` changes this one, a copy stays as it was. Asking an unfitted model for predictions stops the program.
public protocol Model: Sendable {
    /// Learns from examples; what was learned before is forgotten.
    ///
    /// - Throws: what is wrong with the data.
    mutating func fit(_ inputs: Tensor, _ targets: Tensor) throws(ModelError)
    /// One prediction for each row.
    func predict(_ inputs: Tensor) -> Tensor
    /// How well the predictions fit: R² for regressions, the share of right answers for classifiers.
    func score(_ inputs: Tensor, _ targets: Tensor) -> Double
}

/// A classifier: targets and predictions are whole numbers, one for each class.
public protocol Classifier: Model {
    /// The labels met in the targets, ascending. Rows and columns that stand for classes are in this order.
    var classes: [Int] { get }
}

extension Classifier {
    public func score(_ inputs: Tensor, _ targets: Tensor) -> Double {
        let expected = targets.flattened().cast(to: .int64)
        return (predict(inputs) .== expected).cast(to: .float64).mean().item()
    }
}

/// A classifier of two classes with one number that says which: above 0 the second class, else the first.
public protocol BinaryClassifier: Classifier {
    /// One number a row: [examples].
    func decisionFunction(_ inputs: Tensor) -> Tensor
}

/// A classifier that gives each class a probability.
public protocol ProbabilisticClassifier: Classifier {
    /// [examples, classes]; each row sums to 1.
    func probabilities(_ inputs: Tensor) -> Tensor
}

/// Checks of what models are given.
enum Examples {
    /// The inputs as a floating matrix, and the targets as a vector of as many.
    static func checked(_ inputs: Tensor, _ targets: Tensor) throws(ModelError) -> (x: Tensor, y: Tensor) {
        guard inputs.rank == 2 else { throw .shape("The inputs have shape \(inputs.shape); a model takes a matrix [examples, features].") }
        guard targets.rank == 1 || (targets.rank == 2 && targets.shape[1] == 1) else {
            throw .shape("The targets have shape \(targets.shape); a model takes one number an example, [\(inputs.shape[0])].")
        }
        guard targets.count == inputs.shape[0] else {
            throw .shape("\(inputs.shape[0]) rows of inputs and \(targets.count) targets; there must be one target a row.")
        }
        guard inputs.shape[0] > 0, inputs.shape[1] > 0 else { throw .shape("The inputs have shape \(inputs.shape); at least one example and one feature are needed.") }
        return (inputs.floating, targets.flattened())
    }

    /// Finds the first element that isn't finite, if there is one: for when a sum over all of them wasn't.
    static func requireFinite(_ x: Tensor, _ y: Tensor, _ names: [String]) throws(ModelError) {
        let columns = x.shape[1]
        if let place = x.doubles.firstIndex(where: { !$0.isFinite }) { throw .notFinite(row: place / columns, column: name(place % columns, names)) }
        if let place = y.doubles.firstIndex(where: { !$0.isFinite }) { throw .notFinite(row: place, column: "the targets") }
    }

    /// A feature's name, or "x" and its number.
    static func name(_ column: Int, _ names: [String]) -> String { column < names.count ? names[column] : "x\(column)" }

    /// The labels that occur, ascending, and each example's place among them (int64).
    static func labels(_ targets: Tensor) throws(ModelError) -> (classes: [Int], places: Tensor) {
        if targets.dtype.isFloating {
            let values = targets.doubles
            if let place = values.firstIndex(where: { $0 != $0.rounded() || Swift.abs($0) > 1e15 }) {
                throw .labels("Target \(place) is \(values[place]); a classifier's targets are whole numbers, one for each class.")
            }
        }
        let whole = targets.cast(to: .int64), least = whole.min().item(), most = whole.max().item()
        // Two neighbouring labels, such as 0 and 1, are the usual case and need no look at each.
        let classes = most - least == 1 ? [Int(least), Int(most)] : Array(Set(whole.ints)).sorted()
        guard classes.count >= 2 else { throw .labels("All \(targets.count) targets are \(Int(least)); a classifier needs examples of two classes at least.") }
        if most - least == Double(classes.count - 1) { return (classes, whole - least) }
        let numbers = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($0.element, $0.offset) })
        return (classes, Tensor(int64: whole.ints.map { numbers[$0]! }))
    }

    /// Places among the classes as their labels.
    static func labelled(_ places: Tensor, _ classes: [Int]) -> Tensor { Tensor(int64: classes).gathered(places) }
}
