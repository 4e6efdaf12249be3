import DescentCore
import DescentNN

/// Where the parts of a model are: which module a variable belongs to, and at which path.
struct ModulePlaces {
    /// A module with its path, "hidden.0", and its type, "Linear".
    struct Place {
        let path: String, kind: String
        let module: any Module
    }

    /// The module that holds each variable.
    private(set) var owners: [ObjectIdentifier: Place] = [:]
    /// All modules, outer ones first.
    private(set) var all: [Place] = []

    init(_ model: any Module) { visit(model, "") }

    /// Objects that were visited: one may know the model that it is part of.
    private var seen = Set<ObjectIdentifier>()

    private mutating func visit(_ value: Any, _ path: String) {
        if type(of: value) is AnyClass, !seen.insert(ObjectIdentifier(value as AnyObject)).inserted { return }
        if ModuleParts.isLeaf(value) { return }
        switch value {
        case let module as any Module:
            let place = Place(path: path, kind: Self.kind(of: module), module: module)
            all.append(place)
            for child in module.children {
                let name = ModuleParts.name(child.name, child.value, at: place.kind)
                if let variable = Self.variable(child.value) {
                    if owners[ObjectIdentifier(variable)] == nil { owners[ObjectIdentifier(variable)] = place }
                } else {
                    visit(child.value, Self.joined(path, name))
                }
            }
        default:
            for part in ModuleParts.inside(value, at: path) { visit(part.value, Self.joined(path, ModuleParts.name(part.name, part.value, at: path))) }
        }
    }

    private static func joined(_ path: String, _ name: String) -> String { name.isEmpty ? path : path.isEmpty ? name : "\(path).\(name)" }

    /// A variable, also where it is optional.
    private static func variable(_ value: Any) -> Variable? {
        if let variable = value as? Variable { return variable }
        let mirror = Mirror(reflecting: value)
        return mirror.displayStyle == .optional ? mirror.children.first.flatMap { $0.value as? Variable } : nil
    }

    /// An activation's name, else the type.
    static func kind(of layer: Any) -> String { (layer as? Activation)?.name ?? "\(type(of: layer))" }

    /// The innermost module that holds all of some variables.
    func owner(of variables: [Variable]) -> Place? {
        let places = variables.compactMap { owners[ObjectIdentifier($0)] }
        guard var path = places.first?.path.split(separator: ".", omittingEmptySubsequences: false)[...] else { return nil }
        if places.allSatisfy({ $0.path == places[0].path }) { return places[0] }
        for place in places.dropFirst() {
            let other = place.path.split(separator: ".", omittingEmptySubsequences: false)
            while !other.starts(with: path) { path = path.dropLast() }
        }
        // Parts of a path may be no modules, but lists of them.
        while true {
            let joined = path.joined(separator: ".")
            if let place = all.first(where: { $0.path == joined }) { return place }
            path = path.dropLast()
        }
    }

    /// The variables in a module.
    static func variables(in module: any Module) -> [Variable] {
        let places = ModulePlaces(module)
        return places.order
    }

    /// The variables in the order in which they are found.
    private var order: [Variable] {
        var seen: Set<ObjectIdentifier> = [], found: [Variable] = []
        for place in all {
            for child in place.module.children {
                if let variable = Self.variable(child.value), seen.insert(ObjectIdentifier(variable)).inserted { found.append(variable) }
            }
        }
        return found
    }

    /// The path of a sequence of layers: of those that hold the same variables, the outermost within `outer`.
    func path(of sequence: Sequential, within outer: String?) -> String? {
        let own = Self.variables(in: sequence).map(ObjectIdentifier.init)
        return all.first { place in
            guard let other = place.module as? Sequential, other.layers.count == sequence.layers.count else { return false }
            if let outer, !outer.isEmpty, place.path != outer, !place.path.hasPrefix(outer + ".") { return false }
            return Self.variables(in: other).map(ObjectIdentifier.init) == own
        }?.path
    }
}
