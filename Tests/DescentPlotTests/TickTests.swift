import DescentPlot
import Testing

/// What holds for the ticks of any axis.
@Suite struct TickTests {
    /// Ranges of every size, sign and place.
    static let ranges: [ClosedRange<Double>] = {
        var random = FixedRandom(seed: 1), ranges: [ClosedRange<Double>] = []
        for exponent in stride(from: -12.0, through: 12, by: 1.5) {
            for _ in 0..<12 {
                let span = power(exponent) * (0.1 + random.next()), low = (random.next() - 0.5) * 6 * span
                ranges.append(low...(low + span))
            }
        }
        return ranges + [-1...1, 0...1, -1e12...1e12, 99.5...100.5, 1e6...1.000001e6, -3e-12 ... -1e-12]
    }()

    private static func power(_ exponent: Double) -> Double { (0..<Int(abs(exponent) * 2)).reduce(1) { value, _ in exponent < 0 ? value / 10.0.squareRoot() : value * 10.0.squareRoot() } }

    @Test("multiples of a round step, ascending, inside the range, about as many as wanted, reaching near its ends", arguments: [3, 6, 10])
    func linear(count: Int) throws {
        for range in Self.ranges {
            let ticks = Ticks.linear(from: range.lowerBound, to: range.upperBound, count: count), values = ticks.map(\.value)
            let span = range.upperBound - range.lowerBound
            #expect(values.count >= 2 && values.count <= 2 * count, "\(range): \(values)")
            #expect(zip(values, values.dropFirst()).allSatisfy { $0 < $1 }, "\(range): \(values)")
            #expect(values.allSatisfy { $0 >= range.lowerBound - 1e-8 * span && $0 <= range.upperBound + 1e-8 * span }, "\(range): \(values)")
            guard values.count >= 2 else { continue }
            let step = values[1] - values[0]
            for (a, b) in zip(values, values.dropFirst()) { #expect(abs(b - a - step) <= 1e-6 * step, "\(range): \(values)") }
            // What is left at either end is less than a step.
            #expect(values[0] - range.lowerBound < step && range.upperBound - values[values.count - 1] < step, "\(range): \(values)")
            let exponent = Self.exponent(step), mantissa = step / Double("1e\(exponent)")!
            #expect([1, 2, 2.5, 3, 4, 5, 10].contains { abs(mantissa - $0) < 1e-6 }, "\(range): a step of \(step)")
            #expect(values.allSatisfy { abs(($0 / step).rounded() - $0 / step) < 1e-6 * max(1, abs($0 / step)) }, "\(range): \(values)")
            #expect(Set(ticks.map(\.label)).count == ticks.count, "\(range): \(ticks.map(\.label))")
        }
    }

    @Test("the labels read as their values")
    func labels() {
        for range in Self.ranges {
            for tick in Ticks.linear(from: range.lowerBound, to: range.upperBound, count: 6) {
                guard let read = Self.number(tick.label) else { Issue.record("\(tick.label) is no number"); continue }
                #expect(abs(read - tick.value) <= 1e-3 * (range.upperBound - range.lowerBound), "\(tick.label) for \(tick.value)")
            }
        }
    }

    @Test("of whole numbers, where the values are")
    func whole() {
        for high in 1...60 {
            let values = Ticks.linearValues(from: 0.95, to: Double(high) + 1.05, count: 7, isWhole: true)
            #expect(values.allSatisfy { $0 == $0.rounded() } && values.count >= 2, "\(high): \(values)")
        }
    }

    @Test("a range without extent has one tick", arguments: [0.0, -3, 1e12, 1e-12])
    func point(value: Double) { #expect(Ticks.linear(from: value, to: value, count: 5).map(\.value) == [value]) }

    @Test("log axes: ascending, inside, with at least two labels, whatever part of a decade")
    func logarithmic() {
        var random = FixedRandom(seed: 2)
        for _ in 0..<400 {
            let low = Double("1e\(Int(random.next() * 24) - 12)")! * (1 + 9 * random.next())
            let decades = random.next() < 0.5 ? random.next() : 14 * random.next()
            let high = low * (0..<100).reduce(1) { value, _ in value * (1 + decades * 0.02329) }
            let ticks = Ticks.logarithmic(from: low, to: high, count: 6), labelled = ticks.filter { !$0.label.isEmpty }
            #expect(zip(ticks, ticks.dropFirst()).allSatisfy { $0.value < $1.value }, "\(low) to \(high)")
            #expect(ticks.allSatisfy { $0.value > 0 && $0.value >= low * (1 - 1e-9) && $0.value <= high * (1 + 1e-9) }, "\(low) to \(high)")
            #expect(labelled.count >= 2 && labelled.count <= 14, "\(low) to \(high): \(labelled.map(\.label))")
            #expect(Set(labelled.map(\.label)).count == labelled.count, "\(low) to \(high): \(labelled.map(\.label))")
        }
    }

    private static func exponent(_ value: Double) -> Int {
        var exponent = 0, size = value * (1 + 1e-9)
        while size >= 10 { size /= 10; exponent += 1 }
        while size < 1 { size *= 10; exponent -= 1 }
        return exponent
    }

    /// "−1,200", "2.5×10⁻⁸", "1.5M" as numbers.
    private static func number(_ label: String) -> Double? {
        let raised: [Character: Character] = ["⁰": "0", "¹": "1", "²": "2", "³": "3", "⁴": "4", "⁵": "5", "⁶": "6", "⁷": "7", "⁸": "8", "⁹": "9", "⁻": "-"]
        var plain = String(label.filter { $0 != "," }.map { $0 == "−" ? "-" : $0 }), scale = 1.0
        if plain.hasSuffix("M") { plain.removeLast(); scale = 1e6 }
        if let ten = plain.firstRange(of: "10"), plain[ten.upperBound...].contains(where: { raised[$0] != nil }) {
            let power = Double("1e" + String(plain[ten.upperBound...].map { raised[$0] ?? $0 }))
            var mantissa = String(plain[..<ten.lowerBound])
            if mantissa.hasSuffix("×") { mantissa.removeLast() }
            let factor = mantissa.isEmpty ? 1 : mantissa == "-" ? -1 : Double(mantissa)
            return factor.flatMap { factor in power.map { factor * $0 } }
        }
        return Double(plain).map { $0 * scale }
    }
}

/// Numbers from 0 to 1 that are the same at every run.
struct FixedRandom {
    private var state: UInt64

    init(seed: Int) { state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next() -> Double {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Double(state >> 11) / 9_007_199_254_740_992
    }
}
