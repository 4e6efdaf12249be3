import DescentCore
import Testing

/// A loop to be checked: what it starts from, what a step does, and how the same is written step by step.
struct ScanCase: Sendable, CustomTestStringConvertible {
    typealias Step = (_ carry: [Tensor], _ slices: [Tensor]) -> (carry: [Tensor], outputs: [Tensor])
    let name: String
    /// Shapes of the floating inputs; -1 stands for the number of steps.
    let shapes: [[Int]]
    /// From the inputs: what is carried at first, what is looped over, and a step.
    let make: @Sendable (_ inputs: [Tensor], _ length: Int) -> (carry: [Tensor], slices: [Tensor], step: Step)

    init(_ name: String, _ shapes: [[Int]], _ make: @escaping @Sendable ([Tensor], Int) -> (carry: [Tensor], slices: [Tensor], step: Step)) {
        (self.name, self.shapes, self.make) = (name, shapes, make)
    }

    var testDescription: String { name }

    func inputs(_ length: Int, seed: Int = 0, dtype: DType = .float64) -> [Tensor] {
        shapes.enumerated().map { place, shape in
            let shape = shape.map { $0 == -1 ? length : $0 }
            return Tensor(float64: spread(shape.elementCount, in: -1...1, seed: 11 * seed + place), shape: shape).settled(as: dtype)
        }
    }

    /// Last carries, then stacked results, by the loop.
    func looped(_ inputs: [Tensor], _ length: Int, reversed: Bool = false) -> [Tensor] {
        let (carry, slices, step) = make(inputs, length)
        let result = scan(carry, over: slices, reversed: reversed) { step($0, $1) }
        return result.carry + result.outputs
    }

    /// The same by a `for` of Swift. Nil for no steps, of which there is nothing to stack.
    func unrolled(_ inputs: [Tensor], _ length: Int, reversed: Bool = false) -> [Tensor]? {
        let (start, slices, step) = make(inputs, length)
        var carry = start
        var stacks: [[Tensor]] = []
        for time in reversed ? Array((0..<length).reversed()) : Array(0..<length) {
            let result = step(carry, slices.map { $0[time] })
            carry = result.carry
            stacks.append(result.outputs)
        }
        guard let first = stacks.first else { return nil }
        if reversed { stacks.reverse() }
        return carry + first.indices.map { place in Tensor.stack(stacks.map { $0[place] }) }
    }

    /// A number that depends on every element of every floating result, each in another way and not linearly.
    static func loss(_ results: [Tensor]) -> Tensor {
        var total = Tensor(float64: [0], shape: [])
        for (place, result) in results.enumerated() where result.dtype.isFloating {
            let weights = Tensor(float64: spread(result.count, in: -1...1, seed: 40 + place), shape: result.shape)
            total = total + (weights * result.cast(to: .float64) * (1 + 0.5 * result.cast(to: .float64))).sum()
        }
        return total
    }

    static let all: [ScanCase] = [
        ScanCase("running sum", [[3], [-1, 3]]) { x, _ in
            ([x[0]], [x[1]], { c, s in ([c[0] + s[0]], [c[0] + s[0]]) })
        },
        ScanCase("simple recurrent network", [[2, 3], [-1, 2, 4], [3, 3], [3, 4], [3]]) { x, _ in
            (
                [x[0]], [x[1]],
                { c, s in
                    let h = tanh(c[0].matmul(x[2]) + s[0].matmul(x[3].transposed()) + x[4])
                    return ([h], [h * h])
                }
            )
        },
        ScanCase("long short-term memory", [[2, 3], [2, 3], [-1, 2, 2], [12, 2], [12, 3], [12]]) { x, _ in
            (
                [x[0], x[1]], [x[2]],
                { c, s in
                    let z = (s[0].matmul(x[3].transposed()) + c[0].matmul(x[4].transposed()) + x[5]).split(into: 4, axis: -1)
                    let cell = sigmoid(z[1]) * c[1] + sigmoid(z[0]) * tanh(z[2])
                    return ([sigmoid(z[3]) * tanh(cell), cell], [sigmoid(z[3]) * tanh(cell)])
                }
            )
        },
        ScanCase("carries that exchange places", [[2], [2], [-1, 2]]) { x, _ in
            ([x[0], x[1]], [x[2]], { c, s in ([c[1] * s[0], c[0] + s[0]], []) })
        },
        ScanCase("a counter beside a state", [[2], [-1, 2]]) { x, _ in
            (
                [Tensor(int64: [1], shape: []), x[0]], [x[1]],
                { c, s in
                    let h = 0.5 * c[1] + s[0] * c[0].cast(to: .float64)
                    return ([c[0] + 1, h], [c[0] * 2, tanh(h)])
                }
            )
        },
        ScanCase("a carry passed through unchanged", [[2], [2], [-1, 2]]) { x, _ in
            ([x[0], x[1]], [x[2]], { c, s in ([c[0], tanh(c[0] * c[1] + s[0])], [c[0] * s[0]]) })
        },
        ScanCase("two results that are one tensor", [[2], [-1, 2]]) { x, _ in
            (
                [x[0]], [x[1]],
                { c, s in
                    let h = sin(c[0]) + s[0]
                    return ([h], [h, h])
                }
            )
        },
        ScanCase("two carries that become one tensor", [[2], [2], [-1, 2]]) { x, _ in
            (
                [x[0], x[1]], [x[2]],
                { c, s in
                    let h = c[0] * s[0] + sin(c[1])
                    return ([h, h], [c[0]])
                }
            )
        },
        ScanCase("results that are the slice and the carry themselves", [[2], [-1, 2]]) { x, _ in
            ([x[0]], [x[1]], { c, s in ([c[0] * s[0]], [s[0], c[0]]) })
        },
        ScanCase("a delay of one step", [[2], [-1, 2]]) { x, _ in ([x[0]], [x[1]], { c, s in ([s[0]], [c[0]]) }) },
        ScanCase("results from outside the loop", [[2], [-1, 2], [2]]) { x, _ in
            ([x[0]], [x[1]], { c, s in ([x[2]], [x[2], Tensor.ones([3], dtype: .float64), c[0] + s[0]]) })
        },
        ScanCase("a carry that nothing asks for", [[2], [2], [-1, 2]]) { x, _ in
            ([x[0], x[1]], [x[2]], { c, s in ([tanh(c[0] + s[0]), c[1] * 0.5], [c[0]]) })
        },
        ScanCase("a sum of outer products", [[2, 3], [2], [-1, 2], [-1, 3]]) { x, _ in
            (
                [x[0], x[1]], [x[2], x[3]],
                { c, s in
                    let h = tanh(c[1] + s[0])
                    return ([c[0] + h.expanded(axis: 1).matmul(s[1].expanded(axis: 0)), h], [])
                }
            )
        },
        ScanCase("a loop in the loop", [[3], [-1, 2, 3]]) { x, _ in
            (
                [x[0]], [x[1]],
                { c, s in
                    let inner = scan(c[0], over: s[0]) { h, x in
                        let h = tanh(h * x + 0.25)
                        return (h, h * x)
                    }
                    return ([inner.carry + c[0]], [inner.outputs.sum(axes: [0])])
                }
            )
        },
        ScanCase("a batch in the loop", [[2, 3], [-1, 2, 3], [3, 3]]) { x, _ in
            (
                [x[0]], [x[1]],
                { c, s in
                    let h = vmap { (row: Tensor, x3: Tensor) in tanh(row.matmul(x[2]) + x3) }(c[0], s[0])
                    return ([h], [h])
                }
            )
        },
        ScanCase("a mask from outside", [[4], [-1, 4]]) { x, length in
            let mask = Tensor(float64: spread(length * 4, in: 0...1, seed: 3), shape: [length, 4]) .< 0.6
            return (
                [x[0]], [x[1], mask],
                { c, s in
                    let h = Tensor.where(s[1], tanh(c[0] + s[0]), c[0])
                    return ([h], [Tensor.where(s[1], h, Tensor(0, like: h))])
                }
            )
        },
        ScanCase("rows looked up by slices of numbers", [[3], [5, 3], [3, 3]]) { x, length in
            let numbers = Tensor(int64: (0..<length).map { ($0 * 3 + 1) % 5 })
            return (
                [x[0]], [numbers],
                { c, s in
                    let h = tanh(c[0].matmul(x[2]) + x[1].gathered(s[0]))
                    return ([h], [h])
                }
            )
        },
        ScanCase("a derivative in the loop", [[3], [-1, 3], [3, 3]]) { x, _ in
            (
                [x[0]], [x[1]],
                { c, s in
                    let slope = gradient(at: c[0]) { ((tanh($0.matmul(x[2])) - s[0]).squared).sum() }
                    return ([c[0] - 0.1 * slope], [slope])
                }
            )
        },
        ScanCase("attention over the state", [[4], [-1, 4], [4, 4]]) { x, _ in
            (
                [x[0]], [x[1]],
                { c, s in
                    let weights = softmax(c[0].matmul(x[2]) + s[0])
                    return ([weights * c[0] + s[0].mean()], [logSumExp(c[0], axis: 0)])
                }
            )
        },
        ScanCase("three carries in a ring", [[2], [2], [2], [-1, 2]]) { x, _ in
            ([x[0], x[1], x[2]], [x[3]], { c, s in ([c[1], c[2], tanh(c[0] * s[0])], [c[0] + c[2]]) })
        },
        ScanCase("a minimal gated unit", [[2, 3], [-1, 2, 2], [3, 5], [3, 5]]) { x, _ in
            (
                [x[0]], [x[1]],
                { c, s in
                    let f = sigmoid(Tensor.concatenate([s[0], c[0]], axis: -1).matmul(x[2].transposed()))
                    let n = tanh(Tensor.concatenate([s[0], f * c[0]], axis: -1).matmul(x[3].transposed()))
                    let h = (1 - f) * c[0] + f * n
                    return ([h], [h])
                }
            )
        },
        ScanCase("a state no gradient passes", [[2], [-1, 2]]) { x, _ in
            (
                [x[0]], [x[1]],
                { c, s in
                    let h = tanh(stopGradient(c[0]) * 2 + s[0])
                    return ([h], [h])
                }
            )
        },
    ]
}
