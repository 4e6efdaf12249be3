/// One or more tensors that functions take and give: a tensor, an array, a dictionary, an optional of these.
public protocol TensorGroup {
    /// The tensors, in a fixed order.
    var tensors: [Tensor] { get }
    /// Adds the tensors to a list.
    func append(to list: inout [Tensor])
    /// The same structure around other tensors, taken from the front of the reader.
    func rebuilt(from reader: TensorReader) -> Self
}

extension TensorGroup {
    public func append(to list: inout [Tensor]) { list += tensors }
}

/// Hands out tensors one after another.
public final class TensorReader {
    private let tensors: [Tensor]
    private var position = 0
    public init(_ tensors: [Tensor]) { self.tensors = tensors }
    /// The next tensor.
    public func next() -> Tensor {
        defer { position += 1 }
        return tensors[position]
    }
}

extension Tensor: TensorGroup {
    public var tensors: [Tensor] { [self] }
    public func append(to list: inout [Tensor]) { list.append(self) }
    public func rebuilt(from reader: TensorReader) -> Tensor { reader.next() }
}

extension Array: TensorGroup where Element: TensorGroup {
    public var tensors: [Tensor] { flatMap(\.tensors) }
    public func rebuilt(from reader: TensorReader) -> [Element] { map { $0.rebuilt(from: reader) } }
}

extension Optional: TensorGroup where Wrapped: TensorGroup {
    public var tensors: [Tensor] { self?.tensors ?? [] }
    public func rebuilt(from reader: TensorReader) -> Wrapped? { map { $0.rebuilt(from: reader) } }
}

extension Dictionary: TensorGroup where Key: Comparable, Value: TensorGroup {
    public var tensors: [Tensor] { keys.sorted().flatMap { self[$0]!.tensors } }
    public func rebuilt(from reader: TensorReader) -> [Key: Value] {
        var result = self
        for key in keys.sorted() { result[key] = self[key]!.rebuilt(from: reader) }
        return result
    }
}
