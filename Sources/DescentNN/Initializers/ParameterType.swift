import DescentCore

/// Makes a model whose parameters have another element type than float32:
///
///     let cell = withParameters(of: .float64) { LSTMCell(3, 4) }
///
/// They get the numbers that they would have as float32. Inputs must be of the same type: nothing is converted on the way.
public func withParameters<Model>(of dtype: DType, _ make: () throws -> Model) rethrows -> Model {
    if !dtype.isFloating { stop("withParameters: parameters are learned, so they are floating; \(dtype) is not.") }
    return try ParameterType.$current.withValue(dtype, operation: make)
}

/// The element type of the parameters being made.
enum ParameterType {
    @TaskLocal static var current: DType = .float32
}
