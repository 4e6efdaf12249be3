import DescentCore

/// Layers one after another. Their parameters are named by place: "0.weight", "2.bias".
public struct Sequential: Layer {
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
