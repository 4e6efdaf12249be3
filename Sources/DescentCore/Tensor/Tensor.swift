/// An n-dimensional array, lazy and immutable.
///
/// A tensor is a handle on a node of the computational graph: an operation, its inputs, and the type of its result. The shape
/// and element type are known, and checked, at once; the value is computed when it is asked for (`item()`, `floats`,
/// `print`, `evaluate`). So ordinary Swift control flow works on values, and one graph serves every transform.
public struct Tensor: Sendable {
    package let node: Node
    /// Which of the node's results.
    package let index: Int

    @inline(__always)
    package init(_ node: Node, _ index: Int = 0) {
        self.node = node
        self.index = index
    }

    package var type: TensorType { index == 0 ? node.type : node.moreTypes[index - 1] }
    /// The size along each axis; empty for a scalar.
    public var shape: [Int] { type.shape }
    /// The type of the elements.
    public var dtype: DType { type.dtype }
    /// The number of axes.
    public var rank: Int { shape.count }
    /// The number of elements.
    public var count: Int { type.count }

    /// A number for use as a dictionary key: equal for the same result of the same node.
    package var key: TensorKey { TensorKey(node: node.id, index: index) }
}

package struct TensorKey: Hashable, Sendable {
    package let node: Int
    package let index: Int
}
