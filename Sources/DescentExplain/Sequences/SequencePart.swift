import DescentPlot

/// Steps of a sequence that are read by the same recurrent layers: a whole text, or what an encoder or a decoder reads.
public struct SequencePart: Sendable {
    /// "encoder"; empty for the only part.
    public var name: String
    /// A label for each step.
    public var tokens: [String]
    /// The layers from the input up; two in a group read the same inputs in two directions.
    public var groups: [[SequenceLayer]]
    /// What the network answers from; `nil` for nothing of its own, as of an encoder.
    public var readout: UnrolledNetwork.Readout?
    /// -log p of each token in nats, `nil` where it is not known; empty for none.
    public var surprises: [Double?]
    /// The gradients by the states of its layers, in the order of `layers`.
    public var gradients: [StateGradients]

    /// A part.
    ///
    /// - Parameter explanation: A run over this sequence, for the gradients by the layers' states; `nil` for none. Layers are found by their path.
    public init(
        _ name: String = "", tokens: [String], groups: [[SequenceLayer]], readout: UnrolledNetwork.Readout? = nil, surprises: [Double?] = [],
        gradientsOf explanation: ModelExplanation? = nil
    ) {
        (self.name, self.tokens, self.groups, self.readout, self.surprises, gradients) = (name, tokens, groups, readout, surprises, [])
        guard let explanation else { return }
        let loops = explanation.layers.filter { !$0.stateGradients.isEmpty }
        for (number, (layer, title)) in zip(layers, titles).enumerated() {
            // A model that is one layer has no path; then the layers come in the order in which they run.
            let own = loops.first { $0.path == layer.path } ?? (loops.count == layers.count ? loops[number] : nil)
            guard let norms = own?.stateGradients else { continue }
            gradients.append(
                StateGradients(
                    name: title, quantity: layer.stateName == "h" ? "dL/dh_t" : "dL/d(h_t, c_t)", norms: layer.isReversed ? norms.reversed() : norms,
                    isReversed: layer.isReversed))
        }
    }

    /// All layers, from the input up.
    public var layers: [SequenceLayer] { groups.flatMap { $0 } }

    /// The layers' names: "LSTM, layer 1", "encoder: GRU, forward".
    var titles: [String] {
        let prefix = name.isEmpty ? "" : name + ": "
        return groups.enumerated().flatMap { number, group in
            group.map { prefix + $0.title(number: groups.count > 1 ? number + 1 : nil, isPair: group.count > 1) }
        }
    }

    // MARK: - Pictures

    /// The most steps of a heat map.
    public static let stepLimit = 60
    /// The units that have a row of their own.
    private static let unitLimit = 8

    /// The gates and states of each layer as heat maps.
    func heatMaps() -> [StepHeatMaps] {
        let shown = Swift.min(tokens.count, Self.stepLimit)
        return zip(layers, titles).map { layer, title in
            let units = layer.liveliest(Self.unitLimit)
            let panels = layer.values.map { values in
                let mean = values.isGate ? values.means : values.means.map { $0 }
                let rows = [mean] + units.map { unit in values.steps.map { $0[unit] } }
                return StepHeatMaps.Panel(
                    values.name, rows: [values.isGate ? "mean" : "mean size"] + units.map { "unit \($0 + 1)" }, values: rows.map { Array($0.prefix(shown)) },
                    scale: values.isGate ? .share : .signed)
            }
            let cut = shown < tokens.count ? " The first \(shown) of \(tokens.count) steps are shown." : ""
            let chosen = units.count < layer.hiddenSize ? "the \(units.count) of \(layer.hiddenSize) units whose state changes most" : "all \(units.count) units"
            return StepHeatMaps(
                title, steps: Array(tokens.prefix(shown)), panels: panels,
                note: "The first row is the mean over all units\(layer.values.contains { !$0.isGate } ? " (of a state, of its size)" : ""); below it \(chosen).\(cut)")
        }
    }

    /// The part of the unrolled picture.
    ///
    /// - Parameter firstLayer: The number of its first layer, for the names of weights, from 1.
    func unrolled(firstLayer: Int) -> UnrolledNetwork.Part {
        var number = firstLayer - 1
        let groups = groups.map { group in
            group.map { layer -> UnrolledNetwork.Layer in
                number += 1
                let index = Self.subscripted(number)
                return UnrolledNetwork.Layer(layer.cell, weights: "W\(index) U\(index)", state: layer.stateName, isReversed: layer.isReversed)
            }
        }
        return UnrolledNetwork.Part(name, groups: groups, inputs: tokens, readout: readout)
    }

    private static func subscripted(_ number: Int) -> String {
        let digits = Array("₀₁₂₃₄₅₆₇₈₉")
        return String("\(number)".map { digits[$0.wholeNumberValue!] })
    }
}
