import DescentFormats
import Foundation
import Testing

/// Commands on images, from start to exit.
@Suite(.serialized)
struct ImageInputCommandTests {
    private static func png(_ index: Int) -> [UInt8] {
        let pixels = (0..<64).map { place in (index % 2 == 0 ? place % 8 : place / 8) == 2 + index / 2 % 3 ? UInt8(220) : UInt8(place % 7) }
        return PNGFile.encode(PixelImage(width: 8, height: 8, channels: 1, pixels: pixels))
    }

    /// A folder "shapes" of two classes, and a model of it in "m".
    private func trained(_ body: (Executable) throws -> Void) throws {
        let descent = try Executable()
        defer { descent.remove() }
        for (label, name) in ["bar", "beam"].enumerated() {
            let folder = descent.folder.appending(path: "shapes/\(name)").path
            try FileSystem.createFolder(folder)
            for index in 0..<6 { try FileSystem.write(Self.png(2 * index + label), to: "\(folder)/\(index).png") }
        }
        let train = try descent.run("train", "shapes", "--model", "lenet", "--epochs", "1", "-q", "--out", "m")
        try #require(train.code == 0, "\(train.errors)")
        try body(descent)
    }

    @Test("an image comes through the standard input; one missing file has the code of missing files, and one damaged file is said once")
    func predict() throws {
        try trained { descent in
            let named = try descent.run("predict", "m", "shapes/bar/0.png")
            let piped = try descent.start(["predict", "m", "-"], through: "exec < shapes/bar/0.png").wait()
            #expect(piped.code == 0 && piped.errors == "")
            #expect(piped.output.replacing("standard input", with: "shapes/bar/0.png") + "" == named.output.replacing(",error\n", with: "\n").replacing(",\n", with: "\n"))
            let missing = try descent.run("predict", "m", "nothing.png")
            #expect(missing.code == 66 && missing.output == "" && missing.errors == "descent: no such file: nothing.png\n")
            try descent.write("x", to: "damaged.png")
            let damaged = try descent.run("predict", "m", "damaged.png", "--json")
            #expect(damaged.code == 65 && damaged.errors.split(separator: "\n").count == 1 && damaged.output.contains("\"error\""), "\(damaged.errors)")
            let several = try descent.run("predict", "m", "damaged.png", "shapes/bar/0.png", "--json")
            #expect(several.code == 65 && several.errors.hasSuffix("1 of 2 rows has no answer; the member error says why\n"), "\(several.errors)")
            #expect(try descent.run("predict", "m", "shapes", "--first", "0").output == "image,prediction,probability,error\n")
        }
    }

    @Test("a training in the folder of the images leaves its own runs out")
    func within() throws {
        try trained { descent in
            let shell = "cd shapes"
            for name in ["shapes", "shapes-2"] {
                let result = try descent.start(["train", ".", "--model", "lenet", "--epochs", "1"], through: shell).wait()
                #expect(result.code == 0 && result.output.contains("Model: descent-models/\(name)/model.safetensors"), "\(result.errors)")
                #expect(result.output.contains("of 2 classes: bar, beam."))
                #expect(result.output.contains("Not used: ./descent-models, which holds runs of Descent.") == (name == "shapes-2"))
            }
        }
    }

    @Test("an image, an archive and a document are named where a table is asked for")
    func notTables() throws {
        let descent = try Executable()
        defer { descent.remove() }
        try FileSystem.write(Self.png(0), to: descent.folder.appending(path: "x.csv").path)
        try #require(try descent.run("train", "iris", "--epochs", "1", "-q", "--out", "m").code == 0)
        for command in [["predict", "m", "x.csv"], ["evaluate", "m", "x.csv"], ["train", "x.csv", "--job", "table", "--target", "y"]] {
            let result = try descent.run(command)
            #expect(result.code == 65 && result.errors == "descent: x.csv: it is an image (PNG), not a table\n", "\(result.errors)")
        }
        let forced = try descent.run("train", "iris", "--job", "table", "--cell", "gru")
        #expect(forced.code == 64 && forced.errors.contains("and the job is table; leave it out"), "\(forced.errors)")
    }
}
