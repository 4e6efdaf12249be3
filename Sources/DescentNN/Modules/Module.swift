import DescentCore

/// A part of a model: plain data and a call. Its parameters are the `Variable`s among its stored properties, and those of the
/// modules among them: nothing is declared twice. They are found wherever they are stored: in properties that a class inherits, in arrays,
/// dictionaries, optionals, tuples, cases of enumerations, and other structures and objects. A set of modules and a lazy one not made yet stop
/// the program, since their parameters would have no paths or be left out. What a closure captures can't be found: store it beside the closure.
///
///     struct Classifier: Module {
///         let hidden = Linear(784, 256)
///         let output = Linear(256, 10)
///         func callAsFunction(_ x: Tensor) -> Tensor { output(relu(hidden(x))) }
///     }
public protocol Module: CustomStringConvertible {
    /// Its submodules and variables by name. The default finds the stored properties, inherited ones first.
    var children: [(name: String, value: Any)] { get }
}

/// A module that takes one tensor and gives one.
public protocol Layer: Module {
    func callAsFunction(_ x: Tensor) -> Tensor
}

/// A variable of a model, and where it is: "hidden.weight".
public struct NamedVariable: Sendable {
    public let path: String
    public let variable: Variable

    public init(path: String, variable: Variable) { (self.path, self.variable) = (path, variable) }
}

extension Module {
    public var children: [(name: String, value: Any)] { ModuleParts.properties(of: self) }

    /// All variables of the model by path, in the order of the properties: parameters, and state such as running means and random
    /// streams. One that stands in several places is listed once, where it is first found. Also tells each variable its name.
    public var variables: [NamedVariable] { walk.found }

    private var walk: ModuleWalk {
        var walk = ModuleWalk()
        walk.visit(self, path: "", place: String(describing: type(of: self)), owner: self)
        return walk
    }

    /// The states of the model's random streams.
    package var randomStates: [Variable] {
        let walk = walk
        return walk.found.map(\.variable).filter { walk.streams.contains(ObjectIdentifier($0)) }
    }

    /// The variables that are learned.
    public var parameters: [NamedVariable] { variables.filter { $0.variable.isTrainable } }

    /// The number of learned numbers.
    public var parameterCount: Int { parameters.reduce(0) { $0 + $1.variable.shape.reduce(1, *) } }

    /// Switches the model to training: dropout drops, batch statistics are taken and kept.
    public func train() { for flag in walk.flags { flag.value = true } }
    /// Switches the model to use: dropout passes everything, kept statistics are used.
    public func infer() { for flag in walk.flags { flag.value = false } }

    /// Draws all initial values again, each parameter and each random stream from a stream of its own, named by its path: adding a layer
    /// does not change the others.
    public func initialize(seed: Int) {
        let random = Random(seed: seed)
        let walk = walk
        for entry in walk.found {
            if let initializer = entry.variable.initializer {
                entry.variable.value = initializer(entry.variable.shape, random.stream(entry.path))
            } else if walk.streams.contains(ObjectIdentifier(entry.variable)) {
                entry.variable.value = random.stream(entry.path).state.value
            }
        }
    }

    /// Leaves the parameters under a path (all, if none is given) as they are from now on: no gradient, no update.
    public func freeze(_ path: String = "") { setFrozen(true, path, "freeze") }
    /// Lets the parameters under a path (all, if none is given) be learned again.
    public func unfreeze(_ path: String = "") { setFrozen(false, path, "unfreeze") }
    private func setFrozen(_ isFrozen: Bool, _ path: String, _ operation: String) {
        let matching = parameters.filter { path.isEmpty || $0.path == path || $0.path.hasPrefix(path + ".") }
        if matching.isEmpty { stop("\(operation): no parameter is called \"\(path)\" or lies under it. There are: \(parameters.map(\.path).joined(separator: ", ")).") }
        for entry in matching { entry.variable.isFrozen = isFrozen }
    }
}

/// Finds the variables and flags of a model.
private struct ModuleWalk {
    var found: [NamedVariable] = []
    var flags: [ModeFlag] = []
    /// Those of the variables that are the states of random streams.
    var streams = Set<ObjectIdentifier>()
    private var seen = Set<ObjectIdentifier>()

    mutating func visit(_ value: Any, path: String, place: String, owner: any Module) {
        if ModuleParts.isLeaf(value) { return }
        switch value {
        case let variable as Variable: add(variable, path, place, owner)
        case let random as Random:
            streams.insert(ObjectIdentifier(random.state))
            add(random.state, path, place, owner)
        case let flag as ModeFlag:
            if seen.insert(ObjectIdentifier(flag)).inserted { flags.append(flag) }
        case let module as any Module:
            if isKnown(module) { return }
            for child in module.children {
                let name = ModuleParts.name(child.name, child.value, at: place)
                // A variable is spoken of by its module; what is inside a property, by the property too.
                let isOwn = name.isEmpty || child.value is Variable || child.value is Random
                visit(child.value, path: Self.joined(path, name), place: isOwn ? place : place + "." + name, owner: module)
            }
        default:
            if isKnown(value) { return }
            for part in ModuleParts.inside(value, at: place) {
                let name = ModuleParts.name(part.name, part.value, at: place)
                visit(part.value, path: Self.joined(path, name), place: name.isEmpty ? place : place + "." + name, owner: owner)
            }
        }
    }

    /// Whether it is an object that was visited before: it may be shared, or know the model that it is part of.
    private mutating func isKnown(_ value: Any) -> Bool {
        type(of: value) is AnyClass && !seen.insert(ObjectIdentifier(value as AnyObject)).inserted
    }

    private static func joined(_ path: String, _ name: String) -> String { name.isEmpty ? path : path.isEmpty ? name : path + "." + name }

    private mutating func add(_ variable: Variable, _ path: String, _ place: String, _ owner: any Module) {
        guard seen.insert(ObjectIdentifier(variable)).inserted else { return }
        variable.name = path
        // What the module said of itself ("its weight takes 512 inputs") stays; where it is goes in front.
        let type = String(describing: Swift.type(of: owner))
        let known = variable.place
        let front = place == type ? type : "\(place) (\(type))"
        if !known.hasPrefix(front + ":") { variable.place = front + (known.firstIndex(of: ":").map { String(known[$0...]) } ?? "") }
        found.append(NamedVariable(path: path, variable: variable))
    }
}
