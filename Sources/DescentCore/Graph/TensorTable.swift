/// A set of nodes made before a given one. Node numbers lie close together, so a bit for each is smaller and quicker than a hash.
package struct NodeSet {
    private let newest: Int
    private var words: [UInt64] = [0, 0, 0, 0]

    /// - Parameter newest: the highest node number that will be asked for.
    package init(upTo newest: Int) { self.newest = newest }

    package func contains(_ node: Int) -> Bool {
        let distance = newest - node
        return distance >= 0 && distance >> 6 < words.count && words[distance >> 6] & (1 << UInt64(distance & 63)) != 0
    }

    /// Returns whether it is new.
    package mutating func insert(_ node: Int) -> Bool {
        let distance = newest - node
        let word = distance >> 6
        if word >= words.count { words += [UInt64](repeating: 0, count: Swift.max(word + 1 - words.count, words.count)) }
        let bit: UInt64 = 1 << UInt64(distance & 63)
        if words[word] & bit != 0 { return false }
        words[word] |= bit
        return true
    }
}

/// Values by tensor: an array for the first results of the nodes in a range of numbers, a dictionary for all else.
package struct TensorTable<Value> {
    private let first: Int
    private var near: [Value?]
    private var far: [TensorKey: Value] = [:]

    /// - Parameter count: about how many values there will be: the array has room for four times as many nodes, or 65,536.
    package init(from first: Int, through last: Int, count: Int = 0) {
        self.first = first
        near = [Value?](repeating: nil, count: Swift.min(Swift.max(last - first + 1, 0), Swift.max(1 << 16, 4 * count)))
    }

    package subscript(_ key: TensorKey) -> Value? {
        get {
            let place = key.node - first
            return key.index == 0 && place >= 0 && place < near.count ? near[place] : far[key]
        }
        set {
            let place = key.node - first
            if key.index == 0, place >= 0, place < near.count { near[place] = newValue } else { far[key] = newValue }
        }
    }
}
