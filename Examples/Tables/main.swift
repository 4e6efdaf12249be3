import Descent

// What `descent train` and `descent predict` do, as a library. The table is built in; `Table(path:)` reads a CSV file.
let training = try TabularTraining(Digits.table(), target: "digit")
print(training.target.note)

let model = try training.run { progress in
    if progress.isEndOfEpoch { print("epoch \(progress.epoch) of \(progress.epochs): loss \(progress.loss)") }
}
for line in model.record.lines { print(line) }

let file = try model.save(to: "descent-models/digits")
let loaded = try TabularModel(path: file)
for answer in try loaded.predict(Digits.table(), rows: [0, 1, 2]) {
    if case .label(let number, let probabilities) = answer { print(loaded.target.classes[number], probabilities[number]) }
}
