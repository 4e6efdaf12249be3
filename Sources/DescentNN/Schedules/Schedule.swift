#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif
import DescentCore

/// How the learning rate changes over a run, as a factor of its highest value: a function of the step and of how many there are, so that a
/// run continues anywhere. What depends on how training goes is `ReduceOnPlateau`.
///
///     Schedule.warmUp(steps: 500, then: .cosine)
///
/// A run of T steps has the steps 0 to T - 1; t is the step. After T, factors stay as they are at T.
public struct Schedule: Hashable, Sendable {
    private indirect enum Form: Hashable, Sendable {
        case constant
        case multiStep([Int], Double)
        case step(Int, Double)
        case exponential(Double)
        case polynomial(Double, end: Double)
        case linear(from: Double, to: Double, steps: Int?)
        case cosine(end: Double)
        case cosineWithRestarts(Int, Int, end: Double)
        case oneCycle(rise: Double, start: Double, end: Double)
        case sequence([Schedule], [Int])
        case product([Schedule])
    }

    private let form: Form
    private init(_ form: Form) { self.form = form }

    // MARK: Over the whole run

    /// Always 1.
    public static let constant = Schedule(.constant)
    /// From 1 to 0 along half a cosine: `(1 + cos(π t/T)) / 2`. Loshchilov and Hutter 2017.
    public static let cosine = Schedule(.cosine(end: 0))
    /// From 1 to 0 along a line: `1 - t/T`.
    public static let linear = Schedule(.linear(from: 1, to: 0, steps: nil))
    /// `oneCycle()`.
    public static let oneCycle = oneCycle()

    /// From 1 to `end` along half a cosine: `end + (1 - end) (1 + cos(π t/T)) / 2`.
    public static func cosine(to end: Double) -> Schedule { Schedule(.cosine(end: end)) }
    /// `end + (1 - end) (1 - t/T)ᵖ`.
    public static func polynomial(power: Double, to end: Double = 0) -> Schedule { Schedule(.polynomial(power, end: end)) }
    /// Up and down in half cosines: from 1/25 to 1 in the first 30 percent of the run, then down to `1/25 · 1/10000`. Smith and Topin 2018, with
    /// PyTorch's numbers.
    ///
    /// - Parameters:
    ///   - rise: The part of the run that goes up.
    ///   - division: 1 over the factor at the start.
    ///   - finalDivision: The factor at the start over that at the end.
    public static func oneCycle(rise: Double = 0.3, division: Double = 25, finalDivision: Double = 1e4) -> Schedule {
        if !(0...1).contains(rise) || division < 1 || finalDivision < 1 {
            stop("Schedule.oneCycle(rise: \(rise), division: \(division), finalDivision: \(finalDivision)): rise is in 0...1, divisions are at least 1.")
        }
        return Schedule(.oneCycle(rise: rise, start: 1 / division, end: 1 / division / finalDivision))
    }

    // MARK: By steps

    /// Step decay: multiplied by a factor every this many steps.
    public static func step(every steps: Int, factor: Double = 0.1) -> Schedule {
        Schedule(.step(positive(steps, "step(every:)"), factor))
    }
    /// Multiplied by a factor at each of the given steps.
    public static func multiStep(at steps: [Int], factor: Double = 0.1) -> Schedule { Schedule(.multiStep(steps.sorted(), factor)) }
    /// Multiplied by a factor after each step: `factorᵗ`.
    public static func exponential(factor: Double) -> Schedule { Schedule(.exponential(factor)) }
    /// Along a line in a number of steps, then constant.
    public static func linear(from start: Double, to end: Double, steps: Int) -> Schedule {
        Schedule(.linear(from: start, to: end, steps: positive(steps, "linear(steps:)")))
    }
    /// Cosine annealing with warm restarts: from 1 to `end` in this many steps, then again from 1 in `multiple` times as many, and so on. Loshchilov and Hutter 2017.
    public static func cosineWithRestarts(every steps: Int, multiple: Int = 1, to end: Double = 0) -> Schedule {
        Schedule(.cosineWithRestarts(positive(steps, "cosineWithRestarts(every:)"), positive(multiple, "cosineWithRestarts(multiple:)"), end: end))
    }

    // MARK: Of others

    /// Linear warm-up from `start` to 1 in this many steps, then another schedule for the rest of the run.
    public static func warmUp(steps: Int, from start: Double = 0, then schedule: Schedule) -> Schedule {
        steps <= 0 ? schedule : .sequence([.linear(from: start, to: 1, steps: steps), schedule], at: [steps])
    }
    /// One after another: each from its step on, which is its step 0, to the next one's.
    ///
    /// - Parameter steps: where the second, the third, ... begin: one fewer than schedules, rising.
    public static func sequence(_ schedules: [Schedule], at steps: [Int]) -> Schedule {
        guard !schedules.isEmpty, steps.count == schedules.count - 1, zip([0] + steps, steps).allSatisfy({ $0 < $1 }) else {
            stop("Schedule.sequence: \(schedules.count) schedules at steps \(steps); there is one step fewer than schedules, above 0 and rising.")
        }
        return Schedule(.sequence(schedules, steps))
    }
    /// The product of the schedules' factors.
    public static func product(_ schedules: [Schedule]) -> Schedule { Schedule(.product(schedules)) }

    // MARK: By name

    /// Those without numbers of their own, by name: for command lines and files.
    public static let names = ["constant", "cosine", "linear", "one-cycle"]
    /// The schedule of that name, if there is one.
    public static func named(_ name: String) -> Schedule? {
        switch name {
        case "constant": .constant
        case "cosine": .cosine
        case "linear": .linear
        case "one-cycle": .oneCycle
        default: nil
        }
    }

    // MARK: Its value

    /// The factor of a step (from 0) of a run of `total` steps.
    public func callAsFunction(_ step: Int, of total: Int) -> Double {
        let time = Swift.max(step, 0)
        /// How much of a run is behind: 0 ... 1.
        func progress(_ steps: Int) -> Double { steps <= 0 ? 1 : Swift.min(1, Double(time) / Double(steps)) }
        switch form {
        case .constant: return 1
        case .step(let every, let factor): return pow(factor, Double(time / every))
        case .multiStep(let steps, let factor): return pow(factor, Double(steps.count { $0 <= time }))
        case .exponential(let factor): return pow(factor, Double(time))
        case .polynomial(let power, let end): return end + (1 - end) * pow(1 - progress(total), power)
        case .linear(let start, let end, let steps): return start + (end - start) * progress(steps ?? total)
        case .cosine(let end): return halfCosine(from: 1, to: end, progress(Swift.max(total, 1)))
        case .cosineWithRestarts(let every, let multiple, let end):
            var length = every, since = time
            while since >= length {
                if multiple == 1 {
                    since %= length
                } else {
                    since -= length
                    length *= multiple
                }
            }
            return halfCosine(from: 1, to: end, Double(since) / Double(length))
        case .oneCycle(let rise, let start, let end):
            // The top is reached in the last step of the rise, the end in the last step of the run.
            let top = rise * Double(total) - 1, last = Double(total - 1), now = Swift.min(Double(time), Swift.max(last, 0))
            if now <= top { return halfCosine(from: start, to: 1, top > 0 ? now / top : 1) }
            return halfCosine(from: 1, to: end, last > top ? (now - top) / (last - top) : 1)
        case .sequence(let schedules, let steps):
            let index = steps.count { $0 <= time }
            let start = index == 0 ? 0 : steps[index - 1]
            return schedules[index](time - start, of: (index < steps.count ? steps[index] : Swift.max(total, start)) - start)
        case .product(let schedules): return schedules.reduce(1) { $0 * $1(step, of: total) }
        }
    }
}

/// From one number to another along half a cosine.
private func halfCosine(from start: Double, to end: Double, _ progress: Double) -> Double { end + (start - end) * (1 + cos(.pi * progress)) / 2 }

private func positive(_ count: Int, _ name: String) -> Int {
    if count < 1 { stop("Schedule.\(name): \(count); it must be at least 1.") }
    return count
}
