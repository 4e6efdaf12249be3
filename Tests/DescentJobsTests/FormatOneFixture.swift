/// A model as Descent 0.1.0 wrote it, in format version 1, in base64: 48 rows of a table with the columns a, kind (red, blue), when and y
/// (no, yes), two hidden units.
enum FormatOneFixture {
    static let base64 = """
        UAcAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJkZXNjZW50LmNoZWNrc3VtIjoiNzQ4MmJkYjdiNWVlNzI2YyIsImRlc2NlbnQuY2FyZCI6IntcImZvcm1hdFwi\
        OlwiZGVzY2VudCB0YWJ1bGFyIG1vZGVsXCIsXCJmb3JtYXRWZXJzaW9uXCI6MSxcImFyY2hpdGVjdHVyZVwiOntcImtpbmRcIjpcImZlZWQtZm9yd2FyZFwi\
        LFwiaW5wdXRzXCI6NCxcImhpZGRlblwiOlsyXSxcIm91dHB1dHNcIjoxLFwiYWN0aXZhdGlvblwiOlwic2lsdVwiLFwiZHJvcG91dFwiOjAuMX0sXCJyZWNv\
        cmRcIjp7XCJkZXNjZW50XCI6XCIwLjEuMFwiLFwic291cmNlXCI6XCJ0LmNzdlwiLFwidHJhaW5pbmdSb3dzXCI6NDgsXCJzZWVkXCI6MSxcInRlc3RGcmFj\
        dGlvblwiOjAuMixcImVwb2Noc1wiOjUsXCJiYXRjaFNpemVcIjozMixcImxlYXJuaW5nUmF0ZVwiOjAuMDAzLFwid2VpZ2h0RGVjYXlcIjowLjMsXCJ0cmFp\
        bmluZ0xvc3NcIjowLjcwMDc4NTMzODg3ODYzMTYsXCJmaWd1cmVzXCI6e1wicm93c1wiOjEyLFwibG9zc1wiOjAuNzMxNjg5NTQyMDYxMzg0MSxcImFjY3Vy\
        YWN5XCI6MC41LFwiYmFzZWxpbmVBY2N1cmFjeVwiOjAuNSxcImJhc2VsaW5lQ2xhc3NcIjpcIm5vXCJ9fSxcInRhcmdldFwiOntcInZlcnNpb25cIjoxLFwi\
        bmFtZVwiOlwieVwiLFwiY29sdW1uXCI6MyxcInRhc2tcIjpcImJpbmFyeVwiLFwiY2xhc3Nlc1wiOltcIm5vXCIsXCJ5ZXNcIl0sXCJtZWFuXCI6MC4wLFwi\
        ZGV2aWF0aW9uXCI6MS4wLFwibm90ZVwiOlwieTogMiBjbGFzc2VzIChubywgeWVzKSwgc28gYSBiaW5hcnkgY2xhc3NpZmljYXRpb25cIn0sXCJlbmNvZGVy\
        XCI6e1widmVyc2lvblwiOjEsXCJoYXNIZWFkZXJcIjp0cnVlLFwiZmlsZUNvbHVtbkNvdW50XCI6NCxcInRhcmdldFwiOjMsXCJvZGRDZWxsc1wiOlwicmVq\
        ZWN0XCIsXCJjb2x1bW5zXCI6W3tcIm5hbWVcIjpcImFcIixcIm5vdGVcIjpcIm51bWJlclwiLFwicnVsZVwiOntcImtpbmRcIjpcIm51bWJlclwiLFwibWVk\
        aWFuXCI6MC40Njk1MDAwMDAwMDAwMDAwMyxcImxvZ2FyaXRobVVuaXRcIjpudWxsLFwibWVhblwiOjAuNDY4NTg3NSxcImRldmlhdGlvblwiOjAuMjg1Mjcz\
        OTA0NjU0OTUzMixcIm1hcmtzTWlzc2luZ1wiOmZhbHNlfX0se1wibmFtZVwiOlwia2luZFwiLFwibm90ZVwiOlwiY2F0ZWdvcnk6IGJsdWUsIHJlZFwiLFwi\
        cnVsZVwiOntcImtpbmRcIjpcImNhdGVnb3J5XCIsXCJwYXJ0XCI6XCJ3aG9sZVwiLFwidmFsdWVzXCI6W1wiYmx1ZVwiLFwicmVkXCJdLFwiaGFzT3RoZXJc\
        IjpmYWxzZSxcImhhc01pc3NpbmdcIjpmYWxzZSxcInNoYXJlc1wiOlswLjcwODMzMzMzMzMzMzMzMzQsMC4yOTE2NjY2NjY2NjY2NjY3XX19LHtcIm5hbWVc\
        IjpcIndoZW5cIixcIm5vdGVcIjpcIm51bWJlciwgOCUgbWlzc2luZyAoZmlsbGVkIHdpdGggdGhlIG1lZGlhbiwgMC41MDg1OyBhIGZlYXR1cmUgc2F5cyB3\
        aGVyZSlcIixcInJ1bGVcIjp7XCJraW5kXCI6XCJudW1iZXJcIixcIm1lZGlhblwiOjAuNTA4NSxcImxvZ2FyaXRobVVuaXRcIjpudWxsLFwibWVhblwiOjAu\
        NTA0NjgxODE4MTgxODE4NSxcImRldmlhdGlvblwiOjAuMjg0NTIzNTg2ODczOTIzOSxcIm1hcmtzTWlzc2luZ1wiOnRydWV9fV19fSJ9LCJoaWRkZW4uMC5i\
        aWFzIjp7ImR0eXBlIjoiRjMyIiwic2hhcGUiOlsyXSwiZGF0YV9vZmZzZXRzIjpbMCw4XX0sImhpZGRlbi4wLndlaWdodCI6eyJkdHlwZSI6IkYzMiIsInNo\
        YXBlIjpbMiw0XSwiZGF0YV9vZmZzZXRzIjpbOCw0MF19LCJvdXRwdXQuYmlhcyI6eyJkdHlwZSI6IkYzMiIsInNoYXBlIjpbMV0sImRhdGFfb2Zmc2V0cyI6\
        WzQwLDQ0XX0sIm91dHB1dC53ZWlnaHQiOnsiZHR5cGUiOiJGMzIiLCJzaGFwZSI6WzEsMl0sImRhdGFfb2Zmc2V0cyI6WzQ0LDUyXX19ICA8ERA+iPuQvugp\
        rD5JbTe+HcxivrNfzL6CfdU+u5G9vhZoj75S6eq+H/XMvt1E1z1xstE+
        """

    /// Rows, and the probabilities of "no" that the program which wrote the model gave.
    static let rows = [["0.7549", "red", "0.57"], ["0.5098", "blue", "0.14"], ["0.2646", "blue", "0.71"]]
    static let probabilities: [Float] = [0.6077418, 0.58416814, 0.62546444]
}
