import DescentCore
import DescentExplain
import DescentPlot
import Testing

/// The graph's numbers against the cases' and against formulas by hand.
@Suite struct GraphTests {
    @Test("values and gradients of the cases", arguments: GraphCase.all)
    func cases(_ item: GraphCase) throws {
        let explanation = try Explanation(item.formulas, at: item.values, output: item.output)
        for (name, expected) in item.forward {
            let node = try #require(explanation.nodes.first { $0.name == name })
            #expect(abs(node.value.item() - expected) <= 1e-10 + 1e-9 * abs(expected), "\(name)")
        }
        for (name, expected) in item.backward {
            let found = try #require(explanation.gradient(by: name)).item()
            #expect(abs(found - expected) <= 1e-10 + 1e-9 * abs(expected), "d/d\(name)")
        }
    }

    @Test func eachGradientIsTheSumOfWhatComesInAndGoesOutTimesTheDerivative() throws {
        let explanation = try Explanation(
            "L = -(y*log(s) + (1-y)*log(1-s)); s = sigmoid(w2*sigmoid(w1*x + b1) + b2)", at: "x=0.5, y=1, w1=0.8, b1=-0.1, w2=1.5, b2=0.2")
        for node in explanation.nodes where node.gradient != nil {
            let gradient = node.gradient!.item()
            if !node.summands.isEmpty {
                #expect(abs(node.summands.reduce(0) { $0 + $1.gradient.item() } - gradient) < 1e-15)
            }
            for argument in node.arguments {
                guard let local = argument.derivative?.value.item() else { continue }
                #expect(abs(argument.gradient!.item() - gradient * local) < 1e-15)
            }
        }
        // s feeds two logarithms; dL/ds = -1/s + 0 for y = 1, and the gradient by w2 is (s - y) h.
        let s = try #require(explanation.nodes.first { $0.name == "s" })
        #expect(s.summands.count == 2)
        let h = 1 / (1 + 0.740818220681718)  // e^-0.3
        let value = 1 / (1 + exponential(-(1.5 * h + 0.2)))
        #expect(abs(explanation.gradient(by: "w2")!.item() - (value - 1) * h) < 1e-14)
        #expect(abs(explanation.gradient(by: "y")!.item() - (log(Tensor(float64: [(1 - value) / value], shape: [])).item())) < 1e-14)
    }

    private func exponential(_ x: Double) -> Double { exp(Tensor(float64: [x], shape: [])).item() }

    @Test func vectorsAndMatrices() throws {
        let explanation = try Explanation("L = sum((W @ x - t)^2)", at: "W=[[1,2],[3,4]], x=[0.5,-1], t=[1, 1]")
        // 2 (W x - t) xᵀ and Wᵀ 2 (W x - t), with W x - t = (-2.5, -3.5).
        #expect(explanation.gradient(by: "W")!.doubles == [-2.5, 5, -3.5, 7])
        #expect(explanation.gradient(by: "x")!.doubles == [-26, -38])
        let product = try #require(explanation.nodes.first { $0.operation == "W @ x" })
        #expect(product.arguments[0].derivative!.value.shape == [2, 2, 2])
        #expect(product.arguments[0].gradient!.doubles == [-2.5, 5, -3.5, 7])
    }

    @Test func tiesAndKinksAreSaid() throws {
        let three = try Explanation("max(a, b, c)", at: "a=2, b=2, c=2")
        for name in ["a", "b", "c"] { #expect(abs(three.gradient(by: name)!.item() - 1 / 3.0) < 1e-15) }
        #expect(three.text().contains("max: a tie, the largest share the gradient equally."))
        #expect(try Explanation("min(v)", at: "v=[1, 3, 1]").gradient(by: "v")!.doubles == [0.5, 0, 0.5])
        #expect(try !Explanation("max(a, b)", at: "a=1, b=2").text().contains("tie"))
        let relu = try Explanation("relu(x)", at: "x=0")
        #expect(relu.gradient(by: "x")!.item() == 0)
        #expect(relu.text().contains("relu at 0: the derivative is taken to be 0."))
    }

    @Test("layers that are alike are drawn as one box, of which a screen has room for the rest")
    func deepNetworksFold() throws {
        let layers = (1...119).map { "h\($0) = tanh(w\($0)*h\($0 - 1) + b\($0))" }.joined(separator: "; ")
        let values = (["x=0.5", "y=1"] + (0..<120).flatMap { ["w\($0)=0.9", "b\($0)=0.1"] }).joined(separator: ", ")
        let deep = try Explanation("L = (h119 - y)^2; h0 = tanh(w0*x + b0); " + layers, at: values)
        #expect(deep.nodes.count > 500)
        #expect(deep.picture().direction == .down && deep.picture().nodes.count > 500 && deep.picture().title.count <= 161)
        let picture = deep.foldedPicture()
        #expect(picture.nodes.count < 20, "\(picture.nodes.map(\.lines))")
        // 119 layers of two parameters, a product, a sum and a tanh.
        #expect(picture.nodes.contains { $0.lines[0].hasSuffix(" … h119") }, "\(picture.nodes.map(\.lines))")
        let small = try Explanation("z = x*y + sin(x)", at: "x=2, y=3").picture()
        #expect(small.groups.isEmpty && small.direction == .right && small.nodes.contains { $0.lines.last == "3 − 0.4161 = 2.584" }, "\(small.nodes.map(\.lines))")
    }

    @Test func powersOfNegativeNumbersHaveDerivatives() throws {
        let explanation = try Explanation("x^3", at: "x=-2")
        #expect(explanation.gradient(by: "x")!.item() == 12)
        #expect(explanation.value.item() == -8)
    }

    @Test func aLargeGraphIsFoldedByItsSteps() throws {
        func recurrent(_ steps: Int) throws -> Explanation {
            let text = "L = sum((h\(steps) - t)^2)" + (1...steps).map { "; h\($0) = tanh(u*h\($0 - 1) + w*x[\($0 - 1)] + b)" }.joined()
            return try Explanation(text, at: "h0=0, u=0.5, w=1, b=0.1, t=1, x=[\((1...steps).map { "0.\($0 % 10)" }.joined(separator: ", "))]")
        }
        let long = try recurrent(60).foldedPicture()
        #expect(long.nodes.map { $0.lines[0] }.contains("h1 … h60"), "\(long.nodes.map(\.lines))")
        // The box, h0, u, w, b, t, x, and the loss: -, power, 2, sum.
        #expect(long.nodes.count == 11)
        #expect(long.title == "L = sum((h60 - t)^2); h1 = tanh(u*h0 + w*x[0] + b); h2 = tanh(u*h1 + w*x[1] + b); h3 = tanh(u*h2 + w*x[2] + b); ...", "\(long.title)")
        // A deep network: z, a and w of each layer are a block; what differs stays: a0, and the loss.
        let layers = (1...9).map { "z\($0) = w\($0)*a\($0 - 1); a\($0) = sigmoid(z\($0))" }.joined(separator: "; ")
        let values = (1...9).map { "w\($0)=0.5" }.joined(separator: ", ")
        let deep = try Explanation("L = a9^2; " + layers, at: "a0=1, " + values).foldedPicture()
        #expect(deep.nodes.map { $0.lines[0] }.contains("z1, a1 … z9, a9"), "\(deep.nodes.map(\.lines))")
        #expect(deep.nodes.count == 1 + 1 + 2, "\(deep.nodes.map(\.lines))")
        // Without steps, each definition is a box where there are too many nodes.
        let sums = (0..<40).map { "s\(Array("abcdefghijklmnopqrstuvwxyz")[$0 % 26])\($0 < 26 ? "p" : "q") = x*\($0 + 2) + sin(x)" }.joined(separator: "; ")
        let wide = try Explanation(sums, at: "x=1", output: "sap").foldedPicture()
        #expect(wide.nodes.count == 41)
    }

    @Test func tableShowsTheWholeWay() throws {
        let text = try Explanation("z = x*y + sin(x)", at: "x=2, y=3").text()
        #expect(
            text == """
                node  operation  value     local derivative  incoming gradient                  outgoing gradient
                x     input      2                           3 (v1) + -0.416147 (v2) = 2.58385
                y     input      3                           2
                v1    x * y      6         by x: 3           1                                  to x: 3
                                           by y: 2                                              to y: 2
                v2    sin(x)     0.909297  by x: -0.416147   1                                  to x: -0.416147
                z     v1 + v2    6.9093    by v1: 1          1                                  to v1: 1
                                           by v2: 1                                             to v2: 1

                z = 6.9093
                dz/dx = 2.58385
                dz/dy = 2
                """)
    }
}
