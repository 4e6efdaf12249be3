import Descent

/// LeNet-5 with relu and maximum pooling, for images of 28 x 28 (LeCun et al. 1998).
func lenet() -> Sequential {
    Sequential(
        Conv2d(1, 6, kernel: 5, padding: 2), Activation.relu, MaxPool(2),
        Conv2d(6, 16, kernel: 5), Activation.relu, MaxPool(2),
        Flatten(), Linear(16 * 5 * 5, 120), Activation.relu, Linear(120, 84), Activation.relu, Linear(84, 10))
}

/// A small VGG for colour images of 32 x 32: stages of 3 x 3 convolutions (Simonyan and Zisserman 2015).
func smallVGG() -> Sequential {
    var layers: [any Layer] = [], channels = 3
    for (stage, count) in [2, 2, 3].enumerated() {
        for _ in 0..<count {
            layers += [Conv2d(channels, 64 << stage, kernel: 3, padding: 1, bias: false), BatchNorm(64 << stage), Activation.relu]
            channels = 64 << stage
        }
        layers.append(MaxPool(2))
    }
    return Sequential(layers + [Flatten(), Dropout(0.5), Linear(256 * 4 * 4, 256), Activation.relu, Linear(256, 10)])
}

/// ResNet-20 for colour images of 32 x 32 (He et al. 2016).
func resnet20() -> Sequential {
    var layers: [any Layer] = [Conv2d(3, 16, kernel: 3, padding: 1, bias: false), BatchNorm(16), Activation.relu], channels = 16
    for stage in 0..<3 {
        for block in 0..<3 {
            layers.append(ResidualBlock(channels, 16 << stage, stride: stage > 0 && block == 0 ? 2 : 1))
            channels = 16 << stage
        }
    }
    return Sequential(layers + [GlobalPool(), Linear(64, 10)])
}

print(lenet().summary(input: [1, 1, 28, 28]))
print(smallVGG().summary(input: [1, 3, 32, 32]).split(separator: "\n").last!)
print(resnet20().summary(input: [1, 3, 32, 32]).split(separator: "\n").last!)

// The built-in digits, brought from 8 x 8 to 28 x 28 pixels, and a split of them.
let (pixels, classes) = Digits.load()
let images = (Tensor(pixels.map { Float($0) / 8 - 1 }, shape: [Digits.count, 1, 8, 8])).resized(to: 28), labels = Tensor(int32: classes.map { Int32($0) })
let split = Split.shuffled(count: Digits.count, testFraction: 0.2, seed: 1)
let (train, test) = (Tensor(int64: split.train), Tensor(int64: split.test))

let model = lenet()
model.initialize(seed: 1)
let trainer = Trainer(model, optimizer: Adam(learningRate: 2e-3)) { softmaxCrossEntropy($0($1), $2) }
try trainer.fit(Batches(images[train], labels[train], size: 32, seed: 1), for: .epochs(8))
let answers = model(images[test]).argmax(axis: 1).ints, right = zip(answers, labels[test].ints).count { $0 == $1 }
print("LeNet on the digits: \(right) of \(split.test.count) right")
