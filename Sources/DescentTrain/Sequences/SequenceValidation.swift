import DescentCore
import DescentData
import DescentNN

/// What a run on sequences is validated by.
package struct SequenceValidation<Model: Module> {
    /// How much was held back, over what an epoch learns from.
    package let share: Double
    /// The mean loss of what was held back, the model in use.
    package let loss: (Trainer<Model>) throws -> Double

    package init(share: Double, loss: @escaping (Trainer<Model>) throws -> Double) { (self.share, self.loss) = (share, loss) }

    /// A validation by the loss that is trained with, over all examples of a source.
    package init(on source: some BatchSource, of training: some BatchSource) {
        self.init(share: Double(source.examplesPerEpoch) / Double(training.examplesPerEpoch)) { try $0.meanLoss(over: source) }
    }

    /// In runs of fewer epochs a loss is measured, and the training's is recorded, between their ends too.
    package static var fewEpochs: Int { 10 }
    /// About so many records a run of few epochs has, where it has as many steps.
    package static var recordCount: Int { 40 }
    /// What validations may take of the time, about.
    private static var timeShare: Double { 0.03 }
    /// What an example that is validated on costs, over one that is learned from: a pass forward alone, in batches that are less wide.
    private static var cost: Double { 0.8 }

    /// How often the loss is measured in an epoch of a run of so many.
    package func measurements(epochs: Int) -> Int {
        if epochs >= Self.fewEpochs { return 1 }
        return Swift.max(1, Swift.min(4, Int((Self.timeShare / (Self.cost * Swift.max(share, 1e-3))).rounded())))
    }
}

extension SequenceSettings {
    /// The part to validate on where patience asks for one and nobody said which.
    public static let patienceFraction = 0.1

    /// How many of so many examples are held back to validate on.
    ///
    /// - Parameter noun: What is counted, for the error.
    /// - Throws: `SettingsError` where a part was asked for and comes out as none.
    package func validationCount(of count: Int, noun: String) throws(SettingsError) -> Int {
        let fraction = validationFraction ?? (patience == nil ? 0 : Self.patienceFraction)
        let found = Int((Double(count) * fraction).rounded())
        if fraction > 0 && found == 0 {
            throw SettingsError("\(fraction) of \(grouped(count)) \(noun) is none to validate on; hold back a larger part (--validation-fraction), or do without patience")
        }
        return found
    }
}
