/// Reads formulas by recursive descent: sums of products of signed powers of atoms, of which parts may be taken.
struct ExpressionParser {
    let source: String
    let tokens: [ExpressionToken]
    var next = 0
    private var depth = 0

    /// How deep parentheses, calls and signs may nest.
    private static let depthLimit = 200

    init(_ source: String) throws(ExpressionError) {
        self.source = source
        tokens = try ExpressionToken.all(in: source)
    }

    /// The one formula that the source is.
    mutating func formula() throws(ExpressionError) -> Expression.Node {
        if tokens.count == 1 { throw error("the formula is empty", at: 0..<0) }
        let node = try sum()
        if case .end = token.kind { return node }
        throw unexpected()
    }

    /// The definitions that the source is, in the order written: `name = formula`, or a formula alone. A `;` stands between them.
    mutating func definitions() throws(ExpressionError) -> [(name: String?, place: Range<Int>, value: Expression.Node)] {
        var found: [(name: String?, place: Range<Int>, value: Expression.Node)] = []
        while token.kind != .end {
            if take(";") != nil { continue }
            var name: String?, place = token.place
            if case .name(let text) = token.kind, tokens[next + 1].kind == .symbol("=") {
                name = text
                next += 2
            } else if tokens[next].kind != .symbol("="), next + 1 < tokens.count, tokens[next + 1].kind == .symbol("=") {
                throw error("what stands before = must be a name", at: token.place)
            }
            let value = try sum()
            if name == nil { place = value.place }
            found.append((name, place, value))
            guard token.kind == .end || take(";") != nil else { throw unexpected() }
        }
        if found.isEmpty { throw error("the formula is empty", at: 0..<0) }
        return found
    }

    func unexpected() -> ExpressionError {
        switch token.kind {
        case .symbol(")"): error("there is no ( for this )", at: token.place)
        case .symbol("]"): error("there is no [ for this ]", at: token.place)
        case .symbol(","): error("a comma stands only between the arguments of a function", at: token.place)
        case .symbol(":"): error("a : stands only in an index, such as x[1:3]", at: token.place)
        case .symbol(";"): error("a ; stands only between definitions", at: token.place)
        case .symbol("~"): error("a ~ stands only in a formula of descent fit, after what is predicted", at: token.place)
        case .symbol("="): error("= stands only after the name that a definition begins with; definitions are separated by ;", at: token.place)
        default: error("an operator is missing before this: + - * / or **", at: token.place)
        }
    }

    var token: ExpressionToken { tokens[next] }

    mutating func take(_ symbols: String...) -> String? {
        guard case .symbol(let symbol) = token.kind, symbols.contains(symbol) else { return nil }
        next += 1
        return symbol
    }

    mutating func sum() throws(ExpressionError) -> Expression.Node {
        var left = try product()
        while let symbol = take("+", "-") { left = joined(symbol, left, try product()) }
        return left
    }

    private mutating func product() throws(ExpressionError) -> Expression.Node {
        var left = try signed()
        while let symbol = take("*", "/", "@") { left = joined(symbol, left, try signed()) }
        return left
    }

    private mutating func signed() throws(ExpressionError) -> Expression.Node {
        let start = token.place
        depth += 1
        defer { depth -= 1 }
        if depth > Self.depthLimit { throw error("the formula is nested more than \(Self.depthLimit) deep", at: start) }
        guard let symbol = take("+", "-") else { return try power() }
        let inner = try signed()
        let place = start.lowerBound..<inner.place.upperBound
        return symbol == "+" ? inner : Expression.Node(form: .call(.negate, [inner]), place: place)
    }

    private mutating func power() throws(ExpressionError) -> Expression.Node {
        let base = try postfix()
        // From the right, and a sign may stand in the exponent: 2**-x**2 is 2**(-(x**2)).
        guard take("**") != nil else { return base }
        return joined("**", base, try signed())
    }

    /// An atom and what is taken of it: `W[0, :]`, `W.T`.
    private mutating func postfix() throws(ExpressionError) -> Expression.Node {
        var node = try atom()
        while true {
            let start = token.place
            switch token.kind {
            case .symbol("["): node = try indexed(node)
            case .symbol("."):
                next += 1
                guard token.kind == .name("T") else { throw error("after a . only T can stand, the transpose", at: start) }
                next += 1
                node = Expression.Node(form: .call(.transposed, [node]), place: node.place.lowerBound..<tokens[next - 1].place.upperBound)
            default: return node
            }
        }
    }

    private mutating func atom() throws(ExpressionError) -> Expression.Node {
        let start = token
        if start.kind != .end { next += 1 }
        switch start.kind {
        case .number(let value): return Expression.Node(form: .number(value), place: start.place)
        case .name(let name):
            if case .symbol("(") = token.kind { return try call(name, start.place) }
            return Expression.Node(form: .name(name), place: start.place)
        case .symbol("("):
            let inner = try sum()
            guard take(")") != nil else { throw unclosed(start.place, "(", ")") }
            return Expression.Node(form: inner.form, place: start.place.lowerBound..<tokens[next - 1].place.upperBound)
        case .symbol("["):
            if token.kind == .symbol("]") { throw error("a vector has at least one element", at: start.place.lowerBound..<token.place.upperBound) }
            let members = try members()
            guard take("]") != nil else { throw unclosed(start.place, "[", "]") }
            return Expression.Node(form: .call(.list, members), place: start.place.lowerBound..<tokens[next - 1].place.upperBound)
        case .symbol(let symbol): throw error("a number, a name or ( is missing before \"\(symbol)\"", at: start.place)
        case .end: throw error("the formula ends where a number, a name or ( should be", at: start.place)
        }
    }

    private mutating func members() throws(ExpressionError) -> [Expression.Node] {
        var found: [Expression.Node] = []
        repeat { found.append(try sum()) } while take(",") != nil
        return found
    }

    func unclosed(_ opening: Range<Int>, _ open: String, _ close: String) -> ExpressionError {
        switch token.kind {
        case .end, .symbol(";"): error("the \(close) of this \(open) is missing", at: opening)
        case .symbol("="): unexpected()
        default: error("an operator or \(close) is missing before this", at: token.place)
        }
    }

    private func joined(_ symbol: String, _ left: Expression.Node, _ right: Expression.Node) -> Expression.Node {
        Expression.Node(form: .call(ExpressionFunction.infix[symbol]!, [left, right]), place: left.place.lowerBound..<right.place.upperBound)
    }

    func error(_ reason: String, at place: Range<Int>) -> ExpressionError { ExpressionError(source: source, place: place, reason: reason) }
}
