import Descent

/// How classifiers divide the plane.
func decisionPictures(_ gallery: Gallery) throws {
    gallery.section("Decision regions")
    let iris = try Iris()
    let features = (x: "petal length, cm", y: "petal width, cm")

    // Two classes and a line.
    let two = iris.species.indices.filter { iris.species[$0] > 0 }
    let inputs = iris.petals(two), labels = two.map { iris.species[$0] - 1 }
    var logistic = LogisticRegression(penalty: .ridge(1))
    try logistic.fit(inputs, Tensor(int64: labels))
    let weights = logistic.coefficients.doubles
    let boundary = LinearBoundary(weights: (weights[0], weights[1]), bias: logistic.intercept)
    let pair = DecisionRegions(inputs: inputs, classes: labels, names: Array(iris.names[1...]), features: features)
    try gallery.add(
        pair.chart("Logistic regression", of: logistic, boundary: boundary), file: "regions-logistic",
        caption: "A linear model's boundary is a line; its weights are the normal.",
        code: "regions.chart(\"Logistic regression\", of: model, boundary: LinearBoundary(weights: (w[0], w[1]), bias: model.intercept))")

    // Three classes.
    let all = Array(iris.species.indices)
    var softmax = SoftmaxRegression(penalty: .ridge(1))
    try softmax.fit(iris.petals(all), Tensor(int64: iris.species))
    let three = DecisionRegions(inputs: iris.petals(all), classes: iris.species, names: iris.names, features: features)
    try gallery.add(three.chart("Softmax regression", of: softmax), file: "regions-softmax", caption: "Three classes: lines again, which meet in a point.")

    // Exclusive or: no line divides it; a product of the features does, and so does a network.
    let (points, sides) = exclusiveOr()
    let xor = DecisionRegions(inputs: points, classes: sides, names: ["same sign", "different signs"])
    let quadratic = PolynomialFeatures(degree: 2)
    var curved = LogisticRegression(penalty: .ridge(0.1))
    try curved.fit(quadratic(points), Tensor(int64: sides))
    try gallery.add(
        xor.chart("Exclusive or, with quadratic features") { curved.predict(quadratic($0)).ints }, file: "regions-xor-quadratic",
        caption: "No line divides these classes. With the features' product among the inputs a linear model does.")
    let network = Sequential(Linear(2, 16), Activation.tanh, Linear(16, 1))
    network.initialize(seed: 4)
    let targets = Tensor(sides.map { Float($0) }, shape: [sides.count, 1])
    let trainer = Trainer(network, optimizer: Adam(learningRate: 0.03)) { model, x, y in binaryCrossEntropy(logits: model(x), y) }
    try trainer.fit(Examples(inputs: points, targets: targets), epochs: 150, batchSize: 50, seed: 1)
    try gallery.add(
        xor.chart("Exclusive or, by a network") { (network($0) .> 0).cast(to: .int64).ints }, file: "regions-xor-network",
        caption: "A network of 16 tanh units finds the curves by itself.")

    let predicted = softmax.predict(iris.petals(all)).ints
    var counts = Array(repeating: Array(repeating: 0, count: 3), count: 3)
    for (truth, guess) in zip(iris.species, predicted) { counts[truth][guess] += 1 }
    try gallery.add(
        Chart.confusionMatrix(counts, classes: iris.names, title: "Which species is taken for which"), file: "confusion", width: 520,
        caption: "Rows are the true species, columns what softmax regression says.")
}

/// The built-in flowers' petals and species.
struct Iris {
    let names = ["setosa", "versicolor", "virginica"]
    let species: [Int]
    private let numbers: [[Double]]

    init() throws {
        let table = BuiltInTable.iris.table(), column = try table.column("species")
        let texts = (0..<table.rowCount).map { table.text(row: $0, column: column) }
        let found = Array(Set(texts)).sorted()
        species = texts.map { found.firstIndex(of: $0)! }
        numbers = (0..<table.rowCount).map { row in [2, 3].map { table.number(row: row, column: $0) ?? 0 } }
    }

    /// Length and width of the petals of some flowers.
    func petals(_ rows: [Int]) -> Tensor { Tensor(float64: rows.map { numbers[$0] }) }
}

/// 200 points around the origin, and whether their coordinates differ in sign.
func exclusiveOr() -> (points: Tensor, sides: [Int]) {
    let points = Random(seed: 7).uniform([200, 2], in: -2..<2)
    let numbers = points.doubles
    return (points, (0..<200).map { numbers[2 * $0] * numbers[2 * $0 + 1] < 0 ? 1 : 0 })
}
