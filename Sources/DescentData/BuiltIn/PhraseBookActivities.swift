extension PhraseBook {
    /// Work and leisure: reading, writing, languages, games, songs, the household.
    static let activities: StaticString = """
        The boy is watching a film now.	लड़का अभी एक फ़िल्म देख रहा है।
        My uncle is learning music now.	मेरे चाचा अभी संगीत सीख रहे हैं।
        I am writing a letter now.	मैं अभी एक पत्र लिख रहा हूँ।
        We are singing a song.	हम एक गाना गा रहे हैं।
        She is washing the clothes.	वह कपड़े धो रही है।
        He is learning English.	वह अंग्रेज़ी सीख रहा है।
        The girl is singing a song now.	लड़की अभी एक गाना गा रही है।
        My brother is washing the clothes.	मेरा भाई कपड़े धो रहा है।
        My friend is watching a film now.	मेरा दोस्त अभी एक फ़िल्म देख रहा है।
        Meera is reading the newspaper.	मीरा अख़बार पढ़ रही है।
        Ravi is writing a letter now.	रवि अभी एक पत्र लिख रहा है।
        They are playing football.	वे फ़ुटबॉल खेल रहे हैं।
        The girl is writing a letter now.	लड़की अभी एक पत्र लिख रही है।
        Are they singing a song?	क्या वे एक गाना गा रहे हैं?
        Is he washing the clothes?	क्या वह कपड़े धो रहा है?
        Is your friend watching a film?	क्या आपका दोस्त एक फ़िल्म देख रहा है?
        Is she learning music?	क्या वह संगीत सीख रही है?
        They will learn music tomorrow.	वे कल संगीत सीखेंगे।
        My friend will sing a song today.	मेरा दोस्त आज एक गाना गाएगा।
        The boy will watch a film tomorrow.	लड़का कल एक फ़िल्म देखेगा।
        My brother will sing a song today.	मेरा भाई आज एक गाना गाएगा।
        He will watch a film.	वह एक फ़िल्म देखेगा।
        The children will learn English.	बच्चे अंग्रेज़ी सीखेंगे।
        I will clean the room.	मैं कमरा साफ़ करूँगा।
        They played football yesterday.	उन्होंने कल फ़ुटबॉल खेला।
        We watched a film today.	हमने आज एक फ़िल्म देखी।
        The boy cleaned the room.	लड़के ने कमरा साफ़ किया।
        My uncle watched a film today.	मेरे चाचा ने आज एक फ़िल्म देखी।
        The boy cleaned the house yesterday.	लड़के ने कल घर साफ़ किया।
        Ravi played cricket.	रवि ने क्रिकेट खेला।
        My grandmother cleaned the room.	मेरी दादी ने कमरा साफ़ किया।
        I sang a song.	मैंने एक गाना गाया।
        Did your father play cricket?	क्या आपके पिता ने क्रिकेट खेला?
        Did you sing a song?	क्या आपने एक गाना गाया?
        Did the children wash the clothes?	क्या बच्चों ने कपड़े धोए?
        My grandmother wants to read the newspaper.	मेरी दादी अख़बार पढ़ना चाहती हैं।
        The girl wants to play football.	लड़की फ़ुटबॉल खेलना चाहती है।
        She wants to write a letter.	वह एक पत्र लिखना चाहती है।
        He wants to learn music.	वह संगीत सीखना चाहता है।
        We want to watch a film.	हम एक फ़िल्म देखना चाहते हैं।
        My uncle wants to read the newspaper.	मेरे चाचा अख़बार पढ़ना चाहते हैं।
        Do they want to watch a film?	क्या वे एक फ़िल्म देखना चाहते हैं?
        Does your friend want to learn music?	क्या आपका दोस्त संगीत सीखना चाहता है?
        Does he want to play football?	क्या वह फ़ुटबॉल खेलना चाहता है?
        The girl can write Hindi.	लड़की हिंदी लिख सकती है।
        My grandmother can speak English.	मेरी दादी अंग्रेज़ी बोल सकती हैं।
        We can play cricket.	हम क्रिकेट खेल सकते हैं।
        They can play football.	वे फ़ुटबॉल खेल सकते हैं।
        She can read Hindi.	वह हिंदी पढ़ सकती है।
        My friend can speak English.	मेरा दोस्त अंग्रेज़ी बोल सकता है।
        My grandmother cannot speak Hindi.	मेरी दादी हिंदी नहीं बोल सकतीं।
        The boy cannot play cricket.	लड़का क्रिकेट नहीं खेल सकता।
        She cannot speak English.	वह अंग्रेज़ी नहीं बोल सकती।
        Can she play cricket?	क्या वह क्रिकेट खेल सकती है?
        Can he write Hindi?	क्या वह हिंदी लिख सकता है?
        Can your brother read Hindi?	क्या आपका भाई हिंदी पढ़ सकता है?
        My uncle reads the newspaper every day.	मेरे चाचा रोज़ अख़बार पढ़ते हैं।
        The boy plays football every day.	लड़का रोज़ फ़ुटबॉल खेलता है।
        He speaks English.	वह अंग्रेज़ी बोलता है।
        My father reads the newspaper in the morning.	मेरे पिता सुबह अख़बार पढ़ते हैं।
        Ravi plays cricket every day.	रवि रोज़ क्रिकेट खेलता है।
        The boy cannot dance.	लड़का नहीं नाच सकता।
        My mother cannot swim.	मेरी माँ नहीं तैर सकतीं।
        I am swimming in the river.	मैं नदी में तैर रहा हूँ।
        Can your friend dance?	क्या आपका दोस्त नाच सकता है?
        We can swim.	हम तैर सकते हैं।
        Can your sister dance?	क्या आपकी बहन नाच सकती है?
        My uncle is swimming in the river.	मेरे चाचा नदी में तैर रहे हैं।
        Does he want to swim?	क्या वह तैरना चाहता है?
        We sold the car.	हमने गाड़ी बेची।
        My uncle wants to sell the house.	मेरे चाचा घर बेचना चाहते हैं।
        Meera sells books.	मीरा किताबें बेचती है।
        My grandmother sells flowers.	मेरी दादी फूल बेचती हैं।
        They have to wash the clothes tomorrow.	उन्हें कल कपड़े धोने हैं।
        My mother has to clean the room today.	मेरी माँ को आज कमरा साफ़ करना है।
        They have to make tea tomorrow.	उन्हें कल चाय बनानी है।
        My sister has to make tea today.	मेरी बहन को आज चाय बनानी है।
        """
}
