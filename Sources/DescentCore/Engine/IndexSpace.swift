/// How a group cuts its index space into rows. Inputs that are repeated over the space then become whole rows or one number a row,
/// which cost nothing; an input that fits no such form is collected element by element through its strides.
package enum IndexSpace {
    /// The cut under which fewest inputs are collected through strides: the columns of a row, or nil if all inputs are read in order.
    package static func preferredColumns(_ program: LoweredProgram, _ cluster: Cluster) -> Int? {
        let views = irregularViews(program, cluster)
        var best: (columns: Int, collected: Int)?
        for view in views {
            var columns = 1
            for size in view.collapsed.shape.reversed().dropLast() {
                columns *= size
                let collected = collectedInputs(views, count: cluster.count, columns: columns)
                if best == nil || (collected, -columns) < (best!.collected, -best!.columns) { best = (columns, collected) }
            }
        }
        return best?.columns
    }

    /// How many inputs are collected through their strides when a row has `columns` elements.
    package static func collectedInputs(_ program: LoweredProgram, _ cluster: Cluster, columns: Int) -> Int {
        collectedInputs(irregularViews(program, cluster), count: cluster.count, columns: columns)
    }

    private static func collectedInputs(_ views: [StridedView], count: Int, columns: Int) -> Int {
        views.reduce(0) { total, view in
            if view.rows(of: columns) != nil { return total }
            return view.matrix(rows: count / columns, columns: columns).map { $0 == (0, 1) } == true ? total : total + 1
        }
    }

    /// Windows on values from outside that are neither read in order nor a single number.
    private static func irregularViews(_ program: LoweredProgram, _ cluster: Cluster) -> [StridedView] {
        let made = Set(cluster.members.flatMap { program.operations[$0].outputs })
        var views = Set<StridedView>()
        for member in cluster.members where member != cluster.head {
            for input in program.operations[member].inputs {
                guard let value = input.value, !made.contains(value), input.count == cluster.count, !input.view.isDense, !input.view.isScalar else { continue }
                views.insert(input.view.collapsed)
            }
        }
        return Array(views)
    }
}
