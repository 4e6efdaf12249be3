import CKernels

/// A mistake in the use of tensors that `catchingFaults` has turned into an error.
public struct TensorFault: Error, Sendable, CustomStringConvertible {
    /// What is wrong, and where in a model: the sentence with which the program would have stopped.
    public let description: String
}

/// Runs the body; a mistake in it that would stop the program (shapes that don't fit, an index outside its axis) is thrown, for programs that must
/// survive it: servers, notebooks.
///
///     let answer = try catchingFaults { model(request) }
///
/// Swift can't leave a function in its middle. So after the first fault the body runs on to its end, with stand-ins: an operation that can't be done
/// gives NaN (integers and bools: 0) in a shape near the one it would have, and nothing is computed any more. Then the fault is thrown. Variables
/// that the body assigned have their old values again, also where a compiled step did; meanwhile such a step writes to new memory. The tensors of the
/// result, and what the body assigned, are computed inside.
///
/// It catches what is wrong with tensors on this thread. A layer that is made with senseless sizes, memory that runs out, and Swift's own checks (an
/// array's index) stop the program as before.
///
/// - Throws: `TensorFault` for the first fault, or what the body throws.
public func catchingFaults<Result>(_ body: () throws -> Result) throws -> Result {
    let scope = FaultScope()
    let result: Swift.Result<Result, any Error> = scope.run {
        Swift.Result {
            let result = try body()
            // Inside a trace nothing can be computed: the trace's run will be.
            if !Scope.isActive { Evaluation.evaluate(tensors(in: result)) }
            return result
        }
    }
    if let fault = scope.fault {
        scope.restoreVariables()
        throw fault
    }
    return try result.get()
}

/// The tensors of a group, or of a tuple's members.
private func tensors(in result: Any) -> [Tensor] {
    if let group = result as? any TensorGroup { return group.tensors }
    let mirror = Mirror(reflecting: result)
    return mirror.displayStyle == .tuple ? mirror.children.flatMap { tensors(in: $0.value) } : []
}

/// One run of `catchingFaults` on a thread.
package final class FaultScope {
    private(set) var fault: TensorFault?
    /// Values that variables had before the body assigned them, and those that it gave them last.
    private var assigned: [ObjectIdentifier: (variable: Variable, before: Tensor, after: Tensor)] = [:]
    /// Memory that stands for values not computed, held while the body may look at it.
    private var standIns: [Storage] = []

    package static var current: FaultScope? {
        guard let raw = dk_thread_local(ThreadLocalSlot.faults) else { return nil }
        return Unmanaged<FaultScope>.fromOpaque(raw).takeUnretainedValue()
    }

    /// Whether a fault has been noted on this thread, and nothing is to be computed any more.
    package static var hasFault: Bool { current?.fault != nil }

    fileprivate func run<Result>(_ body: () -> Result) -> Result {
        let outer = dk_thread_local(ThreadLocalSlot.faults)
        dk_set_thread_local(ThreadLocalSlot.faults, Unmanaged.passUnretained(self).toOpaque())
        defer { dk_set_thread_local(ThreadLocalSlot.faults, outer) }
        return withExtendedLifetime(self) { body() }
    }

    /// Keeps the first fault: others follow from it.
    fileprivate func note(_ sentence: String) {
        if fault == nil { fault = TensorFault(description: sentence) }
    }

    package func noteAssignment(of variable: Variable, before: Tensor, after: Tensor) {
        assigned[ObjectIdentifier(variable), default: (variable, before, after)].after = after
    }

    /// Gives variables the values they had before, unless another thread has assigned them since.
    fileprivate func restoreVariables() {
        Variable.exchange(assigned.values.map { ($0.variable, $0.after, $0.before) })
    }

    /// Memory in place of a value that is not computed.
    package func standIn(_ type: TensorType) -> Storage {
        let storage = Storage(byteCount: type.byteCount)
        type.fillAsStandIn(storage.pointer)
        standIns.append(storage)
        return storage
    }
}

extension TensorType {
    /// NaN everywhere; 0 in types that have none.
    package func fillAsStandIn(_ memory: UnsafeMutableRawPointer) {
        switch dtype {
        case .float32: memory.initializeMemory(as: Float.self, repeating: .nan, count: count)
        case .float64: memory.initializeMemory(as: Double.self, repeating: .nan, count: count)
        case .float16, .bfloat16:
            memory.initializeMemory(as: UInt16.self, repeating: UInt16(truncatingIfNeeded: ScalarBits(.nan, dtype).bits), count: count)
        default: memory.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
        }
    }
}

/// Stops the program with a sentence: a mistake in code, as an index out of range is in Swift. For what can't go on; see `raise` and `standIn`.
///
/// Without a file and a line, as `fatalError` would print: they would be this library's. Swift's backtrace, which follows where it is on, names the
/// caller's.
package func stop(_ sentence: String) -> Never {
    flushStandardOutput()
    dk_stop(placed(sentence))
}

private func placed(_ sentence: String) -> String { sentence + (Scope.modulePlace.map { " In \($0)." } ?? "") }

/// Stops the program with a sentence, or inside `catchingFaults` notes it and goes on: for a check ahead of operations that can bear what it found.
package func raise(_ sentence: String) {
    guard let scope = FaultScope.current else { stop(sentence) }
    scope.note(placed(sentence))
}

/// Stops the program with a sentence, or inside `catchingFaults` notes it and gives what stands for the result: NaN, or 0, in this shape.
package func standIn(_ sentence: String, _ shape: [Int], _ dtype: DType = .float32) -> Tensor {
    raise(sentence)
    return standIn(shape.map { Swift.max(0, $0) }, dtype)
}

/// The same in the shape of a tensor, brought to another rank by axes of size 1 in front, or by leaving the first ones out.
package func standIn(_ sentence: String, like tensor: Tensor, rank: Int? = nil) -> Tensor {
    let rank = Swift.max(0, rank ?? tensor.rank)
    return standIn(sentence, [Int](repeating: 1, count: Swift.max(0, rank - tensor.rank)) + tensor.shape.suffix(rank), tensor.dtype)
}

package func standIn(_ error: any Error, like tensor: Tensor, rank: Int? = nil) -> Tensor { standIn("\(error)", like: tensor, rank: rank) }

/// What stands for a result whose fault has been noted.
package func standIn(_ shape: [Int], _ dtype: DType) -> Tensor { .full(shape, dtype.isFloating ? .nan : 0, dtype: dtype) }
package func standIn(like tensor: Tensor) -> Tensor { standIn(tensor.shape, tensor.dtype) }
