/// Which Descent this is.
public enum Release {
    /// The version, as written into model files and shown by `descent --version`.
    public static let version = "0.1.0"
}
