import DescentFormats

/// Endings of the formats that are read.
private let readEndings: Set<String> = ["png", "jpg", "jpeg", "ppm", "pgm", "pnm"]
/// Endings of images of other formats.
private let otherEndings: Set<String> = ["gif", "webp", "bmp", "tif", "tiff", "heic", "heif", "avif", "jp2", "jxl", "svg", "ico", "psd", "dng", "cr2", "nef"]

/// What lies in a folder of images: class folders, the image files of each, and what is left out.
///
/// Hidden files and folders, macOS's metadata, links that lead back, and folders of Descent's runs are no classes.
struct ImageFolder {
    /// The files of a folder.
    struct Content {
        /// The paths of the image files, sorted.
        var files: [String] = []
        /// How many images there are of formats that are not read, by ending.
        var others: [String: Int] = [:]
        /// Other names that look like images and are left out, in words.
        var leftOut: [String] = []

        /// "2 gif, 1 webp".
        var otherKinds: String { others.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ") }
    }

    let path: String
    /// The names of the class folders, sorted.
    private(set) var names: [String] = []
    /// The folders that are no classes, in words.
    private(set) var leftOut: [String] = []

    /// Looks at a folder.
    ///
    /// - Throws: `FileError` where it cannot be read.
    init(_ path: String) throws {
        self.path = path
        let own = FileSystem.canonical(path)
        for name in try FileSystem.list(path) where !name.hasPrefix(".") {
            let inner = "\(path)/\(name)"
            if Self.isMangled(name, inner) {
                if !name.contains(".") { leftOut.append("\(quoted(name)) in \(path), whose name is not UTF-8 (rename it)") }
                continue
            }
            guard FileSystem.folderExists(inner) else { continue }
            let target = FileSystem.canonical(inner)
            if name == "__MACOSX" {
                leftOut.append("\(inner) (metadata of macOS)")
            } else if own == target || own.hasPrefix(target == "/" ? "/" : target + "/") {
                leftOut.append("\(inner), a link that leads back")
            } else if name == "descent-models" || ["model.safetensors", "checkpoint.safetensors"].contains(where: { FileSystem.exists("\(inner)/\($0)") }) {
                leftOut.append("\(inner), which holds runs of Descent")
            } else {
                names.append(name)
            }
        }
    }

    /// The image files of a folder.
    static func content(of folder: String) throws -> Content {
        var content = Content(), mangled = 0
        for name in try FileSystem.list(folder) where !name.hasPrefix(".") {
            let path = "\(folder)/\(name)", ending = ending(of: name)
            if otherEndings.contains(ending), FileSystem.isRegularFile(path) { content.others[ending, default: 0] += 1 }
            guard readEndings.contains(ending) else { continue }
            if isMangled(name, path) {
                mangled += 1
            } else if FileSystem.exists(path), !FileSystem.isRegularFile(path) {
                content.leftOut.append(path + (FileSystem.folderExists(path) ? ", a folder" : ", a pipe or device"))
            } else {
                content.files.append(path)
            }
        }
        if mangled > 0 {
            content.leftOut.append("\(mangled == 1 ? "1 file in \(folder) whose name is" : "\(mangled) files in \(folder) whose names are") not UTF-8 (rename \(mangled == 1 ? "it" : "them"))")
        }
        return content
    }

    /// A name whose bytes are not UTF-8: what is shown instead of them names no file.
    private static func isMangled(_ name: String, _ path: String) -> Bool { name.unicodeScalars.contains("\u{FFFD}") && !FileSystem.exists(path) }

    /// A name's ending in small letters, without its dot.
    static func ending(of path: String) -> String {
        guard let dot = path.lastIndex(of: ".") else { return "" }
        return path[path.index(after: dot)...].lowercased()
    }

    /// "jpeg, jpg, pgm".
    static var endings: String { readEndings.sorted().joined(separator: ", ") }
    static func isRead(_ ending: String) -> Bool { readEndings.contains(ending) }
}

extension LabelledImages {
    /// Whether a path ends as an image file does.
    public static func isImageName(_ path: String) -> Bool { ImageFolder.isRead(ImageFolder.ending(of: path)) }

    /// Whether a folder has folders with images, one for each class.
    public static func isFolderOfClasses(_ path: String) throws -> Bool {
        guard FileSystem.folderExists(path) else { return false }
        return try ImageFolder(path).names.contains { name in
            let content = try ImageFolder.content(of: "\(path)/\(name)")
            return !content.files.isEmpty || !content.others.isEmpty
        }
    }

    /// Whether a folder has image files of its own.
    public static func isFolderOfImages(_ path: String) throws -> Bool { try FileSystem.folderExists(path) && !ImageFolder.content(of: path).files.isEmpty }

    /// The folders of a folder that are such folders of classes themselves: "train" and "test".
    public static func partsOfData(_ path: String) throws -> [String] {
        guard FileSystem.folderExists(path) else { return [] }
        return try ImageFolder(path).names.filter { try isFolderOfClasses("\(path)/\($0)") }
    }

    /// The image files of a folder and of its class folders, and in words what is left out.
    public static func files(in path: String) throws -> (files: [String], leftOut: [String]) {
        let folder = try ImageFolder(path), contents = [path] + folder.names.map { "\(path)/\($0)" }
        let all = try contents.map { try ImageFolder.content(of: $0) }
        let files = all.flatMap(\.files)
        if files.isEmpty {
            let others = all.map(\.otherKinds).filter { !$0.isEmpty }.joined(separator: ", ")
            throw DataError(file: path, "the folder has no images (\(ImageFolder.endings))\(others.isEmpty ? "" : "; those in it (\(others)) are of kinds that are not read")")
        }
        return (files, folder.leftOut + all.flatMap(\.leftOut) + otherKinds(all))
    }

    /// A folder of folders: the class of an image is its folder.
    ///
    /// - Parameters:
    ///   - classes: The classes of a model, of which the folder may have some; nil for those of the folder, at least two.
    ///   - shape: The size that a model takes; nil to choose one.
    /// - Throws: `DataError` for an empty class, for fewer than two classes and for images of other sizes where they are refused; `FormatError` for a damaged
    ///   file, unless those are skipped.
    public init(folder path: String, reading: ImageReading = ImageReading(), classes known: [String]? = nil, shape: ImageShape? = nil) throws {
        let path = path.hasSuffix("/") && path.count > 1 ? String(path.dropLast()) : path
        let folder = try ImageFolder(path), names = folder.names, parts = try Self.partsOfData(path)
        if let first = parts.first {
            throw DataError(file: path, "its folders \(listed(parts)) have a folder for each class themselves: give one of them, such as \(path)/\(first)")
        }
        if names.isEmpty {
            let own = try ImageFolder.content(of: path).files
            if let first = own.first {
                throw DataError(
                    file: path,
                    "its \(own.count) \(own.count == 1 ? "image lies" : "images lie") in the folder itself, so their classes are not known; put them into a folder for each class, such as \(path)/CLASS/\(Self.last(first))"
                )
            }
        }
        // Names that differ in their Unicode form alone ("é" as one character or two) look the same everywhere.
        if let (first, second) = Self.alike(names) {
            throw DataError(
                file: path, "two of its folders have the name \(quoted(first)), in two Unicode forms (\(Self.codes(first)) and \(Self.codes(second))); rename one, or put their images into one folder")
        }
        var files: [String] = [], labels: [Int32] = [], contents: [ImageFolder.Content] = [], empty: [String] = []
        for (label, name) in names.enumerated() {
            let inner = "\(path)/\(name)", content = try ImageFolder.content(of: inner)
            if content.files.isEmpty {
                let others = content.otherKinds
                if known != nil, others.isEmpty {
                    empty.append("\(inner), which has no images")
                    continue
                }
                throw DataError(
                    file: inner,
                    "the folder has no images (\(ImageFolder.endings))\(others.isEmpty ? "" : ", only \(others), which are not read (convert them)"), and each class needs some; remove it, or add images"
                )
            }
            var number = label
            if let known {
                guard let own = known.firstIndex(of: name) else { throw DataError(file: path, "the class \(quoted(name)) is not one of the model's: \(listed(known))") }
                number = own
            }
            files += content.files
            labels += [Int32](repeating: Int32(number), count: content.files.count)
            contents.append(content)
        }
        if known == nil, names.count < 2 {
            throw DataError(file: path, "it has \(names.isEmpty ? "no folders" : "one folder, \(listed(names))"); there must be at least two, one for each class")
        }
        if files.isEmpty { throw DataError(file: path, "it has no folders with images, one for each class") }
        try self.init(
            files: files, labels: labels, classes: known ?? names, needsAllClasses: known == nil, file: path, reading: reading, shape: shape,
            leftOut: folder.leftOut + empty + contents.flatMap(\.leftOut) + Self.otherKinds(contents))
    }

    /// Image files without labels.
    ///
    /// - Parameter source: Where they are from, for people; nil for their names.
    public init(files: [String], source: String? = nil, reading: ImageReading = ImageReading(), shape: ImageShape? = nil) throws {
        let file = source ?? (files.count > 3 ? files.prefix(3).joined(separator: ", ") + " and \(files.count - 3) more" : files.joined(separator: ", "))
        try self.init(files: files, labels: [], classes: [], needsAllClasses: false, file: file, reading: reading, shape: shape, leftOut: [])
    }

    /// The images of other formats, in words; empty for none.
    private static func otherKinds(_ contents: [ImageFolder.Content]) -> [String] {
        var all = ImageFolder.Content()
        for content in contents { all.others.merge(content.others, uniquingKeysWith: +) }
        return all.others.isEmpty ? [] : ["images of kinds that are not read: \(all.otherKinds) (convert them to PNG or JPEG)"]
    }

    private static func last(_ path: String) -> String { String(path.split(separator: "/").last ?? "") }

    /// Two names that are equal by Unicode's rules.
    private static func alike(_ names: [String]) -> (String, String)? {
        var seen: [String: String] = [:]
        for name in names { if let before = seen.updateValue(name, forKey: name) { return (before, name) } }
        return nil
    }

    private static func codes(_ name: String) -> String {
        name.unicodeScalars.filter { !$0.isASCII }.prefix(4).map { "U+" + String(repeating: "0", count: max(0, 4 - String($0.value, radix: 16).count)) + String($0.value, radix: 16, uppercase: true) }
            .joined(separator: " ")
    }
}
