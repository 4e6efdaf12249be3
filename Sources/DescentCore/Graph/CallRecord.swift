/// Which layers made which nodes, in the order in which their calls ended. Kept while a scope has one, for `explain`; else layers note nothing.
package final class CallRecord {
    /// One call of a layer.
    package struct Call {
        /// Who was called.
        package let callee: Callee
        /// The numbers of the nodes made meanwhile.
        package let nodes: Range<Int>
        /// The result, if it is one tensor.
        package let result: Tensor?
    }

    package enum Callee {
        /// The module that owns a variable.
        case owner(of: Variable)
        /// A member of a sequence of layers, by its number.
        case member(sequence: Any, number: Int, layer: Any)
    }

    package private(set) var calls: [Call] = []

    package init() {}

    /// The record of the innermost scope that has one.
    package static var current: CallRecord? {
        var scope = Scope.current
        while let inner = scope {
            if let record = inner.record { return record }
            scope = inner.parent
        }
        return nil
    }

    /// Runs a layer's body, and notes what it made.
    package func noting<Result>(_ callee: Callee, _ body: () -> Result) -> Result {
        let first = Node.nextID
        let result = body()
        calls.append(Call(callee: callee, nodes: first..<Node.nextID, result: result as? Tensor))
        return result
    }
}
