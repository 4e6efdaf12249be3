import DescentNN
import Testing

@Suite struct ScheduleTests {
    /// The learning rates of PyTorch 2.13's schedulers from a rate of 1, one for each step.
    static let known: [(name: String, schedule: Schedule, steps: Int, rates: [Double])] = [
        // L.StepLR(o, 3, 0.5)
        ("step", .step(every: 3, factor: 0.5), 8, [1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25]),
        // L.MultiStepLR(o, [2, 5], 0.25)
        ("multi-step", .multiStep(at: [5, 2], factor: 0.25), 8, [1, 1, 0.25, 0.25, 0.25, 0.0625, 0.0625, 0.0625]),
        // L.ExponentialLR(o, 0.75)
        ("exponential", .exponential(factor: 0.75), 6, [1, 0.75, 0.5625, 0.421875, 0.31640625, 0.2373046875]),
        // L.PolynomialLR(o, 6, 2)
        (
            "polynomial", .polynomial(power: 2), 6,
            [1, 0.6944444444444445, 0.4444444444444446, 0.25000000000000006, 0.11111111111111116, 0.027777777777777773, 0, 0]
        ),
        // L.LinearLR(o, 0.25, 0.75, 4)
        ("linear", .linear(from: 0.25, to: 0.75, steps: 4), 7, [0.25, 0.375, 0.5, 0.625, 0.75, 0.75, 0.75]),
        // L.CosineAnnealingLR(o, 7, 0.125)
        (
            "cosine", .cosine(to: 0.125), 7,
            [
                1, 0.9566738797073083, 0.835276788313196, 0.6598529086058875, 0.4651470913941125, 0.2897232116868041, 0.16832612029269167, 0.125,
            ]
        ),
        // L.CosineAnnealingWarmRestarts(o, 3, 2, 0.125)
        (
            "restarts", .cosineWithRestarts(every: 3, multiple: 2, to: 0.125), 14,
            [
                1, 0.78125, 0.3437500000000001, 1, 0.941386114155692, 0.78125, 0.5625, 0.3437500000000001, 0.18361388584430807, 1,
                0.9850925490014674, 0.941386114155692, 0.8718592167691145, 0.78125,
            ]
        ),
        // L.CosineAnnealingWarmRestarts(o, 3)
        ("even restarts", .cosineWithRestarts(every: 3), 8, [1, 0.75, 0.2500000000000001, 1, 0.75, 0.2500000000000001, 1, 0.75]),
        // L.OneCycleLR(o, 1.0, total_steps=12)
        (
            "one-cycle", .oneCycle, 12,
            [
                0.04, 0.3497896542195831, 0.8792851591221287, 0.9944154354509117, 0.9330129698414117, 0.811745653949763, 0.6473789976951033,
                0.46263710266697505, 0.28306099820869923, 0.1334775301888306, 0.03456698742539522, 4e-06,
            ]
        ),
        // L.OneCycleLR(o, 1.0, total_steps=10, pct_start=0.5, div_factor=10, final_div_factor=100)
        (
            "other cycle", .oneCycle(rise: 0.5, division: 10, finalDivision: 100), 10,
            [
                0.1, 0.23180194846605362, 0.55, 0.8681980515339464, 1, 0.9046039886902862, 0.6548539886902862, 0.3461460113097138,
                0.0963960113097138, 0.001,
            ]
        ),
        // L.SequentialLR(o, [L.LinearLR(o, 0.1, 1, 3), L.CosineAnnealingLR(o, 5)], [3])
        (
            "warm-up", .warmUp(steps: 3, from: 0.1, then: .cosine), 8,
            [
                0.1, 0.4, 0.7, 1, 0.9045084971874737, 0.6545084971874737, 0.3454915028125263, 0.09549150281252632,
            ]
        ),
        // L.ChainedScheduler([L.LinearLR(o, 0.5, 1, 4), L.ExponentialLR(o, 0.75)])
        (
            "product", .product([.linear(from: 0.5, to: 1, steps: 4), .exponential(factor: 0.75)]), 7,
            [
                0.5, 0.46875, 0.421875, 0.36914062500000006, 0.31640625000000006, 0.23730468750000006, 0.17797851562500006,
            ]
        ),
    ]

    @Test(arguments: known.indices)
    func agreesWithPyTorch(_ index: Int) {
        let (name, schedule, steps, rates) = Self.known[index]
        expectClose(rates.indices.map { schedule($0, of: steps) }, rates, 1e-14, name)
    }

    @Test func sequencesNest() {
        let schedule = Schedule.sequence([.constant, .warmUp(steps: 2, then: .linear), .exponential(factor: 0.5)], at: [2, 8])
        expectClose((0..<11).map { schedule($0, of: 11) }, [1, 1, 0, 0.5, 1, 0.75, 0.5, 0.25, 1, 0.5, 0.25], 1e-15)
    }

    @Test func byName() {
        for name in Schedule.names { #expect(Schedule.named(name) != nil) }
        #expect(Schedule.named("cosine") == .cosine && Schedule.named("cosinus") == nil)
        #expect(Schedule.cosine(to: 0) == .cosine && Schedule.cosine(to: 0.5) != .cosine)
    }

    /// Runs of one step, none, and steps after the end: factors stay finite and in 0...1.
    @Test func edges() {
        for (name, schedule, _, _) in Self.known {
            for total in [0, 1, 2, 3] {
                for step in [0, 1, 2, 5, 1000] {
                    let factor = schedule(step, of: total)
                    #expect(factor >= 0 && factor <= 1, "\(name) \(step) of \(total): \(factor)")
                }
            }
        }
        #expect(Schedule.cosine(25, of: 10) < 1e-15)
        #expect(Schedule.warmUp(steps: 0, then: .linear) == .linear)
    }

    // MARK: On a plateau

    private static let metrics = [1.0, 0.8, 0.79999, 0.8, 0.81, 0.9, 0.7, 0.71, 0.72, 0.73, 0.74, 0.75, 0.76, 0.69, 0.7, 0.7, 0.7, 0.7]

    /// PyTorch 2.13's `ReduceLROnPlateau`.
    @Test func aPlateauAgreesWithPyTorch() {
        // factor=0.5, patience=2
        var plateau = ReduceOnPlateau(reduction: 0.5, patience: 2)
        expectClose(
            Self.metrics.map { plateau.factor(after: $0) },
            [
                1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.125, 0.125, 0.125, 0.125, 0.0625, 0.0625,
            ], 1e-15)
        // factor=0.5, patience=1, cooldown=2, threshold=0.1
        plateau = ReduceOnPlateau(reduction: 0.5, patience: 1, threshold: 0.1, coolDown: 2)
        expectClose(
            Self.metrics.map { plateau.factor(after: $0) },
            [
                1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.25, 0.125, 0.125, 0.125, 0.125, 0.0625, 0.0625,
            ], 1e-15)
        // mode="max", factor=0.1, patience=2, min_lr=0.05
        plateau = ReduceOnPlateau(reduction: 0.1, patience: 2, smallest: 0.05, isLargerBetter: true)
        expectClose(Self.metrics.map { plateau.factor(after: $0) }, [1, 1, 1, 0.1, 0.1, 0.1] + [Double](repeating: 0.05, count: 12), 1e-15)
    }

    @Test func aPlateauContinuesFromItsState() {
        let whole = ReduceOnPlateau(reduction: 0.5, patience: 1, coolDown: 1), first = ReduceOnPlateau(reduction: 0.5, patience: 1, coolDown: 1)
        let expected = Self.metrics.map { whole.factor(after: $0) }
        let front = Self.metrics[..<9].map { first.factor(after: $0) }
        let second = ReduceOnPlateau(reduction: 0.5, patience: 1, coolDown: 1)
        second.state = first.state
        let back = Self.metrics[9...].map { second.factor(after: $0) }
        #expect(front + back == expected)
    }

    @Test func metricsThatAreNotNumbers() {
        let plateau = ReduceOnPlateau(reduction: 0.5, patience: 0)
        #expect(plateau.factor(after: .nan) == 0.5)
        #expect(plateau.factor(after: .infinity) == 0.5)
        #expect(plateau.factor(after: 3) == 0.5)
        #expect(plateau.factor(after: .nan) == 0.25)
        // Below 0 better is further down.
        plateau.state = ReduceOnPlateau.State(best: -1)
        #expect(plateau.factor(after: -1.1) == 1 && plateau.state.best == -1.1)
        #expect(plateau.factor(after: -1.1) == 0.5)
    }
}
