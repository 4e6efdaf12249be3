import DescentCore
import DescentData
import DescentFormats
import DescentNN

/// A convolutional network by its name.
public enum ImageModelName: String, CaseIterable, Sendable {
    /// Stages of two 3 x 3 convolutions with batch norm, a pooling after each, and two dense layers.
    case cnn
    /// LeNet-5 with relu and maximum pooling: LeCun et al. 1998.
    case lenet
    /// Stages of 3 x 3 convolutions, more and more of them: a small VGG, Simonyan and Zisserman 2015.
    case vgg
    /// ResNet-20: He et al. 2016.
    case resnet
}

/// A network that says which class an image is of.
public struct ImageNetwork: Layer {
    /// Its sizes.
    package struct Architecture: Equatable, Sendable {
        package var model: ImageModelName
        package var shape: ImageShape
        package var classes: Int
        /// The filters of the first stage.
        package var filters: Int
        package var dropout: Double

        package init(model: ImageModelName, shape: ImageShape, classes: Int, filters: Int, dropout: Double) {
            (self.model, self.shape, self.classes, self.filters, self.dropout) = (model, shape, classes, filters, dropout)
        }

        /// How often the image can be halved and still have two elements a side.
        fileprivate func stages(_ most: Int) -> Int {
            var count = 0, side = Swift.min(shape.height, shape.width)
            while count < most, side >= 4 {
                side /= 2
                count += 1
            }
            return Swift.max(1, count)
        }

        /// In words.
        package var summary: String {
            switch model {
            case .cnn: "\(stages(3)) stages of two 3 x 3 convolutions with batch norm, from \(filters) filters on, two dense layers, dropout \(dropout)"
            case .lenet: "LeNet-5: two 5 x 5 convolutions of 6 and 16 filters, three dense layers"
            case .vgg: "a small VGG: \(stages(4)) stages of 3 x 3 convolutions, from \(filters) filters on, dropout \(dropout)"
            case .resnet: "ResNet-20: 19 convolutions in residual blocks, from \(filters) filters on"
            }
        }

        /// The layers.
        fileprivate var layers: [any Layer] {
            switch model {
            case .cnn: stack([Int](repeating: 2, count: stages(3)), dense: 128)
            case .vgg: stack(Array([1, 1, 2, 2].prefix(stages(4))), dense: 256)
            case .lenet: lenet
            case .resnet: resnet
            }
        }

        /// Stages of 3 x 3 convolutions, the filters doubled from one to the next.
        private func stack(_ counts: [Int], dense: Int) -> [any Layer] {
            var layers: [any Layer] = [], channels = shape.channels, outputs = filters, height = shape.height, width = shape.width
            for count in counts {
                for _ in 0..<count {
                    layers += [Conv2d(channels, outputs, kernel: 3, padding: 1, bias: false, initializer: .heNormal), BatchNorm(outputs), Activation.relu]
                    channels = outputs
                }
                if Swift.min(height, width) >= 2 {
                    layers.append(MaxPool(2))
                    (height, width) = (height / 2, width / 2)
                }
                outputs *= 2
            }
            // A larger grid is pooled, so that the dense layer stays small.
            if height > 8 || width > 8 {
                layers.append(AdaptivePool(.init([Swift.min(height, 4), Swift.min(width, 4)])))
                (height, width) = (Swift.min(height, 4), Swift.min(width, 4))
            }
            return layers + [Flatten(), Dropout(dropout), Linear(channels * height * width, dense, initializer: .heNormal), Activation.relu, Dropout(dropout), Linear(dense, classes)]
        }

        private var lenet: [any Layer] {
            // Padded, so that images of 28 x 28 and smaller ones have the original's grids.
            let height = shape.height / 2, width = shape.width / 2
            let innerHeight = Swift.max(1, height - (height >= 6 ? 4 : 0)) / (height >= 6 ? 2 : 1), innerWidth = Swift.max(1, width - (width >= 6 ? 4 : 0)) / (width >= 6 ? 2 : 1)
            let isSmall = height < 6 || width < 6
            let second: [any Layer] = isSmall ? [Conv2d(6, 16, kernel: 5, padding: 2), Activation.relu] : [Conv2d(6, 16, kernel: 5), Activation.relu, MaxPool(2)]
            let features = isSmall ? 16 * height * width : 16 * innerHeight * innerWidth
            return [Conv2d(shape.channels, 6, kernel: 5, padding: 2), Activation.relu, MaxPool(2)] + second
                + [Flatten(), Linear(features, 120), Activation.relu, Linear(120, 84), Activation.relu, Linear(84, classes)]
        }

        private var resnet: [any Layer] {
            var layers: [any Layer] = [Conv2d(shape.channels, filters, kernel: 3, padding: 1, bias: false, initializer: .heNormal), BatchNorm(filters), Activation.relu]
            var channels = filters
            for stage in 0..<3 {
                for block in 0..<3 {
                    let outputs = filters << stage
                    layers.append(ResidualBlock(channels, outputs, stride: stage > 0 && block == 0 ? 2 : 1))
                    channels = outputs
                }
            }
            return layers + [GlobalPool(), Linear(channels, classes)]
        }
    }

    package let architecture: Architecture
    package let network: Sequential

    package init(_ architecture: Architecture) { (self.architecture, network) = (architecture, Sequential(architecture.layers)) }

    public var children: [(name: String, value: Any)] { network.children }

    /// Scores of the classes. Shapes: x [batch, channels, height, width], result [batch, classes].
    public func callAsFunction(_ x: Tensor) -> Tensor { network(x) }
}

// In model cards.
extension ImageNetwork.Architecture {
    var json: JSON.Object {
        var object = JSON.Object()
        object["model"] = .string(model.rawValue)
        for (key, value) in [("channels", shape.channels), ("height", shape.height), ("width", shape.width), ("filters", filters)] { object[key] = .integer(Int64(value)) }
        object["dropout"] = .number(dropout)
        return object
    }

    init(_ json: JSONReader, classes: Int) throws(FormatError) {
        guard let model = ImageModelName(rawValue: try json["model"].string()) else { throw json["model"].error("is no network that is known") }
        let channels = try json["channels"].int(in: 1...4), height = try json["height"].int(in: 2...8192), width = try json["width"].int(in: 2...8192)
        self.init(
            model: model, shape: ImageShape(channels: channels, height: height, width: width), classes: classes, filters: try json["filters"].int(in: 1...4096),
            dropout: try json["dropout"].double())
        if !(0..<1).contains(dropout) { throw json["dropout"].error("must be at least 0 and below 1") }
    }
}
