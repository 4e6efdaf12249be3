import DescentCommandLine

// The command line of Descent with one more job: `own-job train poem.lines`, `own-job predict descent-models/poem poem.lines`.
Descent.main(adding: [LineRanking.self])
