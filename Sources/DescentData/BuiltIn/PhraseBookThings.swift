extension PhraseBook {
    /// Things: what they are like, whose they are, where they are, who has or wants them.
    static let things: StaticString = """
        The flower is red.	फूल लाल है।
        The bag is very heavy.	थैला बहुत भारी है।
        The shoes are black.	जूते काले हैं।
        The flower is white.	फूल सफ़ेद है।
        The room is empty.	कमरा ख़ाली है।
        The garden is very beautiful.	बग़ीचा बहुत सुंदर है।
        The bag is heavy.	थैला भारी है।
        The hotel is cheap.	होटल सस्ता है।
        The garden is not green.	बग़ीचा हरा नहीं है।
        The flower is not white.	फूल सफ़ेद नहीं है।
        The window is not small.	खिड़की छोटी नहीं है।
        Is the phone expensive?	क्या फ़ोन महँगा है?
        Is the room empty?	क्या कमरा ख़ाली है?
        Is the garden green?	क्या बग़ीचा हरा है?
        The clothes were cheap.	कपड़े सस्ते थे।
        The chair was yellow.	कुर्सी पीली थी।
        The car was expensive.	गाड़ी महँगी थी।
        That flower is yellow.	वह फूल पीला है।
        Those shoes are very expensive.	वे जूते बहुत महँगे हैं।
        Those shoes are very old.	वे जूते बहुत पुराने हैं।
        Those clothes are very cheap.	वे कपड़े बहुत सस्ते हैं।
        This hotel is good.	यह होटल अच्छा है।
        That garden is green.	वह बग़ीचा हरा है।
        This dog is black.	यह कुत्ता काला है।
        That car is blue.	वह गाड़ी नीली है।
        Their phone is black.	उनका फ़ोन काला है।
        His car is blue.	उसकी गाड़ी नीली है।
        Our garden is beautiful.	हमारा बग़ीचा सुंदर है।
        His bag is heavy.	उसका थैला भारी है।
        Their dog is white.	उनका कुत्ता सफ़ेद है।
        His bag is empty.	उसका थैला ख़ाली है।
        Their shop is small.	उनकी दुकान छोटी है।
        Our shoes are expensive.	हमारे जूते महँगे हैं।
        My friend's shop is big.	मेरे दोस्त की दुकान बड़ी है।
        Our cat is black.	हमारी बिल्ली काली है।
        My father's shoes are old.	मेरे पिता के जूते पुराने हैं।
        His clothes are expensive.	उसके कपड़े महँगे हैं।
        His cat is small.	उसकी बिल्ली छोटी है।
        That is an old car.	वह एक पुरानी गाड़ी है।
        That is a cheap hotel.	वह एक सस्ता होटल है।
        This is a black cat.	यह एक काली बिल्ली है।
        That is a blue flower.	वह एक नीला फूल है।
        This is a yellow chair.	यह एक पीली कुर्सी है।
        That is an expensive hotel.	वह एक महँगा होटल है।
        The newspaper is under the table.	अख़बार मेज़ के नीचे है।
        The phone is near the window.	फ़ोन खिड़की के पास है।
        The key is on the chair.	चाबी कुर्सी पर है।
        The letter is in the bag.	पत्र थैले में है।
        The dog is near the door.	कुत्ता दरवाज़े के पास है।
        The shoes are under the table.	जूते मेज़ के नीचे हैं।
        The phone is not near the window.	फ़ोन खिड़की के पास नहीं है।
        The newspaper is not under the table.	अख़बार मेज़ के नीचे नहीं है।
        The dog is not near the door.	कुत्ता दरवाज़े के पास नहीं है।
        Is the newspaper under the table?	क्या अख़बार मेज़ के नीचे है?
        Are the clothes in the bag?	क्या कपड़े थैले में हैं?
        Is the dog near the door?	क्या कुत्ता दरवाज़े के पास है?
        The shoes were near the door.	जूते दरवाज़े के पास थे।
        The newspaper was under the table.	अख़बार मेज़ के नीचे था।
        The clothes were in the bag.	कपड़े थैले में थे।
        Where are his clothes?	उसके कपड़े कहाँ हैं?
        Where is our phone?	हमारा फ़ोन कहाँ है?
        Where is their key?	उनकी चाबी कहाँ है?
        Where is his book?	उसकी किताब कहाँ है?
        Is this their car?	क्या यह उनकी गाड़ी है?
        This is his room.	यह उसका कमरा है।
        This is their bag.	यह उनका थैला है।
        This is our phone.	यह हमारा फ़ोन है।
        This is my father's key.	यह मेरे पिता की चाबी है।
        This is my friend's book.	यह मेरे दोस्त की किताब है।
        They have a new phone.	उनके पास एक नया फ़ोन है।
        My father has an old car.	मेरे पिता के पास एक पुरानी गाड़ी है।
        Meera has a red bag.	मीरा के पास एक लाल थैला है।
        Ravi has a ticket.	रवि के पास एक टिकट है।
        We have a big house.	हमारे पास एक बड़ा घर है।
        My sister has a new phone.	मेरी बहन के पास एक नया फ़ोन है।
        My brother has a red bag.	मेरे भाई के पास एक लाल थैला है।
        They do not have a big house.	उनके पास बड़ा घर नहीं है।
        We do not have a new phone.	हमारे पास नया फ़ोन नहीं है।
        My father does not have an old car.	मेरे पिता के पास पुरानी गाड़ी नहीं है।
        Do they have an old car?	क्या उनके पास पुरानी गाड़ी है?
        Does your friend have a big house?	क्या आपके दोस्त के पास बड़ा घर है?
        Do they have a new phone?	क्या उनके पास नया फ़ोन है?
        They had a red bag.	उनके पास एक लाल थैला था।
        We had an old car.	हमारे पास एक पुरानी गाड़ी थी।
        My sister had a big house.	मेरी बहन के पास एक बड़ा घर था।
        Does your sister want a small room?	क्या आपकी बहन को एक छोटा कमरा चाहिए?
        Do you want a red bag?	क्या आपको एक लाल थैला चाहिए?
        My father wants a small room.	मेरे पिता को एक छोटा कमरा चाहिए।
        Meera wants two tickets.	मीरा को दो टिकट चाहिए।
        Does your brother want a small room?	क्या आपके भाई को एक छोटा कमरा चाहिए?
        The children want three books.	बच्चों को तीन किताबें चाहिए।
        """
}
