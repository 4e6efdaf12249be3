import DescentCore
import Testing

/// Distributions against SciPy's formulas and PyTorch's divergences; samples against moments; derivatives of samples against quantiles.
@Suite struct DistributionTests {
    private static let r = ArrayRecording.shared
    private static func numbers(_ values: Double...) -> Tensor { Tensor(float64: values) }
    private static let x = numbers(0.3, 1.7, 2.5), counts = Tensor(int64: [0, 1, 4]), shares = numbers(0.2, 0.5, 0.3)
    private static let matrix = Tensor(float64: [2, 0.3, -0.4, 0.3, 1.5, 0.2, -0.4, 0.2, 1], shape: [3, 3])

    private static let families: [String: (any Distribution, Tensor)] = [
        "Normal": (Normal(mean: 0.5, deviation: 2, dtype: .float64), x), "LogNormal": (LogNormal(mean: 0.3, deviation: 0.8, dtype: .float64), x),
        "Uniform": (Uniform(low: 0.2, high: 2.2, dtype: .float64), x), "Exponential": (Exponential(rate: 1.5, dtype: .float64), x),
        "Laplace": (Laplace(mean: 0.5, scale: 2, dtype: .float64), x), "Gamma": (Gamma(concentration: 2.5, rate: 1.5, dtype: .float64), x),
        "Beta": (Beta(2.5, 0.7, dtype: .float64), x / 3), "StudentT": (StudentT(degrees: 4.5, location: 0.5, scale: 2, dtype: .float64), x),
        "Poisson": (Poisson(mean: 3.5, dtype: .float64), counts), "Bernoulli": (Bernoulli(probability: 0.3, dtype: .float64), Tensor(int64: [0, 1, 2])),
        "Categorical": (Categorical(probabilities: numbers(0.2, 0.5, 0.3)), Tensor(int64: [0, 1])),
    ]

    @Test(arguments: families.keys.sorted())
    func formulas(_ name: String) throws {
        let (family, points) = Self.families[name]!
        expectClose(family.logProbability(points).doubles, try #require(Self.r.results["\(name)/logProbability"]).elements, 1e-14)
        let moments = [family.mean, family.variance, family.entropy]
        expectClose(moments.map { $0.item() }, try #require(Self.r.results["\(name)/moments"]).elements, 1e-13)
        #expect(moments.allSatisfy { $0.shape == family.batchShape })
    }

    @Test func severalElements() throws {
        let dirichlet = Dirichlet(Self.numbers(2.5, 0.7, 1.5)), normal = MultivariateNormal(mean: Self.numbers(0.5, 0, -1), covariance: Self.matrix)
        for (name, found) in [
            ("Dirichlet/logProbability", dirichlet.logProbability(Self.shares)), ("Dirichlet/mean", dirichlet.mean), ("Dirichlet/variance", dirichlet.variance),
            ("Dirichlet/entropy", dirichlet.entropy), ("MultivariateNormal/logProbability", normal.logProbability(Self.x)), ("MultivariateNormal/entropy", normal.entropy),
            ("Poisson/largeEntropy", Poisson(mean: Self.numbers(99, 101, 1000)).entropy),
        ] { expectClose(found.doubles, try #require(Self.r.results[name]).elements, 1e-9, name) }
        expectClose(normal.variance, Self.numbers(2, 1.5, 1), 1e-14)
        #expect(normal.logProbability(Tensor.zeros([4, 2, 3], dtype: .float64)).shape == [4, 2])
    }

    @Test func divergences() throws {
        func number(_ value: Double) -> Tensor { .full([], value, dtype: .float64) }
        let found: [String: Tensor] = [
            "Normal": klDivergence(Normal(mean: number(0.5), deviation: number(2)), Normal(mean: number(-1), deviation: number(1.5))),
            "LogNormal": klDivergence(LogNormal(mean: number(0.5), deviation: number(2)), LogNormal(mean: number(-1), deviation: number(1.5))),
            "Uniform": klDivergence(Uniform(low: number(0), high: number(1)), Uniform(low: number(-1), high: number(2))),
            "Exponential": klDivergence(Exponential(rate: number(2)), Exponential(rate: number(0.5))),
            "Laplace": klDivergence(Laplace(mean: number(0.5), scale: number(2)), Laplace(mean: number(-1), scale: number(1.5))),
            "Gamma": klDivergence(Gamma(concentration: number(2.5), rate: number(2)), Gamma(concentration: number(0.7), rate: number(1.5))),
            "Beta": klDivergence(Beta(number(2.5), number(0.7)), Beta(number(1.5), number(3))), "Poisson": klDivergence(Poisson(mean: number(3.5)), Poisson(mean: number(2))),
            "Bernoulli": klDivergence(Bernoulli(probability: number(0.3)), Bernoulli(probability: number(0.8))),
            "Categorical": klDivergence(Categorical(probabilities: Self.shares), Categorical(probabilities: Self.numbers(0.6, 0.1, 0.3))),
            "Dirichlet": klDivergence(Dirichlet(Self.numbers(2.5, 0.7, 1.5)), Dirichlet(Self.numbers(1, 2, 3))),
            "MultivariateNormal": klDivergence(
                MultivariateNormal(mean: Self.numbers(0.5, 0, -1), covariance: Self.matrix), MultivariateNormal(mean: Self.numbers(0, 0, 0), covariance: .eye(3, dtype: .float64))),
        ]
        let recorded = Self.r.results.filter { $0.key.hasSuffix("/divergence") }
        #expect(recorded.count == found.count)
        for (name, value) in found { expectClose([value.item()], recorded["\(name)/divergence"]!.elements, 1e-12, name) }
    }

    @Test("moments of samples are those of the distribution", arguments: families.keys.sorted(), [1.0, 8.0])
    func samples(_ name: String, _ factor: Double) {
        var family = Self.families[name]!.0
        // Other branches of the rejection: small and large parameters.
        if factor > 1 {
            switch family {
            case is Gamma: family = Gamma(concentration: 0.2, rate: 2, dtype: .float64)
            case is Poisson: family = Poisson(mean: 28, dtype: .float64)
            case is Beta: family = Beta(0.3, 20, dtype: .float64)
            case is StudentT: family = StudentT(degrees: 30, dtype: .float64)
            default: return
            }
        }
        let size = 20_000, drawn = family.sample([size], using: Random(seed: 3)), x = drawn.cast(to: .float64)
        #expect(x.shape == [size] + family.batchShape)
        let deviation = family.standardDeviation.item()
        expectClose([(x.mean().item() - family.mean.item()) / deviation * Double(size).squareRoot()], [0], 3.5, "mean")
        #expect(abs(x.variance().item() / family.variance.item() - 1) < (name == "StudentT" || name == "LogNormal" ? 0.25 : 0.08), "variance of \(name)")
        #expect(family.logProbability(drawn).isFinite.all().bools[0])
    }

    @Test func samplesOfSeveralElements() {
        let random = Random(seed: 5)
        let shares = Dirichlet(Self.numbers(2.5, 0.7, 1.5)).sample([20_000], using: random)
        expectClose(shares.sum(axis: -1), Tensor(1, like: shares[.all, 0]), 1e-14)
        expectClose(shares.mean(axes: [0]), Dirichlet(Self.numbers(2.5, 0.7, 1.5)).mean, 1e-2)
        let vectors = MultivariateNormal(mean: Self.numbers(0.5, 0, -1), covariance: Self.matrix).sample([20_000], using: random)
        expectClose(vectors.transposed().covariance(), Self.matrix, 0.05)
        let counts = random.binomial(trials: Self.numbers(20, 200, 7), probability: Self.numbers(0.25, 0.6, 1), shape: [20_000]).cast(to: .float64)
        expectClose(counts.mean(axes: [0]), Self.numbers(5, 120, 7), 0.02)
        expectClose(counts.variance(axes: [0]), Self.numbers(3.75, 48, 0), 0.05)
        let normal = random.truncatedNormal([5000], in: 30...40, dtype: .float64)
        // Mills' ratio: the mean beyond 30 deviations is 30 + 1/30 - ...
        #expect(normal.min().item() >= 30 && abs(normal.mean().item() - 30.0332) < 0.003)
        #expect(random.poisson(mean: Self.numbers(-1, 0)).ints == [-1, 0] && random.gamma(concentration: Self.numbers(-1)).isNaN.bools == [true])
    }

    @Test func choices() {
        let random = Random(seed: 9)
        let drawn = random.choice(4, samples: 20_000, weights: Self.numbers(1, 0, 2, 1)).binCounts(size: 4).doubles
        expectClose(drawn.map { $0 / 20_000 }, [0.25, 0, 0.5, 0.25], 0.02)
        #expect(random.choice(10, samples: 10, replacing: false).sorted().ints == Array(0..<10))
        #expect(random.choice(3, samples: 2, replacing: false, weights: Self.numbers(1, 0, 1)).sorted().ints == [0, 2])
        let classes = random.categorical(logits: Tensor([[0, -.infinity], [-.infinity, 0]]), shape: [100])
        #expect(classes.shape == [100, 2] && classes.max(axes: [0]).ints == [0, 1] && classes.min(axes: [0]).ints == [0, 1])
        let whole = random.integers([1000], in: -2..<3)
        #expect(whole.unique().values.ints == [-2, -1, 0, 1, 2] && random.shuffled(Tensor.arange(50)).sorted().ints == Array(0..<50))
        #expect(random.integers([3], in: 0..<10).ints != random.integers([3], in: 0..<10).ints || random.integers([9], in: 0..<10).ints != random.integers([9], in: 0..<10).ints)
    }

    // MARK: Derivatives

    @Test func samplesOfGammaMoveWithTheirConcentration() {
        // The mean of a function's gradient is the gradient of its mean: d/da E[x] = 1, d/da E[x²] = 2 a + 1, and its second derivative 2.
        let a = Self.numbers(0.3, 2, 15), size = 40_000
        func samples(_ a: Tensor) -> Tensor { Random(seed: 11).gamma(concentration: a, shape: [size]) }
        let first = gradient(at: a) { samples($0).sum() } / Double(size)
        expectClose(first, Self.numbers(1, 1, 1), 0.03)
        let square = gradient(at: a) { samples($0).squared.sum() } / Double(size)
        expectClose(square / (2 * a + 1), Self.numbers(1, 1, 1), 0.03)
        let second = gradient(at: a) { a in gradient(at: a) { samples($0).squared.sum() }.sum() } / Double(size)
        expectClose(second, Self.numbers(2, 2, 2), 0.1)
    }

    @Test func gammaSlopeIsThatOfTheQuantile() {
        // F(a, z) fixed: at a = 1 the distribution is exponential, and along a = n + 1 the slope is known by integrals; here by differences of the curvature.
        let a = Self.numbers(0.4, 1, 6), l = Self.numbers(-2, 0.3, 2), step = 1e-5
        func slope(_ a: Tensor, _ l: Tensor) -> Tensor { GammaSlope.node(a, l) }
        expectClose(GammaCurvature.node(a, l), (slope(a + step, l) - slope(a - step, l)) / (2 * step), 1e-8)
        expectClose(gradient(at: l) { slope(a, $0).sum() }, (slope(a, l + step) - slope(a, l - step)) / (2 * step), 1e-8)
        expectClose(gradient(at: a) { slope($0, l).sum() }, GammaCurvature.node(a, l), 1e-14)
        // mpmath: -(dF/da) / (z dF/dz) at a = 1, log z = 0; a = 0.1, log z = log(0.1); a = 1000, log z = log(1000) + 3 / √1000.
        let places = Self.numbers(1, 0.1, 1000), logs = Self.numbers(0, -2.302_585_092_994_045_7, 6.907_755_278_982_137 + 3 / 1000.0.squareRoot())
        expectClose(slope(places, logs) / Self.numbers(1.173_563_027_224_726_8, 21.469_220_600_259_05, 0.000_953_474_577_540_964_7), Self.numbers(1, 1, 1), 2e-14)
    }

    @Test func distributionsHaveDerivatives() {
        let mean = Self.numbers(0.5)
        #expect(gradient(at: mean) { Normal(mean: $0, deviation: Self.numbers(2)).sample([10], using: Random(seed: 1)).sum() }.doubles == [10])
        expectClose(gradient(at: mean) { Normal(mean: $0, deviation: Self.numbers(2)).logProbability(Self.numbers(1.5)).sum() }.doubles, [0.25], 1e-15)
        // Outside the support the derivative is 0, not NaN.
        #expect(gradient(at: mean) { Gamma(concentration: $0, rate: Self.numbers(1)).logProbability(Self.numbers(-1)).sum() }.doubles == [0])
        #expect(gradient(at: Self.numbers(0)) { Bernoulli(logits: $0).entropy.sum() }.doubles == [0])
        #expect(Bernoulli(probability: Self.numbers(0, 1)).entropy.doubles == [0, 0] && Categorical(probabilities: Self.numbers(0, 1)).entropy.doubles == [0])
        #expect(!Poisson.isReparameterized && Gamma.isReparameterized)
    }
}
