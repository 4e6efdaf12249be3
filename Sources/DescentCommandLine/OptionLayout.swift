import ArgumentParser
import Descent

/// The options of a command that come from jobs: sections of help, each with its options.
///
/// Jobs declare options as data (`SettingField`), so the parser's groups are made at run time: a group reflects itself as properties, one for
/// each option, as the property wrappers of a written-out group would be.
protocol OptionLayout {
    static var sections: [OptionSection] { get }
}

/// Options under one heading of help.
struct OptionSection {
    let title: String
    let options: [SettingOption]
}

/// The options of `train`, `tune` and `range-test`: what everyone needs first, then those of the run, then those of the jobs.
enum TrainLayout: OptionLayout {
    /// The section that everyone reads.
    static let common = "COMMON OPTIONS"
    /// The section about the run.
    static let run = "OPTIONS OF THE RUN"
    private static let commonNames = ["target", "forecast", "epochs", "learning-rate", "test-fraction"]

    static var sections: [OptionSection] {
        var merged: [SettingOption] = []
        /// Of each option the jobs that have it, and what each says of it.
        var owners: [String: [(title: String, help: String)]] = [:]
        for job in Jobs.all {
            for option in job.ownOptions {
                if owners[option.name] == nil { merged.append(option) }
                owners[option.name, default: []].append((job.title, option.help))
            }
        }
        merged = merged.map { $0.saying(owners[$0.name]!) }
        let runOptions = RunSettings.options
        let all = merged + runOptions
        let first = commonNames.compactMap { name in all.first { $0.name == name } }
        var sections = [
            OptionSection(title: common, options: first),
            OptionSection(title: run, options: runOptions.filter { !commonNames.contains($0.name) }),
        ]
        for option in merged where !commonNames.contains(option.name) {
            let jobs = owners[option.name]!.map(\.title)
            let title = "OPTIONS OF " + (jobs.count == Jobs.all.count ? "ALL JOBS" : jobs.joined(separator: ", "))
            if let place = sections.firstIndex(where: { $0.title == title }) {
                sections[place] = OptionSection(title: title, options: sections[place].options + [option])
            } else {
                sections.append(OptionSection(title: title, options: [option]))
            }
        }
        return sections
    }
}

/// The options of `fit`: those of reading a table, and of the split.
enum FitLayout: OptionLayout {
    static var sections: [OptionSection] {
        let names = ["target", "task", "column", "invalid-cells", "header", "delimiter", "missing", "file-column", "labels", "test-fraction", "seed"]
        let all = TableJob.options
        return [OptionSection(title: "OPTIONS OF THE TABLE", options: names.compactMap { name in all.first { $0.name == name }.map(ofFit) })]
    }

    /// A fit takes all rows unless it is told otherwise.
    private static func ofFit(_ option: SettingOption) -> SettingOption {
        guard option.name == "test-fraction" else { return option }
        return SettingOption(
            name: option.name, formerNames: option.formerNames, valueName: option.valueName, help: "Fraction of rows held out for testing, from 0 to below 1. Default: 0.",
            choices: option.choices, form: option.form)
    }
}

/// The values of a layout's options.
struct LayoutArguments<Layout: OptionLayout>: ParsableArguments, CustomReflectable {
    /// Values by option, in the order of the layout; those of options that were given.
    private(set) var given: [(name: String, values: [String])] = []

    init() {}

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: OptionKey.self)
        for number in Layout.sections.indices { given += try Self.values(sectionType(number), container, key: "section\(number)") }
    }

    private static func values<Place: SectionPlace>(
        _: Place.Type, _ container: KeyedDecodingContainer<OptionKey>, key: String
    ) throws -> [(name: String, values: [String])] {
        try container.decode(OptionGroup<SectionArguments<Layout, Place>>.self, forKey: OptionKey(key)).wrappedValue.given
    }

    var customMirror: Mirror {
        func group<Place: SectionPlace>(_: Place.Type, _ title: String) -> Any { OptionGroup<SectionArguments<Layout, Place>>(title: title) }
        let children = Layout.sections.enumerated().map { number, section -> Mirror.Child in ("_section\(number)", group(sectionType(number), section.title)) }
        return Mirror(self, children: children, displayStyle: .struct)
    }
}

/// The options of one section.
struct SectionArguments<Layout: OptionLayout, Place: SectionPlace>: ParsableArguments, CustomReflectable {
    private(set) var given: [(name: String, values: [String])] = []

    private static var options: [SettingOption] { Layout.sections[Place.number].options }

    init() {}

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: OptionKey.self)
        for option in Self.options {
            let key = OptionKey(option.name)
            switch option.form {
            case .value:
                if let value = try container.decode(Option<String?>.self, forKey: key).wrappedValue { given.append((option.name, [value])) }
            case .toggle:
                if let value = try container.decode(Flag<Bool?>.self, forKey: key).wrappedValue { given.append((option.name, ["\(value)"])) }
            case .list:
                let values = try container.decode(Option<[String]>.self, forKey: key).wrappedValue
                if !values.isEmpty { given.append((option.name, values)) }
            }
        }
    }

    var customMirror: Mirror {
        let children = Self.options.map { option -> Mirror.Child in ("_\(option.name)", Self.wrapper(option)) }
        return Mirror(self, children: children, displayStyle: .struct)
    }

    /// What a property wrapper of this option would be.
    private static func wrapper(_ option: SettingOption) -> Any {
        let help = ArgumentHelp("\(option.help)", valueName: option.valueName)
        switch option.form {
        case .value:
            return Option<String?>(
                name: .customLong(option.name), parsing: .unconditional, help: help,
                completion: option.choices.isEmpty ? option.valueName == "file" ? .file() : nil : .list(option.choices))
        case .toggle: return Flag<Bool?>(name: .customLong(option.name), inversion: .prefixedNo, help: ArgumentHelp("\(option.help)"))
        case .list: return Option<[String]>(wrappedValue: [], name: .customLong(option.name), parsing: .unconditionalSingleValue, help: help)
        }
    }
}

extension SettingOption {
    /// The option with the help of all jobs that have it: once, where they say the same.
    fileprivate func saying(_ owners: [(title: String, help: String)]) -> SettingOption {
        var helps: [(titles: [String], help: String)] = []
        for (title, help) in owners {
            if let place = helps.firstIndex(where: { $0.help == help }) { helps[place].titles.append(title) } else { helps.append(([title], help)) }
        }
        let text = helps.count == 1 ? helps[0].help : helps.map { "\($0.titles.joined(separator: ", ")): \($0.help)" }.joined(separator: " ")
        return SettingOption(name: name, formerNames: formerNames, valueName: valueName, help: text, choices: choices, form: form)
    }
}

// MARK: - Types for numbers

/// A section's number as a type, since the parser tells groups apart by their types.
protocol SectionPlace {
    static var number: Int { get }
}

enum FirstSection: SectionPlace {
    static var number: Int { 0 }
}

enum SectionAfter<Place: SectionPlace>: SectionPlace {
    static var number: Int { Place.number + 1 }
}

/// The type of a number.
private func sectionType(_ number: Int) -> any SectionPlace.Type {
    func after<Place: SectionPlace>(_: Place.Type) -> any SectionPlace.Type { SectionAfter<Place>.self }
    return number == 0 ? FirstSection.self : after(sectionType(number - 1))
}

private struct OptionKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}
