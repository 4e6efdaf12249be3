import DescentCore

extension Module {
    /// Runs the body with the values that the model's variables have at this moment: those of one step, while other tasks train the model.
    ///
    ///     let answer = model.withSnapshot { model(question) }
    ///
    /// A compiled function needs no snapshot: each call takes the values of one moment by itself. Variables that the body assigns get their new
    /// values for all, and read as before until the body ends.
    public func withSnapshot<Result>(_ body: () throws -> Result) rethrows -> Result {
        try reading(variables.map(\.variable), body)
    }
}
