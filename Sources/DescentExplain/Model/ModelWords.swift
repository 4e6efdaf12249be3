extension ModelExplanation {
    /// A gradient that is smaller at the first layer than at the last by this factor vanishes; larger by its inverse, it explodes.
    public static let vanishingRatio = 1e-3

    /// The problems, in sentences; empty if there are none.
    public var words: [String] { flow + steps + units + unused }

    /// How the gradient fares on its way back through the layers.
    private var flow: [String] {
        guard layers.count > 1 else { return [] }
        let sizes = layers.map(\.gradients.size)
        if sizes.contains(where: { !$0.isFinite }) || !loss.isFinite {
            return ["The loss or a gradient is not finite: lower the learning rate, or look at the inputs."]
        }
        let readers = layers.indices.map { index in layers.indices.filter { layers[$0].sources.contains(index) } }
        if layers.indices.allSatisfy({ !readers[$0].isEmpty || sizes[$0] == 0 }) {
            return ["The gradient is 0 at the end already: the loss does not depend on the model's result here."]
        }
        let starts = layers.indices.filter { layers[$0].sources.isEmpty }
        if starts.contains(where: { sizes[$0] == 0 }), let place = layers.last(where: { $0.gradients.size == 0 }) {
            return ["No gradient reaches \(place.fullTitle) or those before it: all of it is lost on the way back."]
        }
        // From each beginning by the nearest reader to an end.
        let ways = starts.map { start in
            var way = [start]
            while let next = readers[way[way.count - 1]].first { way.append(next) }
            return way
        }.filter { $0.count > 1 && sizes[$0[$0.count - 1]] > 0 }
        func ratio(_ way: [Int]) -> Double { sizes[way[0]] / sizes[way[way.count - 1]] }
        guard let faintest = ways.min(by: { ratio($0) < ratio($1) }), let loudest = ways.max(by: { ratio($0) < ratio($1) }) else { return [] }
        var found: [String] = []
        if ratio(faintest) < Self.vanishingRatio {
            let change = changes(faintest, sizes).min { $0.factor < $1.factor }!
            let faint = faintest.last { sizes[$0] < Self.vanishingRatio * sizes[faintest[faintest.count - 1]] }!
            let reach = faint == faintest[0] ? "" : " It is below a thousandth of that from \(layers[faint].fullTitle) on back."
            found.append(
                "The gradient vanishes: from \(ends(faintest)) it shrinks by the factor \(short(ratio(faintest), digits: 2)), most of all in \(layers[change.layer].fullTitle).\(reach) Other activations (relu, gelu), larger first weights or normalisation keep it."
            )
        }
        if ratio(loudest) > 1 / Self.vanishingRatio {
            let change = changes(loudest, sizes).max { $0.factor < $1.factor }!
            found.append(
                "The gradient explodes: from \(ends(loudest)) it grows by the factor \(short(ratio(loudest), digits: 2)), most of all in \(layers[change.layer].fullTitle). Smaller first weights, normalisation or clipping hold it."
            )
        }
        return found
    }

    /// "layer 15 back to layer 0"
    private func ends(_ way: [Int]) -> String { "\(layers[way[way.count - 1]].title) back to \(layers[way[0]].title)" }

    /// By what each part of a way multiplies the gradient on its way back.
    private func changes(_ way: [Int], _ sizes: [Double]) -> [(layer: Int, factor: Double)] {
        zip(way, way.dropFirst()).map { ($1, sizes[$1] == 0 ? 1 : sizes[$0] / sizes[$1]) }
    }

    /// How it fares on its way back through time.
    private var steps: [String] {
        layers.compactMap { layer in
            let norms = layer.stateGradients
            guard norms.count > 1, let first = norms.first, let last = norms.last, norms.allSatisfy(\.isFinite) else { return nil }
            let largest = norms.max()!
            let figures = "the norm of the gradient by the state is \(short(last, digits: 3)) after the last step and \(short(first, digits: 3)) after the first"
            if largest > 0, first < Self.vanishingRatio * largest {
                return
                    "\(capital(layer.fullTitle)): back through its \(norms.count) steps the gradient vanishes: \(figures). What comes early is hardly learned from; a gated cell (LSTM with a forget gate biased to 1, GRU) or orthogonal weights of the state keep it."
            }
            if last > 0, first > last / Self.vanishingRatio {
                return "\(capital(layer.fullTitle)): back through its \(norms.count) steps the gradient explodes: \(figures). Clip the gradient's norm, or start from smaller weights of the state."
            }
            return nil
        }
    }

    /// Units that can't learn from this batch.
    private var units: [String] {
        var found: [String] = []
        for layer in layers where layer.deadUnits > 0 {
            found.append("\(capital(layer.fullTitle)): \(layer.deadUnits) of \(layer.units) units are 0 for the whole batch, and learn nothing from it.")
        }
        for layer in layers where layer.saturatedShare > 0.5 {
            found.append("\(capital(layer.fullTitle)): \(short((layer.saturatedShare * 100).rounded(), digits: 3))% of its values are saturated, where its slope is near 0.")
        }
        for layer in layers where layer.saturatedUnits > 0 && layer.saturatedShare <= 0.5 {
            found.append("\(capital(layer.fullTitle)): \(layer.saturatedUnits) of \(layer.units) units are saturated for the whole batch, where their slope is near 0.")
        }
        return found
    }

    private var unused: [String] {
        if unusedParameters.isEmpty { return [] }
        let shown = unusedParameters.prefix(6).joined(separator: ", ") + (unusedParameters.count > 6 ? " and \(unusedParameters.count - 6) more" : "")
        return ["No part of this call has read the parameter\(unusedParameters.count == 1 ? "" : "s") \(shown)."]
    }

    private func capital(_ text: String) -> String { text.hasPrefix("layer") ? "L" + text.dropFirst() : text }
}
