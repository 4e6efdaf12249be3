import CKernels

/// A step of a group before its registers have numbers.
struct GroupStep {
    var kind: dk_step_kind
    var out: Int
    var operands: [Int]
    var function: dk_tile_function?
    var dtype: DType
    var reduction: ReductionKind = .sum
    var text: String
    var cost: Double
    var map: MapFunction?
}

/// Puts operations together that one step can do, where the first has no other reader: a product that is added to or taken from something,
/// `a + (b - a) * c` (a running mean), `sqrt(a) * b + c`, `c - a / b`. Each step is a pass over the first-level cache, so the fewer the better:
/// Adam's update has five and not ten.
struct InstructionPairFusion {
    private var steps: [GroupStep]
    private let isOutput: [Bool]
    private var readers: [Int] = []
    private var maker: [Int: Int] = [:]
    private var removed = Set<Int>()

    /// - Parameter isOutput: whether each register is kept for readers outside the group.
    init(steps: [GroupStep], isOutput: [Bool]) { (self.steps, self.isOutput) = (steps, isOutput) }

    func fused() -> [GroupStep] {
        var pass = self
        pass.run { $0.multiplyAdd($1) }
        pass.run { $0.runningMean($1) ?? $0.rootOrQuotient($1) }
        return pass.steps
    }

    private mutating func run(_ rule: (InstructionPairFusion, GroupStep) -> (step: GroupStep, used: Int)?) {
        readers = [Int](repeating: 0, count: isOutput.count)
        for step in steps { for operand in step.operands { readers[operand] += 1 } }
        maker = [:]
        removed = []
        for (position, step) in steps.enumerated() {
            if step.dtype.isFloating, let fused = rule(self, step) {
                steps[position] = fused.step
                removed.insert(fused.used)
            }
            maker[steps[position].out] = position
        }
        steps = steps.enumerated().filter { !removed.contains($0.offset) }.map(\.element)
    }

    /// The step that makes an operand, if it is that operation and this its only reader.
    private func only(_ operand: Int, _ operation: dk_operation, for step: GroupStep) -> (position: Int, operands: [Int])? {
        guard let made = maker[operand], steps[made].map == .operation(operation.rawValue), steps[made].kind == step.kind, steps[made].dtype == step.dtype,
            readers[operand] == 1, !isOutput[operand]
        else { return nil }
        return (made, steps[made].operands)
    }

    private func joined(_ step: GroupStep, _ operation: dk_operation, _ operands: [Int], used: Int) -> (step: GroupStep, used: Int)? {
        guard let function = dk_tile(operation, step.dtype.kernel) else { return nil }
        var result = step
        result.operands = operands
        result.function = function
        result.map = .operation(operation.rawValue)
        result.text = MapFunction.operation(operation.rawValue).name
        result.cost = Swift.max(step.cost, steps[used].cost)
        return (result, used)
    }

    /// `a * b + c`, `a * b - c` and `c - a * b`.
    private func multiplyAdd(_ step: GroupStep) -> (step: GroupStep, used: Int)? {
        guard case .operation(let number) = step.map, number == DK_add.rawValue || number == DK_subtract.rawValue else { return nil }
        for (position, operand) in step.operands.enumerated() {
            guard let product = only(operand, DK_multiply, for: step) else { continue }
            let fused: dk_operation = number == DK_add.rawValue ? DK_multiply_add : position == 0 ? DK_multiply_subtract : DK_negated_multiply_add
            if let result = joined(step, fused, product.operands + [step.operands[1 - position]], used: product.position) { return result }
        }
        return nil
    }

    /// `a + (b - a) * c` and `a + (b² - a) * c`.
    private func runningMean(_ step: GroupStep) -> (step: GroupStep, used: Int)? {
        guard step.map == .operation(DK_multiply_add.rawValue) else { return nil }
        let mean = step.operands[2]
        for position in 0...1 {
            let factor = step.operands[1 - position]
            if let difference = only(step.operands[position], DK_subtract, for: step), difference.operands[1] == mean {
                return joined(step, DK_interpolate, [mean, difference.operands[0], factor], used: difference.position)
            }
            if let difference = only(step.operands[position], DK_multiply_subtract, for: step), difference.operands[2] == mean,
                difference.operands[0] == difference.operands[1]
            {
                return joined(step, DK_interpolate_square, [mean, difference.operands[0], factor], used: difference.position)
            }
        }
        return nil
    }

    /// `sqrt(a) * b + c` and `c - a / b`.
    private func rootOrQuotient(_ step: GroupStep) -> (step: GroupStep, used: Int)? {
        if step.map == .operation(DK_multiply_add.rawValue) {
            for position in 0...1 {
                if let root = only(step.operands[position], DK_sqrt, for: step) {
                    return joined(step, DK_root_multiply_add, [root.operands[0], step.operands[1 - position], step.operands[2]], used: root.position)
                }
            }
        }
        if step.map == .operation(DK_subtract.rawValue), let quotient = only(step.operands[1], DK_divide, for: step) {
            return joined(step, DK_subtract_quotient, quotient.operands + [step.operands[0]], used: quotient.position)
        }
        return nil
    }
}
