import Descent

/// `none`, `ridge:1`, `lasso:0.1`, `elastic-net:1:0.5`, or a strength alone for a model whose penalty has one form.
struct PenaltyArgument {
    let penalty: Penalty

    /// - Throws: `SettingsError` for what is no penalty.
    init(_ text: String, for model: ClassicalKind?) throws(SettingsError) {
        var parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        if let first = parts.first, Double(first) != nil {
            guard let model, [.ridge, .lasso, .elasticNet].contains(model) else {
                throw SettingsError("--penalty \(text) is a strength alone; say of what: ridge:\(text) or lasso:\(text)")
            }
            parts.insert(model.rawValue, at: 0)
        }
        let numbers = parts.dropFirst().map { Double($0) ?? .nan }
        if numbers.contains(where: { !($0 >= 0 && $0.isFinite) }) { throw Self.wrong(text) }
        switch (parts.first, numbers.count) {
        case ("none", 0): penalty = .none
        case ("ridge", 1): penalty = .ridge(numbers[0])
        case ("lasso", 1): penalty = .lasso(numbers[0])
        case ("elastic-net", 1): penalty = .elasticNet(numbers[0], lassoShare: 0.5)
        case ("elastic-net", 2) where numbers[1] <= 1: penalty = .elasticNet(numbers[0], lassoShare: numbers[1])
        default: throw Self.wrong(text)
        }
    }

    private static func wrong(_ text: String) -> SettingsError {
        SettingsError(
            "--penalty is \(quoted(text)); it must be none, ridge:STRENGTH, lasso:STRENGTH or elastic-net:STRENGTH:LASSO-SHARE, such as ridge:1 or elastic-net:1:0.5, with strengths from 0 on and a share from 0 to 1"
        )
    }
}
