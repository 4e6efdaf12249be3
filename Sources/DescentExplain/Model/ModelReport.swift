import DescentCore
import DescentNN

extension ModelExplanation {
    /// Figures of a run.
    init(_ trace: ModelTrace, _ units: [ModelUnit], _ gradients: ModelGradients, places: ModulePlaces) {
        let parameters = trace.parameters.indices.map { index in
            Parameter(path: trace.parameters[index].path, shape: trace.parameters[index].value.shape, gradients: Spread(gradients.parameters[index].doubles))
        }
        var calls: [String: Int] = [:], bases: [String] = []
        layers = units.enumerated().map { index, unit in
            let path: String
            if let own = unit.path {
                calls[own, default: 0] += 1
                let name = own.isEmpty ? "model" : own
                path = calls[own]! == 1 ? name : "\(name) (\(calls[own]!))"
                bases.append(path)
            } else {
                // Parts without a name may read layers that come after them in the list.
                let base = unit.sources.last { $0 < index }.map { bases[$0] } ?? "the input"
                path = "after \(base)"
                bases.append(base)
            }
            let frozen = Set(trace.parameters.indices.filter { trace.parameters[$0].variable.isFrozen })
            let own = unit.parameters.filter { !frozen.contains($0) }
            // Through time the gradient by a state comes from all later steps, too.
            let states = gradients.states[index]
            let slopes = states.map { $0.flatMap(\.doubles) } ?? gradients.slopes[index].doubles
            let values = gradients.values[index].doubles, shape = gradients.values[index].shape
            let (dead, saturated, share) = Self.troubled(values, units: shape.last ?? 1, function: unit.function)
            return LayerReport(
                path: path, kind: unit.kind, isModule: unit.path != nil, inputShapes: unit.arguments.map(\.shape), shape: shape,
                parameterCount: unit.parameters.reduce(0) { $0 + parameters[$1].shape.reduce(1, *) }, activations: Spread(values),
                gradients: Spread(slopes), parameterGradients: own.isEmpty ? nil : Spread(own.flatMap { gradients.parameters[$0].doubles }),
                parameters: own.map { parameters[$0] }, deadUnits: dead, units: shape.last ?? 1, saturatedUnits: saturated, saturatedShare: share,
                stateGradients: states.map { unit.isReversed ? Self.norms($0).reversed() : Self.norms($0) } ?? [], sources: unit.sources)
        }
        loss = gradients.loss
        let used = Set(units.flatMap(\.parameters))
        unusedParameters = parameters.indices.filter { !used.contains($0) && parameters[$0].gradients.size == 0 }.map { parameters[$0].path }
    }

    /// The Euclidean norm at each step of what is [steps, ...], all of it together.
    private static func norms(_ states: [Tensor]) -> [Double] {
        guard let steps = states.first?.shape.first else { return [] }
        var sums = [Double](repeating: 0, count: steps)
        for state in states {
            let numbers = state.doubles, size = numbers.count / max(steps, 1)
            for step in 0..<steps { for place in 0..<size { sums[step] += numbers[step * size + place] * numbers[step * size + place] } }
        }
        return sums.map { $0.squareRoot() }
    }

    private static let dyingFunctions: Set = ["relu", "leaky_relu", "elu", "selu", "gelu", "gelu_tanh", "silu", "swish", "mish", "hard_sigmoid", "step"]

    /// Units of the last axis that are 0 for the whole batch, those that are at a limit for all of it, and the share of values at a limit.
    private static func troubled(_ values: [Double], units: Int, function: String?) -> (dead: Int, saturated: Int, share: Double) {
        guard let function, units > 0, !values.isEmpty else { return (0, 0, 0) }
        func count(_ condition: (Double) -> Bool) -> Int {
            (0..<units).count { unit in stride(from: unit, to: values.count, by: units).allSatisfy { condition(values[$0]) } }
        }
        if dyingFunctions.contains(function), function != "hard_sigmoid" { return (count { $0 == 0 }, 0, 0) }
        let isAtLimit: (Double) -> Bool
        switch function {
        case "sigmoid", "hard_sigmoid": isAtLimit = { $0 < 0.01 || $0 > 0.99 }
        case "tanh": isAtLimit = { Swift.abs($0) > 0.99 }
        default: return (0, 0, 0)
        }
        let dead = function == "hard_sigmoid" ? count { $0 == 0 } : 0
        return (dead, count(isAtLimit), Double(values.count(where: isAtLimit)) / Double(values.count))
    }
}
