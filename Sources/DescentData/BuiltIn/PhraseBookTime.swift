extension PhraseBook {
    /// Weather, times of day, days of the week.
    static let time: StaticString = """
        Ravi gets up at five.	रवि पाँच बजे उठता है।
        My sister gets up at six.	मेरी बहन छह बजे उठती है।
        My brother sleeps at ten.	मेरा भाई दस बजे सोता है।
        Meera sleeps at eight.	मीरा आठ बजे सोती है।
        The weather is bad in Delhi.	दिल्ली में मौसम ख़राब है।
        The moon is very beautiful.	चाँद बहुत सुंदर है।
        The river is very big.	नदी बहुत बड़ी है।
        The river is near the village.	नदी गाँव के पास है।
        The river is clean.	नदी साफ़ है।
        The water in the river is cold.	नदी का पानी ठंडा है।
        The moon is in the sky.	आसमान में चाँद है।
        Today is Friday.	आज शुक्रवार है।
        Tomorrow is Monday.	कल सोमवार है।
        Yesterday was Friday.	कल शुक्रवार था।
        We will go to the temple on Friday.	हम शुक्रवार को मंदिर जाएँगे।
        My uncle will come on Friday.	मेरे चाचा शुक्रवार को आएँगे।
        The bank is closed on Sunday.	रविवार को बैंक बंद है।
        The bank opens at eight.	बैंक आठ बजे खुलता है।
        It is hot today.	आज गरमी है।
        It is very hot today.	आज बहुत गरमी है।
        It is cold today.	आज ठंड है।
        It is very cold today.	आज बहुत ठंड है।
        It is cold in the morning.	सुबह ठंड होती है।
        It was hot yesterday.	कल गरमी थी।
        It was very cold yesterday.	कल बहुत ठंड थी।
        It will be cold tomorrow.	कल ठंड होगी।
        It will be hot tomorrow.	कल गरमी होगी।
        It is raining.	बारिश हो रही है।
        It is raining now.	अभी बारिश हो रही है।
        It is raining in Delhi.	दिल्ली में बारिश हो रही है।
        It rained yesterday.	कल बारिश हुई थी।
        It rained in Delhi yesterday.	कल दिल्ली में बारिश हुई थी।
        It will rain today.	आज बारिश होगी।
        It will rain tomorrow.	कल बारिश होगी।
        It will rain in the evening.	शाम को बारिश होगी।
        The weather is good today.	आज मौसम अच्छा है।
        The weather is bad today.	आज मौसम ख़राब है।
        The weather was good yesterday.	कल मौसम अच्छा था।
        The weather was bad yesterday.	कल मौसम ख़राब था।
        How is the weather today?	आज मौसम कैसा है?
        How is the weather in Delhi?	दिल्ली में मौसम कैसा है?
        The sky is blue.	आसमान नीला है।
        The sky is clear today.	आज आसमान साफ़ है।
        The sky was clear yesterday.	कल आसमान साफ़ था।
        The sun is very hot.	धूप बहुत तेज़ है।
        What time is it?	कितने बजे हैं?
        The train comes at five.	ट्रेन पाँच बजे आती है।
        The train comes at ten.	ट्रेन दस बजे आती है।
        The bus comes at six.	बस छह बजे आती है।
        The bus comes at ten.	बस दस बजे आती है।
        The shop opens at ten.	दुकान दस बजे खुलती है।
        The school opens at eight.	स्कूल आठ बजे खुलता है।
        The office opens at ten.	दफ़्तर दस बजे खुलता है।
        The train came late today.	आज ट्रेन देर से आई।
        I will come at five.	मैं पाँच बजे आऊँगा।
        We will come at six.	हम छह बजे आएँगे।
        Ravi will come at ten.	रवि दस बजे आएगा।
        Meera will come at eight.	मीरा आठ बजे आएगी।
        My father comes home at six.	मेरे पिता छह बजे घर आते हैं।
        I come home at five.	मैं पाँच बजे घर आता हूँ।
        I get up at six.	मैं छह बजे उठता हूँ।
        My mother gets up at five.	मेरी माँ पाँच बजे उठती हैं।
        The children get up at eight.	बच्चे आठ बजे उठते हैं।
        My sister sleeps at ten.	मेरी बहन दस बजे सोती है।
        The children sleep at eight.	बच्चे आठ बजे सोते हैं।
        I sleep at ten.	मैं दस बजे सोता हूँ।
        The children are sleeping.	बच्चे सो रहे हैं।
        The cat is sleeping.	बिल्ली सो रही है।
        The dog is sleeping.	कुत्ता सो रहा है।
        The dog is sleeping under the tree.	कुत्ता पेड़ के नीचे सो रहा है।
        The cat is sleeping on the chair.	बिल्ली कुर्सी पर सो रही है।
        The cat is drinking milk.	बिल्ली दूध पी रही है।
        The dog is drinking water.	कुत्ता पानी पी रहा है।
        I want to sleep.	मैं सोना चाहता हूँ।
        The children want to sleep.	बच्चे सोना चाहते हैं।
        Today is Monday.	आज सोमवार है।
        Today is Sunday.	आज रविवार है।
        Tomorrow is Sunday.	कल रविवार है।
        Yesterday was Sunday.	कल रविवार था।
        The school is closed on Sunday.	रविवार को स्कूल बंद है।
        The shop is closed on Sunday.	रविवार को दुकान बंद है।
        I will go to Delhi on Monday.	मैं सोमवार को दिल्ली जाऊँगा।
        Meera will come on Monday.	मीरा सोमवार को आएगी।
        Ravi will come on Sunday.	रवि रविवार को आएगा।
        """
}
