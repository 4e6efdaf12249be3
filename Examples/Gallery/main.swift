import Descent

// Makes every picture of docs/gallery, and the page that shows them: swift run -c release Gallery
let folder = CommandLine.arguments.count > 1 ? CommandLine.arguments[1] : "docs/gallery"
try FileSystem.createFolder(folder)
let gallery = Gallery(folder: folder)
try graphPictures(gallery)
try decisionPictures(gallery)
try descentPictures(gallery)
try networkPictures(gallery)
try gallery.writePage()
print("\(gallery.count) pictures in \(folder)")
