extension PhraseBook {
    /// Where people go and come from, how, and where places are.
    static let travel: StaticString = """
        The bank is near the market.	बैंक बाज़ार के पास है।
        The temple is near the river.	मंदिर नदी के पास है।
        The park is far from the school.	पार्क स्कूल से दूर है।
        The temple is far from the station.	मंदिर स्टेशन से दूर है।
        The hotel is far from the market.	होटल बाज़ार से दूर है।
        The station is near.	स्टेशन पास में है।
        The hospital is near.	अस्पताल पास में है।
        The village is far from here.	गाँव यहाँ से दूर है।
        The station is far from here.	स्टेशन यहाँ से दूर है।
        The market is far from here.	बाज़ार यहाँ से दूर है।
        The school is not far from here.	स्कूल यहाँ से दूर नहीं है।
        The hotel is near the station.	होटल स्टेशन के पास है।
        The shop is near the market.	दुकान बाज़ार के पास है।
        The school is near the hospital.	स्कूल अस्पताल के पास है।
        The office is near the school.	दफ़्तर स्कूल के पास है।
        Is the hospital near the station?	क्या अस्पताल स्टेशन के पास है?
        Is the station far from here?	क्या स्टेशन यहाँ से दूर है?
        Is the market far from here?	क्या बाज़ार यहाँ से दूर है?
        I go to school with my friend.	मैं अपने दोस्त के साथ स्कूल जाता हूँ।
        I went to the market with my mother.	मैं अपनी माँ के साथ बाज़ार गया।
        I am going home with my brother.	मैं अपने भाई के साथ घर जा रहा हूँ।
        Ravi went to Delhi with my father.	रवि मेरे पिता के साथ दिल्ली गया।
        Meera is going to the market with my mother.	मीरा मेरी माँ के साथ बाज़ार जा रही है।
        The children are playing with the dog.	बच्चे कुत्ते के साथ खेल रहे हैं।
        The girl is playing with the cat.	लड़की बिल्ली के साथ खेल रही है।
        I work with my brother.	मैं अपने भाई के साथ काम करता हूँ।
        I live with my father.	मैं अपने पिता के साथ रहता हूँ।
        Does this train go to Delhi?	क्या यह ट्रेन दिल्ली जाती है?
        Does this bus go to the station?	क्या यह बस स्टेशन जाती है?
        Does this bus go to the hospital?	क्या यह बस अस्पताल जाती है?
        This bus goes to the market.	यह बस बाज़ार जाती है।
        This train goes to Delhi.	यह ट्रेन दिल्ली जाती है।
        This train comes from Delhi.	यह ट्रेन दिल्ली से आती है।
        She is going to the office.	वह दफ़्तर जा रही है।
        I am going to the park.	मैं पार्क जा रहा हूँ।
        The girl is going to the village.	लड़की गाँव जा रही है।
        My friend is going to the temple.	मेरा दोस्त मंदिर जा रहा है।
        We are going to the hospital.	हम अस्पताल जा रहे हैं।
        Meera is going to the city.	मीरा शहर जा रही है।
        He is going to the bank.	वह बैंक जा रहा है।
        Ravi is going to the station.	रवि स्टेशन जा रहा है।
        The girl is not going to the park today.	लड़की आज पार्क नहीं जा रही है।
        My uncle is not going to the temple today.	मेरे चाचा आज मंदिर नहीं जा रहे हैं।
        I am not going to the bank today.	मैं आज बैंक नहीं जा रहा हूँ।
        Are they going to the park?	क्या वे पार्क जा रहे हैं?
        Is she going to the office?	क्या वह दफ़्तर जा रही है?
        Is your father going to the temple?	क्या आपके पिता मंदिर जा रहे हैं?
        My grandmother went to the city yesterday.	मेरी दादी कल शहर गई थीं।
        My mother went to the bank.	मेरी माँ बैंक गईं।
        We went to the office yesterday.	हम कल दफ़्तर गए थे।
        The boy went to the village yesterday.	लड़का कल गाँव गया था।
        They went to the park.	वे पार्क गए।
        My grandmother went to the temple.	मेरी दादी मंदिर गईं।
        My mother went to the station.	मेरी माँ स्टेशन गईं।
        He went to the hospital.	वह अस्पताल गया।
        Did they go to the bank yesterday?	क्या वे कल बैंक गए थे?
        Did your mother go to the temple yesterday?	क्या आपकी माँ कल मंदिर गई थीं?
        Did she go to the city yesterday?	क्या वह कल शहर गई थी?
        The boy will go to the temple today.	लड़का आज मंदिर जाएगा।
        My friend will go to the city tomorrow.	मेरा दोस्त कल शहर जाएगा।
        I will go to the bank tomorrow.	मैं कल बैंक जाऊँगा।
        My grandmother will go to the village today.	मेरी दादी आज गाँव जाएँगी।
        She will go to the office tomorrow.	वह कल दफ़्तर जाएगी।
        She will not go to the office tomorrow.	वह कल दफ़्तर नहीं जाएगी।
        The girl will not go to the village today.	लड़की आज गाँव नहीं जाएगी।
        My friend will not go to the temple today.	मेरा दोस्त आज मंदिर नहीं जाएगा।
        Will your mother go to the bank tomorrow?	क्या आपकी माँ कल बैंक जाएँगी?
        Will she go to the park tomorrow?	क्या वह कल पार्क जाएगी?
        Will they go to the hospital tomorrow?	क्या वे कल अस्पताल जाएँगे?
        My uncle wants to go to the city.	मेरे चाचा शहर जाना चाहते हैं।
        The girl wants to go to the park.	लड़की पार्क जाना चाहती है।
        She wants to go to the village.	वह गाँव जाना चाहती है।
        He wants to go to the bank.	वह बैंक जाना चाहता है।
        They have to go to the office tomorrow.	उन्हें कल दफ़्तर जाना है।
        My father has to go to the hospital today.	मेरे पिता को आज अस्पताल जाना है।
        Ravi has to go to the park today.	रवि को आज पार्क जाना है।
        They have to go to the city tomorrow.	उन्हें कल शहर जाना है।
        My uncle goes to the office in the morning.	मेरे चाचा सुबह दफ़्तर जाते हैं।
        My father goes to the market in the morning.	मेरे पिता सुबह बाज़ार जाते हैं।
        The boy goes to school every day.	लड़का रोज़ स्कूल जाता है।
        He goes to the market every day.	वह रोज़ बाज़ार जाता है।
        He goes to the hospital by car.	वह गाड़ी से अस्पताल जाता है।
        My grandmother will go to the city by bus.	मेरी दादी बस से शहर जाएँगी।
        My uncle goes to the office by train.	मेरे चाचा ट्रेन से दफ़्तर जाते हैं।
        I will go to Delhi by bus.	मैं बस से दिल्ली जाऊँगा।
        We go to the office by train.	हम ट्रेन से दफ़्तर जाते हैं।
        My grandmother is coming from the village.	मेरी दादी गाँव से आ रही हैं।
        He came from the office yesterday.	वह कल दफ़्तर से आया था।
        My mother came from the hospital.	मेरी माँ अस्पताल से आईं।
        I am coming from the market.	मैं बाज़ार से आ रहा हूँ।
        They came from school yesterday.	वे कल स्कूल से आए थे।
        She came from Delhi.	वह दिल्ली से आई।
        Will your mother come today?	क्या आपकी माँ आज आएँगी?
        My grandmother cannot come tomorrow.	मेरी दादी कल नहीं आ सकतीं।
        I will come here tomorrow.	मैं कल यहाँ आऊँगा।
        My grandmother will come here today.	मेरी दादी आज यहाँ आएँगी।
        Will your mother come tomorrow?	क्या आपकी माँ कल आएँगी?
        They bought new shoes yesterday.	उन्होंने कल नए जूते ख़रीदे।
        My friend wants to buy new shoes.	मेरा दोस्त नए जूते ख़रीदना चाहता है।
        We will buy a ticket today.	हम आज एक टिकट ख़रीदेंगे।
        I bought new shoes yesterday.	मैंने कल नए जूते ख़रीदे।
        My grandmother bought a ticket today.	मेरी दादी ने आज एक टिकट ख़रीदा।
        Meera wants to buy fruit.	मीरा फल ख़रीदना चाहती है।
        Where is the hotel?	होटल कहाँ है?
        Where is the door?	दरवाज़ा कहाँ है?
        Where is the park?	पार्क कहाँ है?
        """
}
