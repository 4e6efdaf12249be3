extension Expression {
    /// Of some names, as many as can be found that the formula is linear in together while all others stay: `b1` and `b3` of `b1*exp(-b2*x) + b3`.
    public func linearNames(among names: [String]) -> [String] {
        names.reduce(into: []) { found, name in
            if let degree = root.degree(in: Set(found + [name])), degree <= 1 { found.append(name) }
        }
    }
}

extension Expression.Node {
    /// The degree of a polynomial in names, 0 or 1; nil where it is higher or none.
    fileprivate func degree(in names: Set<String>) -> Int? {
        switch form {
        case .number: return 0
        case .name(let name): return names.contains(name) ? 1 : 0
        case .call(let function, let members):
            let degrees = members.map { $0.degree(in: names) }
            if degrees.allSatisfy({ $0 == 0 }) { return 0 }
            guard degrees.allSatisfy({ $0 != nil }), function.notation == .infix || function.notation == .prefix else { return nil }
            switch function.name {
            case "+", "-": return 1
            case "*": return degrees.contains(0) ? 1 : nil
            case "/": return degrees[1] == 0 ? 1 : nil
            case "**":
                if degrees[1] == 0, case .number(1) = members[1].form { return 1 }
                return nil
            default: return nil
            }
        }
    }
}
