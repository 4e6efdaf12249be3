/// A step along a direction that satisfies the strong Wolfe conditions: the value falls by enough, and the slope becomes flat enough
/// (Nocedal and Wright, Numerical Optimization, algorithms 3.5 and 3.6, with cubic interpolation).
///
/// Close to a minimum values differ by less than their rounding errors; there the fall of the value is not asked for, and the slope alone
/// decides (the approximate Wolfe conditions of Hager and Zhang 2005).
struct LineSearch {
    let objective: Objective
    let point: [Double], direction: [Double]
    let value: Double, slope: Double
    /// The slope must become smaller than this share of the first one.
    var flatness = 0.9
    private(set) var evaluations = 0

    struct Trial {
        var step: Double
        var point: [Double]
        var value: Double
        var gradient: [Double]
        var slope: Double
    }

    init(_ objective: Objective, from point: [Double], value: Double, along direction: [Double], slope: Double, flatness: Double = 0.9) {
        (self.objective, self.point, self.value, self.direction, self.slope, self.flatness) = (objective, point, value, direction, slope, flatness)
    }

    private var allowance: Double { objective.noise * Swift.abs(value) * 4 }

    private mutating func trial(_ step: Double) -> Trial {
        evaluations += 1
        let point = moved(self.point, step, direction), (value, gradient) = objective(point)
        return Trial(step: step, point: point, value: value, gradient: gradient, slope: dot(gradient, direction))
    }

    private func fallsEnough(_ trial: Trial) -> Bool {
        trial.value <= value + 1e-4 * trial.step * slope + allowance
    }
    private func isFlat(_ trial: Trial) -> Bool { Swift.abs(trial.slope) <= -flatness * slope }

    /// The step, or nil when there is none.
    mutating func run(firstStep: Double) -> Trial? {
        guard slope < 0 else { return nil }
        var before = Trial(step: 0, point: point, value: value, gradient: [], slope: slope)
        var step = firstStep
        for round in 0..<30 {
            let now = trial(step)
            if !now.value.isFinite || !largest(now.gradient).isFinite {
                // Outside of where the function is defined: back towards the start.
                step = before.step + (step - before.step) * 0.1
                continue
            }
            if !fallsEnough(now) || (round > 0 && now.value > before.value + allowance) { return zoom(before, now) }
            if isFlat(now) { return now }
            if now.slope >= 0 { return zoom(now, before) }
            let next = minimumOfCubic(before, now) ?? 2 * step
            before = now
            step = Swift.min(Swift.max(next, 1.5 * step), 10 * step)
        }
        return before.step > 0 ? before : nil
    }

    /// Between two steps that enclose a good one; `low` has the smaller value.
    private mutating func zoom(_ first: Trial, _ second: Trial) -> Trial? {
        var low = first, high = second
        for _ in 0..<40 {
            let width = high.step - low.step
            let margin = 0.1 * Swift.abs(width), left = Swift.min(low.step, high.step) + margin, right = Swift.max(low.step, high.step) - margin
            let guess = minimumOfCubic(low, high) ?? (low.step + width / 2)
            let step = Swift.min(Swift.max(guess, left), right)
            if step == low.step || step == high.step || Swift.abs(width) < 1e-16 * Swift.max(low.step, high.step) { break }
            let now = trial(step)
            if !now.value.isFinite || !fallsEnough(now) || now.value > low.value + allowance {
                high = now
            } else {
                if isFlat(now) { return now }
                if now.slope * width >= 0 { high = low }
                low = now
            }
        }
        return low.step > 0 && low.value <= value + allowance ? low : nil
    }

    /// Where the cubic through two values and slopes is smallest.
    private func minimumOfCubic(_ a: Trial, _ b: Trial) -> Double? {
        guard a.value.isFinite, b.value.isFinite, b.slope.isFinite else { return nil }
        let d1 = a.slope + b.slope - 3 * (a.value - b.value) / (a.step - b.step)
        let square = d1 * d1 - a.slope * b.slope
        guard square >= 0 else { return nil }
        let d2 = (b.step > a.step ? 1 : -1) * square.squareRoot()
        let result = b.step - (b.step - a.step) * (b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2)
        return result.isFinite ? result : nil
    }
}
