import DescentCore
import Testing

/// Fourier transforms against the defining sum, NumPy's numbers, and identities.
@Suite struct FourierTests {
    /// Every length up to 50, and some primes, powers and mixed ones above.
    static let lengths = Array(1...50) + [64, 97, 101, 105, 128, 210, 243, 512, 625, 768, 1009]

    @Test("every length agrees with the defining sum", arguments: lengths)
    func definition(_ n: Int) {
        let x = complex([n], seed: n)
        let y = x.fft()
        let expected = definingSum(x.real.doubles, x.imaginary.doubles, sign: -1)
        expectClose(y.real.doubles, expected.real, 1e-12, "\(n)")
        expectClose(y.imaginary.doubles, expected.imaginary, 1e-12, "\(n)")
        let back = y.ifft()
        expectClose(back.real, x.real, 1e-13)
        expectClose(back.imaginary, x.imaginary, 1e-13)
        let single = x.cast(to: .complex64).fft()
        expectClose(single.real.doubles, expected.real, 3e-5, "float32, \(n)")
    }

    @Test("transforms of real numbers are the first half of the complex ones", arguments: lengths)
    func realTransform(_ n: Int) {
        let x = numbers([n], seed: n + 1)
        let full = ComplexTensor(x).fft(), half = x.rfft()
        expectClose(half.real, full.real[0..<(n / 2 + 1)], 1e-12)
        expectClose(half.imaginary, full.imaginary[0..<(n / 2 + 1)], 1e-12)
        expectClose(half.irfft(count: n), x, 1e-13)
        expectClose(x.ihfft().hfft(count: n), x, 1e-13)
    }

    @Test("many rows, columns and middle axes give what single rows give", arguments: [3, 4, 8, 12, 37, 60, 256, 1100, 2048])
    func layouts(_ n: Int) {
        for members in [1, 2, 5, 17] {
            let rows = complex([members, n], seed: n)
            let together = rows.fft(), columns = rows.transposed().map { $0.settled() }.fft(axis: 0).transposed()
            let realRows = rows.real.rfft(), realColumns = rows.real.transposed().settled().rfft(axis: 0).transposed()
            for member in 0..<members {
                let alone = ComplexTensor(real: rows.real[member].settled(), imaginary: rows.imaginary[member].settled())
                let expected = alone.fft(), half = alone.real.rfft()
                for found in [together[member], columns[member]] { expectClose(found.interleaved, expected.interleaved, 1e-12, "\(members) x \(n)") }
                for found in [realRows[member], realColumns[member]] { expectClose(found.interleaved, half.interleaved, 1e-12, "\(members) x \(n)") }
            }
            expectClose(realRows.irfft(count: n), rows.real, 1e-13)
            expectClose(realColumns.transposed().irfft(count: n, axis: 0), rows.real.transposed(), 1e-13)
        }
    }

    @Test("a large prime and a long axis in front")
    func large() {
        let x = complex([10007], seed: 1)
        let y = x.fft().ifft()
        expectClose(y.interleaved, x.interleaved, 1e-12)
        // One impulse gives a single wave.
        let wave = ComplexTensor(Tensor(float64: (0..<10007).map { $0 == 3 ? 1 : 0 })).fft()
        let angles = Tensor(float64: (0..<10007).map { -2 * Double.pi * Double($0 * 3 % 10007) / 10007 })
        expectClose(wave.real, cos(angles), 1e-12)
        expectClose(wave.imaginary, sin(angles), 1e-12)
        let tall = numbers([20000, 4], seed: 2)
        expectClose(tall.rfft(axis: 0).irfft(axis: 0), tall, 1e-12)
    }

    @Test("long axes in front whose length has a large prime", arguments: [9001, 10007, 16381])
    func convolvedColumns(_ count: Int) {
        let x = numbers([count, 5], seed: 3), columns = x.fft(axis: 0), rows = x.transposed().fft()
        expectClose(columns.real.doubles, rows.real.transposed().doubles, 1e-9)
        expectClose(columns.imaginary.doubles, rows.imaginary.transposed().doubles, 1e-9)
        expectClose(x.rfft(axis: 0).real.doubles, x.transposed().rfft().real.transposed().doubles, 1e-9)
    }

    @Test("the same bits for any number of threads", arguments: [65536, 10007])
    func threads(_ n: Int) {
        let before = Threads.count
        defer { Threads.count = before }
        let x = complex([2, n], seed: 5)
        func run(_ count: Int) -> Tensor {
            Threads.count = count
            return Tensor.concatenate([x.fft().interleaved, x[0].fft().expanded(axis: 0).interleaved, x.transposed().map { $0.settled() }.fft().transposed().interleaved]).settled()
        }
        let one = run(1)
        expectIdentical(run(3), one)
    }

    // numpy.fft of x[i, j] = sin(1 + 3 i + j), y = cos(2 + i - 2 j), shape (3, 4): rfft2(x)[1], fft2(x + 1j y)[2], irfft2(rfft2(x), (3, 5))[0]
    @Test("several axes, cut and padded, agree with NumPy's")
    func severalAxes() {
        let x = Tensor(float64: (0..<12).map { sine(1 + 3 * Double($0 / 4) + Double($0 % 4)) }, shape: [3, 4])
        let y = Tensor(float64: (0..<12).map { sine(Double.pi / 2 + 2 + Double($0 / 4) - 2 * Double($0 % 4)) }, shape: [3, 4])
        let half = x.rfft2(), full = ComplexTensor(real: x, imaginary: y).fft2()
        expectClose(half[1].interleaved.flattened().doubles, Self.numpyHalf, 1e-13)
        expectClose(full[2].interleaved.flattened().doubles, Self.numpyFull, 1e-13)
        expectClose(half.irfft2(counts: [3, 5])[0].doubles, Self.numpyInverse, 1e-13)
        expectClose(x.fft(count: 6, axis: 0).real.flattened().doubles, Self.numpyPadded, 1e-13)
        expectClose(full.ifft2().interleaved, ComplexTensor(real: x, imaginary: y).interleaved, 1e-14)
        expectClose(x.rfftn().irfftn(), x, 1e-14)
        expectClose(full.ifftn(axes: [1]).fftn(counts: [4]).interleaved, full.interleaved, 1e-13)
    }

    @Test("the three scalings", arguments: [FourierNormalization.backward, .ortho, .forward])
    func normalization(_ scaling: FourierNormalization) {
        let x = complex([3, 10], seed: 4), plain = x.fft()
        let factor = scaling == .backward ? 1 : scaling == .ortho ? 1 / Double(10).squareRoot() : 0.1
        expectClose(x.fft(normalization: scaling).interleaved, (plain * factor).interleaved, 1e-14)
        expectClose(x.fft(normalization: scaling).ifft(normalization: scaling).interleaved, x.interleaved, 1e-14)
        expectClose(x.real.rfft(normalization: scaling).irfft(normalization: scaling), x.real, 1e-14)
        expectClose(x.hfft(count: 18, normalization: scaling).ihfft(normalization: scaling).real, x.real, 1e-14)
    }

    @Test func frequenciesAndShifts() {
        #expect(Tensor.fftfreq(5, dtype: .float64).doubles == [0, 0.2, 0.4, -0.4, -0.2])
        #expect(Tensor.fftfreq(4, spacing: 0.5, dtype: .float64).doubles == [0, 0.5, -1, -0.5])
        #expect(Tensor.rfftfreq(5, dtype: .float64).doubles == [0, 0.2, 0.4])
        #expect(Tensor.arange(5).fftshift().ints == [3, 4, 0, 1, 2])
        #expect(Tensor.arange(5).fftshift().ifftshift().ints == [0, 1, 2, 3, 4])
        #expect(Tensor.arange(6).reshaped(2, 3).fftshift().ints == [5, 3, 4, 2, 0, 1])
        #expect(Tensor.arange(6).reshaped(2, 3).fftshift(axes: [1]).ints == [2, 0, 1, 5, 3, 4])
    }

    @Test("Parseval: a transform keeps energies, and a loss of spectra has the gradient of the signal")
    func gradients() {
        let x = numbers([21], seed: 9)
        let slope = gradient(at: x) { $0.rfft(normalization: .ortho).squaredMagnitude.sum() }
        let full = gradient(at: x) { $0.fft(normalization: .ortho).squaredMagnitude.sum() }
        expectClose(full, 2 * x, 1e-13)
        // The half counts pairs of bins once: what is missing is that the mean counts twice.
        expectClose(slope, x + x.mean().broadcast(to: [21]), 1e-13)
        let second = hessian(at: x[0..<4].settled()) { $0.fft(normalization: .ortho).squaredMagnitude.sum() }
        expectClose(second, Tensor.eye(4, dtype: .float64) * 2, 1e-13)
    }

    @Test("what can't be transformed is said")
    func sentences() throws {
        let x = Tensor.zeros([2, 0])
        #expect(sentence { x.fft().real } == "fft: 0 numbers along the axis; a transform needs at least 1.")
        #expect(sentence { Tensor.zeros([3]).rfft(axis: 1).real } == "rfft: axis 1 is outside a tensor of rank 1: use -1 to 0.")
        #expect(sentence { Tensor.zeros([1]).rfft().irfft() } == "irfft: 0 numbers along the axis; a transform needs at least 1.")
        #expect(sentence { Tensor.zeros([3, 3]).rfftn(counts: [2], axes: [0, 1]).real } == "rfftn: 1 lengths [2] for 2 axes [0, 1]; give one for each.")
        #expect(Tensor.zeros([0, 4]).fft().shape == [0, 4])
        #expect(Tensor.zeros([0, 4]).fft().real.doubles == [])
    }

    private func sentence(_ body: () -> Tensor) -> String? {
        do {
            _ = try catchingFaults { body() }
            return nil
        } catch { return "\(error)" }
    }
}

func numbers(_ shape: [Int], seed: Int) -> Tensor { Tensor(float64: spread(shape.elementCount, in: -1...1, seed: seed), shape: shape) }
func complex(_ shape: [Int], seed: Int) -> ComplexTensor { ComplexTensor(real: numbers(shape, seed: seed), imaginary: numbers(shape, seed: seed + 100)) }
private func sine(_ x: Double) -> Double { sin(Tensor(float64: [x])).item() }

/// `Σ x[j] exp(sign 2πi jk / n)` for each k, with angles brought below a turn first.
private func definingSum(_ real: [Double], _ imaginary: [Double], sign: Double) -> (real: [Double], imaginary: [Double]) {
    let n = real.count
    let angles = Tensor(float64: (0..<n).map { 2 * Double.pi * Double($0) / Double(n) })
    let cosines = cos(angles).doubles, sines = sin(angles).doubles.map { $0 * sign }
    var result = (real: [Double](repeating: 0, count: n), imaginary: [Double](repeating: 0, count: n))
    for k in 0..<n {
        for j in 0..<n {
            let c = cosines[j * k % n], s = sines[j * k % n]
            result.real[k] += real[j] * c - imaginary[j] * s
            result.imaginary[k] += real[j] * s + imaginary[j] * c
        }
    }
    return result
}

extension FourierTests {
    private static let numpyHalf = [1.04694264926384, 2.4704222387820947, 3.5439757624089667, -1.081874406287553, 0.8853522460179958, 1.1761042977387084]
    private static let numpyFull = [1.4049948660637275, -2.2637006950287373, -1.1290819159085048, 0.5843864320343396, 1.906093133421614, -2.9440793760847175, 2.5486563325227607, 1.3485694437365667]
    private static let numpyInverse = [0.8391960001163193, 0.6787826732732575, 0.4947079491892581, -0.28873922127136104, -0.5888614769219567]
    private static let numpyPadded = [
        0.7416550882187574, 0.939731398785925, 0.2738229951026979, -0.6438370074785089, 0.13457643779453787, -0.06484383381757841, -0.20464698366047399, -0.15629864050384878, 0.8913789331024661,
        0.89408044084556, 0.07476851453845185, -0.8132852392226378, 2.2552600788346138, 2.857579948112202, 0.8326539915005496, -1.9578102049160868, 0.8913789331024661, 0.89408044084556,
        0.07476851453845185, -0.8132852392226378, 0.13457643779453798, -0.0648438338175783, -0.20464698366047396, -0.1562986405038489,
    ]
}
