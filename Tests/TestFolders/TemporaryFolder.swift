import Foundation

/// A folder for one test's files.
package struct TemporaryFolder {
    private let url: URL

    package init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "descent-train-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    package func path(_ name: String) -> String { url.appending(path: name).path }

    package func remove() { try? FileManager.default.removeItem(at: url) }
}
