import Descent

/// How classifiers divide the plane.
func decisionPictures(_ gallery: Gallery) throws {
    gallery.section("Decision regions")
    let iris = try Iris()
    let features = (x: "petal length, cm", y: "petal width, cm")

    // A perceptron stops at the first line that divides the classes, wherever that is.
    let small = iris.species.indices.filter { iris.species[$0] < 2 }
    let petals = iris.petals(small), kinds = small.map { iris.species[$0] }
    var perceptron = Perceptron()
    try perceptron.fit(petals, Tensor(int64: kinds))
    let found = perceptron.coefficients.doubles
    let division = LinearBoundary(weights: (found[0], found[1]), bias: perceptron.intercept)
    let around = DecisionRegions(inputs: petals, classes: kinds, names: Array(iris.names[..<2]), features: features, includesOrigin: true)
    try gallery.add(
        around.chart("A perceptron's boundary", of: perceptron, boundary: division, showsMargin: true), file: "boundary-perceptron",
        caption:
            "The weights w are the line's normal; its distance to the origin is |b| / |w|. A perceptron stops at the first line without mistakes; the margin (dashed) is as wide as the nearest example allows.",
        code: "regions.chart(\"A perceptron's boundary\", of: model, boundary: LinearBoundary(weights: (w[0], w[1]), bias: model.intercept), showsMargin: true)")

    // Two classes and a line.
    let two = iris.species.indices.filter { iris.species[$0] > 0 }
    let inputs = iris.petals(two), labels = two.map { iris.species[$0] - 1 }
    var logistic = LogisticRegression(penalty: .ridge(1))
    try logistic.fit(inputs, Tensor(int64: labels))
    let weights = logistic.coefficients.doubles
    let boundary = LinearBoundary(weights: (weights[0], weights[1]), bias: logistic.intercept)
    let pair = DecisionRegions(inputs: inputs, classes: labels, names: Array(iris.names[1...]), features: features)
    try gallery.add(
        pair.chart("Logistic regression", of: logistic, boundary: boundary, showsMargin: true), file: "regions-logistic",
        caption: "These classes overlap. Each example's way to the boundary is its margin, orange where it lies on the wrong side.",
        code: "regions.chart(\"Logistic regression\", of: model, boundary: boundary, showsMargin: true)")
    try gallery.add(
        Margins(decisions: logistic.decisionFunction(inputs).doubles, isPositive: labels.map { $0 == 1 }).chart("Margins of logistic regression"), file: "margins",
        caption: "The same as a histogram, of the decision function w · x + b: left of 0 an answer is wrong, near 0 it is unsure.",
        code: "Margins(decisions: model.decisionFunction(x).doubles, isPositive: labels).chart()")

    // Three classes.
    let all = Array(iris.species.indices)
    var softmax = SoftmaxRegression(penalty: .ridge(1))
    try softmax.fit(iris.petals(all), Tensor(int64: iris.species))
    let three = DecisionRegions(inputs: iris.petals(all), classes: iris.species, names: iris.names, features: features)
    try gallery.add(three.chart("Softmax regression", of: softmax), file: "regions-softmax", caption: "Three classes: lines again, which meet in a point.")

    // Ten classes.
    let (spread, groups) = tenGroups()
    var many = SoftmaxRegression(penalty: .ridge(0.01))
    try many.fit(spread, Tensor(int64: groups))
    let ten = DecisionRegions(inputs: spread, classes: groups, names: (0..<10).map { "class \($0)" })
    try gallery.add(ten.chart("Ten classes", of: many), file: "regions-ten-classes", caption: "Colours, markers and names tell the classes apart, in grey print too.")

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
        caption: "Rows are the true species, columns what softmax regression says; percentages are of the row.",
        code: "Chart.confusionMatrix(counts, classes: names)")
    let answers = many.predict(spread).ints
    var mixed = Array(repeating: Array(repeating: 0, count: 10), count: 10)
    for (truth, guess) in zip(groups, answers) { mixed[truth][guess] += 1 }
    try gallery.add(
        Chart.confusionMatrix(mixed, classes: ten.names, title: "Which of ten classes is taken for which"), file: "confusion-ten-classes",
        caption: "Mistakes are coloured by the root of their share, so that rare ones are seen.")

    // Probabilities that are what they say, and such that are not.
    let (logits, outcomes) = coins()
    func reliability(_ title: String, _ logits: Tensor) -> Chart { Calibration(sigmoid(logits).doubles, outcomes).chart(title, of: "heads") }
    try gallery.add(
        ChartGrid("Calibration", charts: [reliability("As they are", logits), reliability("Logits doubled: too sure", 2.0 * logits)], minimumWidth: 320),
        file: "calibration", width: 800, caption: "Of the answers given with 70 percent, are 70 percent right? Below the diagonal a model is too sure.",
        code: "Calibration(probabilities, isPositive).chart()")
}

/// Ten groups of 40 points in the plane, and the group of each.
private func tenGroups() -> (points: Tensor, groups: [Int]) {
    let noise = Random(seed: 11).normal([400, 2], dtype: .float64).doubles
    let groups = (0..<400).map { $0 % 10 }
    // Two in the middle, eight around them, close enough to overlap a little.
    let centers = [(-1.3, 0.0), (1.3, 0), (5, 0.5), (3.4, 3), (0, 3.6), (-3.4, 3), (-5, -0.5), (-3.4, -3), (0, -3.6), (3.4, -3)]
    let rows = groups.enumerated().map { index, group in
        [centers[group].0 + 0.75 * noise[2 * index], centers[group].1 + 0.75 * noise[2 * index + 1]]
    }
    return (Tensor(float64: rows), groups)
}

/// 3000 coins of different bias, as logits, and how each fell.
private func coins() -> (logits: Tensor, isHeads: [Bool]) {
    let random = Random(seed: 5)
    let logits = random.stream("bias").normal([3000], dtype: .float64) * 1.6
    let throwing = random.stream("throw").uniform([3000], dtype: .float64).doubles
    return (logits, zip(sigmoid(logits).doubles, throwing).map { $0 > $1 })
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
