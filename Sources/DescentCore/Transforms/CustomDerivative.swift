/// A rule that a user gives, compared by identity.
package final class DerivativeRule: @unchecked Sendable, Hashable {
    package enum Rule {
        /// (inputs, output, tangents of the inputs) -> tangent of the output, linear in the tangents.
        case forward(([Tensor], Tensor, [Tensor]) -> Tensor)
        /// (inputs, output, cotangent of the output) -> cotangents of the inputs.
        case reverse(([Tensor], Tensor, Tensor) -> [Tensor])
    }
    package let rule: Rule
    package init(_ rule: Rule) { self.rule = rule }
    package static func == (a: DerivativeRule, b: DerivativeRule) -> Bool { a === b }
    package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }

    /// The rule for a batch of examples in the first axis.
    fileprivate var batched: DerivativeRule {
        switch rule {
        case .forward(let rule):
            let mapped: ([Tensor], Tensor, [Tensor]) -> Tensor = vmap(rule)
            return DerivativeRule(.forward(mapped))
        case .reverse(let rule):
            let mapped: ([Tensor], Tensor, Tensor) -> [Tensor] = vmap(rule)
            return DerivativeRule(.reverse(mapped))
        }
    }
}

/// The value of its first input, with a derivative in the other inputs that the user has given.
package struct CustomDerivative: Primitive {
    package static let name = "custom_derivative"
    let rule: DerivativeRule
    package init(_ rule: DerivativeRule) { self.rule = rule }
    package func infer(_ inputs: [TensorType]) throws(ShapeError) -> [TensorType] { [inputs[0]] }
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] {
        let inputs = Array(call.inputs.dropFirst())
        if tangents.dropFirst().allSatisfy({ $0 == nil }) { return [nil] }
        let full = zip(tangents.dropFirst(), inputs).map { $0 ?? Tensor(0, like: $1) }
        switch rule.rule {
        case .forward(let function):
            let tangent = function(inputs, call.output, full)
            guard tangent.type == call.output.type else {
                return [standIn("custom derivative: the value is \(call.output.type), the rule's tangent \(tangent.type); they must be alike.", like: call.output)]
            }
            return [tangent]
        case .reverse:
            return [apply(CustomTranspose(rule, count: inputs.count), [call.output] + inputs + full)[0]]
        }
    }
    package func transpose(_ cotangents: [Tensor?], _ call: LinearCall) -> [Tensor?] { [cotangents[0]] + call.inputs.dropFirst().map { _ in nil } }
    package func batch(_ inputs: [Batched], size: Int) -> [Batched] {
        [Batched(apply(CustomDerivative(rule.batched), inputs.map { $0.front(size) })[0], axis: 0)]
    }
    package func kernel(_ inputs: [TensorType]) -> Kernel { .identity }
    package static var samples: [PrimitiveSample] {
        let double = DerivativeRule(.forward { _, _, tangents in tangents[0] })
        return [PrimitiveSample(CustomDerivative(double), [.numbers([3], -2...2), .numbers([3], -2...2)], smooth: false)]
    }
}

/// The linear map whose transpose a user's reverse rule is. It stands in the linear graph until that is transposed; it can't be run.
package struct CustomTranspose: Primitive {
    package static let name = "custom_transpose"
    let rule: DerivativeRule
    let count: Int
    package init(_ rule: DerivativeRule, count: Int) {
        self.rule = rule
        self.count = count
    }
    package func infer(_ inputs: [TensorType]) throws(ShapeError) -> [TensorType] { [inputs[0]] }
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] {
        stop("custom derivative: it was given as a reverse rule (vjp) and can't be pushed forward (jvp, hessian). Give a forward rule, which serves both.")
    }
    package func transpose(_ cotangents: [Tensor?], _ call: LinearCall) -> [Tensor?] {
        guard case .reverse(let function) = rule.rule, let cotangent = cotangents[0] else { return call.inputs.map { _ in nil } }
        let inputs = Array(call.inputs[1...count])
        let found = function(inputs, call.inputs[0], cotangent)
        guard found.count == count, zip(found, inputs).allSatisfy({ $0.type == $1.type }) else {
            raise("custom derivative: the rule gave cotangents \(found.map(\.type)) for inputs \(inputs.map(\.type)); they must be alike.")
            return call.inputs.map { _ in nil }
        }
        return call.inputs[...count].map { _ in nil } + found.map { $0 }
    }
    package func batch(_ inputs: [Batched], size: Int) -> [Batched] {
        [Batched(apply(CustomTranspose(rule.batched, count: count), inputs.map { $0.front(size) })[0], axis: 0)]
    }
    package func kernel(_ inputs: [TensorType]) -> Kernel {
        .instruction { _ in
            stop("custom derivative: it was given as a reverse rule (vjp) and can't be pushed forward (jvp, hessian). Give a forward rule, which serves both.")
        }
    }
    package static var samples: [PrimitiveSample] { [] }
}

/// A function whose derivative you give: `jvp` takes the inputs, the output and tangents of the inputs, and gives the tangent of
/// the output, linear in the tangents. It serves forward and reverse mode, and any order as far as the rule itself has derivatives.
public func customDerivative(
    of function: @escaping ([Tensor]) -> Tensor, jvp rule: @escaping (_ inputs: [Tensor], _ output: Tensor, _ tangents: [Tensor]) -> Tensor
) -> ([Tensor]) -> Tensor {
    let shared = DerivativeRule(.forward(rule))
    return { apply(CustomDerivative(shared), [function($0)] + $0)[0] }
}

/// A function whose derivative you give: `vjp` takes the inputs, the output and a cotangent of the output, and gives cotangents of
/// the inputs. Reverse mode only: forward mode through it stops with a sentence.
public func customDerivative(
    of function: @escaping ([Tensor]) -> Tensor, vjp rule: @escaping (_ inputs: [Tensor], _ output: Tensor, _ cotangent: Tensor) -> [Tensor]
) -> ([Tensor]) -> Tensor {
    let shared = DerivativeRule(.reverse(rule))
    return { apply(CustomDerivative(shared), [function($0)] + $0)[0] }
}
