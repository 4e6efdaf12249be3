import DescentCore
import DescentNN
import DescentTrain

/// What a run trains: a network with its batches, its loss and its validation.
public struct TrainingPlan<Network: Module> {
    /// The network; its first values are drawn by the run.
    public let network: Network
    /// The batches.
    public let source: any BatchSource
    /// Which data it is: a checksum of all that is learned from and measured on. A run is resumed on the same data only.
    public let fingerprint: String
    /// The mean loss of a batch.
    public let loss: (Network, [Tensor]) -> Tensor
    /// What is validated; `nil` for nothing.
    public let validation: PlannedValidation<Network>?
    /// The most steps in which the learning rate rises to its peak; 0 for none.
    public let warmUp: Int

    /// A plan.
    ///
    /// - Parameter loss: The mean loss of a batch, from the network and the batch's tensors.
    public init(
        _ network: Network, on source: any BatchSource, fingerprint: String, validation: PlannedValidation<Network>? = nil, warmUp: Int = 0,
        loss: @escaping (Network, [Tensor]) -> Tensor
    ) {
        (self.network, self.source, self.fingerprint, self.validation) = (network, source, fingerprint, validation)
        (self.warmUp, self.loss) = (warmUp, loss)
    }
}

/// What a run is validated by.
public struct PlannedValidation<Network: Module> {
    /// How much is held back, relative to what an epoch learns from.
    let share: Double
    /// The mean loss of what is held back, without dropout.
    let loss: (Trainer<Network>) throws -> Double

    /// A loss of your own.
    public init(share: Double, loss: @escaping (Trainer<Network>) throws -> Double) { (self.share, self.loss) = (share, loss) }

    /// The loss of the training, over all examples of a source.
    public init(on source: any BatchSource, of training: any BatchSource) {
        self.init(share: Double(source.examplesPerEpoch) / Double(training.examplesPerEpoch)) { try $0.meanLoss(over: source) }
    }

    /// In runs of fewer epochs losses are recorded between the epochs' ends too.
    package static var fewEpochs: Int { 10 }
    /// About as many records as a run of few epochs has.
    package static var recordCount: Int { 40 }
    /// The fraction of the time that validation may take.
    private static var timeShare: Double { 0.03 }
    /// The cost of validating an example relative to learning from it: a forward pass, in narrower batches.
    private static var cost: Double { 0.8 }

    /// How often an epoch is validated, in a run of this many epochs.
    package func measurements(epochs: Int) -> Int {
        if epochs >= Self.fewEpochs { return 1 }
        return Swift.max(1, Swift.min(4, Int((Self.timeShare / (Self.cost * Swift.max(share, 1e-3))).rounded())))
    }
}
