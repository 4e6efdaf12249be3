import Foundation

/// A folder of its own for a test.
package struct RunPlace: Sendable {
    package let path: String

    package init(path: String) { self.path = path }

    package init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "descent-run-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    package func remove() { try? FileManager.default.removeItem(atPath: path) }

    package func bytes(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: "\(path)/\(name)"))) }
    package func text(_ name: String) throws -> String { String(decoding: try bytes(name), as: UTF8.self) }
    package func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(path)/\(name)") }
}
