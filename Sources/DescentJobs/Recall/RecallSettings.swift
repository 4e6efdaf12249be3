/// How to train on the recall task.
public struct RecallSettings: RecurrentJobSettings {
    public var run = RunSettings()
    public var recurrent = RecurrentSettings()
    /// The fillers between the subject and the question.
    public var distance = 20
    /// The shortest distance trained at; `nil` for an eighth of the distance.
    public var shortestDistance: Int?
    /// How many subjects there are.
    public var subjects = 8

    /// The defaults.
    public init() {}

    public static let fields: [SettingField<Self>] =
        [
            .whole("distance", \.distance, in: 1...5000, "Words between the subject and the question. Default: 20.", valueName: "words"),
            .optional(
                "shortest-distance", \.shortestDistance, .whole, rule: SettingRule("1 to 5000") { (1...5000).contains($0) }, subject: "the shortest distance", valueName: "words",
                "Shortest distance to train at: batches have distances from it up to --distance. Default: an eighth of --distance; the value of --distance trains at that one only."),
            .whole("subjects", \.subjects, in: 2...1000, "Number of subjects. Default: 8."),
        ] + recurrentFields

    public func validateTogether() throws(SettingsError) {
        if let shortestDistance, shortestDistance > distance {
            throw SettingsError("the shortest distance is \(shortestDistance), and the distance \(distance); the shortest must not be longer")
        }
        if run.testFraction != nil || run.validationFraction != nil {
            let option = run.testFraction != nil ? "--test-fraction" : "--validation-fraction"
            throw SettingsError("sequences of the recall task are drawn as they are needed, so there is no fraction to hold out; leave out \(option)")
        }
    }
}
