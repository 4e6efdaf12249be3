import Synchronization

/// What indices are for: who takes them, what they are called there, and which are right. The sentence about one that is not right is made of
/// it, so it names what the user wrote, whatever fusion and simplification made of the program.
package struct IndexUse: Hashable, Sendable {
    /// The operation, by the name that the user called it: "softmaxCrossEntropy".
    package let operation: String
    /// What it calls an index: "label".
    package let noun: String
    /// What the axis is, in words with `%` for its size: "% classes". Nil: an axis.
    package let axis: String?
    /// Whether negative indices count from the end of the axis; else they are mistakes.
    package let countsFromEnd: Bool
    /// What to do about a negative index, where it is a mistake.
    package let advice: String
    /// The module that asked for the operation, for the sentence.
    package let place: String?

    package init(_ operation: String, _ noun: String = "index", axis: String? = nil, countsFromEnd: Bool = true, advice: String = "", place: String? = Scope.modulePlace) {
        (self.operation, self.noun, self.axis, self.countsFromEnd, self.advice, self.place) = (operation, noun, axis, countsFromEnd, advice, place)
    }

    /// The smallest right index for an axis.
    package func lowest(_ size: Int) -> Int { countsFromEnd ? -size : 0 }

    package func sentence(_ value: Int, size: Int) -> String {
        var text = "\(operation): \(noun) \(value) is outside "
        if let axis {
            let words = axis.split(separator: "%", omittingEmptySubsequences: false).joined(separator: "\(size)")
            text += size == 0 ? words : "\(lowest(size)) ..< \(size) (\(words))"
        } else {
            text += "an axis of \(size)" + (size == 0 ? "" : " (\(lowest(size)) to \(size - 1) would be right)")
        }
        text += "."
        if value < 0, !countsFromEnd, !advice.isEmpty { text += " " + advice }
        return text + (place.map { " In \($0)." } ?? "")
    }

    private static let known = Mutex<(numbers: [IndexUse: Int], uses: [IndexUse])>(([:], []))

    /// A number for the use, 1 or more: the same for equal ones. A primitive that is compared and hashed holds it in place of the texts, and so
    /// does the kernel that finds the fault.
    package var number: Int {
        Self.known.withLock { known in
            if let number = known.numbers[self] { return number }
            known.uses.append(self)
            known.numbers[self] = known.uses.count
            return known.uses.count
        }
    }

    /// The use with a number.
    package static func numbered(_ number: Int) -> IndexUse { known.withLock { $0.uses[number - 1] } }
}
