import DescentFormats
import DescentTrain

/// The settings of a job: those of the run, which all jobs have, and the job's own.
///
///     struct Settings: JobSettings {
///         var run = RunSettings()
///         var hidden = 16
///         static let fields: [SettingField<Self>] = [.whole("hidden", \.hidden, in: 1...8192, "Units of the hidden layer. Default: 16.")]
///     }
///
/// A setting of the run can be read and written as one of the job's: `settings.epochs = 10`.
@dynamicMemberLookup
public protocol JobSettings: Equatable, Sendable {
    /// The defaults; what is `nil` is chosen by the job from the data.
    init()
    /// Epochs, batch size, learning rate and what else every run has.
    var run: RunSettings { get set }
    /// The job's own settings, in the order of its help.
    static var fields: [SettingField<Self>] { get }
    /// The keys of settings that the job may choose by what the data is: where the data changed, these may differ for that reason alone.
    static var chosenByData: Set<String> { get }
    /// Checks what no field can say alone.
    ///
    /// - Throws: `SettingsError` that says what would be right.
    func validateTogether() throws(SettingsError)
}

extension JobSettings {
    public subscript<Value>(dynamicMember path: WritableKeyPath<RunSettings, Value>) -> Value {
        get { run[keyPath: path] }
        set { run[keyPath: path] = newValue }
    }

    public static var chosenByData: Set<String> { ["epochs", "batchSize"] }
    public func validateTogether() throws(SettingsError) {}

    /// All settings: the job's own, then those of the run.
    public static var allFields: [SettingField<Self>] { fields + RunSettings.fields.map { $0.lifted(to: \Self.run) } }

    /// Checks everything that can be checked without data.
    ///
    /// - Throws: `SettingsError` that says what would be right.
    public func validate() throws(SettingsError) {
        for field in Self.allFields { try field.check(self) }
        try run.validateTogether()
        try validateTogether()
    }

    /// Settings in which what has no value is taken from others; a length is taken where there is none at all.
    package func filled(from defaults: Self) -> Self {
        var filled = self
        let hasLength = run.hasLength
        for field in Self.allFields where !hasLength || !["epochs", "steps", "minutes"].contains(field.key) { field.fill(&filled, defaults) }
        return filled
    }

    // MARK: - In files

    /// To be stored with a run and a model: a member for each setting that has a value.
    public func toJSON() -> JSON {
        var object = JSON.Object()
        for field in Self.allFields {
            let value = field.write(self)
            if value != .null { object[field.key] = value }
        }
        return .object(object)
    }

    /// Settings that were stored. What is missing has its default.
    ///
    /// - Throws: `FormatError` that names the place in the document, also for values that cannot be.
    public init(json: JSONReader) throws(FormatError) {
        self.init()
        for field in Self.allFields where json[field.key].json != nil { try field.read(&self, json[field.key]) }
        do { try validate() } catch { throw json.error("cannot be used: \(error)") }
    }

    /// The first setting that differs from others, and how: "hidden is [64], and [128,128] in the checkpoint". `nil` where all are the same.
    ///
    /// - Parameter isCompared: Whether a setting is looked at, by its key.
    func difference(from stored: Self, where isCompared: (String) -> Bool) -> String? {
        for field in Self.allFields where isCompared(field.key) {
            let values = [field.write(self), field.write(stored)]
            if values[0] == values[1] { continue }
            let texts = values.map { $0 == .null ? "not set" : (try? $0.text()) ?? "not set" }
            return "\(field.key) is \(texts[0]), and \(texts[1]) in the checkpoint"
        }
        return nil
    }

    // MARK: - On the command line

    /// Takes an option's values.
    ///
    /// - Returns: Whether there is such an option.
    /// - Throws: `SettingsError` for values that are none.
    public mutating func set(_ option: String, _ values: [String]) throws(SettingsError) -> Bool {
        guard let field = Self.allFields.first(where: { $0.option.name == option }) else { return false }
        try field.parse(&self, values)
        return true
    }

    /// The options that give these settings; those that have their default are left out, except the seed.
    public var words: [String] {
        let defaults = Self()
        return Self.allFields.flatMap { field -> [String] in
            let values = field.texts(self)
            if values == field.texts(defaults), field.key != "seed" { return [] }
            switch field.option.form {
            case .toggle: return values.map { $0 == "true" ? "--\(field.option.name)" : "--no-\(field.option.name)" }
            case .value, .list: return values.flatMap { ["--\(field.option.name)", $0] }
            }
        }
    }

    /// Names and values of the settings that have one, for people.
    var rows: [[String]] {
        Self.allFields.compactMap { field in
            let values = field.texts(self)
            return values.isEmpty ? nil : [field.option.title, values.joined(separator: ", ")]
        }
    }
}
