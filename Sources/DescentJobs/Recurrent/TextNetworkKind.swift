import DescentFormats

/// A network that reads texts, by its name.
public enum TextNetworkKind: String, CaseIterable, Sendable {
    /// Recurrent layers.
    case recurrent
    /// Attention and feed-forward layers. Vaswani et al. 2017.
    case transformer
}

/// Settings of a job on texts whose network may be a transformer.
public protocol TextNetworkSettings: TextJobSettings {
    /// The network; `nil` for `recurrent`.
    var model: TextNetworkKind? { get set }
    /// The heads of a transformer's attention; `nil` for 4.
    var heads: Int? { get set }
}

extension TextNetworkSettings {
    /// The choice and what belongs to it.
    static var networkFields: [SettingField<Self>] {
        [
            .optional("model", \.model, .choice, valueName: "name", "Network: recurrent or transformer. Default: recurrent."),
            .optional(
                "heads", \.heads, .whole, rule: SettingRule("1 to 64") { (1...64).contains($0) }, subject: "the number of heads", valueName: "count",
                "Heads of a transformer's attention. Default: 4."),
        ]
    }

    /// Settings that belong to the other network are refused.
    ///
    /// - Parameters:
    ///   - recurrent: Settings of recurrent networks alone, beside the cell and the embedding's size: their options, and whether they were given.
    ///   - transformer: Settings of transformers alone, beside the heads.
    ///   - headUnit: What a head's size must be a multiple of.
    func validateNetwork(recurrent others: [(String, Bool)] = [], transformer own: [(String, Bool)] = [], headUnit: Int = 1) throws(SettingsError) {
        if model == .transformer {
            let others = [("cell", recurrent.cell != nil), ("embedding", text.embedding != nil)] + others
            if let other = others.first(where: \.1) { throw SettingsError("--\(other.0) belongs to recurrent networks; leave it out, or give --model recurrent") }
            let heads = heads ?? Self.defaultHeads
            if let size = recurrent.hidden, size % (heads * headUnit) != 0 {
                throw SettingsError(
                    "--hidden is \(size); it must be a multiple of \(headUnit == 1 ? "the number of heads, \(heads)" : "\(heads * headUnit), \(headUnit) for each of \(heads) heads (--heads)")")
            }
        } else if let other = ([("heads", heads != nil)] + own).first(where: \.1) {
            throw SettingsError("--\(other.0) belongs to transformers; leave it out, or give --model transformer")
        }
    }

    /// The heads if nothing else was asked for.
    static var defaultHeads: Int { 4 }
}
