import DescentPlot

extension Explanation {
    /// A picture is folded by itself where it would have more boxes than this.
    public static let foldingLimit = 100

    /// The picture of a large graph, with equal blocks that feed one another as one box: the steps of a network that is written out, `h1`, `h2`,
    /// `h3`..., the layers of a deep one, `z1`, `a1`, `z2`, `a2`... What is still too large has a box for each definition.
    ///
    /// A block is what the definitions hold whose names end in the same number, from three numbers on; else what one definition holds. Inputs of
    /// that number that nothing else uses are in the block too.
    public func foldedPicture(_ title: String? = nil, direction: GraphPicture.Direction = .right) -> GraphPicture {
        let plain = picture(title ?? shortSource, direction: direction)
        let shown = Set(plain.nodes.map(\.id))
        let groups = blocks.compactMap { block -> GraphGroup? in
            let members = block.nodes.map { "n\($0)" }.filter(shown.contains)
            return members.count > 1 ? GraphGroup("block " + block.names.joined(separator: " "), title: Self.title(block.names), members: members) : nil
        }
        let grouped = GraphPicture(plain.title, nodes: plain.nodes, edges: plain.edges, groups: groups, direction: direction)
        let folded = grouped.foldingRepeated()
        return folded.nodes.count <= Self.foldingLimit ? folded : folded.folding(folded.groups.map(\.id))
    }

    /// The formulas, as far as a heading holds them.
    private var shortSource: String {
        let limit = 120
        guard graph.source.count > limit else { return graph.source }
        let start = graph.source.prefix(limit)
        return start.lastIndex(of: ";").map { String(start[...$0]) + " ..." } ?? String(start) + "..."
    }

    private static func title(_ names: [String]) -> String {
        names.count <= 3 ? names.joined(separator: ", ") : names.prefix(2).joined(separator: ", ") + ", ..., " + names[names.count - 1]
    }

    /// The definitions of each block, and its nodes, in the order of the graph.
    private var blocks: [(names: [String], nodes: [Int])] {
        let roots = graph.nodes.indices.filter { graph.definedNames.contains(graph.nodes[$0].name) }
        let numbers = Dictionary(grouping: roots) { Self.number(of: graph.nodes[$0].name) }
        let hasSteps = numbers.keys.count { $0 != nil } > 2
        var found: [(names: [String], nodes: [Int])] = [], placeOfNumber: [String: Int] = [:]
        for root in roots {
            let node = graph.nodes[root]
            // What has no name of its own belongs to the definition in whose text it stands.
            let own = graph.nodes.indices.filter { index in
                index == root
                    || (!graph.nodes[index].arguments.isEmpty || graph.isConstant(index)) && !graph.definedNames.contains(graph.nodes[index].name)
                        && node.place.lowerBound <= graph.nodes[index].place.lowerBound && graph.nodes[index].place.upperBound <= node.place.upperBound
            }
            guard hasSteps, let number = Self.number(of: node.name) else {
                found.append(([node.name], own))
                continue
            }
            if let place = placeOfNumber[number] {
                found[place].names.append(node.name)
                found[place].nodes += own
            } else {
                placeOfNumber[number] = found.count
                found.append(([node.name], own))
            }
        }
        // A layer's own parameters, `w7` of `h7`, go with it.
        var users = [[Int]](repeating: [], count: graph.nodes.count)
        for (index, node) in graph.nodes.enumerated() { for argument in node.arguments { users[argument].append(index) } }
        for (index, node) in graph.nodes.enumerated() where node.arguments.isEmpty && !graph.isConstant(index) {
            guard let number = Self.number(of: node.name), let place = placeOfNumber[number], users[index].allSatisfy(found[place].nodes.contains) else { continue }
            found[place].nodes.append(index)
        }
        return found
    }

    /// The digits that a name ends in.
    private static func number(of name: String) -> String? {
        let digits = String(name.reversed().prefix { $0.isNumber }.reversed())
        return digits.isEmpty ? nil : digits
    }
}
