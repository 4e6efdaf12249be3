/// Awkward pairs of sentences, and the scores that sacreBLEU 2.6.0 gives them:
///
///     from sacrebleu.metrics import BLEU, CHRF
///     BLEU(effective_order=True).sentence_score(hypothesis, references)       # a sentence's score, precisions, bp, sys_len, ref_len
///     CHRF().sentence_score(hypothesis, references).score                     # chrF
///     CHRF(word_order=2).sentence_score(hypothesis, references).score         # chrF++
///
/// and those of corpora of every `by`th sentence, with `None` for the references that a sentence lacks:
///
///     references = [[r[i] if i < len(r) else None for r in all_references] for i in range(max(map(len, all_references)))]
///     BLEU().corpus_score(hypotheses, references)
///     CHRF().corpus_score(hypotheses, references).score
///     CHRF(word_order=2).corpus_score(hypotheses, references).score
enum TranslationScoresFixture {
    struct BLEU {
        let score: Double
        let precisions: [Double]
        let brevityPenalty: Double
        let hypothesisLength: Int
        let referenceLength: Int

        init(_ score: Double, _ precisions: [Double], _ brevityPenalty: Double, _ hypothesisLength: Int, _ referenceLength: Int) {
            self.score = score
            self.precisions = precisions
            self.brevityPenalty = brevityPenalty
            self.hypothesisLength = hypothesisLength
            self.referenceLength = referenceLength
        }
    }

    struct Sentence {
        let hypothesis: String
        let references: [String]
        let bleu: BLEU
        let chrF: Double
        let chrFPlusPlus: Double

        init(_ hypothesis: String, _ references: [String], _ bleu: BLEU, chrF: Double, chrFPlusPlus: Double) {
            self.hypothesis = hypothesis
            self.references = references
            self.bleu = bleu
            self.chrF = chrF
            self.chrFPlusPlus = chrFPlusPlus
        }
    }

    struct Corpus {
        let sentences: [Sentence]
        let bleu: BLEU
        let chrF: Double
        let chrFPlusPlus: Double

        init(_ places: StrideTo<Int>, _ bleu: BLEU, chrF: Double, chrFPlusPlus: Double) {
            sentences = places.map { TranslationScoresFixture.sentences[$0] }
            self.bleu = bleu
            self.chrF = chrF
            self.chrFPlusPlus = chrFPlusPlus
        }
    }

    static let sentences: [Sentence] = [
        Sentence(
            "The cat sat on the mat.",
            ["The cat sat on the mat."],
            BLEU(100.00000000000004, [100, 100, 100, 100], 1, 7, 7),
            chrF: 100, chrFPlusPlus: 100),
        Sentence(
            "the cat sat on the mat",
            ["The cat sat on the mat."],
            BLEU(64.31870218238025, [83.33333333333333, 80, 75, 66.66666666666667], 0.846481724890614, 6, 7),
            chrF: 88.0862902423784, chrFPlusPlus: 83.89851280212484),
        Sentence(
            "The the the the the the the.",
            ["The cat is on the mat.", "There is a cat on the mat."],
            BLEU(7.267884212102741, [37.5, 7.142857142857143, 4.166666666666667, 2.5], 1, 8, 8),
            chrF: 14.338545734983704, chrFPlusPlus: 15.973411926591499),
        Sentence(
            "",
            ["The cat sat."],
            BLEU(0, [0, 0, 0, 0], 0, 0, 4),
            chrF: 0, chrFPlusPlus: 0),
        Sentence(
            "The cat sat.",
            [""],
            BLEU(0, [0, 0, 0, 0], 1, 4, 0),
            chrF: 0, chrFPlusPlus: 0),
        Sentence(
            "",
            [""],
            BLEU(0, [0, 0, 0, 0], 1, 0, 0),
            chrF: 0, chrFPlusPlus: 0),
        Sentence(
            " \t\n ",
            ["Hello there"],
            BLEU(0, [0, 0, 0, 0], 0, 0, 2),
            chrF: 0, chrFPlusPlus: 0),
        Sentence(
            "Hello",
            ["Hello"],
            BLEU(100.00000000000004, [100, 0, 0, 0], 1, 1, 1),
            chrF: 100, chrFPlusPlus: 100),
        Sentence(
            "Hello",
            ["Goodbye"],
            BLEU(0, [0, 0, 0, 0], 1, 1, 1),
            chrF: 6.06060606060606, chrFPlusPlus: 5.05050505050505),
        Sentence(
            "a b c",
            ["a b c"],
            BLEU(100.00000000000004, [100, 100, 100, 0], 1, 3, 3),
            chrF: 100, chrFPlusPlus: 100),
        Sentence(
            "one two three four",
            ["five six seven eight"],
            BLEU(0, [0, 0, 0, 0], 1, 4, 4),
            chrF: 8.096498127091193, chrFPlusPlus: 6.072373595318394),
        Sentence(
            "one five two six three",
            ["one two three four five"],
            BLEU(15.106876986783844, [80, 12.5, 8.333333333333334, 6.25], 1, 5, 5),
            chrF: 38.752290739489254, chrFPlusPlus: 39.06811400621173),
        Sentence(
            "मैं घर जा रहा हूँ।",
            ["मैं अभी घर जा रहा हूँ।"],
            BLEU(57.89300674674101, [100, 75, 66.66666666666667, 50], 0.8187307530779819, 5, 6),
            chrF: 66.92857239808531, chrFPlusPlus: 68.78770784041562),
        Sentence(
            "वह स्कूल में पढ़ती है ।",
            ["वह स्कूल में पढ़ती है।", "वह विद्यालय में पढ़ता है।"],
            BLEU(50.81327481546149, [66.66666666666667, 60, 50, 33.333333333333336], 1, 6, 5),
            chrF: 100, chrFPlusPlus: 93.64474283113337),
        Sentence(
            "लड़का पढ़ता है",
            ["ल\u{95C}का प\u{95D}ता है"],
            BLEU(27.516060407455225, [33.333333333333336, 25, 25, 0], 1, 3, 3),
            chrF: 29.892742270072265, chrFPlusPlus: 26.61128159050538),
        Sentence(
            "I am happy 😀👍🏽!",
            ["I am happy 👍🏽😀!"],
            BLEU(42.72870063962342, [80, 50, 33.333333333333336, 25], 1, 5, 5),
            chrF: 63.52332852332852, chrFPlusPlus: 63.892496392496376),
        Sentence(
            "He said, \"Don't go\" (quietly).",
            ["He said: “Don’t go” [quietly]."],
            BLEU(8.913765521398126, [36.36363636363637, 10, 5.555555555555555, 3.125], 1, 11, 9),
            chrF: 41.70069664634881, chrFPlusPlus: 38.3611902885663),
        Sentence(
            "He said &quot;1 &lt; 2 &amp;amp; 3 &gt; 2&quot;",
            ["He said \"1 < 2 & 3 > 2\""],
            BLEU(67.03420896351791, [84.61538461538461, 75, 63.63636363636363, 50], 1, 13, 11),
            chrF: 24.571552478344604, chrFPlusPlus: 25.688251969120035),
        Sentence(
            "AT&amp;T &amp;lt;b&amp;gt; <skipped>x",
            ["AT&T <b> x"],
            BLEU(100.00000000000004, [100, 100, 100, 100], 1, 7, 7),
            chrF: 15.465332465776266, chrFPlusPlus: 11.598999349332201),
        Sentence(
            "It costs 1,234.56 dollars, or 1.234,56 euros.",
            ["It costs 1,234.56 dollars , or 1.234,56 euros ."],
            BLEU(100.00000000000004, [100, 100, 100, 100], 1, 9, 9),
            chrF: 100, chrFPlusPlus: 100),
        Sentence(
            "Version 3.14, not .5 or 5. of 1,,2..3",
            ["Version 3.14 , not . 5 or 5 . of 1 , , 2 . . 3"],
            BLEU(100.00000000000004, [100, 100, 100, 100], 1, 17, 17),
            chrF: 100, chrFPlusPlus: 90.91716933294559),
        Sentence(
            "the years 1990-2000 and a well-known 5-year-old",
            ["the years 1990 - 2000 and a well-known 5 -year-old"],
            BLEU(78.60753021519781, [81.81818181818181, 80, 77.77777777777777, 75], 1, 11, 10),
            chrF: 100, chrFPlusPlus: 85.52181722037852),
        Sentence(
            "a very very very long translation that goes on and on and on without any end in sight at all",
            ["a long translation"],
            BLEU(4.237713199752784, [15, 5.2631578947368425, 2.7777777777777777, 1.4705882352941178], 1, 20, 3),
            chrF: 51.338044769251454, chrFPlusPlus: 46.92867935206507),
        Sentence(
            "to be or not to be to be or not to be",
            ["to be or not to be , that is the question"],
            BLEU(41.72261448611505, [50, 45.45454545454545, 40, 33.333333333333336], 1, 12, 11),
            chrF: 41.83169185803487, chrFPlusPlus: 44.306032006621095),
        Sentence(
            "the quick fox jumps",
            ["the quick brown fox jumps over", "a fox jumps", "quick the fox", "jumps fox quick the lazy dog today"],
            BLEU(45.18010018049227, [100, 66.66666666666667, 25, 25], 1, 4, 3),
            chrF: 68.39409513000483, chrFPlusPlus: 65.18419151429708),
        Sentence(
            "tabs\tand\nnew lines\r\nand hyphen-\nated words",
            ["tabs and new lines and hyphenated words"],
            BLEU(100.00000000000004, [100, 100, 100, 100], 1, 7, 7),
            chrF: 90.86676279701126, chrFPlusPlus: 86.23047390956633),
        Sentence(
            "non\u{A0}breaking\u{2003}spaces\u{3000}and\u{1C}separators",
            ["non breaking spaces and separators"],
            BLEU(100.00000000000004, [100, 100, 100, 100], 1, 5, 5),
            chrF: 100, chrFPlusPlus: 100),
        Sentence(
            "zero\u{200B}width and क्\u{200D}ष joiners",
            ["zerowidth and क्ष joiners"],
            BLEU(18.99589214128981, [50, 16.666666666666668, 12.5, 12.5], 1, 4, 4),
            chrF: 72.12839607279066, chrFPlusPlus: 60.355029301666555),
        Sentence(
            "cafe\u{301} in Zu\u{308}rich",
            ["café in Zürich"],
            BLEU(27.516060407455225, [33.333333333333336, 25, 25, 0], 1, 3, 3),
            chrF: 31.85909255372738, chrFPlusPlus: 28.07808428548288),
        Sentence(
            "Wait... what?! e.g., U.S.A. -- yes",
            ["Wait ... what ? ! e.g. , U.S.A. - yes"],
            BLEU(90.36020036098445, [95, 89.47368421052632, 88.88888888888889, 88.23529411764706], 1, 20, 20),
            chrF: 93.03825322454243, chrFPlusPlus: 81.10337947629147),
        Sentence(
            "{[(a+b)*c/d]=e} #1 50% $5 @home ~x^y_z|w\\v`u;t",
            ["{ [ ( a + b ) * c / d ] = e } # 1 50 % $ 5 @home ~x^y_z|w\\v`u ; t"],
            BLEU(100.00000000000004, [100, 100, 100, 100], 1, 37, 37),
            chrF: 100, chrFPlusPlus: 86.0597997374554),
        Sentence(
            "(hi) 'tis rock'n'roll! ?",
            ["( hi ) tis rock 'n' roll ! ?"],
            BLEU(23.099966849728546, [71.42857142857143, 50, 20, 12.5], 0.7514772930752859, 7, 9),
            chrF: 84.75203500098094, chrFPlusPlus: 71.90878821061942),
        Sentence(
            "मेरे पास १,२३४ रुपये और 12.5 किलो चावल हैं।",
            ["मेरे पास 1,234 रुपये और १२.५ किलो चावल है।"],
            BLEU(12.982679446701692, [54.54545454545455, 30, 5.555555555555555, 3.125], 1, 11, 11),
            chrF: 54.7384978346937, chrFPlusPlus: 54.076226509013544),
        Sentence(
            "the cat the cat the cat on the mat",
            ["the cat on the mat", "the cat the cat ran"],
            BLEU(65.0059326034369, [66.66666666666667, 75, 71.42857142857143, 50], 1, 9, 5),
            chrF: 82.5776430659577, chrFPlusPlus: 83.16176061769376),
    ]

    static let corpora: [Corpus] = [
        Corpus(
            stride(from: 0, to: 34, by: 1),
            BLEU(64.18515299169927, [73.58490566037736, 64.52991452991454, 60.48780487804878, 59.09090909090909], 1, 265, 242),
            chrF: 70.42257981966078, chrFPlusPlus: 65.40490397843715),
        Corpus(
            stride(from: 0, to: 34, by: 2),
            BLEU(60.342457661746984, [68.02721088435374, 59.541984732824424, 56.03448275862069, 58.415841584158414], 1, 147, 126),
            chrF: 62.72427736232458, chrFPlusPlus: 58.73804226073977),
        Corpus(
            stride(from: 1, to: 34, by: 3),
            BLEU(36.08094663488446, [50, 38.80597014925373, 31.57894736842105, 27.659574468085108], 1, 78, 57),
            chrF: 72.35443209222196, chrFPlusPlus: 67.57265924520442),
        Corpus(
            stride(from: 3, to: 11, by: 1),
            BLEU(21.3521753494471, [30.76923076923077, 25, 20, 25], 0.8574039191604413, 13, 15),
            chrF: 12.405208396527232, chrFPlusPlus: 15.982198279782377),
        Corpus(
            stride(from: 9, to: 10, by: 1),
            BLEU(0, [100, 100, 100, 0], 1, 3, 3),
            chrF: 100, chrFPlusPlus: 100),
        Corpus(
            stride(from: 12, to: 15, by: 1),
            BLEU(52.83419944690571, [71.42857142857143, 54.54545454545455, 50, 40], 1, 14, 14),
            chrF: 73.36510405025484, chrFPlusPlus: 70.77200203077828),
        Corpus(
            stride(from: 15, to: 25, by: 1),
            BLEU(56.076459759621386, [67.88990825688073, 58.58585858585859, 51.68539325842696, 48.10126582278481], 1, 109, 85),
            chrF: 68.9424696931493, chrFPlusPlus: 64.0640070844602),
    ]
}
