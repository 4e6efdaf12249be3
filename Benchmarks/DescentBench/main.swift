// descent-bench: our side of the comparison with PyTorch, JAX and others. Prints one line of JSON; see Benchmarks/README.md.
import Descent

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

struct Arguments {
    /// What is not a step that is timed again and again.
    private static let others = ["csv_load", "soak"]
    var workload = ""
    var operation: String?
    var threads = 1
    var seconds = 3.0
    var data: String?

    init(_ list: [String]) {
        var rest = list[...]
        func next(_ name: String) -> String {
            guard let value = rest.popFirst() else { fail("\(name) wants a value") }
            return value
        }
        while let argument = rest.popFirst() {
            switch argument {
            case "--workload": workload = next(argument)
            case "--operation": operation = next(argument)
            case "--threads": threads = Int(next(argument)) ?? 0
            case "--seconds": seconds = Double(next(argument)) ?? 0
            case "--data": data = next(argument)
            case "--json": break
            case "--list":
                for name in (Workload.all.keys + Self.others).sorted() + Operation.all.keys.sorted() { print(name) }
                exit(0)
            default: fail("unknown argument \(argument)")
            }
        }
        if let operation {
            if Operation.all[operation] == nil { fail("--operation is one of \(Operation.all.keys.sorted().joined(separator: ", ")); \(operation) is not") }
        } else if Workload.all[workload] == nil && !Self.others.contains(workload) {
            fail("--workload is one of \((Workload.all.keys + Self.others).sorted().joined(separator: ", "))")
        }
        if threads < 1 { fail("--threads is a whole number from 1 on") }
        if seconds <= 0 { fail("--seconds is a number above 0") }
    }
}

func fail(_ sentence: String) -> Never {
    let line = "descent-bench: \(sentence)\n"
    _ = line.withCString { write(2, $0, strlen($0)) }
    exit(64)
}

func seconds(_ duration: Duration) -> Double { Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18 }

func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/// The inputs x0, x1, ... and parameters p0, p1, ... of a dump.
func dump(_ path: String) -> Spec {
    do {
        let file = try SafetensorsFile(path: path)
        func named(_ prefix: String) -> [Tensor] {
            var list: [Tensor] = []
            while let entry = file[prefix + "\(list.count)"] {
                guard let dtype = DType.allCases.first(where: { $0.description == entry.type.rawValue.lowercased() || "\($0)" == "\(entry.type)" }) else {
                    fail("\(path): tensor \(entry.name) has type \(entry.type)")
                }
                list.append(Tensor(shape: entry.shape, dtype: dtype) { memory in entry.bytes.withUnsafeBytes { memory.copyMemory(from: $0) } })
            }
            return list
        }
        return Spec(inputs: named("x"), parameters: named("p"))
    } catch { fail("\(error)") }
}

/// The most memory that the process has held, in MB.
func peakMegabytes() -> Double {
    var usage = rusage()
    #if canImport(Darwin)
    getrusage(RUSAGE_SELF, &usage)
    return Double(usage.ru_maxrss) / 1_048_576
    #else
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return Double(usage.ru_maxrss) / 1024
    #endif
}

func run(_ arguments: Arguments) {
    Threads.count = arguments.threads
    let workload = Workload.all[arguments.workload]!
    let spec = arguments.data.map(dump) ?? workload.spec(Generator())
    let clock = ContinuousClock()

    let firstStart = clock.now
    evaluate(workload.build(spec)())
    let firstStep = seconds(clock.now - firstStart)

    // Anew, so that the losses mean what they say.
    let step = workload.build(spec)
    var losses: [Double] = []
    for _ in 0..<10 { losses.append(step().sum().item()) }

    let warmUp = clock.now
    var count = 0
    while count < 2 || seconds(clock.now - warmUp) < 0.5 {
        _ = step()
        count += 1
    }
    let one = seconds(clock.now - warmUp) / Double(count)
    let batch = max(1, Int((0.01 / one).rounded()))
    var times: [Double] = []
    var final = 0.0
    let begin = clock.now
    while times.count < 5 || seconds(clock.now - begin) < arguments.seconds {
        let start = clock.now
        var last = step()
        for _ in 1..<max(batch, 1) { last = step() }
        times.append(seconds(clock.now - start) / Double(batch) * 1000)
        final = last.sum().item()
    }
    let fields: [(String, String)] = [
        ("framework", "\"descent\""), ("workload", "\"\(arguments.workload)\""), ("threads", "\(arguments.threads)"),
        ("median_ms_per_step", "\(median(times))"), ("min_ms", "\(times.min()!)"), ("steps", "\(times.count * batch)"),
        ("loss_first", "\(losses[0])"), ("loss_10", "\(losses[9])"), ("final_loss", "\(final)"),
        ("peak_rss_mb", "\(peakMegabytes())"), ("first_step_s", "\(firstStep)"),
    ]
    print("{" + fields.map { "\"\($0)\": \(["nan", "-nan", "inf", "-inf"].contains($1) ? "null" : $1)" }.joined(separator: ", ") + "}")
}

let arguments = Arguments(Array(CommandLine.arguments.dropFirst()))
if let operation = arguments.operation {
    runOperation(operation, threads: arguments.threads, for: arguments.seconds)
    exit(0)
}
switch arguments.workload {
case "csv_load": loadTable(arguments)
case "soak": Soak.run()
default: run(arguments)
}
