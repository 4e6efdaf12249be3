import DescentFormats
import DescentPlot

/// What a recurrent network does over one sequence, step by step: the network unrolled, its gates, the gradient back through time.
///
///     let sequence = SequenceExplanation([SequencePart(tokens: labels, groups: [[layer]], gradientsOf: explanation)], loss: "L is -log p of the last token.")
///     page.sections += sequence.sections()
///
/// A translator has two parts, its encoder and its decoder.
public struct SequenceExplanation: Sendable {
    /// What is read one after another.
    public var parts: [SequencePart]
    /// What the gradients are of, as a sentence: "L is -log p of the last token.".
    public var loss: String

    /// The steps of some parts.
    public init(_ parts: [SequencePart], loss: String) { (self.parts, self.loss) = (parts, loss) }

    /// More tokens of a text are not read.
    public static let tokenLimit = 1000

    /// The sections of a page: the unrolled network, gates, gradients.
    public func sections() -> [ReportSection] {
        let all = [
            ReportSection("The network, unrolled", [.picture(unrolled), .text(Self.unrolledNote)]), ReportSection("Gates and states", gateBlocks),
            ReportSection("The gradient back through time", gradientBlocks),
        ]
        return all.filter { !$0.blocks.isEmpty }
    }

    private static let unrolledNote =
        "Each box is one step of a layer. Boxes of one colour are the same cell with the same weights: W multiplies what comes from below, U what comes from the step before."

    /// The network over its steps.
    public var unrolled: UnrolledNetwork {
        var first = 1
        let drawn = parts.map { part -> UnrolledNetwork.Part in
            defer { first += part.layers.count }
            return part.unrolled(firstLayer: first)
        }
        let limit = UnrolledNetwork.stepLimit
        let note = parts.contains { $0.tokens.count > limit } ? "Of \(parts.map { "\($0.tokens.count)" }.joined(separator: " and ")) steps the first and the last are drawn." : ""
        return UnrolledNetwork("One cell for each layer, applied at every step", parts: drawn, note: note)
    }

    private var gateBlocks: [ReportBlock] {
        let maps = parts.flatMap { $0.heatMaps() }
        let cells = Set(parts.flatMap { $0.layers.map(\.cell) })
        let meanings = [
            ("LSTM", "LSTM: a forget gate near 1 keeps the cell state, an input gate near 1 lets the token in, an output gate near 1 shows the state to the next layer."),
            ("GRU", "GRU: an update gate near 1 keeps the state as it is, a reset gate near 0 leaves the state out of the candidate."),
            ("RNN", "RNN: it has no gates; each step makes the whole hidden state anew."),
        ].filter { cells.contains($0.0) }.map(\.1)
        return maps.isEmpty ? [] : meanings.map { .text($0) } + maps.map { .picture($0) }
    }

    /// The gradients of all parts.
    public var gradients: [StateGradients] { parts.flatMap(\.gradients) }

    private var gradientBlocks: [ReportBlock] {
        let all = gradients.filter { $0.norms.count > 1 }
        if all.isEmpty { return [] }
        let chart = Chart(
            "The gradient by the state after each step", x: Axis("step t"), y: Axis("norm of \(Set(all.map(\.quantity)).sorted().joined(separator: ", "))", scale: .log),
            marks: all.map { .line($0.norms, from: 1, name: $0.name, showsPoints: $0.norms.count <= 40) })
        return [.picture(chart), .text(loss), .list(all.map(\.sentence))]
    }

    // MARK: - The terminal

    /// The most steps that are listed.
    private static let lineLimit = 40

    /// Step by step in a table, then a sentence for each layer's gradient.
    public var lines: [String] {
        var lines: [String] = []
        for part in parts {
            lines += (parts.count > 1 ? ["\(part.name):"] : []) + part.table(limit: Self.lineLimit) + [""]
            if part.layers.count > 1 { lines.append("Means over units: " + part.titles.enumerated().map { "\($0 + 1): \($1)" }.joined(separator: "; ") + ".") }
        }
        return lines + [loss] + gradients.map(\.sentence)
    }

    // MARK: - For machines

    /// The tokens, means and deviations of the gates by step, surprises and the gradients' norms.
    public func json() -> JSON {
        func numbers(_ values: [Double?]) -> JSON { .array(values.map { value in value.flatMap { $0.isFinite ? .number($0) : nil } ?? .null }) }
        return .array(
            parts.map { part in
                var object = JSON.Object()
                if !part.name.isEmpty { object["name"] = .string(part.name) }
                object["tokens"] = JSON(part.tokens)
                if !part.surprises.isEmpty { object["surprises"] = numbers(part.surprises) }
                object["layers"] = .array(
                    zip(part.layers, part.titles).map { layer, title in
                        var values = JSON.Object()
                        for value in layer.values { values[value.name] = ["mean": numbers(value.means), "deviation": numbers(value.deviations)] }
                        return ["path": .string(layer.path), "name": .string(title), "cell": .string(layer.cell), "values": .object(values)]
                    })
                object["gradients"] = .array(
                    part.gradients.map { ["name": .string($0.name), "norms": numbers($0.norms), "trend": .string($0.trend.rawValue), "sentence": .string($0.sentence)] })
                return .object(object)
            })
    }
}

extension SequencePart {
    /// The steps as lines: token, surprise, answer, and the mean of each gate.
    fileprivate func table(limit: Int) -> [String] {
        var head = ["step", "token"]
        if !surprises.isEmpty { head.append("surprise") }
        var answers: [String] = []
        if case .eachStep(let texts, let notes)? = readout {
            answers = texts.indices.map { texts[$0] + ($0 < notes.count ? " \(notes[$0])" : "") }
            head.append("most probable next")
        }
        let isOne = layers.count == 1
        head += layers.enumerated().flatMap { number, layer in
            layer.values.map { (isOne ? "" : "\(number + 1): ") + ($0.isGate ? $0.name.replacing(" gate", with: "") : $0.name == "cell state" ? "|c|" : "|h|") }
        }
        var table = TextColumns(head)
        for step in tokens.indices.prefix(limit) {
            var row = ["\(step + 1)", tokens[step]]
            if !surprises.isEmpty { row.append(surprises[step].map { fixed($0) } ?? "") }
            if !answers.isEmpty { row.append(step < answers.count ? answers[step] : "") }
            row += layers.flatMap { $0.values.map { fixed($0.means[step]) } }
            table.add(row)
        }
        let textColumns: Set = surprises.isEmpty ? [1, 2] : [1, 3]
        let right = Set(head.indices).subtracting(answers.isEmpty ? [1] : textColumns)
        return table.lines(right: right) + (tokens.count > limit ? ["... \(tokens.count - limit) more steps"] : [])
    }

    /// Two decimals.
    private func fixed(_ value: Double) -> String { NumberFormat.decimals(2).text(value) }
}
