import Descent

/// What happens inside of networks, and how to train them.
func networkPictures(_ gallery: Gallery) throws {
    gallery.section("Networks")
    let functions: [Activation] = [.sigmoid, .tanh, .relu, .leakyRelu, .elu, .gelu, .silu, .softplus, .mish]
    try gallery.add(
        ChartGrid("Activations and their derivatives", charts: functions.map { $0.chart() }, columns: 3), file: "activations", width: 900,
        caption: "Where the derivative is near 0, a unit hardly learns.", code: "Activation.gelu.chart()")

    // The gradient's way back through twelve layers.
    let input = Random(seed: 2).normal([64, 32])
    func sizes(_ activation: Activation, _ initializer: Initializer) -> [Double] {
        let network = Sequential((0..<12).flatMap { _ in [Linear(32, 32, initializer: initializer), activation] as [any Layer] } + [Linear(32, 1)])
        network.initialize(seed: 1)
        return network.explain(input) { ($0 * $0).mean() }.layers.filter { $0.kind == "Linear" }.map(\.gradients.size)
    }
    let vanishing = Chart(
        "Size of the gradient by layer", x: Axis("layer"), y: Axis("root mean square of the gradient", scale: .log),
        marks: [
            .line(sizes(.sigmoid, .normal(deviation: 0.3)), from: 1, name: "sigmoid", showsPoints: true),
            .line(sizes(.tanh, .xavierUniform()), from: 1, name: "tanh, Xavier", showsPoints: true),
            .line(sizes(.relu, .heNormal), from: 1, name: "relu, He", showsPoints: true),
            .line(sizes(.relu, .normal(deviation: 0.6)), from: 1, name: "relu, too large", showsPoints: true),
        ])
    try gallery.add(
        vanishing, file: "gradients-by-layer",
        caption: "On its way back from layer 13 to layer 1 the gradient of a sigmoid network vanishes, and with too large first weights it explodes.",
        code: "print(network.explain(input) { ($0 * $0).mean() })")

    // The same through the steps of recurrent cells.
    let sequence = Random(seed: 6).normal([60, 4])
    func flow<Cell: RecurrentCell>(_ cell: Cell) -> GradientFlow {
        cell.initialize(seed: 3)
        return GradientFlow.report(cell, sequence)
    }
    try gallery.add(
        GradientFlow.comparison([("RNN", flow(RNNCell(4, 24))), ("GRU", flow(GRUCell(4, 24))), ("LSTM", flow(LSTMCell(4, 24, forgetBias: 3)))]),
        file: "gradient-flow", caption: "How strongly the state after t steps depends on the first: a plain cell forgets, gates that keep do not.",
        code: "GradientFlow.comparison([(\"LSTM\", GradientFlow.report(LSTMCell(4, 24), sequence))])")

    // A trained network's surroundings.
    let (points, sides) = exclusiveOr()
    let targets = Tensor(sides.map { Float($0) }, shape: [sides.count, 1])
    let network = Sequential(Linear(2, 16), Activation.tanh, Linear(16, 1))
    network.initialize(seed: 4)
    func loss() -> Tensor { binaryCrossEntropy(logits: network(points), targets) }
    let before = LossSlice(of: network, loss: loss).chart("Before training")
    let trainer = Trainer(network, optimizer: Adam(learningRate: 0.03)) { model, x, y in binaryCrossEntropy(logits: model(x), y) }
    try trainer.fit(Examples(inputs: points, targets: targets), epochs: 150, batchSize: 50, seed: 1)
    let after = LossSlice(of: network, loss: loss).chart("After training")
    try gallery.add(
        ChartGrid("The loss around a network's weights", charts: [before, after], minimumWidth: 340), file: "loss-slice", width: 900,
        caption: "A slice of the loss along two random directions, each as long as the weights (Li et al. 2018).",
        code: "LossSlice(of: network) { binaryCrossEntropy(logits: network(points), targets) }.chart(\"After training\")")

    let test = try TabularTraining(BuiltInTable.iris.table(), target: "species").rangeTest()
    try gallery.add(
        test.chart("Learning-rate range test on iris"), file: "range-test",
        caption: "One step at each of a hundred rates: too small ones stall, too large ones diverge.", code: "descent range-test iris")
}
