extension GraphPicture {
    /// The picture with each of some groups, and all that is in it, drawn as one box.
    ///
    /// The box shows the group's title and its number of nodes. The edges that cross the group's frame become the box's; those that then join the
    /// same two boxes become one, which keeps a label only if all of them had it. Where values leave a group and come back, the folded graph has a
    /// cycle, and the edge that closes it points backwards. Stops with a sentence if there is no group of a name.
    public func folding(_ names: [String]) -> GraphPicture {
        let indexOfGroup = Dictionary(uniqueKeysWithValues: groups.enumerated().map { ($1.id, $0) })
        return folded(
            names.map { name in
                guard let group = indexOfGroup[name] else {
                    let known = groups.isEmpty ? "there are no groups" : "the groups are " + groups.map { "\"\($0.id)\"" }.joined(separator: ", ")
                    fatalError("GraphPicture \"\(title)\": folding needs a group \"\(name)\"; \(known).")
                }
                return [group]
            })
    }

    /// The picture with equal groups that feed one another drawn as one box that says how many: the steps of an unrolled network, a stack of
    /// equal layers.
    ///
    /// Groups are equal if they stand in the same group and hold the same operations, in the order listed, joined the same way. Equal groups side
    /// by side, with no edge between them, stay as they are.
    public func foldingRepeated() -> GraphPicture {
        let structure = GraphStructure(nodes: nodes, edges: edges, groups: groups)
        let members = membersOfGroups(structure)
        var alike: [[Shape: [Int]].Element] = []
        var place: [Shape: Int] = [:]
        for group in structure.groups {
            let shape = shape(of: group, members[group]!, structure)
            if let known = place[shape] { alike[known].value.append(group) } else { place[shape] = alike.count; alike.append((shape, [group])) }
        }
        return folded(alike.flatMap { joined($0.value, members, structure) }.filter { $0.count > 1 })
    }

    /// The key by which groups are equal.
    private struct Shape: Hashable {
        var parent: Int
        /// Each node's kind, operation and depth in the group.
        var nodes: [[String]]
        /// The edges inside, by the nodes' places in the group.
        var edges: [[Int]]
    }

    private func membersOfGroups(_ structure: GraphStructure) -> [Int: [Int]] {
        var members: [Int: [Int]] = [:]
        for node in nodes.indices { for group in structure.chain(from: structure.groupOfNode[node]) { members[group, default: []].append(node) } }
        return members
    }

    private func shape(of group: Int, _ members: [Int], _ structure: GraphStructure) -> Shape {
        let depth = structure.chain(from: group).count
        let place = Dictionary(uniqueKeysWithValues: members.enumerated().map { ($1, $0) })
        let kinds = members.map { node in
            [nodes[node].lines.first.map(GraphPicture.withoutDigits) ?? "", "\(nodes[node].kind)", "\(structure.chain(from: structure.groupOfNode[node]).count - depth)"]
        }
        let inside = structure.edges.compactMap { edge in place[edge.from].flatMap { from in place[edge.to].map { [from, $0] } } }
        return Shape(parent: structure.parentOfGroup[group], nodes: kinds, edges: inside.sorted { $0.lexicographicallyPrecedes($1) })
    }

    /// Names are compared without their numbers: `h3` is to step 3 what `h4` is to step 4.
    private static func withoutDigits(_ name: String) -> String {
        String(String.UnicodeScalarView(name.unicodeScalars.filter { !($0.properties.numericType != nil) }))
    }

    /// Groups divided into sets that edges hold together.
    private func joined(_ groups: [Int], _ members: [Int: [Int]], _ structure: GraphStructure) -> [[Int]] {
        var groupOfMember: [Int: Int] = [:]
        for (place, group) in groups.enumerated() { for node in members[group]! { groupOfMember[node] = place } }
        var set = Array(groups.indices)
        for edge in structure.edges {
            guard let from = groupOfMember[edge.from], let to = groupOfMember[edge.to], set[from] != set[to] else { continue }
            let (kept, gone) = (min(set[from], set[to]), max(set[from], set[to]))
            for place in set.indices where set[place] == gone { set[place] = kept }
        }
        return groups.indices.compactMap { first in
            let found = groups.indices.filter { set[$0] == first }
            return found.isEmpty ? nil : found.map { groups[$0] }
        }
    }

    /// The picture with each set of groups drawn as one box.
    private func folded(_ sets: [[Int]]) -> GraphPicture {
        let structure = GraphStructure(nodes: nodes, edges: edges, groups: groups)
        let members = membersOfGroups(structure)
        var setOfGroup: [Int: Int] = [:]
        for (index, set) in sets.enumerated() { for group in set where setOfGroup[group] == nil { setOfGroup[group] = index } }
        /// The set that a group is folded into: that of the outermost folded group around it.
        func set(of group: Int) -> Int? { structure.chain(from: group).last { setOfGroup[$0] != nil }.flatMap { setOfGroup[$0] } }

        var newNodes: [GraphNode] = [], nameOfSet: [Int: String] = [:], nameOfNode: [String: String] = [:]
        var taken = Set(nodes.map(\.id))
        for (index, node) in nodes.enumerated() {
            guard let chosen = set(of: structure.groupOfNode[index]) else {
                newNodes.append(node)
                nameOfNode[node.id] = node.id
                continue
            }
            if nameOfSet[chosen] == nil {
                let used = sets[chosen].filter { members[$0] != nil }
                var name = groups[used[0]].id
                while !taken.insert(name).inserted { name = "group " + name }
                nameOfSet[chosen] = name
                newNodes.append(box(named: name, for: used, members, isEmphasised: used.contains { members[$0]!.contains { nodes[$0].emphasis } }))
            }
            nameOfNode[node.id] = nameOfSet[chosen]!
        }
        var newEdges: [GraphEdge] = [], placeOfEdge: [[String]: Int] = [:]
        for edge in edges {
            let from = nameOfNode[edge.from]!, to = nameOfNode[edge.to]!
            let wasTouched = from != edge.from || to != edge.to
            if from == to { continue }
            if wasTouched, let place = placeOfEdge[[from, to]] {
                if newEdges[place].above != edge.above { newEdges[place].above = "" }
                if newEdges[place].below != edge.below { newEdges[place].below = "" }
                continue
            }
            if wasTouched { placeOfEdge[[from, to]] = newEdges.count }
            newEdges.append(GraphEdge(from: from, to: to, above: edge.above, below: edge.below))
        }
        var newGroups: [GraphGroup] = []
        for (index, group) in groups.enumerated() where set(of: index) == nil {
            var kept = group, seen = Set<String>()
            kept.members = group.members.compactMap { nameOfNode[$0] }.filter { seen.insert($0).inserted }
            // A folded group that is listed only by itself stands where the group stood.
            for (chosen, name) in nameOfSet where structure.parentOfGroup[sets[chosen][0]] == index && seen.insert(name).inserted {
                kept.members.append(name)
            }
            kept.members.sort { $0 < $1 }
            newGroups.append(kept)
        }
        return GraphPicture(unchecked: title, nodes: newNodes, edges: newEdges, groups: newGroups, direction: direction)
    }

    private func box(named name: String, for groups: [Int], _ members: [Int: [Int]], isEmphasised: Bool) -> GraphNode {
        let count = members[groups[0]]!.count, nodes = count == 1 ? "1 node" : "\(count) nodes"
        let first = self.groups[groups[0]].title, last = self.groups[groups[groups.count - 1]].title
        let lines: [String]
        if groups.count == 1 {
            lines = [first, nodes]
        } else if first == last {
            lines = ["\(first) × \(groups.count)", nodes + " each"]
        } else {
            lines = ["\(first) … \(last)", "\(groups.count) × \(nodes)"]
        }
        return GraphNode(name, lines: lines, kind: .module, emphasis: isEmphasised)
    }
}
