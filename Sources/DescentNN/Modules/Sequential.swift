import DescentCore

/// Layers one after another. Their parameters are named by place: "0.weight", "2.bias".
///
/// It may be used from several tasks, as all layers here: what changes in them are variables. A layer of your own that is a class with other
/// mutable properties must guard those itself.
public struct Sequential: Layer, @unchecked Sendable {
    public let layers: [any Layer]

    public init(_ layers: any Layer...) { self.layers = layers }
    public init(_ layers: [any Layer]) { self.layers = layers }

    public var children: [(name: String, value: Any)] { layers.enumerated().map { ("\($0.offset)", $0.element) } }

    public func callAsFunction(_ x: Tensor) -> Tensor {
        var value = x
        guard let record = CallRecord.current else {
            for layer in layers { value = layer(value) }
            return value
        }
        for (number, layer) in layers.enumerated() {
            value = record.noting(.member(sequence: self, number: number, layer: layer)) { layer(value) }
        }
        return value
    }
}
