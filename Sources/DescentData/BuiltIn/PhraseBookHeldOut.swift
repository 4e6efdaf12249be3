extension PhraseBook {
    /// The pairs of `heldOut`: no word of them is new, and each sentence is.
    static let heldOutText: StaticString = """
        We eat fruit every day.	हम रोज़ फल खाते हैं।
        I do not drink milk.	मैं दूध नहीं पीता।
        Does your sister drink tea every day?	क्या आपकी बहन रोज़ चाय पीती है?
        The boy is eating rice.	लड़का चावल खा रहा है।
        Are you eating fruit?	क्या आप फल खा रहे हैं?
        My grandmother wants to drink tea.	मेरी दादी चाय पीना चाहती हैं।
        Does your sister want to drink coffee?	क्या आपकी बहन कॉफ़ी पीना चाहती है?
        They can cook fish.	वे मछली पका सकते हैं।
        My sister wants fish.	मेरी बहन को मछली चाहिए।
        My sister does not want bread.	मेरी बहन को रोटी नहीं चाहिए।
        Does your mother want tea?	क्या आपकी माँ को चाय चाहिए?
        My mother likes mangoes.	मेरी माँ को आम पसंद हैं।
        My friend does not like fruit.	मेरे दोस्त को फल पसंद नहीं हैं।
        Do you like coffee?	क्या आपको कॉफ़ी पसंद है?
        My father is watching a film.	मेरे पिता एक फ़िल्म देख रहे हैं।
        Is your mother reading a book?	क्या आपकी माँ एक किताब पढ़ रही हैं?
        The children will clean the room.	बच्चे कमरा साफ़ करेंगे।
        My friend cleaned the house.	मेरे दोस्त ने घर साफ़ किया।
        Did your mother play cricket?	क्या आपकी माँ ने क्रिकेट खेला?
        The girl wants to sing a song.	लड़की एक गाना गाना चाहती है।
        Does your brother want to sing a song?	क्या आपका भाई एक गाना गाना चाहता है?
        My mother can play football.	मेरी माँ फ़ुटबॉल खेल सकती हैं।
        Meera cannot write Hindi.	मीरा हिंदी नहीं लिख सकती।
        Can you play football?	क्या आप फ़ुटबॉल खेल सकते हैं?
        Can he dance?	क्या वह नाच सकता है?
        My uncle is going to Delhi.	मेरे चाचा दिल्ली जा रहे हैं।
        My father is not going to Delhi today.	मेरे पिता आज दिल्ली नहीं जा रहे हैं।
        Is she going to the village?	क्या वह गाँव जा रही है?
        Ravi went to the village yesterday.	रवि कल गाँव गया था।
        Did you go to the temple yesterday?	क्या आप कल मंदिर गए थे?
        We will go to the hospital tomorrow.	हम कल अस्पताल जाएँगे।
        They will not go to the city tomorrow.	वे कल शहर नहीं जाएँगे।
        Will Meera go to the station tomorrow?	क्या मीरा कल स्टेशन जाएगी?
        She wants to go to school.	वह स्कूल जाना चाहती है।
        Ravi has to go home tomorrow.	रवि को कल घर जाना है।
        We go to the office in the morning.	हम सुबह दफ़्तर जाते हैं।
        My uncle will go to Delhi by bus.	मेरे चाचा बस से दिल्ली जाएँगे।
        Will they come tomorrow?	क्या वे कल आएँगे?
        Ravi bought a ticket today.	रवि ने आज एक टिकट ख़रीदा।
        She is in the room now.	वह अभी कमरे में है।
        We are not at school.	हम स्कूल में नहीं हैं।
        Are they at school?	क्या वे स्कूल में हैं?
        We were at school yesterday.	हम कल स्कूल में थे।
        My father is happy.	मेरे पिता ख़ुश हैं।
        The boy is not busy.	लड़का व्यस्त नहीं है।
        Are you angry?	क्या आप नाराज़ हैं?
        I was tired yesterday.	मैं कल थका हुआ था।
        Does Meera live in this city?	क्या मीरा इस शहर में रहती है?
        Does he work in the hospital?	क्या वह अस्पताल में काम करता है?
        The room is small.	कमरा छोटा है।
        The bag is not red.	थैला लाल नहीं है।
        Is the dog small?	क्या कुत्ता छोटा है?
        The car was old.	गाड़ी पुरानी थी।
        That room is very big.	वह कमरा बहुत बड़ा है।
        His bag is big.	उसका थैला बड़ा है।
        The food is not good.	खाना अच्छा नहीं है।
        That is a new house.	वह एक नया घर है।
        The clothes are in the car.	कपड़े गाड़ी में हैं।
        The newspaper is not on the chair.	अख़बार कुर्सी पर नहीं है।
        Are the clothes on the table?	क्या कपड़े मेज़ पर हैं?
        The phone was near the window.	फ़ोन खिड़की के पास था।
        Where are your clothes?	आपके कपड़े कहाँ हैं?
        Where is the temple?	मंदिर कहाँ है?
        This is my friend's bag.	यह मेरे दोस्त का थैला है।
        My father has a book.	मेरे पिता के पास एक किताब है।
        They do not have a new phone.	उनके पास नया फ़ोन नहीं है।
        Do you have a key?	क्या आपके पास चाबी है?
        My friend had a key.	मेरे दोस्त के पास एक चाबी थी।
        Do you want a ticket?	क्या आपको एक टिकट चाहिए?
        Does your friend like cricket?	क्या आपके दोस्त को क्रिकेट पसंद है?
        """
}
