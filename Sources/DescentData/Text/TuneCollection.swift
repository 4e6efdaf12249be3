import DescentFormats

/// Tunes to learn from, in ABC notation or the melodies of MIDI files: what is needed to play each, without its title and its history.
///
/// A tune's text is a line with its metre and key, then its notes: `M:6/8 K:G`, a line's end, and the lines of notes as they are. So a model
/// that goes on from the first line and a first note writes a tune that a player of ABC can play.
public struct TuneCollection: Sendable {
    /// The file's name, for errors.
    public let file: String
    /// The tunes' texts.
    public let tunes: [String]
    /// How many bars of them add up to their metre.
    public let bars: BarCount
    /// What a person should know about how they were read: tunes that were left out, and why.
    public let notices: [String]

    /// What was chosen in reading MIDI files: the line, the grid and the key.
    public let readings: [String]

    /// Reads a file of tunes.
    ///
    /// - Throws: `FileError`, `DataError` for a file that is empty, neither text nor MIDI, damaged, or has no tune that can be played.
    public init(path: String) throws {
        let bytes = try FileSystem.read(path == "-" ? "/dev/stdin" : path), file = path == "-" ? "standard input" : path
        if MIDIFile.fits(bytes) || Self.isMIDI(path) {
            try self.init(MIDIMelody(MIDIFile(bytes, file: file), file: file), file: file)
            return
        }
        let (text, notice) = try TextFile.decoded(bytes, file: file)
        let tunes = TuneTable.fits(text) ? try TuneTable.tunes(bytes, text: text, file: file) : ABCTune.tunes(in: text)
        try self.init(tunes, file: file, notices: notice.map { [$0] } ?? [])
    }

    /// Reads files and folders of tunes, one after another. Of several files one that has no tune is left out, with a notice.
    ///
    /// - Parameter paths: at least one.
    /// - Throws: as for one file, where none has a tune.
    public init(paths: [String]) throws {
        let files = try paths.flatMap { try Self.files(in: $0) }
        var tunes: [String] = [], bars = BarCount(), notices: [String] = [], readings: [String] = [], failure: (any Error)?
        for path in files {
            do {
                let part = try TuneCollection(path: path)
                tunes += part.tunes
                bars = bars + part.bars
                notices += part.notices
                readings += part.readings
            } catch let error as DataError where files.count > 1 {
                failure = failure ?? error
                notices.append("\(error) (left out).")
            }
        }
        if tunes.isEmpty, let failure { throw failure }
        file = TextFile.name(ofAll: paths)
        (self.tunes, self.bars, self.notices, self.readings) = (tunes, bars, Self.shortened(notices), Self.shortened(readings))
    }

    /// Parses a file's text. A tune that cannot be played is left out, with a notice that says where and why.
    public init(parsing text: String, file: String) throws(DataError) { try self.init(ABCTune.tunes(in: text), file: file, notices: []) }

    /// The melody of a MIDI file.
    private init(_ melody: MIDIMelody, file: String) {
        (self.file, tunes, bars, notices, readings) = (file, [melody.text], BarCount(Self.score(of: melody.text)), [], ["\(file): \(melody.notice)."])
    }

    private init(_ all: [ABCTune], file: String, notices: [String]) throws(DataError) {
        var tunes: [String] = [], bars = BarCount(), notices = notices, failure: DataError?
        var melodies = 0
        for tune in all {
            let reader = ABCReader(tune)
            if let fault = reader.faults.first {
                let place = fault.column.map { "column \($0): " } ?? ""
                let error = DataError(file: file, line: fault.line == 0 ? nil : fault.line, "\(place)\(fault.message)")
                failure = failure ?? error
                notices.append("\(error); \(quoted(tune.name)) is left out.")
                continue
            }
            if reader.score.voices.count > 1 { melodies += 1 }
            let text = TuneText(tune, score: reader.score).text
            tunes.append(text)
            bars = bars + BarCount(Self.score(of: text))
        }
        if tunes.isEmpty {
            throw failure ?? DataError(file: file, "there is no tune in it; a tune in ABC notation has a line K: with its key, then lines of notes")
        }
        if melodies > 0 { notices.append("\(file): of \(melodies == 1 ? "a tune" : "\(melodies) tunes") with several voices the first voice is read.") }
        self.file = file
        (self.tunes, self.bars, self.notices, readings) = (tunes, bars, Self.shortened(notices), [])
    }

    /// The most notices that are given one by one.
    private static let noticeLimit = 8

    private static func shortened(_ notices: [String]) -> [String] {
        if notices.count <= noticeLimit { return notices }
        return notices.prefix(noticeLimit - 1) + ["... and \(notices.count - noticeLimit + 1) more such notices."]
    }

    /// A tune that can be played, from its text.
    public static func notation(of tune: String, number: Int, title: String) -> String {
        var lines = ["X:\(number)", "T:\(title)"]
        let parts = tune.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
        for field in parts[0].split(separator: " ") { lines.append(String(field)) }
        // A network that has learned little may write no key, without which nothing is a tune.
        if !lines.contains(where: { $0.hasPrefix("K:") }) { lines.append("K:C") }
        if parts.count > 1 { lines.append(String(parts[1])) }
        return lines.joined(separator: "\n")
    }

    /// The score of a tune's text. What a network wrote that has no meaning is left out of it.
    public static func score(of tune: String, title: String = "") -> Score { score(ofNotation: notation(of: tune, number: 1, title: title)) }

    /// The score of the first tune in ABC notation; without voices where there is none.
    public static func score(ofNotation text: String) -> Score { ABCTune.tunes(in: text).first.map { ABCReader($0).score } ?? Score() }

    /// Whether a text looks like ABC notation: it has a line X:, or fields of a header, before a line K:, and then notes or the text's end.
    public static func fits(_ text: String) -> Bool {
        guard text.contains("K:") else { return false }
        var hasNumber = false, fields = 0
        for line in text.unicodeScalars.split(separator: "\n").prefix(400) {
            let line = String(line)
            guard let field = ABCText.field(line) else { continue }
            if field == "X" { hasNumber = true }
            if "TMLRCQ".contains(field) { fields += 1 }
            if field == "K", hasNumber || fields > 1 { return true }
        }
        return false
    }

    /// The endings of files of tunes.
    private static let endings = [".abc", ".mid", ".midi"]

    /// Whether a path ends as those of MIDI files do.
    public static func isMIDI(_ path: String) -> Bool { [".mid", ".midi"].contains { path.lowercased().hasSuffix($0) } }

    /// The files of tunes that a path names: itself, or those in a folder and its folders, by name.
    ///
    /// - Throws: `DataError` for a folder without any.
    static func files(in path: String) throws -> [String] {
        guard FileSystem.folderExists(path) else { return [path] }
        let files = try filesOfTunes(in: path, depth: 0)
        if files.isEmpty { throw DataError(file: path, "there are no tunes (\(endings.joined(separator: ", "))) in the folder") }
        return files
    }

    /// Whether a folder, or a folder in it, has files of tunes.
    public static func isFolderOfTunes(_ path: String) throws -> Bool { try FileSystem.folderExists(path) && !filesOfTunes(in: path, depth: 0).isEmpty }

    private static func filesOfTunes(in path: String, depth: Int) throws -> [String] {
        try FileSystem.list(path).filter { !$0.hasPrefix(".") }.sorted().flatMap { name -> [String] in
            let inside = path.hasSuffix("/") ? path + name : "\(path)/\(name)"
            if FileSystem.folderExists(inside) { return depth < 3 ? try filesOfTunes(in: inside, depth: depth + 1) : [] }
            return endings.contains { name.lowercased().hasSuffix($0) } ? [inside] : []
        }
    }
}
