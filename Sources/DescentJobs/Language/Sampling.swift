import DescentCore
import DescentData
import DescentNN
import DescentTrain

/// How the next piece of a text is chosen from the probabilities of all.
public struct Sampling: Equatable, Sendable {
    /// Sampling temperature: below 1 sharpens the distribution, above 1 flattens it, 0 is greedy.
    public var temperature: Double
    /// Sample from this many of the most probable tokens (top-k); nil for all.
    public var topK: Int?
    /// Only the most probable that have this probability together. Holtzman et al. 2020. Nil for all.
    public var topP: Double?

    /// - Throws: `SettingsError` for numbers that cannot be.
    public init(temperature: Double = 1, topK: Int? = nil, topP: Double? = nil) throws(SettingsError) {
        if !(temperature >= 0 && temperature.isFinite) { throw SettingsError("the temperature is \(temperature); it must be 0 or above, 0.8 say") }
        if let topK, topK < 1 { throw SettingsError("the number of most probable pieces is \(topK); it must be 1 or more") }
        if let topP, !(topP > 0 && topP <= 1) { throw SettingsError("the probability of the pieces to choose from is \(topP); it must be above 0 and at most 1") }
        (self.temperature, self.topK, self.topP) = (temperature, topK, topP)
    }

    /// Chooses among tokens by their log-probabilities at a temperature of 1; those at -infinity are never chosen.
    package func choose(logProbabilities: ArraySlice<Float>, _ random: inout SplitMix64) -> Int {
        let highest = Double(logProbabilities.max()!), temperature = temperature == 0 ? 1 : temperature
        var probabilities = logProbabilities.map { exponential((Double($0) - highest) / temperature) }
        let sum = probabilities.reduce(0, +)
        for place in probabilities.indices { probabilities[place] /= sum }
        return choose(probabilities, &random)
    }

    /// Chooses among probabilities that add up to 1, made at this temperature.
    package func choose(_ probabilities: [Double], _ random: inout SplitMix64) -> Int {
        if temperature == 0 { return probabilities.indices.max { probabilities[$0] < probabilities[$1] }! }
        var candidates = Array(probabilities.indices)
        if topK != nil || topP != nil {
            candidates.sort { (probabilities[$1], $0) < (probabilities[$0], $1) }
            if let topK { candidates.removeLast(Swift.max(0, candidates.count - topK)) }
            if let topP {
                var sum = 0.0
                let needed = candidates.firstIndex { candidate in
                    sum += probabilities[candidate]
                    return sum >= topP
                }
                if let needed { candidates.removeLast(candidates.count - needed - 1) }
            }
        }
        let total = candidates.reduce(0) { $0 + probabilities[$1] }
        // 53 random bits: a number from 0 on, below 1.
        var left = Double(random.next() >> 11) * 0x1p-53 * total
        for candidate in candidates {
            left -= probabilities[candidate]
            if left < 0 { return candidate }
        }
        return candidates.last { probabilities[$0] > 0 }!
    }
}
