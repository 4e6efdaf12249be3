import DescentFormats
import DescentTrain

/// How a setting is written on the command line, and what help says of it.
public struct SettingOption: Sendable {
    /// How values are given.
    public enum Form: Sendable {
        /// `--name value`
        case value
        /// `--name` or `--no-name`
        case toggle
        /// `--name value`, any number of times.
        case list
    }

    /// The name without its dashes: "learning-rate".
    public let name: String
    /// Names of earlier versions: still understood, with a notice.
    public let formerNames: [String]
    /// What stands for the value in help: "fraction".
    public let valueName: String
    /// One or two sentences, with the default.
    public let help: String
    /// All values that are possible, where there are few; empty otherwise.
    public let choices: [String]
    public let form: Form

    /// An option.
    public init(name: String, formerNames: [String] = [], valueName: String, help: String, choices: [String] = [], form: Form = .value) {
        (self.name, self.formerNames, self.valueName, self.help, self.choices, self.form) = (name, formerNames, valueName, help, choices, form)
    }

    /// The name in words: "learning rate".
    public var title: String { name.split(separator: "-").joined(separator: " ") }
}

/// One setting of a job: its option on the command line, its key in files, its rule, declared once.
///
///     static let fields: [SettingField<Self>] = [
///         .whole("hidden", \.hidden, in: 1...8192, "Units of the hidden layer. Default: 16."),
///     ]
///
/// Command-line options and their help, settings in checkpoints and model cards, checks, the command that repeats a run and the report's
/// configuration are made from it.
public struct SettingField<Settings>: Sendable {
    /// The option.
    public let option: SettingOption
    /// The key in JSON: "learningRate".
    public let key: String
    let write: @Sendable (Settings) -> JSON
    let read: @Sendable (inout Settings, JSONReader) throws(FormatError) -> Void
    let parse: @Sendable (inout Settings, [String]) throws(SettingsError) -> Void
    /// The values as the option takes them; empty for a setting without a value.
    let texts: @Sendable (Settings) -> [String]
    let check: @Sendable (Settings) throws(SettingsError) -> Void
    /// Takes the value of other settings where the first have none.
    let fill: @Sendable (inout Settings, Settings) -> Void

    /// The same setting, of settings that contain these.
    public func lifted<Outer>(to path: WritableKeyPath<Outer, Settings> & Sendable) -> SettingField<Outer> {
        let (write, read, parse, texts, check, fill) = (write, read, parse, texts, check, fill)
        return SettingField<Outer>(
            option: option, key: key, write: { write($0[keyPath: path]) },
            read: { (outer, json) throws(FormatError) in try read(&outer[keyPath: path], json) },
            parse: { (outer, words) throws(SettingsError) in try parse(&outer[keyPath: path], words) },
            texts: { texts($0[keyPath: path]) }, check: { (outer) throws(SettingsError) in try check(outer[keyPath: path]) },
            fill: { fill(&$0[keyPath: path], $1[keyPath: path]) })
    }
}

/// How values of a type stand in texts and in JSON.
public struct SettingCoding<Value: Sendable>: Sendable {
    let json: @Sendable (Value) -> JSON
    let read: @Sendable (JSONReader) throws(FormatError) -> Value
    /// `nil` for a text that is no such value.
    let parse: @Sendable (String) -> Value?
    let text: @Sendable (Value) -> String
    /// What such a value is, in words: "a whole number".
    let kind: String
    var choices: [String] = []
    /// Whether a rule says more of a value than its kind does.
    var isPlain: Bool { ["a whole number", "a number", "a text"].contains(kind) }

    /// A coding of your own.
    public init(
        _ kind: String, choices: [String] = [], parse: @escaping @Sendable (String) -> Value?, text: @escaping @Sendable (Value) -> String,
        json: @escaping @Sendable (Value) -> JSON, read: @escaping @Sendable (JSONReader) throws(FormatError) -> Value
    ) {
        (self.kind, self.choices, self.parse, self.text, self.json, self.read) = (kind, choices, parse, text, json, read)
    }
}

extension SettingCoding where Value == Int {
    static let whole = SettingCoding("a whole number", parse: { Int($0) }, text: { "\($0)" }, json: { .integer(Int64($0)) }, read: { (json) throws(FormatError) in try json.int() })
}

extension SettingCoding where Value == Double {
    static let number = SettingCoding("a number", parse: { Double($0) }, text: { "\($0)" }, json: { .number($0) }, read: { (json) throws(FormatError) in try json.double() })
}

extension SettingCoding where Value == String {
    static let text = SettingCoding("a text", parse: { $0 }, text: { $0 }, json: { .string($0) }, read: { (json) throws(FormatError) in try json.string() })
}

extension SettingCoding where Value == [Int] {
    /// Sizes with commas between, or "none".
    static let sizes = SettingCoding(
        "sizes with commas between, such as 128,128, or none",
        parse: { text in
            if text == "none" { return [] }
            let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
            return parts.contains(nil) ? nil : parts.map { $0! }
        },
        text: { $0.isEmpty ? "none" : $0.map { "\($0)" }.joined(separator: ",") }, json: { .array($0.map { .integer(Int64($0)) }) },
        read: { (json) throws(FormatError) in
            var sizes: [Int] = []
            for size in try json.elements() { sizes.append(try size.int()) }
            return sizes
        })
}

extension SettingCoding where Value == [String] {
    /// Texts with commas between.
    static let texts = SettingCoding(
        "texts with commas between", parse: { $0.isEmpty ? [] : $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) },
        text: { $0.joined(separator: ",") }, json: { JSON($0) }, read: { (json) throws(FormatError) in try json.strings() })
}

extension SettingCoding where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// One of several names.
    public static var choice: SettingCoding {
        let names = Value.allCases.map(\.rawValue)
        return SettingCoding(
            "one of \(names.joined(separator: ", "))", choices: names, parse: { Value(rawValue: $0) }, text: { $0.rawValue }, json: { .string($0.rawValue) },
            read: { (json) throws(FormatError) in
                guard let known = Value(rawValue: try json.string()) else { throw json.error("is not \("one of \(names.joined(separator: ", "))")") }
                return known
            })
    }
}

/// What values of a setting are allowed.
public struct SettingRule<Value: Sendable>: Sendable {
    let allows: @Sendable (Value) -> Bool
    /// After "it must be".
    let words: String

    /// A rule in code and in words: "above 0, such as 0.003".
    public init(_ words: String, _ allows: @escaping @Sendable (Value) -> Bool) { (self.words, self.allows) = (words, allows) }
}

extension SettingField {
    /// A setting that may have no value: then the job chooses one.
    ///
    /// - Parameters:
    ///   - subject: The setting in an error: "the learning rate". The option's name if not given.
    public static func optional<Value: Sendable>(
        _ name: String, _ path: WritableKeyPath<Settings, Value?> & Sendable, _ coding: SettingCoding<Value>, rule: SettingRule<Value>? = nil,
        key: String? = nil, subject: String? = nil, valueName: String = "value", formerNames: [String] = [], _ help: String
    ) -> Self {
        let made = Parts(name, coding, rule, subject)
        return SettingField(
            option: SettingOption(
                name: name, formerNames: formerNames, valueName: valueName, help: help, choices: coding.choices, form: .value),
            key: key ?? camelCase(name), write: { $0[keyPath: path].map(coding.json) ?? .null },
            read: { (settings, json) throws(FormatError) in settings[keyPath: path] = json.exists ? try coding.read(json) : nil },
            parse: { (settings, words) throws(SettingsError) in settings[keyPath: path] = try made.value(words) },
            texts: { $0[keyPath: path].map { [coding.text($0)] } ?? [] },
            check: { (settings) throws(SettingsError) in if let value = settings[keyPath: path] { try made.check(value) } },
            fill: { $0[keyPath: path] = $0[keyPath: path] ?? $1[keyPath: path] })
    }

    /// A setting that always has a value.
    public static func required<Value: Sendable>(
        _ name: String, _ path: WritableKeyPath<Settings, Value> & Sendable, _ coding: SettingCoding<Value>, rule: SettingRule<Value>? = nil,
        key: String? = nil, subject: String? = nil, valueName: String = "value", formerNames: [String] = [], _ help: String
    ) -> Self {
        let made = Parts(name, coding, rule, subject)
        return SettingField(
            option: SettingOption(
                name: name, formerNames: formerNames, valueName: valueName, help: help, choices: coding.choices, form: .value),
            key: key ?? camelCase(name), write: { coding.json($0[keyPath: path]) },
            read: { (settings, json) throws(FormatError) in if json.exists { settings[keyPath: path] = try coding.read(json) } },
            parse: { (settings, words) throws(SettingsError) in settings[keyPath: path] = try made.value(words) },
            texts: { [coding.text($0[keyPath: path])] }, check: { (settings) throws(SettingsError) in try made.check(settings[keyPath: path]) },
            fill: { _, _ in })
    }

    /// A whole number within limits, always with a value.
    public static func whole(
        _ name: String, _ path: WritableKeyPath<Settings, Int> & Sendable, in range: ClosedRange<Int>, _ help: String, valueName: String = "count"
    ) -> Self {
        .required(name, path, .whole, rule: SettingRule("\(range.lowerBound) to \(range.upperBound)") { range.contains($0) }, valueName: valueName, help)
    }

    /// A setting that is on, off, or chosen by the job: `--name`, `--no-name`.
    public static func toggle(
        _ name: String, _ path: WritableKeyPath<Settings, Bool?> & Sendable, key: String? = nil, formerNames: [String] = [], _ help: String
    ) -> Self {
        SettingField(
            option: SettingOption(name: name, formerNames: formerNames, valueName: "", help: help, choices: [], form: .toggle), key: key ?? camelCase(name),
            write: { $0[keyPath: path].map(JSON.bool) ?? .null },
            read: { (settings, json) throws(FormatError) in settings[keyPath: path] = json.exists ? try json.bool() : nil },
            parse: { (settings, words) throws(SettingsError) in settings[keyPath: path] = words.last == "true" },
            texts: { $0[keyPath: path].map { ["\($0)"] } ?? [] }, check: { (_) throws(SettingsError) in },
            fill: { $0[keyPath: path] = $0[keyPath: path] ?? $1[keyPath: path] })
    }

    private struct Parts<Value: Sendable>: Sendable {
        let name: String
        let coding: SettingCoding<Value>
        let rule: SettingRule<Value>?
        let subject: String

        init(_ name: String, _ coding: SettingCoding<Value>, _ rule: SettingRule<Value>?, _ subject: String?) {
            (self.name, self.coding, self.rule, self.subject) = (name, coding, rule, subject ?? "--\(name)")
        }

        func value(_ words: [String]) throws(SettingsError) -> Value {
            let word = words.last ?? ""
            guard let value = coding.parse(word) else {
                throw SettingsError("--\(name) is \(quoted(word)); it must be \(coding.isPlain ? rule?.words ?? coding.kind : coding.kind)")
            }
            return value
        }

        func check(_ value: Value) throws(SettingsError) {
            if let rule, !rule.allows(value) { throw SettingsError("\(subject) is \(coding.text(value)); it must be \(rule.words)") }
        }
    }

    /// "learning-rate" as a key: "learningRate".
    private static func camelCase(_ name: String) -> String {
        let parts = name.split(separator: "-")
        return parts.dropFirst().reduce(String(parts[0])) { $0 + $1.prefix(1).uppercased() + $1.dropFirst() }
    }
}
