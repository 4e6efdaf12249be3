import DescentCore
import DescentData
import DescentFormats
import DescentNN
import DescentTrain

/// Labelled texts made ready to be told apart by their n-grams.
///
///     let training = try TextNGramTraining(LabelledTexts(path: "reviews.csv"))
///     let model = try training.run()
public struct TextNGramTraining: JobTraining {
    /// The texts and their classes.
    public let texts: LabelledTexts
    /// The settings; the penalty is still `nil` where cross-validation will choose it.
    public let settings: TextNGramSettings
    /// Which texts are learned from, and which held out.
    public let split: Split

    /// The most texts that all penalties are tried on with five parts; of more, one part of a tenth is left out.
    private static let manyTexts = 10_000
    /// The most characters of training texts whose n-grams of characters are counted, unless they are asked for.
    private static let manyCharacters = 30_000_000

    /// Divides the texts.
    ///
    /// - Throws: `SettingsError` for settings that cannot be used.
    public init(_ texts: LabelledTexts, settings: TextNGramSettings = TextNGramSettings()) throws {
        try settings.validate()
        self.texts = texts
        var chosen = settings
        chosen.run.testFraction = settings.testFraction ?? 0.2
        chosen.terms = settings.terms ?? Self.guessedTerms(texts)
        self.settings = chosen
        split = texts.split(testFraction: chosen.testFraction!, seed: UInt64(bitPattern: Int64(chosen.seed)))
    }

    private static func guessedTerms(_ texts: LabelledTexts) -> TextNGramSettings.TermChoice {
        if ClassifierTraining.guessedUnit(texts) == .characters { return .characters }
        return texts.texts.reduce(0) { $0 + $1.utf8.count } > manyCharacters ? .words : .both
    }

    private var kinds: [(kind: NGramTerms, range: ClosedRange<Int>)] {
        let words = (kind: NGramTerms.words, range: 1...settings.longest), characters = (kind: NGramTerms.characters, range: settings.terms == .characters ? 1...5 : 2...5)
        return switch settings.terms! {
        case .words: [words]
        case .characters: [characters]
        case .both: [words, characters]
        }
    }

    public var noun: String { "texts" }

    public var opening: [String] {
        let terms =
            switch settings.terms! {
            case .words: "words, alone and up to \(settings.longest) in a row"
            case .characters: "1 to 5 characters within words"
            case .both: "words, alone and up to \(settings.longest) in a row, and 2 to 5 characters within words"
            }
        let labels = texts.hasSeveralLabels ? "Texts have several labels, so each label gets a probability of its own." : nil
        return texts.unusedWords + [
            "\(grouped(texts.texts.count)) texts of \(texts.classWords).",
            "Training on \(grouped(split.train.count)) texts, \(grouped(split.test.count)) held out, stratified by class (--test-fraction); seed \(settings.seed).",
        ] + (labels.map { [$0] } ?? []) + [
            "N-grams: \(terms) (--tokens, --ngrams), by TF-IDF; logistic regression on them, weighted as naive Bayes does, L2 penalty \(settings.penalty.map(shortNumber) ?? "by cross-validation") (--l2). A network instead: --model recurrent."
        ]
    }

    public func plan(readsHeldOut: Bool) throws -> TrainingPlan<NGramNetwork> {
        throw SettingsError("n-grams are fitted by a solver and not step by step; say --model recurrent for a network that is")
    }

    public func model(of network: NGramNetwork, outcome: TrainingOutcome) throws -> TextNGramClassifier {
        throw SettingsError("n-grams are fitted by a solver and not step by step")
    }

    public func solved() throws -> TextNGramClassifier? {
        let own = split.train.map { texts.texts[$0] }, isMulti = texts.hasSeveralLabels
        let outputs = texts.classes.count == 2 && !isMulti ? 1 : texts.classes.count
        let targets = split.train.flatMap { row -> [Float] in
            outputs == 1 ? [Float(texts.labels[row])] : (0..<outputs).map { texts.labelSets[row].contains(Int32($0)) ? 1 : 0 }
        }
        let fit = NGramFit(
            NGramVectorizer(fitting: own, kinds), texts: own, targets: targets, outputs: outputs, loss: outputs == 1 || isMulti ? .logistic : .softmax,
            folds: folds(), penalty: settings.penalty)
        var settings = settings
        settings.penalty = fit.penalty
        var record = ModelRecord(
            source: texts.file, settings: settings, trained: Quantity(own.count, "texts"), heldOut: split.test.isEmpty ? nil : Quantity(split.test.count, "texts"),
            trainingLoss: fit.validationLoss, fingerprint: texts.fingerprint)
        record.method = "logistic regression on \(grouped(fit.model.vectorizer.width)) n-grams, L2 penalty \(shortNumber(fit.penalty))"
        let frequent = texts.frequentClass(in: split.train)
        record.baseline = texts.classes[frequent]
        let thresholds = isMulti ? LabelThresholds.best(fit.outOfFold, targets: targets, labels: outputs) : nil
        func model() -> TextNGramClassifier { TextNGramClassifier(fit.model, classes: texts.classes, thresholds: thresholds, layout: texts.layout, record: record) }
        if split.test.isEmpty { return model() }
        if isMulti {
            record.metrics = model().labelEvaluation(split.test.map { (texts.texts[$0], texts.labelSets[$0]) }).headlines
        } else {
            (record.metrics, record.confusion) = model().heldOutMetrics(texts, split: split, frequentClass: frequent)
        }
        return model()
    }

    /// For each training text the part that it is left out with: of each class a share in each of five parts. Of very many texts only every tenth is left out.
    private func folds() -> [Int] {
        var random = SplitMix64(seed: ~UInt64(bitPattern: Int64(settings.seed)))
        var order = Array(split.train.indices)
        random.shuffle(&order)
        var counts = [Int](repeating: 0, count: texts.classes.count), folds = [Int](repeating: 0, count: order.count)
        let parts = order.count > Self.manyTexts ? 10 : 5
        for place in order {
            let label = Int(texts.labels[split.train[place]])
            folds[place] = counts[label] % parts
            counts[label] += 1
        }
        // The parts that are not left out have a number below zero.
        return parts == 5 ? folds : folds.map { $0 == 0 ? 0 : -1 }
    }

    public func report(of model: TextNGramClassifier) -> JobReport {
        model.report(texts, rows: split.test, labels: nil)
    }
}
