import DescentCore
import DescentData
import DescentFormats
import DescentJobs
import DescentReports
import DescentTrain
import Testing

@Suite("batches of sequences")
struct SequenceDataTests {
    /// Numbers of a tensor.
    private func numbers(_ tensor: Tensor) -> [Int] { tensor.cast(to: .float32).floats.map { Int($0) } }

    @Test("windows: streams go on from batch to batch, and targets are the inputs one step on")
    func windows() throws {
        let tokens = (0..<1000).map { Int32($0 + 4) }
        for seed in [nil, 3] as [Int?] {
            let source = try TokenWindows(tokens, streams: 4, window: 16, seed: seed, file: "t")
            #expect(source.streams == 4 && source.steps(inEpoch: 1) == 1000 / 4 / 16)
            for epoch in 1...3 {
                var streams = [[Int]](repeating: [], count: 4)
                for step in 0..<source.steps(inEpoch: epoch) {
                    let batch = source.batch(step, ofEpoch: epoch)
                    #expect(batch.count == 64)
                    #expect(batch.tensors[2].item() == (step == 0 ? 0 : 1))
                    let inputs = numbers(batch.tensors[0])
                    let targets = numbers(batch.tensors[1])
                    for time in 0..<16 {
                        for stream in 0..<4 {
                            let isFirst = step == 0 && time == 0
                            #expect(inputs[time * 4 + stream] == (isFirst ? Int(Vocabulary.beginning) : streams[stream].last!))
                            streams[stream].append(targets[time * 4 + stream])
                        }
                    }
                }
                for stream in streams {
                    #expect(zip(stream, stream.dropFirst()).allSatisfy { $1 == $0 + 1 || ($0 == 1003 && $1 == 4) })
                }
                // Nearly all of the text is seen, each part once.
                let seen = streams.flatMap { $0 }
                #expect(seen.count == 960 && Set(seen).count > 900)
            }
        }
        let source = try TokenWindows(tokens, streams: 4, window: 16, seed: 3, file: "t")
        #expect(source.beginnings(ofEpoch: 1) != source.beginnings(ofEpoch: 2))
        #expect(source.beginnings(ofEpoch: 2) == source.beginnings(ofEpoch: 2))
    }

    @Test("streams begin where a text may begin")
    func beginnings() throws {
        // A line's end after every tenth token.
        let tokens = (0..<2000).map { Int32($0 % 10 == 9 ? 4 : 5) }
        let source = try TokenWindows(tokens, streams: 8, window: 20, seed: 1, file: "t", startsAfter: { $0 == 4 })
        for epoch in 1...5 { #expect(source.beginnings(ofEpoch: epoch).allSatisfy { $0 % 10 == 0 || $0 >= 1990 }) }
    }

    @Test("a short text has fewer streams; one shorter than a window is an error")
    func short() throws {
        #expect(try TokenWindows([Int32](repeating: 5, count: 50), streams: 32, window: 16, seed: 1, file: "t").streams == 3)
        #expect { try TokenWindows([5, 6, 7], streams: 2, window: 16, seed: 1, file: "t.txt") } throws: {
            "\($0)" == "t.txt: the text has 3 characters to train on, and a window takes 17; use a longer text, or a shorter window (--window)"
        }
    }

    @Test("sequences: each once an epoch, with those of like length, little padding, and orders that differ")
    func buckets() throws {
        var random = SplitMix64(seed: 5)
        let sequences = (0..<500).map { index in [Int32](repeating: Int32(index + 4), count: Int(random.next() % 60) + 1) }
        let source = SequenceBatches(sequences, labels: (0..<500).map { Int32($0 % 3) }, batchSize: 32, seed: 1)
        var rows: [Int] = [], real = 0, all = 0
        for step in 0..<source.steps(inEpoch: 1) {
            let own = source.rows(step, ofEpoch: 1)
            rows += own
            let batch = source.batch(step, ofEpoch: 1)
            let lengths = numbers(batch.tensors[1])
            #expect(lengths == own.map { sequences[$0].count })
            #expect(numbers(batch.tensors[2]) == own.map { $0 % 3 })
            let tokens = numbers(batch.tensors[0])
            let time = batch.tensors[0].shape[0]
            for column in own.indices {
                for place in 0..<time { #expect(tokens[place * own.count + column] == (place < lengths[column] ? own[column] + 4 : 0)) }
            }
            real += lengths.reduce(0, +)
            all += tokens.count
        }
        #expect(rows.sorted() == Array(0..<500))
        #expect(Double(all) < 1.15 * Double(real), "\(all) steps for \(real) real ones")
        #expect(source.rows(0, ofEpoch: 1) != source.rows(0, ofEpoch: 2))
        #expect(source.rows(3, ofEpoch: 2) == source.rows(3, ofEpoch: 2))
    }

    @Test("padded lengths: few different ones, none shorter, an eighth more at most")
    func paddedLengths() {
        for length in 9...2000 {
            let padded = LengthOrder.padded(length)
            #expect(padded >= length && padded * 8 <= length * 9 + 16)
        }
        // 16 up to 32, and 8 more for each doubling.
        #expect(Set((1...2048).map(LengthOrder.padded)).count == 16 + 6 * 8)
    }

    @Test("what is chosen: frequencies follow the probabilities, and only the most probable are taken")
    func sampling() throws {
        let probabilities = [0.1, 0.5, 0.05, 0.3, 0.05]
        func frequencies(_ sampling: Sampling) -> [Double] {
            var random = SplitMix64(seed: 9)
            var counts = [Double](repeating: 0, count: 5)
            for _ in 0..<20_000 { counts[sampling.choose(probabilities, &random)] += 1 }
            return counts.map { $0 / 20_000 }
        }
        // Five standard deviations of a share are at most 0.018.
        #expect(zip(frequencies(try Sampling()), probabilities).allSatisfy { abs($0 - $1) < 0.018 })
        #expect(zip(frequencies(try Sampling(topK: 2)), [0, 0.625, 0, 0.375, 0]).allSatisfy { abs($0 - $1) < 0.018 })
        #expect(zip(frequencies(try Sampling(topP: 0.85)), [1.0 / 9, 5.0 / 9, 0, 3.0 / 9, 0]).allSatisfy { abs($0 - $1) < 0.018 })
        #expect(frequencies(try Sampling(temperature: 0)) == [0, 1, 0, 0, 0])
        for wrong in [{ try Sampling(temperature: -1) }, { try Sampling(topK: 0) }, { try Sampling(topP: 1.5) }, { try Sampling(temperature: .nan) }] {
            #expect(throws: SettingsError.self) { _ = try wrong() }
        }
    }

    @Test("settings are stored and read back; those that cannot be are refused")
    func settings() throws {
        var texts = LanguageSettings()
        (texts.cell, texts.unit, texts.window) = (.gru, .bytePairs, 9)
        #expect(try LanguageSettings(json: JSONReader(texts.toJSON(), file: "s")) == texts)
        var settings = ForecastSettings()
        (settings.hidden, settings.minutes, settings.isLogarithmic, settings.season, settings.seed) = (7, 2.5, true, 12, 4)
        #expect(try ForecastSettings(json: JSONReader(settings.toJSON(), file: "s")) == settings)
        settings.epochs = 3
        #expect { try settings.validate() } throws: { "\($0)" == "epochs and minutes are both given; a run has one length" }
        var wrong = TextClassificationSettings()
        wrong.hidden = 0
        #expect { try wrong.validate() } throws: { "\($0)" == "the hidden size is 0; it must be 1 to 8192" }
    }
}
