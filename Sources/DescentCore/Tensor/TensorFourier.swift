/// Where a Fourier transform of n numbers is scaled. Whatever the choice, the inverse undoes the transform.
public enum FourierNormalization: Sendable, Hashable {
    /// The inverse by 1 / n.
    case backward
    /// Both by 1 / √n.
    case ortho
    /// The transform by 1 / n.
    case forward

    package func scale(_ count: Int, inverse: Bool) -> Double {
        switch self {
        case .backward: inverse ? 1 / Double(count) : 1
        case .ortho: 1 / Double(count).squareRoot()
        case .forward: inverse ? 1 : 1 / Double(count)
        }
    }
}

extension ComplexTensor {
    /// The discrete Fourier transform along an axis: `Y[k] = Σ X[j] exp(-2πi jk / n)`, any length, O(n log n).
    ///
    /// - Parameter count: the length n; the axis is cut off, or zeros follow it. By default the axis as it is.
    public func fft(count: Int? = nil, axis: Int = -1, normalization: FourierNormalization = .backward) -> ComplexTensor {
        transformed("fft", count: count, axis: axis, normalization, inverse: false)
    }
    /// The inverse of `fft`: `X[j] = 1/n Σ Y[k] exp(2πi jk / n)`.
    public func ifft(count: Int? = nil, axis: Int = -1, normalization: FourierNormalization = .backward) -> ComplexTensor {
        transformed("ifft", count: count, axis: axis, normalization, inverse: true)
    }
    /// The transform along several axes: all by default, or as many of the last ones as `counts` names.
    public func fftn(counts: [Int]? = nil, axes: [Int]? = nil, normalization: FourierNormalization = .backward) -> ComplexTensor {
        transformed("fftn", counts: counts, axes: axes, normalization, inverse: false)
    }
    /// The inverse of `fftn`.
    public func ifftn(counts: [Int]? = nil, axes: [Int]? = nil, normalization: FourierNormalization = .backward) -> ComplexTensor {
        transformed("ifftn", counts: counts, axes: axes, normalization, inverse: true)
    }
    /// The transform along two axes.
    public func fft2(counts: [Int]? = nil, axes: [Int] = [-2, -1], normalization: FourierNormalization = .backward) -> ComplexTensor {
        transformed("fft2", counts: counts, axes: axes, normalization, inverse: false)
    }
    /// The inverse of `fft2`.
    public func ifft2(counts: [Int]? = nil, axes: [Int] = [-2, -1], normalization: FourierNormalization = .backward) -> ComplexTensor {
        transformed("ifft2", counts: counts, axes: axes, normalization, inverse: true)
    }

    /// The inverse of `Tensor.rfft`: `count` real numbers from `count / 2 + 1` bins; by default an even count, `2 (bins - 1)`.
    ///
    /// Imaginary parts of the first bin, and of the last one of an even count, are ignored.
    public func irfft(count: Int? = nil, axis: Int = -1, normalization: FourierNormalization = .backward) -> Tensor {
        toReal("irfft", count: count, axis: axis) { normalization.scale($0, inverse: true) }
    }
    /// The transform along several axes to real numbers: the inverse of `Tensor.rfftn`. The last of the axes is the halved one.
    public func irfftn(counts: [Int]? = nil, axes: [Int]? = nil, normalization: FourierNormalization = .backward) -> Tensor {
        do {
            let list = try Fourier.axes(axes, counts, rank: rank, for: "irfftn")
            guard let last = list.last else { return real }
            let others = transformed("irfftn", counts: counts.map { Array($0.dropLast()) }, axes: Array(list.dropLast()), normalization, inverse: true)
            return others.irfft(count: counts?.last, axis: last, normalization: normalization)
        } catch { return standIn(error, like: real) }
    }
    /// The inverse of `Tensor.rfft2`.
    public func irfft2(counts: [Int]? = nil, axes: [Int] = [-2, -1], normalization: FourierNormalization = .backward) -> Tensor {
        irfftn(counts: counts, axes: axes, normalization: normalization)
    }
    /// The transform of numbers with Hermitian symmetry, of which the first half is given: `count` real numbers, by default `2 (bins - 1)`.
    public func hfft(count: Int? = nil, axis: Int = -1, normalization: FourierNormalization = .backward) -> Tensor {
        conjugate.toReal("hfft", count: count, axis: axis) { normalization.scale($0, inverse: false) }
    }

    /// The zero frequency moved from the front of the axes (all by default) to their middle.
    public func fftshift(axes: [Int]? = nil) -> ComplexTensor { map { $0.fftshift(axes: axes) } }
    /// The inverse of `fftshift`; another one only for odd sizes.
    public func ifftshift(axes: [Int]? = nil) -> ComplexTensor { map { $0.ifftshift(axes: axes) } }

    private func transformed(_ name: String, count: Int?, axis: Int, _ normalization: FourierNormalization, inverse: Bool) -> ComplexTensor {
        do {
            let axis = try normalizedAxis(axis, rank: rank, for: name)
            let size = count ?? shape[axis]
            try FourierKernels.check(count: size, for: name)
            let sized = map { Fourier.sized($0, axis: axis, count: size) }
            return Fourier.along(axis, sized.tensors, count: size) { axis in
                FourierTransform(axis: axis, inverse: inverse, scale: normalization.scale(size, inverse: inverse))
            }.asComplex
        } catch { return standInComplex(error) }
    }

    private func transformed(
        _ name: String, counts: [Int]?, axes: [Int]?, _ normalization: FourierNormalization, inverse: Bool
    ) -> ComplexTensor {
        do {
            let list = try Fourier.axes(axes, counts, rank: rank, for: name)
            return list.indices.reversed().reduce(self) { x, place in
                x.transformed(name, count: counts?[place], axis: list[place], normalization, inverse: inverse)
            }
        } catch { return standInComplex(error) }
    }

    private func toReal(_ name: String, count: Int?, axis: Int, scale: (Int) -> Double) -> Tensor {
        do {
            let axis = try normalizedAxis(axis, rank: rank, for: name)
            let size = count ?? 2 * (shape[axis] - 1)
            try FourierKernels.check(count: size, for: name)
            let sized = map { Fourier.sized($0, axis: axis, count: size / 2 + 1) }
            return Fourier.along(axis, sized.tensors, count: size) { HermitianFourierTransform(axis: $0, count: size, scale: scale(size)) }[0]
        } catch { return standIn(error, like: real) }
    }

    private func standInComplex(_ error: any Error) -> ComplexTensor {
        let result = standIn(error, like: real)
        return ComplexTensor(parts: result, result)
    }
}

extension Tensor {
    /// The discrete Fourier transform of real numbers, all n results. `rfft` gives the first half alone, in half the time.
    public func fft(count: Int? = nil, axis: Int = -1, normalization: FourierNormalization = .backward) -> ComplexTensor {
        ComplexTensor(self).fft(count: count, axis: axis, normalization: normalization)
    }
    /// The inverse transform of real numbers.
    public func ifft(count: Int? = nil, axis: Int = -1, normalization: FourierNormalization = .backward) -> ComplexTensor {
        ComplexTensor(self).ifft(count: count, axis: axis, normalization: normalization)
    }

    /// The transform of real numbers along an axis: the first `n / 2 + 1` results; the others are their conjugates.
    ///
    /// - Parameter count: the length n; the axis is cut off, or zeros follow it. By default the axis as it is.
    public func rfft(count: Int? = nil, axis: Int = -1, normalization: FourierNormalization = .backward) -> ComplexTensor {
        halfTransform("rfft", count: count, axis: axis) { normalization.scale($0, inverse: false) }
    }
    /// The transform of real numbers along several axes: all by default. The last of them is halved.
    public func rfftn(counts: [Int]? = nil, axes: [Int]? = nil, normalization: FourierNormalization = .backward) -> ComplexTensor {
        do {
            let list = try Fourier.axes(axes, counts, rank: rank, for: "rfftn")
            guard let last = list.last else { return ComplexTensor(self) }
            let half = rfft(count: counts?.last, axis: last, normalization: normalization)
            return half.fftn(counts: counts.map { Array($0.dropLast()) }, axes: Array(list.dropLast()), normalization: normalization)
        } catch {
            let result = standIn(error, like: floating)
            return ComplexTensor(parts: result, result)
        }
    }
    /// The transform of real numbers along two axes, of which the second is halved.
    public func rfft2(counts: [Int]? = nil, axes: [Int] = [-2, -1], normalization: FourierNormalization = .backward) -> ComplexTensor {
        rfftn(counts: counts, axes: axes, normalization: normalization)
    }
    /// The inverse of `ComplexTensor.hfft`: the first half, `n / 2 + 1`, of the inverse transform of real numbers.
    public func ihfft(count: Int? = nil, axis: Int = -1, normalization: FourierNormalization = .backward) -> ComplexTensor {
        halfTransform("ihfft", count: count, axis: axis) { normalization.scale($0, inverse: true) }.conjugate
    }

    /// The frequencies of the results of a transform of `count` samples, `spacing` apart: 0, 1, ... up, then the negative ones, over `count · spacing`.
    public static func fftfreq(_ count: Int, spacing: Double = 1, dtype: DType = .float32) -> Tensor {
        frequencies(count, bins: count, spacing, dtype, "fftfreq") { $0 < (count + 1) / 2 ? $0 : $0 - count }
    }
    /// The frequencies of the results of `rfft`: 0, 1, ... `count / 2`, over `count · spacing`.
    public static func rfftfreq(_ count: Int, spacing: Double = 1, dtype: DType = .float32) -> Tensor {
        frequencies(count, bins: count / 2 + 1, spacing, dtype, "rfftfreq") { $0 }
    }
    private static func frequencies(_ count: Int, bins: Int, _ spacing: Double, _ dtype: DType, _ name: String, number: (Int) -> Int) -> Tensor {
        if count < 1 || spacing == 0 { return standIn("\(name): \(count) samples, \(spacing) apart; give at least 1, and a spacing other than 0.", [0], dtype) }
        return Tensor(float64: (0..<bins).map { Double(number($0)) / (Double(count) * spacing) }).cast(to: dtype)
    }

    /// The zero frequency moved from the front of the axes (all by default) to their middle.
    public func fftshift(axes: [Int]? = nil) -> Tensor { rotated("fftshift", axes) { $0 / 2 } }
    /// The inverse of `fftshift`; another one only for odd sizes.
    public func ifftshift(axes: [Int]? = nil) -> Tensor { rotated("ifftshift", axes) { ($0 + 1) / 2 } }
    private func rotated(_ name: String, _ axes: [Int]?, by places: (Int) -> Int) -> Tensor {
        do {
            return try normalizedAxes(axes ?? Array(0..<rank), rank: rank, for: name).reduce(self) { x, axis in
                x.rolled(places(x.shape[axis]), axis: axis)
            }
        } catch { return standIn(error, like: self) }
    }

    private func halfTransform(_ name: String, count: Int?, axis: Int, scale: (Int) -> Double) -> ComplexTensor {
        do {
            let axis = try normalizedAxis(axis, rank: rank, for: name)
            let size = count ?? shape[axis]
            try FourierKernels.check(count: size, for: name)
            let sized = Fourier.sized(floating, axis: axis, count: size)
            return Fourier.along(axis, [sized], count: size) { RealFourierTransform(axis: $0, scale: scale(size)) }.asComplex
        } catch {
            let result = standIn(error, like: floating)
            return ComplexTensor(parts: result, result)
        }
    }
}

/// What the transforms share.
private enum Fourier {
    /// The axes of a transform along several, counted from the front.
    static func axes(_ axes: [Int]?, _ counts: [Int]?, rank: Int, for name: String) throws(ShapeError) -> [Int] {
        if let counts, let axes, counts.count != axes.count {
            throw ShapeError("\(name): \(counts.count) lengths \(counts) for \(axes.count) axes \(axes); give one for each.")
        }
        if let counts, axes == nil, counts.count > rank { throw ShapeError("\(name): \(counts.count) lengths \(counts) for a tensor of rank \(rank).") }
        return try normalizedAxes(axes ?? Array((rank - (counts?.count ?? rank))..<rank), rank: rank, for: name)
    }

    /// An axis cut off, or with zeros behind it, to `count` members.
    static func sized(_ x: Tensor, axis: Int, count: Int) -> Tensor {
        let size = x.shape[axis]
        if count <= size { return x.slice(axis: axis, 0..<count) }
        return x.padded(x.shape.indices.map { (before: 0, after: $0 == axis ? count - size : 0) })
    }

    /// A transform along an axis, which is moved to the end where the kernel wants it there: where it is long, or few numbers lie side by side.
    static func along(_ axis: Int, _ parts: [Tensor], count: Int, _ primitive: (Int) -> some Primitive) -> [Tensor] {
        let last = parts[0].rank - 1, beside = Array(parts[0].shape[(axis + 1)...]).elementCount
        if beside == 1 || (beside >= 4 && count <= FourierKernels.columnLimit) { return apply(primitive(axis), parts) }
        return apply(primitive(last), parts.map { $0.movingAxis(axis, to: last) }).map { $0.movingAxis(last, to: axis) }
    }
}

extension [Tensor] {
    /// The first two as real and imaginary parts.
    fileprivate var asComplex: ComplexTensor { ComplexTensor(parts: self[0], self[1]) }
}
