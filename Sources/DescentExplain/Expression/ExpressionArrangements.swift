import DescentCore

extension ExpressionFunction {
    /// Values put together, and seen in another shape.
    static let arrangements: [ExpressionFunction] = [
        joining("concat"), joining("concatenate"),
        choosing(["axis"]) { options in
            ExpressionFunction(
                "stack", 1...Int.max, isElementwise: false,
                misfit: { shapes in
                    shapes.first { $0 != shapes[0] }.map { "stack takes values of one shape; these have \(shapes[0]) and \($0)" }
                },
                misplaced: { shapes in
                    // The new axis may stand after the last one, too.
                    options.place("axis").flatMap { place in options.axesMisfit(shapes[0] + [1], single: true).map { ($0, place) } }
                }
            ) { values in
                let axis = options.axes?[0] ?? 0
                return Tensor.stack(values, axis: axis < 0 ? axis + values[0].rank + 1 : axis)
            }
        },
        choosing([], takesSizes: true) { options in
            ExpressionFunction("reshape", isElementwise: false, misfit: { reshapeMisfit($0[0], options.sizes) }) { values in
                let known = options.sizes.filter { $0 > 0 }.reduce(1, *)
                return values[0].reshaped(to: options.sizes.map { $0 < 0 ? values[0].count / known : $0 })
            }
        },
        ExpressionFunction("flatten", isElementwise: false, misfit: { _ in nil }) { $0[0].reshaped(to: [$0[0].count]) },
    ]

    private static func joining(_ name: String) -> ExpressionFunction {
        choosing(["axis"]) { options in
            ExpressionFunction(
                name, 1...Int.max, isElementwise: false, misfit: { joinMisfit(name, $0, options.axes?[0] ?? 0) },
                misplaced: { shapes in options.place("axis").flatMap { place in options.axesMisfit(shapes[0], single: true).map { ($0, place) } } }
            ) { Tensor.concatenate($0, axis: options.axes?[0] ?? 0) }
        }
    }

    private static func joinMisfit(_ name: String, _ shapes: [[Int]], _ axis: Int) -> String? {
        if shapes.contains([]) { return "\(name) joins vectors and matrices along an axis; single numbers have none: write them as a list, [a, b]" }
        let place = axis < 0 ? axis + shapes[0].count : axis
        for shape in shapes.dropFirst() {
            let isLike = shape.count == shapes[0].count && shape.indices.allSatisfy { $0 == place || shape[$0] == shapes[0][$0] }
            if !isLike { return "\(name) along axis \(axis) takes shapes that differ there alone; these are \(shapes[0]) and \(shape)" }
        }
        return nil
    }

    private static func reshapeMisfit(_ shape: [Int], _ sizes: [Int]) -> String? {
        let count = shape.reduce(1, *), known = sizes.filter { $0 > 0 }.reduce(1) { $0.multipliedReportingOverflow(by: $1).overflow ? Int.max : $0 * $1 }
        let open = sizes.count { $0 < 0 }
        if open > 1 { return "only one size can be -1, what is left" }
        if open == 1 ? count % known == 0 : count == known { return nil }
        return "the shape \(shape) has \(count) element\(count == 1 ? "" : "s"), which \(sizes) can't hold"
    }
}
