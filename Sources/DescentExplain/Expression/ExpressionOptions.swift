/// The named arguments of a call, `axis=0, keepdims=true`, or its plain sizes.
struct ExpressionOptions: Sendable {
    /// The axes that the function works along; `nil` where none are named.
    var axes: [Int]?
    /// Whether these axes are kept, with size 1.
    var keepsAxes = false
    /// Which norm.
    var order: Order?
    /// The number subtracted from the count in a variance (`ddof`).
    var correction = 0
    /// How far a filter moves from one output element to the next, and the zeros on each side of its input.
    var stride = 1, padding = 0
    /// The sizes of `reshape`.
    var sizes: [Int] = []
    /// The options as written, with their places in the source.
    var texts: [(keyword: String, value: String, place: Range<Int>)] = []

    /// A norm's order.
    enum Order: Sendable, Equatable { case power(Double), infinity, frobenius, nuclear }

    /// Whether nothing is said by name.
    var isEmpty: Bool { texts.isEmpty }
    /// "axis=0, keepdims=true"
    var text: String { (sizes.map(String.init) + texts.map { "\($0.keyword)=\($0.value)" }).joined(separator: ", ") }

    /// Where an option stands in the source.
    func place(_ keyword: String) -> Range<Int>? { texts.first { $0.keyword == keyword }?.place }

    /// Why the axes named don't fit a shape; nil where they do.
    func axesMisfit(_ shape: [Int], single: Bool = false) -> String? {
        guard let axes else { return nil }
        if single, axes.count > 1 { return "it works along one axis, not \(axes.count)" }
        var seen: Set<Int> = []
        for axis in axes {
            guard (-shape.count..<shape.count).contains(axis) else {
                if shape.isEmpty { return "there is no axis \(axis), since the value is a single number" }
                let known = shape.count == 1 ? "has only axis 0" : "has the axes 0 to \(shape.count - 1)"
                return "axis \(axis) is outside of the shape \(shape), which \(known)"
            }
            let place = axis < 0 ? axis + shape.count : axis
            if !seen.insert(place).inserted { return "axis \(place) is named twice" }
        }
        return nil
    }
}
