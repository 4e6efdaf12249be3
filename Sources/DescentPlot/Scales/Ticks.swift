/// A place on an axis with its text; minor ticks have none.
package struct Tick: Sendable, Equatable {
    package var value: Double
    package var label: String
    package var isMinor = false
}

/// Chooses ticks that people find good to read.
package enum Ticks {
    /// Round numbers in a range, about `count` of them, none outside it.
    ///
    /// The choice maximises the score of Talbot, Lin and Hanrahan ("An Extension of Wilkinson's Algorithm for Positioning Tick Labels on Axes",
    /// 2010): a fourth for simple steps, a fifth for coverage of the range, half for the wanted density, and a bit for including zero.
    ///
    /// - Parameter isWhole: Whether only whole numbers are wanted.
    package static func linear(from low: Double, to high: Double, count: Int, isWhole: Bool = false, format: NumberFormat? = nil) -> [Tick] {
        let values = linearValues(from: low, to: high, count: max(2, count), isWhole: isWhole)
        return zip(values, labels(of: values, format: format)).map { Tick(value: $0, label: $1) }
    }

    package static func linearValues(from low: Double, to high: Double, count wanted: Int, isWhole: Bool = false) -> [Double] {
        let span = high - low
        guard span > 0, span.isFinite else { return [low] }
        let steps = [1.0, 5, 2, 2.5, 4, 3]
        var best = -Double.infinity, chosen: (start: Int, step: Double, count: Int)?
        for exponent in (Powers.exponent(of: span) - 3)...(Powers.exponent(of: span) + 1) {
            for (rank, mantissa) in steps.enumerated() {
                let step = mantissa * (exponent < 0 ? 1 / Powers.ten(-exponent) : Powers.ten(exponent))
                if isWhole, step != step.rounded() { continue }
                let first = (low / step - 1e-9).rounded(.up), last = (high / step + 1e-9).rounded(.down)
                guard abs(first) < 1e15, abs(last) < 1e15, last - first >= 1, last - first < 200 else { continue }
                let count = Int(last - first) + 1
                let includesZero = first <= 0 && last >= 0
                let simplicity = 1 - Double(rank) / Double(steps.count - 1) + (includesZero ? 0.2 : 0)
                let covered = (first * step - low, high - last * step)
                let coverage = 1 - 0.5 * (covered.0 * covered.0 + covered.1 * covered.1) / (0.01 * span * span)
                let ratio = Double(count) / Double(wanted)
                let density = 2 - max(ratio, 1 / ratio)
                let score = 0.25 * simplicity + 0.2 * max(coverage, -1) + 0.5 * density
                if score > best + 1e-12 { best = score; chosen = (Int(first), step, count) }
            }
        }
        guard let chosen else { return isWhole ? linearValues(from: low, to: high, count: wanted) : [low, high] }
        return (0..<chosen.count).map { multiple(Double(chosen.start + $0), of: chosen.step) }
    }

    /// The multiples of a step in a range.
    static func multiples(of step: Double, from low: Double, to high: Double) -> [Double] {
        let first = (low / step - 1e-9).rounded(.up), last = (high / step + 1e-9).rounded(.down)
        guard step > 0, last >= first, last - first < 200 else { return [] }
        return (0...Int(last - first)).map { multiple(first + Double($0), of: step) }
    }

    /// A step below 1 is divided by its inverse, a whole number, so that 3 × 0.1 is 0.3.
    private static func multiple(_ count: Double, of step: Double) -> Double {
        step < 1 ? count / (1 / step).rounded(toMultipleOf: 1e-9) : count * step
    }

    /// Texts with as many decimals as tell the ticks apart, the same number for all.
    static func labels(of values: [Double], format: NumberFormat? = nil) -> [String] {
        if let format { return values.map(format.text) }
        let largest = values.map(abs).max() ?? 0
        let step = values.count > 1 ? abs(values[1] - values[0]) : largest
        guard largest > 0 else { return values.map { _ in "0" } }
        if largest >= 1e7 || largest < 1e-4 || step < 1e-7 { return values.map { NumberFormat.significant($0, digits: significantDigits(largest, step)) } }
        if largest >= 1e6, values.allSatisfy({ ($0 / 1e5).rounded() * 1e5 == $0 }) {
            return values.map { $0 == 0 ? "0" : NumberFormat.significant($0 / 1e6, digits: 4) + "M" }
        }
        let decimals =
            (0...9).first { decimals in
                let scale = Powers.ten(decimals)
                return values.allSatisfy { abs(($0 * scale).rounded() / scale - $0) < step * 1e-3 }
            } ?? 9
        return values.map { NumberFormat.fixed($0, decimals: decimals) }
    }

    private static func significantDigits(_ largest: Double, _ step: Double) -> Int {
        max(1, min(15, Powers.exponent(of: largest) - Powers.exponent(of: step) + 2))
    }

    /// Ticks of a log axis: powers of ten, or every few of them where there are many; 1, 2 and 5 where the range has few; linear ones where it has
    /// less than that. Unlabelled ticks stand at the other multiples.
    package static func logarithmic(from low: Double, to high: Double, count: Int, format: NumberFormat? = nil) -> [Tick] {
        let first = Powers.exponent(of: low), last = Powers.exponent(of: high)
        let decades = (first...last + 1).filter { within(Powers.ten($0), low, high) }
        func text(_ value: Double, _ exponent: Int) -> String {
            if let format { return format.text(value) }
            return first >= -4 && last <= 5 ? NumberFormat.significant(value, digits: 6) : NumberFormat.scientific(value, digits: 2)
        }
        if decades.count >= 3 || (decades.count == 2 && Powers.decades(from: low, to: high) > 1.8) {
            let every = max(1, (decades.count + count - 1) / max(1, count))
            var ticks: [Tick] = []
            for exponent in first...last {
                for digit in 1...9 {
                    let value = Double(digit) * Powers.ten(exponent)
                    guard within(value, low, high) else { continue }
                    let isLabelled = digit == 1 && exponent % every == 0
                    if isLabelled {
                        ticks.append(Tick(value: value, label: text(value, exponent)))
                    } else if every == 1 || digit == 1 {
                        ticks.append(Tick(value: value, label: "", isMinor: true))
                    }
                }
            }
            return ticks
        }
        var ticks: [Tick] = []
        for exponent in first...last {
            for digit in 1...9 {
                let value = Double(digit) * Powers.ten(exponent)
                guard within(value, low, high) else { continue }
                let isMinor = digit != 1 && digit != 2 && digit != 5
                ticks.append(Tick(value: value, label: isMinor ? "" : text(value, exponent), isMinor: isMinor))
            }
        }
        if ticks.filter({ !$0.isMinor }).count >= 2 { return ticks }
        return linear(from: low, to: high, count: count, format: format).filter { $0.value > 0 }
    }

    private static func within(_ value: Double, _ low: Double, _ high: Double) -> Bool {
        value.isFinite && value >= low * (1 - 1e-12) && value <= high * (1 + 1e-12)
    }
}

extension Double {
    fileprivate func rounded(toMultipleOf unit: Double) -> Double { (self / unit).rounded() / (1 / unit).rounded() }
}
