@_spi(_Unicode) import Swift

extension String {
    /// The text in Unicode's normalization form C: an é of two scalars becomes one, marks stand in their canonical order. So texts that look alike
    /// are made of the same scalars.
    ///
    /// The standard library has it under an underscored name; nothing else of it is used that way, and this is the one place.
    package var normalizedC: String { String(String.UnicodeScalarView(_nfc)) }
}
