import Descent

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Long runs of what programs do all day: memory at the end must be what it was after the first tenth. `descent-bench --workload soak`.
enum Soak {
    /// What is repeated, and how often.
    private static let parts: [(name: String, count: Int, body: @Sendable () -> (Int) -> Void)] = [
        ("compiled steps", 1_000_000, compiledSteps), ("eager steps", 100_000, eagerSteps), ("shapes", 10_000, shapes), ("models", 1_000, models),
    ]

    /// Growth that counts as none: the allocator's pages come and go.
    private static let tolerance = 4.0

    static func run() {
        var leaks: [String] = []
        for (name, count, body) in parts {
            let clock = ContinuousClock(), start = clock.now, step = body()
            var early = 0.0
            for number in 0..<count {
                step(number)
                if number == count / 10 { early = residentMegabytes() }
            }
            let late = residentMegabytes()
            print("\(count) \(name): \(whole(early)) MB after a tenth, \(whole(late)) MB at the end, \(whole(seconds(clock.now - start))) s")
            if late > early + tolerance { leaks.append(name) }
        }
        if !leaks.isEmpty { fail("memory grows with \(leaks.joined(separator: ", "))") }
    }

    private static func whole(_ number: Double) -> Int { Int(number.rounded()) }

    /// A step of a small network with Adam, compiled.
    @Sendable private static func compiledSteps() -> (Int) -> Void {
        let step = Workload.all["mlp_tiny_step"]!.build(Workload.all["mlp_tiny_step"]!.spec(Generator()))
        return { _ in _ = step() }
    }

    /// The first day's loop: not compiled, and the loss only added up.
    @Sendable private static func eagerSteps() -> (Int) -> Void {
        let model = Sequential(Linear(4, 8), Activation.tanh, Linear(8, 1)), optimizer = SGD(learningRate: 0.01)
        let x = Generator().normal([16, 4]), y = Generator().normal([16, 1])
        var total = Tensor(0.0)
        return { number in
            let (loss, gradients) = valueWithGradient(at: model) { meanSquaredError($0(x), y) }
            optimizer.update(model, with: gradients)
            total = total + loss
            if number % 10_000 == 9_999 { _ = total.item() }
        }
    }

    /// Another length each time, with room for a part of the plans only.
    @Sendable private static func shapes() -> (Int) -> Void {
        let layer = compile { (x: Tensor) in (tanh(x) * x).sum() }
        layer.planMemoryLimit = 1 << 20
        // In no order: the first tenth has sizes like all the rest.
        return { number in _ = layer(Tensor.full([number * 7919 % 10_000 + 1], 0.5)) }
    }

    /// Models that are made, trained for a step and dropped.
    @Sendable private static func models() -> (Int) -> Void {
        let spec = Generator().classifier([16, 32, 4], batch: 8)
        return { _ in _ = classifier([16, 32, 4], spec)().item() }
    }

    /// The memory that the process holds now, in MB; the most it has held where the system does not say.
    private static func residentMegabytes() -> Double {
        guard let file = fopen("/proc/self/statm", "r") else { return peakMegabytes() }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 128)
        guard fgets(&line, 128, file) != nil else { return peakMegabytes() }
        let fields = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self).split(separator: " ")
        return fields.count > 1 ? Double(Int(fields[1]) ?? 0) * Double(sysconf(Int32(_SC_PAGESIZE))) / 1_048_576 : peakMegabytes()
    }
}
