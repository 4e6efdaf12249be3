// `import Descent` brings all of it.
@_exported import DescentCore
@_exported import DescentData
@_exported import DescentExplain
@_exported import DescentFormats
@_exported import DescentJobs
@_exported import DescentModels
@_exported import DescentNN
@_exported import DescentPlot
@_exported import DescentReports
@_exported import DescentTrain
