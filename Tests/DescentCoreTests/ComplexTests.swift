import DescentCore
import Testing

/// Complex tensors against NumPy's numbers and identities.
@Suite struct ComplexTests {
    // numpy, complex128: z = [1 + 2j, -0.5 + 0.25j, -3 - 4j, 2, -1j], w = [0.5 - 1j, 2j, 1 + 1j, -3 + 0.5j, 4]
    static let z = ComplexTensor(real: Tensor(float64: [1, -0.5, -3, 2, 0]), imaginary: Tensor(float64: [2, 0.25, -4, 0, -1]))
    static let w = ComplexTensor(real: Tensor(float64: [0.5, 0, 1, -3, 4]), imaginary: Tensor(float64: [-1, 2, 1, 0.5, 0]))

    @Test("functions agree with NumPy's", arguments: Array(numpyValues.keys).sorted())
    func values(_ name: String) {
        let z = Self.z, w = Self.w
        let found: ComplexTensor =
            switch name {
            case "multiply": z * w
            case "divide": z / w
            case "exp": exp(z)
            case "log": log(z)
            case "sqrt": sqrt(z)
            case "sin": sin(z)
            case "cos": cos(z)
            case "tan": tan(z)
            case "sinh": sinh(z)
            case "cosh": cosh(z)
            case "tanh": tanh(z)
            case "power": z.pow(w)
            case "cube": z.pow(-3)
            case "product": z.product()
            case "sign": z.sign
            case "vdot": z.conjugateDot(w)
            default: ComplexTensor(real: abs(z), imaginary: z.angle)
            }
        expectClose(found.interleaved.flattened().doubles, Self.numpyValues[name]!, 2e-15 * 10, name)
    }

    @Test("no overflow where the result has none")
    func extremes() {
        let big = ComplexTensor(real: Tensor(float64: [3e300, 1e-300]), imaginary: Tensor(float64: [4e300, 1e-300]))
        expectClose(abs(big).doubles.map { $0 / 5e300 }, [1, 0], 1e-15)
        #expect(abs(big).doubles[1] > 1.4e-300)
        expectClose((big / big).interleaved.flattened().doubles, [1, 0, 1, 0], 1e-15)
        expectClose(tanh(ComplexTensor(real: Tensor(float64: [800]), imaginary: Tensor(float64: [1]))).interleaved.flattened().doubles, [1, 0], 1e-15)
        expectClose(sqrt(big).pow(2).map { $0 / 1e300 }.interleaved[0].doubles, [3, 4], 1e-14)
        let zero = ComplexTensor(Tensor(float64: [0]))
        #expect(gradient(at: zero) { abs($0).sum() }.interleaved.flattened().doubles == [0, 0])
        #expect(gradient(at: zero) { $0.sign.squaredMagnitude.sum() }.interleaved.flattened().doubles == [0, 0])
    }

    @Test("the gradient of a real loss points uphill: ∂L/∂real + i ∂L/∂imaginary")
    func gradientConvention() {
        // L = |z|², so 2 z; L = Re(c z), so conj(c).
        let z = Self.z, c = Self.w
        expectClose(gradient(at: z) { $0.squaredMagnitude.sum() }.interleaved, (2 * z).interleaved, 1e-15)
        expectClose(gradient(at: z) { (c * $0).real.sum() }.interleaved, c.conjugate.interleaved, 1e-15)
    }

    /// Of a holomorphic f the gradient of Re f is the conjugate of f′.
    @Test("derivatives of holomorphic functions", arguments: ["exp", "log", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh", "cube", "divide"])
    func holomorphic(_ name: String) {
        let function: (ComplexTensor) -> ComplexTensor =
            switch name {
            case "exp": exp
            case "log": log
            case "sqrt": sqrt
            case "sin": sin
            case "cos": cos
            case "tan": tan
            case "sinh": sinh
            case "cosh": cosh
            case "tanh": tanh
            case "cube": { $0.pow(3) }
            default: { 1 / $0 }
            }
        let z = ComplexTensor(real: Tensor(float64: [0.8, -0.5, 1.2]), imaginary: Tensor(float64: [0.3, 0.7, -0.9]))
        let step = 1e-5
        let difference = (function(z + step) - function(z - step)) / (2 * step)
        expectClose(gradient(at: z) { function($0).real.sum() }.interleaved, difference.conjugate.interleaved, 1e-8, name)
        // Second order: the gradient of Re f′ is conj(f″).
        let second = gradient(at: z) { gradient(at: $0) { function($0).real.sum() }.real.sum() }
        let bend = (function(z + 1e-4) - 2 * function(z) + function(z - 1e-4)) / 1e-8
        expectClose(second.interleaved, bend.conjugate.interleaved, 1e-6, name)
    }

    @Test("products and systems of matrices")
    func matrices() {
        let a = complex([2, 3, 3], seed: 1) + ComplexTensor(Tensor.eye(3, dtype: .float64) * 3), b = complex([2, 3, 2], seed: 2)
        let product = a.matmul(b)
        var expected = ComplexTensor(parts: Tensor(0, like: b.real), Tensor(0, like: b.real))
        for k in 0..<3 { expected = expected + a[.rest, k...k] * b[.rest, k...k, 0...] }
        expectClose(product.interleaved, expected.interleaved, 1e-14)
        expectClose(a.solve(product).interleaved, b.interleaved, 1e-13)
        expectClose(a.inverse().matmul(a).real, Tensor.eye(3, dtype: .float64).broadcast(to: [2, 3, 3]), 1e-14)
        expectClose(a.matmul(b.real).interleaved, a.matmul(ComplexTensor(b.real)).interleaved, 1e-15)
        #expect(a.adjoint[0].imaginary.doubles == (-a[0].imaginary.transposed()).doubles)
    }

    @Test("shapes, parts, sums and types")
    func shapes() {
        let x = complex([2, 3], seed: 3)
        #expect(x.dtype == .complex128 && x.cast(to: .complex64).dtype == .complex64 && x.cast(to: .complex64).real.dtype == .float32)
        #expect(x[1, .every(-1)].real.doubles == x.real[1].doubles.reversed())
        #expect(ComplexTensor(interleaved: x.interleaved).imaginary.doubles == x.imaginary.doubles)
        #expect(ComplexTensor.concatenate([x, x], axis: 1).shape == [2, 6])
        #expect(ComplexTensor.stack(x.split(sizes: [1, 1])).shape == [2, 1, 3])
        #expect((x + Tensor(float64: [1, 2, 3, 4], shape: [4, 1, 1])).shape == [4, 2, 3])
        #expect((x + Tensor(float64: [1, 2, 3, 4], shape: [4, 1, 1])).imaginary.shape == [4, 2, 3])
        expectClose(x.product(axis: 0).interleaved, (x[0] * x[1]).interleaved, 1e-15)
        #expect(x[0...0, 0..<0].product(axis: 1).real.doubles == [1])
        expectClose(x.mean(axis: 1).imaginary, x.imaginary.mean(axis: 1), 0)
        expectClose(x.variance(), (x - x.mean()).squaredMagnitude.mean(), 1e-15)
        #expect((x .== x).bools.allSatisfy { $0 } && !(x .!= x).bools.contains(true))
        #expect(ComplexTensor.where(Tensor(bool: [true, false, true]), x, x.conjugate).imaginary[0, 1].item() == -x.imaginary[0, 1].item())
    }

    @Test("they pass through vmap and compile, and train")
    func transforms() {
        let rows = complex([4, 8], seed: 7)
        let mapped = vmap { (x: ComplexTensor) in exp(x).fft() }(rows)
        expectClose(mapped.interleaved, exp(rows).fft().interleaved, 1e-14)
        let step = compile { (x: ComplexTensor) in (x.fft() * x.fft().conjugate).ifft() }
        let correlation = step(rows)
        expectClose(correlation[.rest, 0].real, rows.squaredMagnitude.sum(axis: 1), 1e-13)
        // A filter is found again from what it makes of a signal.
        let signal = complex([16], seed: 8), truth = complex([16], seed: 9)
        var filter = ComplexTensor(Tensor.zeros([16], dtype: .float64))
        for _ in 0..<60 {
            filter = filter - gradient(at: filter) { ((($0 - truth) * signal).squaredMagnitude).sum() } * 0.4
            evaluate(filter.tensors)
        }
        #expect(abs(filter - truth).max().item() < 0.7)
    }

    @Test func printing() {
        #expect("\(Self.z[0..<2])" == "[ 1.000000+2.000000i, -0.500000+0.250000i]  (complex128[2])")
        #expect("\(ComplexTensor(Tensor([1, 2])))" == "[1.+0.i, 2.+0.i]  (complex64[2])")
        #expect("\(Self.z[2])" == "-3.-4.i  (complex128)")
    }
}

extension ComplexTests {
    /// Real and imaginary parts, from numpy 2: `np.exp(z)` and so on; `cube` is `z ** -3`, `polar` is `abs(z) + 1j angle(z)`.
    static let numpyValues: [String: [Double]] = [
        "multiply": [2.5, 0.0, -0.5, -1.0, 1.0, -7.0, -6.0, 1.0, 0.0, -4.0],
        "divide": [-1.2000000000000002, 1.6, 0.125, 0.25, -3.5, -0.5, -0.6486486486486486, -0.10810810810810809, -0.0, -0.25],
        "exp": [
            -1.1312043837568135, 2.4717266720048188, 0.5876750903439226, 0.15005808662216327, -0.032542999640154786, 0.03767897757486585, 7.38905609893065, 0.0, 0.5403023058681398,
            -0.8414709848078965,
        ],
        "log": [0.8047189562170503, 1.1071487177940904, -0.5815754049028404, 2.677945044588987, 1.6094379124341003, -2.214297435588181, 0.6931471805599453, 0.0, 0.0, -1.5707963267948966],
        "sqrt": [1.272019649514069, 0.7861513777574233, 0.17178037486125622, 0.7276733451126774, 1.0, -2.0, 1.4142135623730951, 0.0, 0.7071067811865476, -0.7071067811865476],
        "sin": [3.165778513216168, 1.9596010414216063, -0.494485780933195, 0.22168816414957482, -3.853738037919377, 27.016813258003932, 0.9092974268256817, -0.0, -0.0, -1.1752011936438014],
        "cos": [2.0327230070196656, -3.0518977991518, 0.9051501505596068, 0.12110879604381165, -27.034945603074224, -3.851153334811777, -0.4161468365471424, -0.0, 1.5430806348152437, -0.0],
        "tan": [0.03381282607989669, 1.0147936161466335, -0.504500702698564, 0.3124206925025888, 0.00018734620462947845, -0.9993559873814732, -2.185039863261519, 0.0, -0.0, -0.7615941559557649],
        "sinh": [-0.4890562590412937, 1.4031192506220405, -0.504895714387995, 0.2789791283502615, 6.5481200409110025, 7.61923172032141, 3.626860407847019, 0.0, -0.0, -0.8414709848078965],
        "cosh": [-0.64214812471552, 1.0686074213827783, 1.0925708047319176, -0.12892104172809826, -6.580663040551157, -7.581552742746545, 3.7621956910836314, 0.0, 0.5403023058681398, 0.0],
        "tanh": [1.16673625724092, -0.2434582011857253, -0.4854872810241353, 0.19805544995134955, -1.000709536067233, -0.0049082580674960595, 0.9640275800758168, 0.0, -0.0, -1.557407724654902],
        "power": [4.382565059863358, -1.1243974773611554, 0.0018713442347935802, -0.004333472448713179, 37.653587207564996, -26.029723438314992, 0.11756776308540551, 0.04245964063783357, 1.0, 0.0],
        "cube": [-0.08800000000000001, 0.016, -1.024, -5.632000000000001, 0.007488, 0.002816, 0.125, 0.0, 0.0, -1.0],
        "product": [12.5, -0.0],
        "sign": [0.4472135954999579, 0.8944271909999159, -0.8944271909999159, 0.4472135954999579, -0.6, -0.8, 1.0, 0.0, -0.0, -1.0],
        "vdot": [-14.0, 3.0],
        "polar": [2.23606797749979, 1.1071487177940904, 0.5590169943749475, 2.677945044588987, 5.0, -2.214297435588181, 2.0, 0.0, 1.0, -1.5707963267948966],
    ]
}
