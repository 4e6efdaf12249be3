extension PhraseBook {
    /// Eating, drinking and cooking: what people eat, want and like.
    static let meals: StaticString = """
        The boy eats vegetables every day.	लड़का रोज़ सब्ज़ियाँ खाता है।
        She drinks coffee in the evening.	वह शाम को कॉफ़ी पीती है।
        My uncle eats fruit in the morning.	मेरे चाचा सुबह फल खाते हैं।
        The girl drinks water in the evening.	लड़की शाम को पानी पीती है।
        My brother eats mangoes every day.	मेरा भाई रोज़ आम खाता है।
        Ravi drinks milk every day.	रवि रोज़ दूध पीता है।
        They eat bread.	वे रोटी खाते हैं।
        We drink milk.	हम दूध पीते हैं।
        My grandmother eats eggs in the evening.	मेरी दादी शाम को अंडे खाती हैं।
        Meera drinks tea in the morning.	मीरा सुबह चाय पीती है।
        I eat bread.	मैं रोटी खाता हूँ।
        They do not eat bread.	वे रोटी नहीं खाते।
        My grandmother does not eat fish.	मेरी दादी मछली नहीं खातीं।
        My mother does not drink tea.	मेरी माँ चाय नहीं पीतीं।
        The girl does not eat eggs.	लड़की अंडे नहीं खाती।
        Does she eat fish every day?	क्या वह रोज़ मछली खाती है?
        Does your father drink coffee every day?	क्या आपके पिता रोज़ कॉफ़ी पीते हैं?
        Does he eat vegetables every day?	क्या वह रोज़ सब्ज़ियाँ खाता है?
        Do they drink milk?	क्या वे दूध पीते हैं?
        My grandmother is eating fruit now.	मेरी दादी अभी फल खा रही हैं।
        The boy is eating mangoes now.	लड़का अभी आम खा रहा है।
        I am drinking coffee now.	मैं अभी कॉफ़ी पी रहा हूँ।
        We are eating fish.	हम मछली खा रहे हैं।
        He is eating rice.	वह चावल खा रहा है।
        She is eating eggs.	वह अंडे खा रही है।
        Meera is drinking milk.	मीरा दूध पी रही है।
        Are they eating fish?	क्या वे मछली खा रहे हैं?
        Is he drinking coffee?	क्या वह कॉफ़ी पी रहा है?
        Is your friend eating vegetables?	क्या आपका दोस्त सब्ज़ियाँ खा रहा है?
        She will eat bread tomorrow.	वह कल रोटी खाएगी।
        My friend will eat eggs today.	मेरा दोस्त आज अंडे खाएगा।
        The boy will drink milk tomorrow.	लड़का कल दूध पिएगा।
        He will eat fruit.	वह फल खाएगा।
        They will eat rice.	वे चावल खाएँगे।
        The boy ate fruit.	लड़के ने फल खाए।
        The boy drank milk today.	लड़के ने आज दूध पिया।
        We ate bread yesterday.	हमने कल रोटी खाई।
        They ate mangoes.	उन्होंने आम खाए।
        My uncle drank water today.	मेरे चाचा ने आज पानी पिया।
        I ate fish.	मैंने मछली खाई।
        Meera ate rice.	मीरा ने चावल खाया।
        The girl wants to eat vegetables.	लड़की सब्ज़ियाँ खाना चाहती है।
        He wants to eat fish.	वह मछली खाना चाहता है।
        My uncle wants to drink tea.	मेरे चाचा चाय पीना चाहते हैं।
        They want to drink coffee.	वे कॉफ़ी पीना चाहते हैं।
        Does he want to drink coffee?	क्या वह कॉफ़ी पीना चाहता है?
        Does she want to eat rice?	क्या वह चावल खाना चाहती है?
        Do they want to eat fish?	क्या वे मछली खाना चाहते हैं?
        He can make bread.	वह रोटी बना सकता है।
        They cooked food yesterday.	उन्होंने कल खाना पकाया।
        My uncle will cook rice.	मेरे चाचा चावल पकाएँगे।
        She can cook fish.	वह मछली पका सकती है।
        I am cooking vegetables.	मैं सब्ज़ियाँ पका रहा हूँ।
        We cooked food.	हमने खाना पकाया।
        My father will cook food.	मेरे पिता खाना पकाएँगे।
        Ravi cooked rice yesterday.	रवि ने कल चावल पकाया।
        Meera is making coffee.	मीरा कॉफ़ी बना रही है।
        My friend wants rice.	मेरे दोस्त को चावल चाहिए।
        The children want fish.	बच्चों को मछली चाहिए।
        Meera wants eggs.	मीरा को अंडे चाहिए।
        Ravi wants bread.	रवि को रोटी चाहिए।
        My father wants coffee.	मेरे पिता को कॉफ़ी चाहिए।
        We want water.	हमें पानी चाहिए।
        My friend does not want bread.	मेरे दोस्त को रोटी नहीं चाहिए।
        We do not want rice.	हमें चावल नहीं चाहिए।
        Meera does not want water.	मीरा को पानी नहीं चाहिए।
        Do you want coffee?	क्या आपको कॉफ़ी चाहिए?
        Does your friend want bread?	क्या आपके दोस्त को रोटी चाहिए?
        Does Meera want rice?	क्या मीरा को चावल चाहिए?
        My friend likes fruit.	मेरे दोस्त को फल पसंद हैं।
        Meera likes mangoes.	मीरा को आम पसंद हैं।
        The children like vegetables.	बच्चों को सब्ज़ियाँ पसंद हैं।
        Ravi likes eggs.	रवि को अंडे पसंद हैं।
        My sister likes bread.	मेरी बहन को रोटी पसंद है।
        Meera likes fish.	मीरा को मछली पसंद है।
        My friend does not like eggs.	मेरे दोस्त को अंडे पसंद नहीं हैं।
        The children do not like fruit.	बच्चों को फल पसंद नहीं हैं।
        Meera does not like mangoes.	मीरा को आम पसंद नहीं हैं।
        Does your friend like vegetables?	क्या आपके दोस्त को सब्ज़ियाँ पसंद हैं?
        Do you like eggs?	क्या आपको अंडे पसंद हैं?
        Does Meera like fruit?	क्या मीरा को फल पसंद हैं?
        The vegetables were fresh.	सब्ज़ियाँ ताज़ी थीं।
        The tea was sweet.	चाय मीठी थी।
        The food is very fresh.	खाना बहुत ताज़ा है।
        These vegetables are fresh.	ये सब्ज़ियाँ ताज़ी हैं।
        Is the tea sweet?	क्या चाय मीठी है?
        The vegetables were expensive.	सब्ज़ियाँ महँगी थीं।
        The water was cold.	पानी ठंडा था।
        The tea is not sweet.	चाय मीठी नहीं है।
        """
}
