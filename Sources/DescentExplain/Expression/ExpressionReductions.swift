import DescentCore

extension ExpressionFunction {
    /// A function that works along axes, chosen by name.
    ///
    /// - Parameters:
    ///   - single: whether it works along one axis only.
    ///   - fits: why a shape doesn't fit; nil where it does.
    private static func along(
        _ name: String, _ arguments: ClosedRange<Int> = 1...1, _ keywords: [String] = ["axis", "keepdims"], single: Bool = false,
        fits: @escaping @Sendable (ExpressionOptions, [[Int]]) -> String? = { _, _ in nil },
        gap: @escaping @Sendable (ExpressionOptions, [Tensor]) -> String? = { _, _ in nil },
        remark: @escaping @Sendable (ExpressionOptions, [Tensor]) -> String? = { _, _ in nil },
        _ apply: @escaping @Sendable (ExpressionOptions, [Tensor]) -> Tensor
    ) -> ExpressionFunction {
        choosing(keywords) { options in
            ExpressionFunction(
                name, arguments, isElementwise: false, misfit: { fits(options, $0) },
                misplaced: { shapes in
                    guard let place = options.place("axis"), let reason = options.axesMisfit(shapes[0], single: single) else { return nil }
                    return (reason, place)
                },
                gap: { gap(options, $0) }, remark: { remark(options, $0) }
            ) { apply(options, $0) }
        }
    }

    static let reductions: [ExpressionFunction] = [
        along("sum") { $1[0].sum(axes: $0.axes, keepingAxes: $0.keepsAxes) }, along("mean") { $1[0].mean(axes: $0.axes, keepingAxes: $0.keepsAxes) },
        along("prod") { options, values in product(values[0], options) },
        along("var", 1...1, ["axis", "keepdims", "ddof"], gap: { correctionGap("var", $0, $1) }) {
            $1[0].variance(axes: $0.axes, correction: $0.correction, keepingAxes: $0.keepsAxes)
        },
        along(
            "std", 1...1, ["axis", "keepdims", "ddof"], gap: { correctionGap("std", $0, $1) },
            remark: { options, values in
                let spread = values[0].standardDeviation(axes: options.axes, correction: options.correction)
                return first(spread) { $0 == 0 } == nil ? nil : "std at equal numbers: there is no derivative"
            }
        ) { $1[0].standardDeviation(axes: $0.axes, correction: $0.correction, keepingAxes: $0.keepsAxes) },
        norm,
        along("softmax", 1...1, ["axis"], single: true, fits: { needsAxis("softmax", $1) }) { softmax($1[0], axis: $0.axes?[0] ?? -1) },
        along("log_softmax", 1...1, ["axis"], single: true, fits: { needsAxis("log_softmax", $1) }) { logSoftmax($1[0], axis: $0.axes?[0] ?? -1) },
        along("logsumexp", single: true, fits: { needsAxis("logsumexp", $1) }) { options, values in
            let axis = options.axes?[0] ?? -1, result = logSumExp(values[0], axis: axis)
            return options.keepsAxes ? result.expanded(axis: axis < 0 ? axis + values[0].rank : axis) : result
        },
        along("cumsum", 1...1, ["axis"], single: true) { options, values in
            options.axes.map { values[0].cumulativeSum(axis: $0[0]) } ?? values[0].flattened().cumulativeSum()
        },
        place("argmax", smallest: false), place("argmin", smallest: true),
        ExpressionFunction(
            "dot", 2...2, isElementwise: false,
            misfit: { $0[0].count == 1 && $0[0] == $0[1] ? nil : "dot takes two vectors of one size, not the shapes \($0[0]) and \($0[1])" }
        ) { ($0[0] * $0[1]).sum() },
        ExpressionFunction(
            "outer", 2...2, isElementwise: false,
            misfit: { $0[0].count == 1 && $0[1].count == 1 ? nil : "outer takes two vectors, not the shapes \($0[0]) and \($0[1])" }
        ) { $0[0].expanded(axis: 1) * $0[1].expanded(axis: 0) },
    ]

    private static func needsAxis(_ name: String, _ shapes: [[Int]]) -> String? {
        shapes[0].isEmpty ? "\(name) takes a vector or a matrix's rows, not a single number" : nil
    }

    /// With a correction of 1 a single number has no variance.
    private static func correctionGap(_ name: String, _ options: ExpressionOptions, _ values: [Tensor]) -> String? {
        let count = values[0].count / max(values[0].sum(axes: options.axes).count, 1)
        return count > options.correction ? nil : "\(name) of \(count) number\(count == 1 ? "" : "s") with ddof=\(options.correction): a division by \(count - options.correction)"
    }

    private static func product(_ value: Tensor, _ options: ExpressionOptions) -> Tensor {
        let axes = (options.axes ?? Array(value.shape.indices)).map { $0 < 0 ? $0 + value.rank : $0 }.sorted(by: >)
        let result = axes.reduce(value) { $0.product(axis: $1) }
        return options.keepsAxes ? result.reshaped(to: value.shape.indices.map { axes.contains($0) ? 1 : value.shape[$0] }) : result
    }

    /// Of several arguments element by element; of one, its largest element, or that of each part along axes.
    static let largest: [ExpressionFunction] = ["max", "Max", "min", "Min"].map { name in
        let isMax = name.lowercased() == "max"
        return choosing(["axis", "keepdims"]) { options in
            let isAlong = !options.isEmpty
            return ExpressionFunction(
                name, isAlong ? 1...1 : 1...Int.max, isElementwise: !isAlong,
                misplaced: { shapes in options.place("axis").flatMap { place in options.axesMisfit(shapes[0]).map { ($0, place) } } },
                remark: { values in
                    isTied(values, options, isMax: isMax) ? "\(name): a tie, the \(isMax ? "largest" : "smallest") share the gradient equally" : nil
                }
            ) { extreme($0, options, isMax: isMax) }
        }
    }

    private static func isTied(_ values: [Tensor], _ options: ExpressionOptions, isMax: Bool) -> Bool {
        guard values.count == 1 else {
            let result = extreme(values, options, isMax: isMax)
            return values.map { ($0 .== result).cast(to: .int32) }.reduce(Tensor.zeros([], dtype: .int32)) { $0 + $1 }.ints.contains { $0 > 1 }
        }
        let result = isMax ? values[0].max(axes: options.axes, keepingAxes: true) : values[0].min(axes: options.axes, keepingAxes: true)
        return (values[0] .== result).cast(to: .int32).sum(axes: options.axes).ints.contains { $0 > 1 }
    }

    private static func extreme(_ values: [Tensor], _ options: ExpressionOptions, isMax: Bool) -> Tensor {
        if values.count == 1 {
            return isMax ? values[0].max(axes: options.axes, keepingAxes: options.keepsAxes) : values[0].min(axes: options.axes, keepingAxes: options.keepsAxes)
        }
        if values.count == 2 { return isMax ? maximum(values[0], values[1]) : minimum(values[0], values[1]) }
        // In one reduction, so that a tie of three shares in thirds.
        let first = values.dropFirst().reduce(values[0]) { $0 + $1 } * 0.0
        let stacked = Tensor.stack(values.map { $0.broadcast(to: first.shape) })
        return isMax ? stacked.max(axis: 0) : stacked.min(axis: 0)
    }

    /// The place of the largest or smallest element: along an axis, or in the whole value read row by row.
    private static func place(_ name: String, smallest: Bool) -> ExpressionFunction {
        along(name, single: true, remark: { _, _ in "\(name): its derivative is 0 wherever it has one" }) { options, values in
            let value = options.axes == nil ? values[0].flattened() : values[0], axis = options.axes?[0] ?? 0
            let found = (smallest ? value.argmin(axis: axis) : value.argmax(axis: axis)).cast(to: values[0].dtype)
            guard options.keepsAxes else { return found }
            let rank = values[0].rank
            return found.reshaped(to: values[0].shape.indices.map { options.axes == nil || $0 == (axis + rank) % rank ? 1 : values[0].shape[$0] })
        }
    }

    /// The norm of all elements or, of a matrix with an order, of the matrix; along an axis, of vectors.
    private static let norm: ExpressionFunction = along(
        "norm", 1...1, ["ord", "axis", "keepdims"], single: true,
        fits: { options, shapes in
            guard let order = options.order else { return nil }
            let isMatrix = options.axes == nil && shapes[0].count == 2
            switch order {
            case .power(let power) where isMatrix && power != 1 && power != 2: return "a matrix has the norms of ord 1, 2, inf, fro and nuc, not \(short(power))"
            case .power(let power) where power < 0: return "a norm's ord is 0 or above, or inf, not \(short(power))"
            case .frobenius, .nuclear:
                if !isMatrix { return "ord=fro and ord=nuc are norms of a matrix, not of the shape \(shapes[0])" }
            default: break
            }
            if options.axes == nil, shapes[0].count > 2 { return "with ord, norm takes a vector or a matrix, or an axis; not the shape \(shapes[0])" }
            return nil
        },
        remark: { options, values in
            let numbers = values[0].doubles
            if options.order == .power(0) { return "norm of ord 0 counts: its derivative is 0 wherever it has one" }
            if options.order == .power(1) { return numbers.contains(0) ? "norm of ord 1 at 0: the derivative is taken to be 0" : nil }
            if numbers.allSatisfy({ $0 == 0 }) { return "norm at 0: there is no derivative" }
            guard options.order == .infinity, options.axes == nil else { return nil }
            let sizes = values[0].rank == 2 ? abs(values[0]).sum(axis: 1) : abs(values[0])
            return sizes.doubles.count { $0 == sizes.max().item() } > 1 ? "norm of ord inf: a tie, the largest share the gradient equally" : nil
        }
    ) { options, values in
        let result = norm(of: values[0], options)
        guard options.keepsAxes else { return result }
        let rank = values[0].rank
        return result.reshaped(to: values[0].shape.indices.map { axis in options.axes.map { ($0[0] + rank) % rank == axis } ?? true ? 1 : values[0].shape[axis] })
    }

    private static func norm(of value: Tensor, _ options: ExpressionOptions) -> Tensor {
        guard options.axes == nil else { return value.norm(vectorNorm(options.order), axis: options.axes![0]) }
        guard let order = options.order else { return value.norm }
        guard value.rank == 2 else { return value.flattened().norm(vectorNorm(order)) }
        return switch order {
        case .power(1): value.matrixNorm(.one)
        case .power: value.matrixNorm(.spectral)
        case .infinity: value.matrixNorm(.infinity)
        case .frobenius: value.norm
        case .nuclear: value.matrixNorm(.nuclear)
        }
    }

    private static func vectorNorm(_ order: ExpressionOptions.Order?) -> VectorNorm {
        switch order {
        case .power(0)?: .zero
        case .power(1)?: .one
        case .power(2)?, nil, .frobenius?, .nuclear?: .two
        case .power(let power)?: .power(power)
        case .infinity?: .infinity
        }
    }
}
