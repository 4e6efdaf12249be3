// Samples beyond uniform and normal numbers. Where a result depends smoothly on parameters that are tensors, it has derivatives by them.

extension Random {
    /// Numbers in (0, 1), of which a logarithm is finite.
    func open(_ shape: [Int], _ dtype: DType) -> Tensor {
        let step = dtype == .float32 ? 0x1p-25 : 0x1p-54
        return uniform(shape, dtype: dtype) * (1 - 2 * step) + step
    }

    /// A draw with parameters, one sample for each of their elements.
    func variates(_ distribution: RandomVariates.Distribution, _ parameters: [Tensor]) -> Tensor {
        let current = state.value
        state.value = current + Tensor(int64: [0, parameters[0].count])
        return apply(RandomVariates(distribution), [current] + parameters)[0]
    }

    /// Whole numbers of a range, each as likely, int64.
    public func integers(_ shape: [Int], in range: Range<Int>) -> Tensor {
        if range.isEmpty { return standIn("integers: the range \(range) is empty.", shape, .int64) }
        // 53 bits of a uniform number: the bias of a range of 2³² is below 1e-6.
        let places = (draw(.uniform, shape, .float64) * Double(range.count)).cast(to: .int64)
        return minimum(places, Tensor(int64: [range.count - 1], shape: [])) + Tensor(int64: [range.lowerBound], shape: [])
    }

    /// Numbers with density `rate exp(-rate x)`.
    public func exponential(_ shape: [Int], rate: Double = 1, dtype: DType = .float32) -> Tensor { -log(open(shape, dtype)) / rate }
    /// Numbers of the standard Gumbel distribution: the largest of logits plus such numbers is a draw from their softmax.
    public func gumbel(_ shape: [Int], dtype: DType = .float32) -> Tensor { -log(-log(open(shape, dtype))) }
    /// Numbers of the Laplace distribution, `exp(-|x - mean| / scale) / (2 scale)`.
    public func laplace(_ shape: [Int], mean: Double = 0, scale: Double = 1, dtype: DType = .float32) -> Tensor {
        let centred = open(shape, dtype) * 2 - 1
        return mean - scale * (sign(centred) * log1p(-abs(centred)))
    }
    /// Numbers of the Cauchy distribution.
    public func cauchy(_ shape: [Int], median: Double = 0, scale: Double = 1, dtype: DType = .float32) -> Tensor {
        median + scale * tan(Double.pi * (open(shape, dtype) - 0.5))
    }

    /// Numbers of a normal distribution that lie in a range; right far out in its tails too.
    public func truncatedNormal(_ shape: [Int], in range: ClosedRange<Double>, mean: Double = 0, deviation: Double = 1, dtype: DType = .float32) -> Tensor {
        if !(deviation > 0) { return standIn("truncatedNormal: a deviation of \(deviation); it must be above 0.", shape, dtype) }
        let low = (range.lowerBound - mean) / deviation, high = (range.upperBound - mean) / deviation
        // On the left side, where probabilities are exact however small.
        let isMirrored = low > 0, (a, b) = isMirrored ? (-high, -low) : (low, high)
        func probability(_ z: Double) -> Tensor { 0.5 * erfc(Tensor(float64: [-z * 0.707_106_781_186_547_524_40], shape: [])) }
        let share = open(shape, .float64), first = probability(a)
        let z = erfcinv(2 * (first + share * (probability(b) - first))) * -1.414_213_562_373_095_048_8
        return ((isMirrored ? -z : z) * deviation + mean).clipped(to: range).cast(to: dtype)
    }

    // MARK: Choices

    /// Draws of numbers 0 ..< count, int64.
    ///
    /// - Parameters:
    ///   - replacing: Whether a number can be drawn again.
    ///   - weights: How likely each number is, in proportion [count]; all alike if left out.
    public func choice(_ count: Int, samples: Int, replacing: Bool = true, weights: Tensor? = nil) -> Tensor {
        if let weights, weights.shape != [count] { return standIn("choice: weights of shape \(weights.shape) for \(count) numbers.", [samples], .int64) }
        if count < 1 || samples < 0 || (!replacing && samples > count) {
            return standIn("choice: \(samples) samples of \(count) numbers\(replacing ? "" : " without replacement").", [samples], .int64)
        }
        switch (replacing, weights) {
        case (true, nil): return integers([samples], in: 0..<count)
        case (true, let weights?):
            let ends = stopGradient(weights).cast(to: .float64).cumulativeSum()
            return ends.searchSorted(draw(.uniform, [samples], .float64) * ends[-1], fromRight: true)
        case (false, nil): return permutation(count)[0..<samples]
        case (false, let weights?):
            // The Gumbel trick: the order of log weights plus Gumbel numbers is a draw one by one.
            return (log(stopGradient(weights).cast(to: .float64)) + gumbel([count], dtype: .float64)).topK(samples).places
        }
    }

    /// Draws of categories from the softmax of logits [..., classes], int64: [shape..., ...].
    public func categorical(logits: Tensor, shape: [Int] = []) -> Tensor {
        guard logits.rank > 0, logits.shape.last! > 0 else { return standIn("categorical: logits of shape \(logits.shape); a last axis of classes is needed.", shape, .int64) }
        let x = stopGradient(logits.floating)
        return (x + gumbel(shape + x.shape, dtype: x.dtype)).argmax(axis: -1)
    }

    /// The members of an axis in random order.
    public func shuffled(_ x: Tensor, axis: Int = 0) -> Tensor {
        do {
            let axis = try normalizedAxis(axis, rank: x.rank, for: "shuffled")
            return x.gathered(checked: permutation(x.shape[axis]), axis: axis)
        } catch { return standIn(error, like: x) }
    }

    // MARK: With parameters

    /// Logarithms of gamma variates, one for each element of `concentration` (with a scale of 1), after further axes `shape` in front: exact where the variates of a
    /// small concentration underflow. First and second derivatives by the concentration, by implicit reparameterisation.
    public func logGamma(concentration: Tensor, shape: [Int] = []) -> Tensor {
        let a = concentration.floating
        return variates(.logGamma, [a.broadcast(to: shape + a.shape)])
    }
    /// Gamma variates with density in proportion to `x^(concentration - 1) exp(-rate x)`, one for each element of the parameters, which broadcast, after further axes
    /// `shape`. They have derivatives by both.
    public func gamma(concentration: Tensor, rate: Tensor = Tensor(1), shape: [Int] = []) -> Tensor {
        let (a, b) = parameters(concentration, rate, "gamma")
        return exp(logGamma(concentration: a, shape: shape)) / b
    }
    /// Beta variates, one for each element of the parameters, after further axes `shape`. They have derivatives by both.
    public func beta(_ a: Tensor, _ b: Tensor, shape: [Int] = []) -> Tensor {
        let (a, b) = parameters(a, b, "beta")
        return sigmoid(logGamma(concentration: a, shape: shape) - logGamma(concentration: b, shape: shape))
    }
    /// Shares that add up to 1 along the last axis of `concentration`, after further axes `shape`. They have derivatives by it.
    public func dirichlet(_ concentration: Tensor, shape: [Int] = []) -> Tensor { softmax(logGamma(concentration: concentration, shape: shape)) }
    /// Counts of events, int64, one for each element of `mean`, after further axes `shape`. -1 where the mean is negative or no number.
    public func poisson(mean: Tensor, shape: [Int] = []) -> Tensor {
        let mean = stopGradient(mean.floating)
        return counts(variates(.poisson, [mean.broadcast(to: shape + mean.shape)]))
    }
    /// Counts of successes in `trials` with a probability each, int64, one for each element of the parameters, after further axes `shape`. -1 where a parameter has no
    /// meaning.
    public func binomial(trials: Tensor, probability: Tensor, shape: [Int] = []) -> Tensor {
        let (n, p) = parameters(trials, probability, "binomial")
        return counts(variates(.binomial, [stopGradient(n).broadcast(to: shape + n.shape), stopGradient(p).broadcast(to: shape + p.shape)]))
    }

    private func counts(_ x: Tensor) -> Tensor { Tensor.where(x.isNaN, Tensor(-1, like: x), x).cast(to: .int64) }
}

/// Two parameters as floating tensors of one type and shape.
func parameters(_ a: Tensor, _ b: Tensor, _ operation: String) -> (Tensor, Tensor) {
    do {
        let shape = try broadcastShape(a.shape, b.shape, for: operation), dtype = DType.promoted(a.floating.dtype, b.floating.dtype)
        return (a.cast(to: dtype).broadcast(to: shape), b.cast(to: dtype).broadcast(to: shape))
    } catch {
        let result = standIn(error, like: a.floating)
        return (result, result)
    }
}
