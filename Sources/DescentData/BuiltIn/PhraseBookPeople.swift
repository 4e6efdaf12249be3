extension PhraseBook {
    /// Where people are, how they feel, where they live and work, what they like.
    static let people: StaticString = """
        The girl is in the temple now.	लड़की अभी मंदिर में है।
        My uncle is at home now.	मेरे चाचा अभी घर पर हैं।
        I am in the garden now.	मैं अभी बग़ीचे में हूँ।
        They are in the room.	वे कमरे में हैं।
        He is in the park.	वह पार्क में है।
        She is in the market.	वह बाज़ार में है।
        The boy is not in the park.	लड़का पार्क में नहीं है।
        We are not in the room.	हम कमरे में नहीं हैं।
        My grandmother is not at home.	मेरी दादी घर पर नहीं हैं।
        Is he in the room?	क्या वह कमरे में है?
        Are they at home?	क्या वे घर पर हैं?
        Is your brother in the garden?	क्या आपका भाई बग़ीचे में है?
        We were at the bank yesterday.	हम कल बैंक में थे।
        The girl was in the garden yesterday.	लड़की कल बग़ीचे में थी।
        My grandmother was in the room yesterday.	मेरी दादी कल कमरे में थीं।
        My friend is very tired.	मेरा दोस्त बहुत थका हुआ है।
        The boy is very tired.	लड़का बहुत थका हुआ है।
        I am busy today.	मैं आज व्यस्त हूँ।
        We are ready.	हम तैयार हैं।
        She is happy.	वह ख़ुश है।
        Meera is sick.	मीरा बीमार है।
        My uncle is tired today.	मेरे चाचा आज थके हुए हैं।
        He is busy.	वह व्यस्त है।
        The girl is very tired.	लड़की बहुत थकी हुई है।
        Ravi is sad.	रवि उदास है।
        My grandmother is not happy.	मेरी दादी ख़ुश नहीं हैं।
        We are not tired.	हम थके हुए नहीं हैं।
        The girl is not ready.	लड़की तैयार नहीं है।
        Are they sick?	क्या वे बीमार हैं?
        Is your father happy?	क्या आपके पिता ख़ुश हैं?
        Is she tired?	क्या वह थकी हुई है?
        Is he angry?	क्या वह नाराज़ है?
        My grandmother was tired yesterday.	मेरी दादी कल थकी हुई थीं।
        They were sick yesterday.	वे कल बीमार थे।
        The boy was tired yesterday.	लड़का कल थका हुआ था।
        She was sad yesterday.	वह कल उदास थी।
        Are you hungry?	क्या आपको भूख लगी है?
        Is your sister thirsty?	क्या आपकी बहन को प्यास लगी है?
        The children are hungry.	बच्चों को भूख लगी है।
        My mother is thirsty.	मेरी माँ को प्यास लगी है।
        She lives in a small house.	वह एक छोटे घर में रहती है।
        Does your father live in a big house?	क्या आपके पिता एक बड़े घर में रहते हैं?
        My grandmother lives in a small house.	मेरी दादी एक छोटे घर में रहती हैं।
        Do they live in a big house?	क्या वे एक बड़े घर में रहते हैं?
        My friend lives in a small house.	मेरा दोस्त एक छोटे घर में रहता है।
        Does your mother live in a big house?	क्या आपकी माँ एक बड़े घर में रहती हैं?
        He lives in this city.	वह इस शहर में रहता है।
        My grandmother works in this city.	मेरी दादी इस शहर में काम करती हैं।
        He works in a shop.	वह एक दुकान में काम करता है।
        Does your sister work in this city?	क्या आपकी बहन इस शहर में काम करती है?
        She works at the bank.	वह बैंक में काम करती है।
        Do they work in the hospital?	क्या वे अस्पताल में काम करते हैं?
        Does your friend like music?	क्या आपके दोस्त को संगीत पसंद है?
        My father likes these clothes.	मेरे पिता को ये कपड़े पसंद हैं।
        We do not like these shoes.	हमें ये जूते पसंद नहीं हैं।
        Do you like cricket?	क्या आपको क्रिकेट पसंद है?
        The children like this garden.	बच्चों को यह बग़ीचा पसंद है।
        My mother does not like these clothes.	मेरी माँ को ये कपड़े पसंद नहीं हैं।
        I like music.	मुझे संगीत पसंद है।
        Does your brother like this book?	क्या आपके भाई को यह किताब पसंद है?
        """
}
