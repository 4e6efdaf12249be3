import DescentCore
import DescentNN
import Testing

private class Base: Module {
    let first = Linear(2, 3)
    let scale = Variable.parameter([], .constant(1))
}
private class Middle: Base {
    let second = Linear(3, 3, bias: false)
}
private final class Derived: Middle {
    let last = Linear(3, 1)
    func callAsFunction(_ x: Tensor) -> Tensor { last(second(first(x) * scale.value)) }
}

/// No module: a plain structure that holds some.
private struct Block {
    let inner = Linear(2, 2, bias: false)
    let width = 2
    let label = "block"
}
private final class Shared {
    let table = Embedding(3, 2)
    /// An object may know the model that it is part of.
    var owner: Holder?
}
private enum Head {
    case none
    case plain(Linear)
    case gated(value: Linear, gate: Linear)
}
private final class Holder: Module {
    let block = Block()
    let shared = Shared()
    let again: Shared
    let pair = (Linear(1, 1, bias: false), 5, Linear(1, 2, bias: false))
    let maybe: Block? = Block()
    let heads: [Head] = [.none, .plain(Linear(2, 1, bias: false)), .gated(value: Linear(2, 1), gate: Linear(2, 1, bias: false))]
    let nested: [String: [Block?]] = ["b": [nil, Block()], "a": []]
    let numbers = [Float](repeating: 1, count: 1 << 22)
    let optimizer = Adam(learningRate: 0.1)
    init() {
        again = shared
        shared.owner = self
    }
}

private struct Lazy: Module { let part = LazyPart() }
private final class LazyPart: Module { lazy var hidden = Linear(2, 2) }

private struct HashableLayer: Module, Hashable {
    let weight = Variable.parameter([1], .zeros)
    static func == (a: Self, b: Self) -> Bool { a.weight === b.weight }
    func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(weight)) }
}
private struct SetHolder: Module {
    let layers: Set<HashableLayer> = [HashableLayer()]
    let names: Set<String> = ["a"]
}

/// Whatever holds a layer, its parameters are found, or the program says why they are not.
@Suite struct ModuleReflectionTests {
    @Test func inheritedLayersAreFoundFirst() {
        let model = Derived()
        #expect(model.parameters.map(\.path) == ["first.weight", "first.bias", "scale", "second.weight", "last.weight", "last.bias"])
        let (_, gradients) = valueWithGradient(at: model) { $0(Tensor([[1, 2]])).sum() }
        #expect(gradients.entries.count == 6 && gradients["first.weight"]!.shape == [3, 2])
    }

    @Test func layersInPlainValuesAreFound() {
        #expect(
            Holder().parameters.map(\.path) == [
                "block.inner.weight", "shared.table.weight", "pair.0.weight", "pair.2.weight", "maybe.inner.weight",
                "heads.1.plain.weight", "heads.2.gated.0.weight", "heads.2.gated.0.bias", "heads.2.gated.1.weight", "nested.b.1.inner.weight",
            ])
        // An optimizer is no part of the model: its learning rate and moments are its own.
        #expect(Holder().variables.allSatisfy { !$0.path.hasPrefix("optimizer") })
    }

    @Test func errorsNameThePlaceInAPlainValue() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let model = Holder()
            _ = model.parameters
            _ = model.block.inner(Tensor.zeros([1, 5]))
        }
        expectSentence(result, "In Holder.block.inner (Linear): its weight takes 2 inputs.")
    }

    @Test func aLazyLayerNotMadeYetIsRefused() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = Lazy().parameters }
        expectSentence(result, "Lazy.part.hidden is lazy and has not been made yet, so its parameters would not be found. Make it in the initialiser")
        let model = Lazy()
        _ = model.part.hidden
        #expect(model.parameters.map(\.path) == ["part.hidden.weight", "part.hidden.bias"])
    }

    @Test func aSetOfLayersIsRefused() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = SetHolder().parameters }
        expectSentence(result, "SetHolder.layers is a set of modules: its members have no order, and their parameters no paths. Use an array or a dictionary.")
    }
}
