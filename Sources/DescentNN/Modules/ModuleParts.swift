import DescentCore

/// What stands inside values, for walks that look for modules and variables.
package enum ModuleParts {
    /// The stored properties of a value, those that its class inherits first.
    package static func properties(of value: Any) -> [(name: String, value: Any)] {
        var mirror: Mirror? = Mirror(reflecting: value)
        var classes: [[(name: String, value: Any)]] = []
        while let level = mirror {
            classes.append(level.children.map { ($0.label ?? "", $0.value) })
            mirror = level.superclassMirror
        }
        return classes.reversed().flatMap { $0 }
    }

    /// What stands inside a value that is no module itself: elements of collections and tuples by number, values of dictionaries by key, what
    /// a case of an enumeration carries by the case's name, properties of other structures and objects by their names. An empty name: at the
    /// same path.
    package static func inside(_ value: Any, at place: String) -> [(name: String, value: Any)] {
        let mirror = Mirror(reflecting: value)
        switch mirror.displayStyle {
        case .optional: return mirror.children.map { ("", $0.value) }
        case .collection, .tuple: return mirror.children.enumerated().map { ("\($0.offset)", $0.element.value) }
        case .dictionary:
            let entries = mirror.children.compactMap { child -> (name: String, value: Any)? in
                guard let (key, value) = child.value as? (key: AnyHashable, value: Any) else { return nil }
                return ("\(key.base)", value)
            }
            return entries.sorted { $0.name < $1.name }
        case .set:
            for member in mirror.children where holdsModules(member.value) {
                stop("\(place) is a set of modules: its members have no order, and their parameters no paths. Use an array or a dictionary.")
            }
            return []
        case .struct, .class, .enum: return properties(of: value)
        default: return []
        }
    }

    /// A property's name as the user wrote it: a property wrapper's storage starts with an underscore, a lazy property's with a phrase. A lazy
    /// module that nobody has asked for yet is refused: it would be left out.
    package static func name(_ label: String, _ value: Any, at place: String) -> String {
        if label.hasPrefix(lazyPrefix) {
            let name = String(label.dropFirst(lazyPrefix.count))
            if let missing = value as? any OptionalValue, missing.isMissing, missing.wrapped is any Module.Type || missing.wrapped == Variable.self {
                stop("\(place).\(name) is lazy and has not been made yet, so its parameters would not be found. Make it in the initialiser, with let or var.")
            }
            return name
        }
        return label.hasPrefix("_") ? String(label.dropFirst()) : label
    }
    private static let lazyPrefix = "$__lazy_storage_$_"

    /// Whether nothing in a value can be a module or a variable: known without looking at it. A model may hold large arrays of numbers.
    package static func isLeaf(_ value: Any) -> Bool {
        func isPlain<Value>(_ value: Value) -> Bool { _isPOD(Value.self) }
        if _openExistential(value, do: isPlain) { return true }
        if let elements = value as? any ElementCollection { return elements.hasPlainElements }
        // Only objects are asked whether they are some class: where Foundation is there, an array would be bridged for the question.
        if type(of: value) is AnyClass { return value is any Optimizer || value is WeightAverage || value is GradientAccumulator }
        return value is String || value is Tensor
    }

    private static func holdsModules(_ value: Any) -> Bool {
        !isLeaf(value) && (value is any Module || value is Variable || inside(value, at: "").contains { holdsModules($0.value) })
    }
}

private protocol ElementCollection { var hasPlainElements: Bool { get } }
extension Array: ElementCollection { fileprivate var hasPlainElements: Bool { _isPOD(Element.self) || Element.self == String.self || Element.self == Tensor.self } }
extension Dictionary: ElementCollection { fileprivate var hasPlainElements: Bool { _isPOD(Value.self) || Value.self == String.self || Value.self == Tensor.self } }

private protocol OptionalValue {
    var isMissing: Bool { get }
    var wrapped: Any.Type { get }
}
extension Optional: OptionalValue {
    fileprivate var isMissing: Bool { self == nil }
    fileprivate var wrapped: Any.Type { Wrapped.self }
}
