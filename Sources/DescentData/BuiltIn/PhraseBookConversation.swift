extension PhraseBook {
    /// Greetings, questions and answers, names, families, health.
    static let conversation: StaticString = """
        My mother's head hurts.	मेरी माँ के सिर में दर्द है।
        My brother's hand hurts.	मेरे भाई के हाथ में दर्द है।
        My friend's foot hurts.	मेरे दोस्त के पैर में दर्द है।
        Ravi understands English.	रवि अंग्रेज़ी समझता है।
        My sister understands Hindi.	मेरी बहन हिंदी समझती है।
        My uncle lives in India.	मेरे चाचा भारत में रहते हैं।
        Welcome to India!	भारत में आपका स्वागत है!
        How is your grandmother?	आपकी दादी कैसी हैं?
        My uncle is a doctor.	मेरे चाचा डॉक्टर हैं।
        Is your uncle a teacher?	क्या आपके चाचा शिक्षक हैं?
        My head hurts.	मेरे सिर में दर्द है।
        My hand hurts.	मेरे हाथ में दर्द है।
        My foot hurts.	मेरे पैर में दर्द है।
        My father's head hurts.	मेरे पिता के सिर में दर्द है।
        My sister's hand hurts.	मेरी बहन के हाथ में दर्द है।
        My brother's foot hurts.	मेरे भाई के पैर में दर्द है।
        Thank you for the tea!	चाय के लिए धन्यवाद!
        Thank you for the food!	खाने के लिए धन्यवाद!
        Thank you for the help!	मदद के लिए धन्यवाद!
        This letter is for my mother.	यह पत्र मेरी माँ के लिए है।
        This book is for Meera.	यह किताब मीरा के लिए है।
        This tea is for you.	यह चाय आपके लिए है।
        This milk is for the cat.	यह दूध बिल्ली के लिए है।
        These mangoes are for the children.	ये आम बच्चों के लिए हैं।
        These flowers are for my grandmother.	ये फूल मेरी दादी के लिए हैं।
        Hello!	नमस्ते!
        Good morning!	सुप्रभात!
        Good night!	शुभ रात्रि!
        Welcome to Delhi!	दिल्ली में आपका स्वागत है!
        Welcome to our house!	हमारे घर में आपका स्वागत है!
        Thank you very much!	आपका बहुत धन्यवाद!
        I am sorry.	मुझे माफ़ कीजिए।
        How are you?	आप कैसे हैं?
        How is your father?	आपके पिता कैसे हैं?
        How is your mother?	आपकी माँ कैसी हैं?
        How is your brother?	आपका भाई कैसा है?
        How is your sister?	आपकी बहन कैसी है?
        How is Ravi?	रवि कैसा है?
        How is Meera?	मीरा कैसी है?
        How are the children?	बच्चे कैसे हैं?
        I am well.	मैं ठीक हूँ।
        We are well.	हम ठीक हैं।
        The children are well.	बच्चे ठीक हैं।
        What is your name?	आपका नाम क्या है?
        My name is Ravi.	मेरा नाम रवि है।
        My sister's name is Meera.	मेरी बहन का नाम मीरा है।
        What is your brother's name?	आपके भाई का नाम क्या है?
        What is your sister's name?	आपकी बहन का नाम क्या है?
        What is the name of this city?	इस शहर का नाम क्या है?
        What is the name of this book?	इस किताब का नाम क्या है?
        Where do you live?	आप कहाँ रहते हैं?
        Where does your brother live?	आपका भाई कहाँ रहता है?
        Where does your sister live?	आपकी बहन कहाँ रहती है?
        Where do you work?	आप कहाँ काम करते हैं?
        Where does your father work?	आपके पिता कहाँ काम करते हैं?
        Where are you going?	आप कहाँ जा रहे हैं?
        Where are the children going?	बच्चे कहाँ जा रहे हैं?
        Where is your brother going?	आपका भाई कहाँ जा रहा है?
        Where is your sister going?	आपकी बहन कहाँ जा रही है?
        Where are you from?	आप कहाँ से हैं?
        I am from Delhi.	मैं दिल्ली से हूँ।
        We are from this village.	हम इस गाँव से हैं।
        My friend is from this city.	मेरा दोस्त इस शहर से है।
        They are from India.	वे भारत से हैं।
        I live in India.	मैं भारत में रहता हूँ।
        What are you doing?	आप क्या कर रहे हैं?
        What is your brother doing?	आपका भाई क्या कर रहा है?
        What is your sister doing?	आपकी बहन क्या कर रही है?
        What are the children doing?	बच्चे क्या कर रहे हैं?
        What is Ravi doing?	रवि क्या कर रहा है?
        What is Meera doing?	मीरा क्या कर रही है?
        What are you reading?	आप क्या पढ़ रहे हैं?
        What are you eating?	आप क्या खा रहे हैं?
        What is Ravi reading?	रवि क्या पढ़ रहा है?
        What is your mother cooking?	आपकी माँ क्या पका रही हैं?
        What do you want?	आपको क्या चाहिए?
        What does Ravi want?	रवि को क्या चाहिए?
        What does your sister want?	आपकी बहन को क्या चाहिए?
        What did you buy?	आपने क्या ख़रीदा?
        What did Meera buy?	मीरा ने क्या ख़रीदा?
        What did you eat today?	आपने आज क्या खाया?
        What will you eat?	आप क्या खाएँगे?
        What will you drink?	आप क्या पिएँगे?
        What will you do tomorrow?	आप कल क्या करेंगे?
        When will you come?	आप कब आएँगे?
        When will your father come?	आपके पिता कब आएँगे?
        When will Ravi come?	रवि कब आएगा?
        When will Meera come?	मीरा कब आएगी?
        When will you go home?	आप घर कब जाएँगे?
        When will you go to Delhi?	आप दिल्ली कब जाएँगे?
        When did you come?	आप कब आए?
        When does the train come?	ट्रेन कब आती है?
        When does the shop open?	दुकान कब खुलती है?
        When does the school open?	स्कूल कब खुलता है?
        Why are you sad?	आप उदास क्यों हैं?
        Why are you angry?	आप नाराज़ क्यों हैं?
        Why is Meera sad?	मीरा उदास क्यों है?
        Why is Ravi angry?	रवि नाराज़ क्यों है?
        Why are the children tired?	बच्चे थके हुए क्यों हैं?
        Why is the shop closed?	दुकान बंद क्यों है?
        Why is the door open?	दरवाज़ा खुला क्यों है?
        Why are you going?	आप क्यों जा रहे हैं?
        Who is this boy?	यह लड़का कौन है?
        Who is this girl?	यह लड़की कौन है?
        Who is at the door?	दरवाज़े पर कौन है?
        Who is in the room?	कमरे में कौन है?
        Who is in the garden?	बग़ीचे में कौन है?
        Who are you?	आप कौन हैं?
        I know Ravi.	मैं रवि को जानता हूँ।
        I know your brother.	मैं आपके भाई को जानता हूँ।
        I know this city.	मैं इस शहर को जानता हूँ।
        Do you know Meera?	क्या आप मीरा को जानते हैं?
        Do you know my brother?	क्या आप मेरे भाई को जानते हैं?
        Do you know the teacher?	क्या आप शिक्षक को जानते हैं?
        I do not know.	मुझे नहीं पता।
        I do not understand.	मैं नहीं समझा।
        I understand Hindi.	मैं हिंदी समझता हूँ।
        My mother understands English.	मेरी माँ अंग्रेज़ी समझती हैं।
        Do you understand English?	क्या आप अंग्रेज़ी समझते हैं?
        Yes, I am ready.	हाँ, मैं तैयार हूँ।
        Yes, I drink tea.	हाँ, मैं चाय पीता हूँ।
        No, I am busy.	नहीं, मैं व्यस्त हूँ।
        No, I do not drink coffee.	नहीं, मैं कॉफ़ी नहीं पीता।
        No, the shop is closed.	नहीं, दुकान बंद है।
        Yes, the door is open.	हाँ, दरवाज़ा खुला है।
        He is my brother.	वह मेरा भाई है।
        She is my sister.	वह मेरी बहन है।
        He is my friend.	वह मेरा दोस्त है।
        Ravi is my friend.	रवि मेरा दोस्त है।
        Meera is my sister.	मीरा मेरी बहन है।
        Ravi is my brother's friend.	रवि मेरे भाई का दोस्त है।
        My father is a doctor.	मेरे पिता डॉक्टर हैं।
        My mother is a teacher.	मेरी माँ शिक्षक हैं।
        My brother is a teacher.	मेरा भाई शिक्षक है।
        My sister is a doctor.	मेरी बहन डॉक्टर है।
        Is your father a doctor?	क्या आपके पिता डॉक्टर हैं?
        Is your mother a doctor?	क्या आपकी माँ डॉक्टर हैं?
        Is your sister a teacher?	क्या आपकी बहन शिक्षक है?
        I have two brothers.	मेरे दो भाई हैं।
        I have three sisters.	मेरी तीन बहनें हैं।
        I have one brother.	मेरा एक भाई है।
        I have one sister.	मेरी एक बहन है।
        Ravi has two sisters.	रवि की दो बहनें हैं।
        Meera has three brothers.	मीरा के तीन भाई हैं।
        Ravi has one brother.	रवि का एक भाई है।
        """
}
