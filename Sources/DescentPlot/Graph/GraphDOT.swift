extension GraphPicture {
    /// The graph in DOT, the language of Graphviz, for other programs to lay out: groups are clusters, labels and kinds are kept.
    public func dot() -> String {
        var text = "digraph " + GraphPicture.quoted(title) + " {\n"
        text += "    graph [label=\(GraphPicture.quoted(title)), labelloc=t, rankdir=\(direction == .right ? "LR" : "TB"), fontname=\"Helvetica\"];\n"
        text += "    node [shape=box, style=rounded, fontname=\"Helvetica\", fontsize=12];\n"
        text += "    edge [fontname=\"Helvetica\", fontsize=11];\n"
        let structure = GraphStructure(nodes: nodes, edges: edges, groups: groups)
        writeContent(of: -1, structure, indent: "    ", to: &text)
        for edge in edges {
            let label = [edge.above, edge.below].filter { !$0.isEmpty }.joined(separator: "\n")
            text += "    " + GraphPicture.quoted(edge.from) + " -> " + GraphPicture.quoted(edge.to)
            text += label.isEmpty ? ";\n" : " [label=" + GraphPicture.quoted(label) + "];\n"
        }
        return text + "}\n"
    }

    private func writeContent(of group: Int, _ structure: GraphStructure, indent: String, to text: inout String) {
        for (index, node) in nodes.enumerated() where structure.groupOfNode[index] == group {
            text += indent + GraphPicture.quoted(node.id) + " [label=" + GraphPicture.quoted(node.lines.joined(separator: "\n"))
            switch node.kind {
            case .operation: break
            case .input: text += ", shape=ellipse, style=solid"
            case .parameter: text += ", style=solid"
            case .output: text += ", peripheries=2"
            case .constant: text += ", shape=ellipse, style=dashed"
            case .module: text += ", shape=box3d, style=solid"
            }
            text += node.emphasis ? ", penwidth=2];\n" : "];\n"
        }
        for inner in structure.groups where structure.parentOfGroup[inner] == group {
            text += indent + "subgraph " + GraphPicture.quoted("cluster_" + groups[inner].id) + " {\n"
            text += indent + "    label=" + GraphPicture.quoted(groups[inner].title) + "; style=rounded;\n"
            writeContent(of: inner, structure, indent: indent + "    ", to: &text)
            text += indent + "}\n"
        }
    }

    /// A quoted name of DOT, in which quotes, backslashes and line breaks are escaped.
    private static func quoted(_ name: String) -> String {
        var result = "\""
        for character in name.unicodeScalars {
            switch character {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r", "\0": result += " "
            default: result.unicodeScalars.append(character)
            }
        }
        return result + "\""
    }
}
