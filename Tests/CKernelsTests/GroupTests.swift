import CKernels
import Testing

/// Repeatable random numbers.
private struct Dice: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {  // SplitMix64
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
    mutating func number(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &self) }
    mutating func chance(_ percent: Int) -> Bool { number(1...100) <= percent }
}

/// A random group together with the values that it has to give. All values are small whole numbers, so every dtype and
/// every order of addition gives the same result, and results are compared exactly.
private struct RandomGroup {
    /// What a register holds: its elements, and a bound of their magnitude.
    struct Register {
        var full: Bool
        var dtype: dk_dtype
        var values: [Int]
        var bound: Int
        var isInput = false
        var dependsOnReduction = false
    }

    var dice: Dice
    let rows: Int, columns: Int, stream: Bool, dtype: dk_dtype
    var registers: [Register] = []
    var inputs: [dk_input] = []
    var steps: [dk_step] = []
    var outputs: [dk_output] = []
    var buffers: [[UInt8]] = []
    var after = 0

    static let bytes = [4, 8, 4, 8, 1, 1, 1, 2, 2, 4, 8, 2, 2]

    init(seed: Int) {
        dice = Dice(state: UInt64(seed))
        stream = dice.chance(40)
        rows = [1, 2, 3, 7, 16, 50].randomElement(using: &dice)!
        columns = (stream ? [1, 5, 64, 1000, 20_000, 40_000] : [1, 2, 3, 8, 10, 33, 100, 700]).randomElement(using: &dice)!
        dtype = [DK_FLOAT32, DK_FLOAT32, DK_FLOAT64, DK_INT32, DK_INT64].randomElement(using: &dice)!
        for _ in 0..<dice.number(1...6) { addInput() }
        if !registers.contains(where: { $0.full && $0.dtype == dtype }) { addFull() }
        for _ in 0..<dice.number(1...8) { addStep() }
        after = steps.count
        if stream { for _ in 0..<dice.number(0...4) { addRowStep(streamedEnd: true) } }
        chooseOutputs()
    }

    // MARK: Values as bytes

    static func encode(_ values: [Int], _ dtype: dk_dtype) -> [UInt8] {
        func raw<T>(_ values: [T]) -> [UInt8] { values.withUnsafeBytes { Array($0) } }
        switch dtype {
        case DK_FLOAT32: return raw(values.map { Float($0) })
        case DK_FLOAT64: return raw(values.map { Double($0) })
        case DK_INT32: return raw(values.map { Int32($0) })
        default: return raw(values.map { Int64($0) })
        }
    }

    static func decode(_ bytes: [UInt8], _ dtype: dk_dtype) -> [Int] {
        bytes.withUnsafeBytes { bytes in
            switch dtype {
            case DK_FLOAT32: bytes.bindMemory(to: Float.self).map { Int($0) }
            case DK_FLOAT64: bytes.bindMemory(to: Double.self).map { Int($0) }
            case DK_INT32: bytes.bindMemory(to: Int32.self).map { Int($0) }
            default: bytes.bindMemory(to: Int64.self).map { Int($0) }
            }
        }
    }

    mutating func addBuffer(_ values: [Int], _ dtype: dk_dtype) -> Int32 {
        buffers.append(Self.encode(values, dtype))
        return Int32(buffers.count - 1)
    }

    mutating func random(_ count: Int) -> [Int] { (0..<count).map { _ in dice.number(-2...2) } }

    // MARK: Inputs

    mutating func add(_ kind: dk_input_kind, _ register: Register, _ change: (inout dk_input) -> Void) {
        var input = dk_input()
        (input.kind, input.dtype, input.reg) = (UInt8(kind.rawValue), UInt8(register.dtype.rawValue), UInt16(registers.count))
        change(&input)
        inputs.append(input)
        registers.append(register)
        registers[registers.count - 1].isInput = true
    }

    mutating func addFull() {
        let offset = dice.number(0...5), values = random(rows * columns)
        let buffer = addBuffer(random(offset) + values, dtype)
        add(DK_INPUT_FULL, Register(full: true, dtype: dtype, values: values, bound: 2)) {
            $0.buffer = buffer; $0.offset = Int64(offset)
        }
    }

    mutating func addInput() {
        let full = dice.chance(60), count = full ? rows * columns : rows
        switch dice.number(0...7) {
        case 0...1 where full: addFull()
        case 0...1:
            let values = random(rows), buffer = addBuffer(values, dtype)
            add(DK_INPUT_ROW, Register(full: false, dtype: dtype, values: values, bound: 2)) { $0.buffer = buffer }
        case 2:
            let column = random(columns), buffer = addBuffer(column, dtype), rows = rows
            let values = (0..<rows).flatMap { _ in column }
            add(DK_INPUT_COLUMN, Register(full: true, dtype: dtype, values: values, bound: 2)) { $0.buffer = buffer }
        case 3:
            let value = random(1), buffer = addBuffer([1] + value, dtype)
            let register = Register(full: full, dtype: dtype, values: Array(repeating: value[0], count: count), bound: 2)
            add(full ? DK_INPUT_SCALAR_FULL : DK_INPUT_SCALAR_ROW, register) {
                $0.buffer = buffer; $0.offset = 1
            }
        case 4:
            let value = random(1)[0], dtype = dtype
            let register = Register(full: full, dtype: dtype, values: Array(repeating: value, count: count), bound: 2)
            add(full ? DK_INPUT_CONSTANT_FULL : DK_INPUT_CONSTANT_ROW, register) {
                switch dtype {
                case DK_FLOAT32: $0.constant.f32 = Float(value)
                case DK_FLOAT64: $0.constant.f64 = Double(value)
                case DK_INT32: $0.constant.i32 = Int32(value)
                default: $0.constant.i64 = Int64(value)
                }
            }
        case 5:
            let values = (0..<(rows * columns)).map { [columns] in $0 % columns }
            add(DK_INPUT_COLUMN_INDEX, Register(full: true, dtype: DK_INT64, values: values, bound: columns)) { _ in }
        default: addStrided(full: full, count: count)
        }
    }

    /// A random factorisation of the index space, with axes in any order, broadcast, reversed or with gaps.
    mutating func addStrided(full: Bool, count: Int) {
        var dims: [Int] = [], rest = count
        while rest > 1 && dims.count < 4 {
            let divisors = [2, 3, 5, 8, 10, 100, 1].filter { rest % $0 == 0 }
            dims.append(divisors.randomElement(using: &dice)!)
            rest /= dims.last!
        }
        dims.append(rest)
        dims.shuffle(using: &dice)
        var strides = Array(repeating: 0, count: dims.count), size = 1, offset = 0
        for axis in dims.indices.shuffled(using: &dice) where !dice.chance(20) {
            strides[axis] = size
            size *= dims[axis]
            if dice.chance(20) { size += dice.number(1...3) }
            if dice.chance(20) {
                offset += strides[axis] * (dims[axis] - 1)
                strides[axis] = -strides[axis]
            }
        }
        let memory = random(size)
        let values = (0..<count).map { index in
            var index = index, place = offset
            for axis in dims.indices.reversed() {
                place += index % dims[axis] * strides[axis]
                index /= dims[axis]
            }
            return memory[place]
        }
        let buffer = addBuffer(memory, dtype)
        add(full ? DK_INPUT_STRIDED_FULL : DK_INPUT_STRIDED_ROW, Register(full: full, dtype: dtype, values: values, bound: 2)) {
            ($0.buffer, $0.offset, $0.rank) = (buffer, Int64(offset), Int32(dims.count))
            withUnsafeMutableBytes(of: &$0.dims) { for (i, dim) in dims.enumerated() { $0.bindMemory(to: Int64.self)[i] = Int64(dim) } }
            withUnsafeMutableBytes(of: &$0.strides) { for (i, stride) in strides.enumerated() { $0.bindMemory(to: Int64.self)[i] = Int64(stride) } }
        }
    }

    // MARK: Steps

    mutating func pickRegister(full: Bool, streamedEnd: Bool = false) -> Int? {
        registers.indices.filter {
            registers[$0].full == full && registers[$0].dtype == dtype && (!stream || streamedEnd || !registers[$0].dependsOnReduction)
        }.randomElement(using: &dice)
    }

    mutating func emit(
        _ kind: dk_step_kind, _ result: Register, reduction: dk_reduction = DK_SUM, _ operands: [Int],
        function: dk_tile_function? = nil
    ) {
        var step = dk_step()
        (step.kind, step.dtype, step.reduction) = (UInt8(kind.rawValue), UInt8(dtype.rawValue), UInt8(reduction.rawValue))
        let operands = (operands + [0, 0, 0]).map { UInt16($0) }
        (step.out, step.a, step.b, step.c) = (UInt16(registers.count), operands[0], operands[1], operands[2])
        step.function = function
        steps.append(step)
        registers.append(result)
    }

    mutating func addMap(full: Bool, streamedEnd: Bool = false) {
        guard let a = pickRegister(full: full, streamedEnd: streamedEnd), let b = pickRegister(full: full, streamedEnd: streamedEnd)
        else { return }
        let x = registers[a], y = registers[b], pairs = zip(x.values, y.values)
        let (operation, values, bound): (dk_operation, [Int], Int)
        switch dice.number(0...4) {
        case 0 where x.bound + y.bound <= 64: (operation, values, bound) = (DK_add, pairs.map { $0 + $1 }, x.bound + y.bound)
        case 1 where x.bound * y.bound <= 64: (operation, values, bound) = (DK_multiply, pairs.map { $0 * $1 }, x.bound * y.bound)
        case 2: (operation, values, bound) = (DK_maximum, pairs.map { max($0, $1) }, max(x.bound, y.bound))
        case 3: (operation, values, bound) = (DK_sign, x.values.map { $0.signum() }, 1)
        default: (operation, values, bound) = (DK_negate, x.values.map { -$0 }, x.bound)
        }
        let late = x.dependsOnReduction || y.dependsOnReduction
        emit(
            full ? DK_STEP_MAP_FULL : DK_STEP_MAP_ROW, Register(full: full, dtype: dtype, values: values, bound: bound, dependsOnReduction: late),
            [a, b], function: dk_tile(operation, dtype))
    }

    mutating func addRowStep(streamedEnd: Bool = false) { addMap(full: false, streamedEnd: streamedEnd) }

    mutating func addStep() {
        switch dice.number(0...9) {
        case 0...3: addMap(full: true)
        case 4: addRowStep()
        case 5...6:
            guard let a = pickRegister(full: true) else { return }
            let x = registers[a], reduction = [DK_SUM, DK_MAX, DK_MIN].randomElement(using: &dice)!
            let values = (0..<rows).map { row in
                let slice = x.values[(row * columns)..<((row + 1) * columns)]
                return reduction == DK_SUM ? slice.reduce(0, +) : reduction == DK_MAX ? slice.max()! : slice.min()!
            }
            guard reduction != DK_SUM || x.bound * columns < 1 << 23 else { return }
            emit(
                DK_STEP_REDUCE, Register(full: false, dtype: dtype, values: values, bound: x.bound * columns, dependsOnReduction: true),
                reduction: reduction, [a])
        case 7:
            guard let a = pickRegister(full: false), registers[a].bound <= 64 else { return }
            let x = registers[a], values = x.values.flatMap { Array(repeating: $0, count: columns) }
            emit(DK_STEP_EXPAND, Register(full: true, dtype: dtype, values: values, bound: x.bound, dependsOnReduction: x.dependsOnReduction), [a])
        default:
            guard !stream, let a = pickRegister(full: true), let c = pickRegister(full: false), registers[c].bound <= 64 else { return }
            let index = (0..<rows).map { _ in dice.number(0...(columns - 1)) }, buffer = addBuffer(index, DK_INT64), b = registers.count
            add(DK_INPUT_ROW, Register(full: false, dtype: DK_INT64, values: index, bound: columns)) { $0.buffer = buffer }
            let x = registers[a], y = registers[c]
            if dice.chance(50) {
                let values = index.enumerated().map { x.values[$0.offset * columns + $0.element] }
                emit(DK_STEP_PICK, Register(full: false, dtype: dtype, values: values, bound: x.bound), [a, b])
            } else {
                var values = x.values
                for (row, place) in index.enumerated() { values[row * columns + place] += y.values[row] }
                emit(DK_STEP_ADD_AT, Register(full: true, dtype: dtype, values: values, bound: x.bound + y.bound), [a, b, c])
            }
        }
    }

    mutating func chooseOutputs() {
        for register in registers.indices where !registers[register].isInput && (dice.chance(60) || register == registers.count - 1) {
            var output = dk_output()
            (output.full, output.dtype, output.reg) = (registers[register].full ? 1 : 0, UInt8(dtype.rawValue), UInt16(register))
            if registers[register].full, dice.chance(50), let input = replaceable(by: register).randomElement(using: &dice) {
                (output.buffer, output.offset) = (input.buffer, input.offset)
                outputs.append(output)
                continue
            }
            output.offset = Int64(dice.number(0...3))
            output.buffer = addBuffer(Array(repeating: 9, count: registers[register].values.count + Int(output.offset) + 3), dtype)
            outputs.append(output)
        }
    }

    /// The inputs whose memory an output may take: dense ones that no step reads after the one that writes the output.
    func replaceable(by register: Int) -> [dk_input] {
        let writer = steps.firstIndex { Int($0.out) == register }!
        return inputs.filter { input in
            input.kind == UInt8(DK_INPUT_FULL.rawValue) && input.dtype == UInt8(dtype.rawValue) && !outputs.contains { $0.buffer == input.buffer }
                && !steps[(writer + 1)...].contains { [$0.a, $0.b, $0.c].contains(input.reg) }
        }
    }

    // MARK: Running

    /// The output buffers, with what lies around the outputs.
    var expected: [[Int]] {
        outputs.map { output in
            let before = Self.decode(buffers[Int(output.buffer)], dtype), first = Int(output.offset), values = registers[Int(output.reg)].values
            return before[..<first] + values + before[(first + values.count)...]
        }
    }

    func run(rowsPerTile: Int, tile: Int, cost: Int64, byRows: Bool = false, prepared: Bool = false) -> [[Int]] {
        let memory = buffers.map { bytes in
            let block = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 16)
            block.copyBytes(from: bytes)
            return block
        }
        defer { for block in memory { block.deallocate() } }
        let isFull = registers.map { $0.full ? UInt8(1) : 0 }, sizes = registers.map { UInt8(Self.bytes[Int($0.dtype.rawValue)]) }
        steps.withUnsafeBufferPointer { steps in
            inputs.withUnsafeBufferPointer { inputs in
                outputs.withUnsafeBufferPointer { outputs in
                    isFull.withUnsafeBufferPointer { isFull in
                        sizes.withUnsafeBufferPointer { sizes in
                            var group = dk_group()
                            (group.rows, group.columns, group.rows_per_tile, group.tile) = (Int64(rows), Int64(columns), Int64(rowsPerTile), Int64(tile))
                            (group.stream, group.after, group.cost) = (stream ? 1 : 0, Int32(after), cost)
                            (group.step_count, group.input_count, group.output_count) = (Int32(steps.count), Int32(inputs.count), Int32(outputs.count))
                            group.register_count = Int32(registers.count)
                            (group.steps, group.inputs, group.outputs) = (steps.baseAddress, inputs.baseAddress, outputs.baseAddress)
                            (group.register_full, group.register_bytes) = (isFull.baseAddress, sizes.baseAddress)
                            let places = memory.map(\.baseAddress), layoutBytes = prepared ? Int(dk_group_layout_bytes(&group)) : 0
                            let layout = UnsafeMutableRawPointer.allocate(byteCount: max(layoutBytes, 1), alignment: 8)
                            defer { layout.deallocate() }
                            if layoutBytes > 0 { dk_prepare_group(&group, layout) }
                            if byRows {
                                for row in stride(from: 0, to: rows, by: 3) { dk_run_group_rows(&group, places, Int64(row), Int64(min(3, rows - row))) }
                            } else {
                                dk_run_group(&group, places)
                            }
                        }
                    }
                }
            }
        }
        return outputs.map { Self.decode(Array(memory[Int($0.buffer)]), dtype) }
    }
}

@Suite("fused groups")
struct GroupTests {
    @Test("random groups give what a plain evaluation gives, for any tiles and threads", arguments: 0..<20)
    func randomGroups(part: Int) throws {
        for seed in (part * 30)..<(part * 30 + 30) {
            var group = RandomGroup(seed: seed)
            guard !group.steps.isEmpty else { continue }
            let expected = group.expected
            for threads in [1, 2, 3, 8] as [Int32] {
                dk_set_threads(threads)
                let rowsPerTile = group.stream ? 1 : group.dice.number(1...20), tile = [7, 64, 1000, 1024, 50_000].randomElement(using: &group.dice)!
                let same = group.run(rowsPerTile: rowsPerTile, tile: tile, cost: threads == 1 ? 1 : 1 << 30) == expected
                try #require(same, "seed \(seed), \(threads) threads, \(rowsPerTile) rows or \(tile) columns a tile")
            }
            for byRows in group.stream ? [false] : [false, true] {
                let same = group.run(rowsPerTile: group.stream ? 1 : 5, tile: 64, cost: 1, byRows: byRows, prepared: true) == expected
                try #require(same, "seed \(seed), prepared, \(byRows ? "by rows" : "at once")")
            }
            if !group.stream {
                let same = group.run(rowsPerTile: 2, tile: 0, cost: 1, byRows: true) == expected
                try #require(same, "seed \(seed) by rows")
            }
        }
    }

    /// softmax(x)'s denominator as a streamed group: sum(exp(x)) of each row.
    private func sumOfExponentials(_ x: [Float], rows: Int, tile: Int) -> [Float] {
        var x = x, out = [Float](repeating: 0, count: rows)
        var input = dk_input()
        input.kind = UInt8(DK_INPUT_FULL.rawValue)
        var output = dk_output()
        (output.reg, output.buffer) = (2, 1)
        var map = dk_step(), sum = dk_step()
        (map.kind, map.out, map.function) = (UInt8(DK_STEP_MAP_FULL.rawValue), 1, dk_tile(DK_exp, DK_FLOAT32))
        (sum.kind, sum.out, sum.a) = (UInt8(DK_STEP_REDUCE.rawValue), 2, 1)
        let steps = [map, sum], isFull: [UInt8] = [1, 1, 0], sizes: [UInt8] = [4, 4, 4]
        steps.withUnsafeBufferPointer { steps in
            isFull.withUnsafeBufferPointer { isFull in
                sizes.withUnsafeBufferPointer { sizes in
                    withUnsafePointer(to: input) { input in
                        withUnsafePointer(to: output) { output in
                            x.withUnsafeMutableBytes { x in
                                out.withUnsafeMutableBytes { out in
                                    var group = dk_group()
                                    (group.rows, group.columns, group.rows_per_tile, group.tile) = (Int64(rows), Int64(x.count / 4 / rows), 1, Int64(tile))
                                    (group.stream, group.after, group.cost) = (1, 2, 1 << 20)
                                    (group.step_count, group.input_count, group.output_count, group.register_count) = (2, 1, 1, 3)
                                    (group.steps, group.inputs, group.outputs) = (steps.baseAddress, input, output)
                                    (group.register_full, group.register_bytes) = (isFull.baseAddress, sizes.baseAddress)
                                    dk_run_group(&group, [x.baseAddress, out.baseAddress])
                                }
                            }
                        }
                    }
                }
            }
        }
        return out
    }

    @Test("streamed sums are accurate and the same for any number of threads", arguments: [(1, 1_000_003), (3, 100_000), (200, 3000)])
    func streamedSums(rows: Int, columns: Int) {
        var dice = Dice(state: 5)
        let x = (0..<(rows * columns)).map { _ in Float(dice.number(-1000...1000)) / 300 }
        dk_set_threads(1)
        let sums = sumOfExponentials(x, rows: rows, tile: 1024)
        var exponentials = x
        dk_tile(DK_exp, DK_FLOAT32)!(Int64(x.count), &exponentials, x, nil, nil)
        for row in 0..<rows {
            let truth = exponentials[(row * columns)..<((row + 1) * columns)].reduce(0) { $0 + Double($1) }
            #expect(abs(Double(sums[row]) - truth) < 5e-7 * truth)
        }
        for threads in [2, 3, 8] as [Int32] {
            dk_set_threads(threads)
            #expect(sumOfExponentials(x, rows: rows, tile: 1024) == sums)
        }
    }

    @Test("a chain of steps gives the bits of the tile functions, for all of them", arguments: (0..<UInt32(DK_DTYPES)).map { dk_dtype($0) })
    func chains(of dtype: dk_dtype) throws {
        let count = 1000, bytes = RandomGroup.bytes[Int(dtype.rawValue)]
        var dice = Dice(state: 8)
        func operand() -> [UInt8] {
            switch dtype {
            case DK_FLOAT32: (0..<count).flatMap { _ in withUnsafeBytes(of: Float(dice.number(-3000...3000)) / 700) { Array($0) } }
            case DK_FLOAT64: (0..<count).flatMap { _ in withUnsafeBytes(of: Double(dice.number(-3000...3000)) / 700) { Array($0) } }
            case DK_BOOL: (0..<count).map { _ in UInt8(dice.number(0...1)) }
            default: (0..<(count * bytes)).map { _ in UInt8(dice.number(0...255)) }
            }
        }
        let flags = (0..<count).map { _ in UInt8(dice.number(0...1)) }
        var functions = (0..<DK_OPERATION_COUNT.rawValue).compactMap { raw in
            dk_tile(dk_operation(raw), dtype).map { (name: "operation \(raw)", function: $0, a: raw == DK_select.rawValue ? flags : operand()) }
        }
        for to in 0..<DK_DTYPES { functions.append(("to \(to)", dk_tile_cast(dtype, dk_dtype(UInt32(to))), operand())) }
        dk_set_threads(1)
        for (name, function, a) in functions {
            var a = a, b = operand(), c = operand()
            var direct = [UInt8](repeating: 77, count: count * 8 + 8), grouped = direct
            function(Int64(count), &direct, a, b, c)
            // Results may have 1, 2, 4 or 8 bytes; what a function writes says which.
            func leavesUntouched(_ first: Int) -> Bool { direct[first...].allSatisfy { $0 == 77 } }
            let size = leavesUntouched(count) ? 1 : leavesUntouched(count * 2) ? 2 : leavesUntouched(count * 4) ? 4 : 8
            var step = dk_step()
            (step.kind, step.out, step.a, step.b, step.c, step.function) = (UInt8(DK_STEP_MAP_FULL.rawValue), 3, 0, 1, 2, function)
            let inputs = (0..<3).map { number in
                var input = dk_input()
                (input.kind, input.reg, input.buffer) = (UInt8(DK_INPUT_FULL.rawValue), UInt16(number), Int32(number))
                return input
            }
            var output = dk_output()
            (output.full, output.reg, output.buffer) = (1, 3, 3)
            let full: [UInt8] = [1, 1, 1, 1], sizes = [name == "operation \(DK_select.rawValue)" ? 1 : bytes, bytes, bytes, size].map { UInt8($0) }
            withUnsafePointer(to: step) { step in
                inputs.withUnsafeBufferPointer { inputs in
                    withUnsafePointer(to: output) { output in
                        full.withUnsafeBufferPointer { full in
                            sizes.withUnsafeBufferPointer { sizes in
                                a.withUnsafeMutableBytes { a in
                                    b.withUnsafeMutableBytes { b in
                                        c.withUnsafeMutableBytes { c in
                                            grouped.withUnsafeMutableBytes { out in
                                                var group = dk_group()
                                                (group.rows, group.columns, group.rows_per_tile, group.cost) = (1, Int64(count), 1, 1)
                                                (group.step_count, group.input_count, group.output_count, group.register_count) = (1, 3, 1, 4)
                                                (group.steps, group.inputs, group.outputs) = (step, inputs.baseAddress, output)
                                                (group.register_full, group.register_bytes) = (full.baseAddress, sizes.baseAddress)
                                                dk_run_group(&group, [a.baseAddress, b.baseAddress, c.baseAddress, out.baseAddress])
                                            }
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
            try #require(grouped == direct, "\(name)")
        }
    }

    @Test("an index outside its row is reported, and picks a zero")
    func indexOutside() {
        var x: [Float] = [1, 2, 3, 4], places: [Int64] = [1, 2], out: [Float] = [9, 9]
        var full = dk_input(), row = dk_input(), pick = dk_step(), output = dk_output()
        full.kind = UInt8(DK_INPUT_FULL.rawValue)
        (row.kind, row.reg, row.buffer) = (UInt8(DK_INPUT_ROW.rawValue), 1, 1)
        (pick.kind, pick.out, pick.b) = (UInt8(DK_STEP_PICK.rawValue), 2, 1)
        (output.reg, output.buffer) = (2, 2)
        var fault = dk_fault()
        let isFull: [UInt8] = [1, 0, 0], sizes: [UInt8] = [4, 8, 4]
        isFull.withUnsafeBufferPointer { isFull in
            sizes.withUnsafeBufferPointer { sizes in
                [full, row].withUnsafeBufferPointer { inputs in
                    withUnsafePointer(to: pick) { pick in
                        withUnsafePointer(to: output) { output in
                            x.withUnsafeMutableBytes { x in
                                places.withUnsafeMutableBytes { places in
                                    out.withUnsafeMutableBytes { out in
                                        var group = dk_group()
                                        (group.rows, group.columns, group.rows_per_tile) = (2, 2, 2)
                                        (group.step_count, group.input_count, group.output_count, group.register_count) = (1, 2, 1, 3)
                                        (group.steps, group.inputs, group.outputs) = (pick, inputs.baseAddress, output)
                                        (group.register_full, group.register_bytes) = (isFull.baseAddress, sizes.baseAddress)
                                        withUnsafePointer(to: group) { group in
                                            var instruction = dk_instruction(run: dk_run_group, arguments: group)
                                            dk_run(&instruction, 1, [x.baseAddress, places.baseAddress, out.baseAddress], &fault)
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
        #expect(out == [2, 0])
        #expect(fault.raised == 1 && fault.value == 2 && fault.limit == 2)
    }
}
