extension PhraseBook {
    /// Requests, help, money, prices, what there is.
    static let requests: StaticString = """
        Please read slowly.	कृपया धीरे पढ़िए।
        Please write slowly.	कृपया धीरे लिखिए।
        Meera needs help.	मीरा को मदद की ज़रूरत है।
        Ravi needs money.	रवि को पैसों की ज़रूरत है।
        Please close the shop.	कृपया दुकान बंद कीजिए।
        There are two shops in the village.	गाँव में दो दुकानें हैं।
        There are three shops near the station.	स्टेशन के पास तीन दुकानें हैं।
        Please give me four eggs.	कृपया मुझे चार अंडे दीजिए।
        Please give me six mangoes.	कृपया मुझे छह आम दीजिए।
        Please give us four tickets.	कृपया हमें चार टिकट दीजिए।
        There are four children in the park.	पार्क में चार बच्चे हैं।
        There are six eggs in the kitchen.	रसोई में छह अंडे हैं।
        There are ten mangoes on the table.	मेज़ पर दस आम हैं।
        There are many flowers in the garden.	बग़ीचे में बहुत फूल हैं।
        There are many children in the school.	स्कूल में बहुत बच्चे हैं।
        There are many shops in the market.	बाज़ार में बहुत दुकानें हैं।
        There are many books in the room.	कमरे में बहुत किताबें हैं।
        Please put sugar in the tea.	कृपया चाय में चीनी डालिए।
        Please put salt in the rice.	कृपया चावल में नमक डालिए।
        Please do not put sugar in the milk.	कृपया दूध में चीनी मत डालिए।
        Please give me sugar.	कृपया मुझे चीनी दीजिए।
        Please give me salt.	कृपया मुझे नमक दीजिए।
        There is no sugar in the tea.	चाय में चीनी नहीं है।
        There is no salt in the food.	खाने में नमक नहीं है।
        There is no milk in the kitchen.	रसोई में दूध नहीं है।
        There is no water in the river.	नदी में पानी नहीं है।
        Please give me water.	कृपया मुझे पानी दीजिए।
        Please give me tea.	कृपया मुझे चाय दीजिए।
        Please give me coffee.	कृपया मुझे कॉफ़ी दीजिए।
        Please give me the key.	कृपया मुझे चाबी दीजिए।
        Please give me the book.	कृपया मुझे किताब दीजिए।
        Please give me two tickets.	कृपया मुझे दो टिकट दीजिए।
        Please give us water.	कृपया हमें पानी दीजिए।
        Please give us rice.	कृपया हमें चावल दीजिए।
        Please give us the key.	कृपया हमें चाबी दीजिए।
        Please give this book to my sister.	कृपया यह किताब मेरी बहन को दीजिए।
        Please give this letter to my brother.	कृपया यह पत्र मेरे भाई को दीजिए।
        Please give this letter to Ravi.	कृपया यह पत्र रवि को दीजिए।
        Please give this key to the teacher.	कृपया यह चाबी शिक्षक को दीजिए।
        Please give milk to the children.	कृपया बच्चों को दूध दीजिए।
        Please give water to the dog.	कृपया कुत्ते को पानी दीजिए।
        Please give milk to the cat.	कृपया बिल्ली को दूध दीजिए।
        Please come here.	कृपया यहाँ आइए।
        Please come tomorrow.	कृपया कल आइए।
        Please come home.	कृपया घर आइए।
        Please come in the evening.	कृपया शाम को आइए।
        Please go home.	कृपया घर जाइए।
        Please go to the hospital.	कृपया अस्पताल जाइए।
        Please sit here.	कृपया यहाँ बैठिए।
        Please sit on the chair.	कृपया कुर्सी पर बैठिए।
        Please sit in the car.	कृपया गाड़ी में बैठिए।
        Please do not sit there.	कृपया वहाँ मत बैठिए।
        Please do not sit on the table.	कृपया मेज़ पर मत बैठिए।
        Please do not go there.	कृपया वहाँ मत जाइए।
        Please do not drink this water.	कृपया यह पानी मत पीजिए।
        Please wait here.	कृपया यहाँ रुकिए।
        Please wait at the station.	कृपया स्टेशन पर रुकिए।
        Please open the door.	कृपया दरवाज़ा खोलिए।
        Please open the window.	कृपया खिड़की खोलिए।
        Please do not open the window.	कृपया खिड़की मत खोलिए।
        Please do not open the door.	कृपया दरवाज़ा मत खोलिए।
        Please close the door.	कृपया दरवाज़ा बंद कीजिए।
        Please close the window.	कृपया खिड़की बंद कीजिए।
        Please clean the room.	कृपया कमरा साफ़ कीजिए।
        Please clean the table.	कृपया मेज़ साफ़ कीजिए।
        Please speak slowly.	कृपया धीरे बोलिए।
        Please speak Hindi.	कृपया हिंदी बोलिए।
        Please speak English.	कृपया अंग्रेज़ी बोलिए।
        Please write your name here.	कृपया अपना नाम यहाँ लिखिए।
        Please read this letter.	कृपया यह पत्र पढ़िए।
        Please read this book.	कृपया यह किताब पढ़िए।
        Please call the doctor.	कृपया डॉक्टर को बुलाइए।
        Please call my father.	कृपया मेरे पिता को बुलाइए।
        Please call the children.	कृपया बच्चों को बुलाइए।
        Please put the book on the table.	कृपया किताब मेज़ पर रखिए।
        Please put the bag on the chair.	कृपया थैला कुर्सी पर रखिए।
        Please put the shoes near the door.	कृपया जूते दरवाज़े के पास रखिए।
        Please put the key in the bag.	कृपया चाबी थैले में रखिए।
        Please help me.	कृपया मेरी मदद कीजिए।
        Please help us.	कृपया हमारी मदद कीजिए।
        Please help my mother.	कृपया मेरी माँ की मदद कीजिए।
        Can you help me?	क्या आप मेरी मदद कर सकते हैं?
        Can you help us?	क्या आप हमारी मदद कर सकते हैं?
        Can you help my brother?	क्या आप मेरे भाई की मदद कर सकते हैं?
        My sister helps my mother.	मेरी बहन मेरी माँ की मदद करती है।
        Ravi helps my brother.	रवि मेरे भाई की मदद करता है।
        The teacher helps the children.	शिक्षक बच्चों की मदद करते हैं।
        The doctor will help us.	डॉक्टर हमारी मदद करेंगे।
        I will help you.	मैं आपकी मदद करूँगा।
        We will help the children.	हम बच्चों की मदद करेंगे।
        I gave the book to Ravi.	मैंने रवि को किताब दी।
        I gave the letter to the teacher.	मैंने शिक्षक को पत्र दिया।
        I gave the key to Meera.	मैंने मीरा को चाबी दी।
        My mother gave milk to the cat.	मेरी माँ ने बिल्ली को दूध दिया।
        Ravi gave water to the dog.	रवि ने कुत्ते को पानी दिया।
        My father gave the key to my brother.	मेरे पिता ने मेरे भाई को चाबी दी।
        I need help.	मुझे मदद की ज़रूरत है।
        We need help.	हमें मदद की ज़रूरत है।
        I need a doctor.	मुझे डॉक्टर की ज़रूरत है।
        My brother needs a doctor.	मेरे भाई को डॉक्टर की ज़रूरत है।
        We need money.	हमें पैसों की ज़रूरत है।
        I need money.	मुझे पैसों की ज़रूरत है।
        I do not have money.	मेरे पास पैसे नहीं हैं।
        We do not have money.	हमारे पास पैसे नहीं हैं।
        I have money.	मेरे पास पैसे हैं।
        Do you have money?	क्या आपके पास पैसे हैं?
        I do not have time.	मेरे पास समय नहीं है।
        We have time.	हमारे पास समय है।
        Do you have time today?	क्या आपके पास आज समय है?
        How much is this book?	यह किताब कितने की है?
        How much is this bag?	यह थैला कितने का है?
        How much is this phone?	यह फ़ोन कितने का है?
        How much is this chair?	यह कुर्सी कितने की है?
        How much are these shoes?	ये जूते कितने के हैं?
        How much are these clothes?	ये कपड़े कितने के हैं?
        This book is ten rupees.	यह किताब दस रुपये की है।
        This bag is five hundred rupees.	यह थैला पाँच सौ रुपये का है।
        The ticket is ten rupees.	टिकट दस रुपये का है।
        These shoes are five hundred rupees.	ये जूते पाँच सौ रुपये के हैं।
        This chair is two hundred rupees.	यह कुर्सी दो सौ रुपये की है।
        These clothes are two hundred rupees.	ये कपड़े दो सौ रुपये के हैं।
        There are two chairs in the room.	कमरे में दो कुर्सियाँ हैं।
        There are five chairs in the garden.	बग़ीचे में पाँच कुर्सियाँ हैं।
        There are three books on the table.	मेज़ पर तीन किताबें हैं।
        There are five books in the bag.	थैले में पाँच किताबें हैं।
        There are ten children in the garden.	बग़ीचे में दस बच्चे हैं।
        There are three children in the room.	कमरे में तीन बच्चे हैं।
        There is a letter on the table.	मेज़ पर एक पत्र है।
        There is a cat in the kitchen.	रसोई में एक बिल्ली है।
        There is a cat under the table.	मेज़ के नीचे एक बिल्ली है।
        There is a dog under the tree.	पेड़ के नीचे एक कुत्ता है।
        There is a tree near the house.	घर के पास एक पेड़ है।
        There is a tree in the garden.	बग़ीचे में एक पेड़ है।
        There is a hospital near the station.	स्टेशन के पास एक अस्पताल है।
        There is a shop near the school.	स्कूल के पास एक दुकान है।
        Is there a hotel near the station?	क्या स्टेशन के पास एक होटल है?
        Is there a doctor in the village?	क्या गाँव में कोई डॉक्टर है?
        The children are playing under the tree.	बच्चे पेड़ के नीचे खेल रहे हैं।
        The children are playing in the garden.	बच्चे बग़ीचे में खेल रहे हैं।
        My mother is in the kitchen.	मेरी माँ रसोई में हैं।
        My sister is in the kitchen.	मेरी बहन रसोई में है।
        """
}
