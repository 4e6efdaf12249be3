/// PNG files: every colour type and bit depth, with and without tRNS, in two IDAT chunks and with all filters; pixels by libpng (expanded, 16 bits stripped to 8).
extension ImageFixture {
    static let pngTypes: [ImageFixture] = [
        ImageFixture(
            name: "PNG of colour type 0, 1 bit",
            file:
                """
                89504e470d0a1a0a0000000d49484452000000070000000601000000002775b9db000000064944415478da6368636c714126f60000000e49444154615ac3ecc722c4f0050012120315f8430531000000\
                0049454e44ae426082
                """,
            width: 7, height: 6, channels: 1, checksum: 0x774C83DC),
        ImageFixture(
            name: "PNG of colour type 0, 1 bit, tRNS",
            file:
                """
                89504e470d0a1a0a0000000d49484452000000070000000601000000002775b9db0000000274524e5300007693cd38000000064944415478da63486074714dab830000000e49444154603ac01cc292c3\
                c006000ed60231b6ec5d920000000049454e44ae426082
                """,
            width: 7, height: 6, channels: 2, checksum: 0x5EA6FAEB),
        ImageFixture(
            name: "PNG of colour type 0, 2 bits",
            file:
                """
                89504e470d0a1a0a0000000d494844520000000700000006020000000060d5c30b000000094944415478da63906f605c72851f9756e10000001249444154e9e71fe6ff0e2cc784192efa00004292074c\
                bf66523f0000000049454e44ae426082
                """,
            width: 7, height: 6, channels: 1, checksum: 0x0480E06D),
        ImageFixture(
            name: "PNG of colour type 0, 2 bits, tRNS",
            file:
                """
                89504e470d0a1a0a0000000d494844520000000700000006020000000060d5c30b0000000274524e530003ef9a9c82000000094944415478da6378f487f1ef69b40d34b90000001249444154a61d4f98\
                53bb59349e30b47b000054c608183546b7560000000049454e44ae426082
                """,
            width: 7, height: 6, channels: 2, checksum: 0x101F42E9),
        ImageFixture(
            name: "PNG of colour type 0, 4 bits",
            file:
                """
                89504e470d0a1a0a0000000d4948445200000007000000060400000000ef9536ab0000000d4944415478da634871b14e609c1e74ad91dafdc0650000001a49444154e99ec79603cc7101dbb559a60837\
                fd67103f5a980000aa500b8d864273fe0000000049454e44ae426082
                """,
            width: 7, height: 6, channels: 1, checksum: 0x9C04DA77),
        ImageFixture(
            name: "PNG of colour type 0, 4 bits, tRNS",
            file:
                """
                89504e470d0a1a0a0000000d4948445200000007000000060400000000ef9536ab0000000274524e5300087848450a0000000c4944415478da63e8ea686c60ec2ecc67689a472e0000001a4944415465\
                caedf5b8c0ccc3f0549ee5171bff7b86ee1dae02009f600a461d5b08f50000000049454e44ae426082
                """,
            width: 7, height: 6, channels: 2, checksum: 0xD4E20BE2),
        ImageFixture(
            name: "PNG of colour type 0, 8 bits",
            file:
                """
                89504e470d0a1a0a0000000d49484452000000070000000608000000002a65dbaa000000134944415478da013000cfff008ab4d5c97c1d4501534378727367370000002849444154919d265902985927\
                5b46affa03f1fd715122978f04b262aaa0a045880084ba253c2ee587f2f614de57150d6f0000000049454e44ae426082
                """,
            width: 7, height: 6, channels: 1, checksum: 0xFF3675B8),
        ImageFixture(
            name: "PNG of colour type 0, 8 bits, tRNS",
            file:
                """
                89504e470d0a1a0a0000000d49484452000000070000000608000000002a65dbaa0000000274524e53005384f1cd76000000134944415478da013000cfff00535353ce535d74012e3f34c6f0c5b00000\
                002849444154dac8deef02d69258d8a700430351aa5b32273c910400b7975f5c314000ed70e5cb539653d78413c7f32c8d860000000049454e44ae426082
                """,
            width: 7, height: 6, channels: 2, checksum: 0x9F5FCACF),
        ImageFixture(
            name: "PNG of colour type 0, 16 bits",
            file:
                """
                89504e470d0a1a0a0000000d49484452000000070000000610000000007af507e9000000214944415478da015a00a5ff00ff50830ef2bff205a05d2e69716c01415aa2aa9f139fb660252be458440000\
                00444944415454737f59029b366b252b08f5049a62ab2a637703665a58f412abd66c35db9784993a044e3dd5e9c2890283e71111f551d200d5f28d30f0d3ce59a62faf30f6e2e08a298be1d74fa80000\
                000049454e44ae426082
                """,
            width: 7, height: 6, channels: 1, checksum: 0x5BAA399A),
        ImageFixture(
            name: "PNG of colour type 0, 16 bits, tRNS",
            file:
                """
                89504e470d0a1a0a0000000d49484452000000070000000610000000007af507e90000000274524e5318c861371fe30000001f4944415478da63903851652f71020485be7bf6314a9c6000025eb6cfbf\
                a29297cd659ae4d85cf90000004049444154e9f261c3e4e648c90d221a810c0ccc070e1db81a9db1c6d3d2cbf7e24e6d96fd3f1d831918ba5219187297b18632800c59f2383053e244f9c4ac70000f28\
                22ec8e38396e0000000049454e44ae426082
                """,
            width: 7, height: 6, channels: 2, checksum: 0xB00D65AA),
        ImageFixture(
            name: "PNG of colour type 2, 8 bits",
            file:
                """
                89504e470d0a1a0a0000000d4948445200000007000000060802000000806c13210000002f4944415478da0184007bff0023166e346705e6fc8226b279a8e13b79a13f3b4ab6016ce84e339007ca7bbf\
                c7ec49c8af33578a021fae300000006049444154d19967fb02ab794ea2fa9826be381d6801f9de0f121b4b5174620300c98bdd24cbef1d7d624cbeee0697a703ee8b2006043f1615796dbb25bca77055\
                c5e7cfb4d01b318250fa00568e4da275d75677e3b02f9fff3f64b4fbb555c8148c303dcb396b22370000000049454e44ae426082
                """,
            width: 7, height: 6, channels: 3, checksum: 0x948D6AD2),
        ImageFixture(
            name: "PNG of colour type 2, 8 bits, tRNS",
            file:
                """
                89504e470d0a1a0a0000000d4948445200000007000000060802000000806c13210000000674524e5300ac00d500d238ee31250000002e4944415478da635873f51210253dfc0f24132744dc13bca555\
                f39171e283b38bdd7d76b51f51ecb59ae4bde487fc4b61033d58c50a2b0000005d4944415426e9afac15eb76ee53ffda927f41e3fbba5b3c35d9f29b98c3b2333749054f90908f6016623f923757b2b5\
                95dd9985818121f0cd73bf6716d14235299754d37d4481220c99cf0feaac0ced103efeebc75ea08596f337014900dc9c3e167073fcd00000000049454e44ae426082
                """,
            width: 7, height: 6, channels: 4, checksum: 0xB60ED39F),
        ImageFixture(
            name: "PNG of colour type 2, 16 bits",
            file:
                """
                89504e470d0a1a0a0000000d4948445200000007000000061002000000d0fccf62000000594944415478da010201fdfe0089fb3209220986dcda5c08b9849e86229ea5ff06f34312332890195d649892\
                ae0a21ee9691cf8e6ff98001f63f546d5197afb7a969ad9c9151a4cac7af8cc2b442d82313c0c61c6c189c8034f39df27b3b26256d67000000b449444154e7141fd102dedd28bb46f1bbcc9a68f3881f\
                72905afe2e6ee1bff472b0d5c290652c7e79c684df7b243e698d66d109035a317345e9e73a70e1f9b5a002e08f97894cd9fd726ad695b057c87e9ae45e6a0088bb21f97d62b90f6a048bdbf39a473cc9\
                61109cf840a79910125d6abc91a4134ad6b3f94d0db5f228b760e78a92b332e1d0543f00dc6df17d21ebe097162faff77b901b71af59d770cfadd2a432fc5d8b6d17876173c7832b4df4cd8dae334114\
                855cb913bfd00000000049454e44ae426082
                """,
            width: 7, height: 6, channels: 3, checksum: 0xCC742456),
        ImageFixture(
            name: "PNG of colour type 2, 16 bits, tRNS",
            file:
                """
                89504e470d0a1a0a0000000d4948445200000007000000061002000000d0fccf620000000674524e53b4ad89f9f2d773337873000000544944415478da63d8b2b6f3e7a7eb98e42acfb0070fb238b4c4\
                a63364f0799d125abd88f182fb2db96dd3331eeab06e9dc6d95cf0b5fde4727d89e7d2bbdaace3335fff60c9e09a96f6c0c960d2ef29fe4ca65fbfb3cdfebb631af7ba000000a849444154e89bd59dba\
                9d3782bcd2742e9cb9fcfbd753f59668b7f30d8f218ae61fcfbf25c0cabca95ff1f9a95ed63b8bf77a1a1eac6479b8ab92ff95ea96eca25ffe8acbbbb318c0e052cb82275d9c2c514fb44e06bd5a96d3\
                e4b0e7c4f9b6ef47af4d6c4c7cd33da763e13da347ca1aaefc055fec975fb69d6162bf8cc1e1784bfeb2838796797dfef51be2a15951b324ff9cb9d1bf59f782fcc6f65fb7de7fb77cbab2e3f757007e\
                e98cfcd831293f0000000049454e44ae426082
                """,
            width: 7, height: 6, channels: 4, checksum: 0x809ACFBC),
        ImageFixture(
            name: "PNG of colour type 3, 1 bit",
            file:
                """
                89504e470d0a1a0a0000000d494844520000000700000006010300000035c0163500000006504c5445c21f794c64c59edf050d000000064944415478da6388619c572866c80000000e49444154c23487\
                f91ecb3c867f0014e204113679ac900000000049454e44ae426082
                """,
            width: 7, height: 6, channels: 3, checksum: 0xFB14D70B),
        ImageFixture(
            name: "PNG of colour type 3, 1 bit, tRNS",
            file:
                """
                89504e470d0a1a0a0000000d494844520000000700000006010300000035c0163500000006504c544564282a78af7c22f27bc50000000174524e534c3f8cd5dd000000064944415478da6338c228db50\
                00670000000e49444154c6748d5986c583e11a00118e02f50d7c989e0000000049454e44ae426082
                """,
            width: 7, height: 6, channels: 4, checksum: 0xEB34CB3B),
        ImageFixture(
            name: "PNG of colour type 3, 2 bits",
            file:
                """
                89504e470d0a1a0a0000000d494844520000000700000006020300000072606ce50000000c504c544594417295b14b7b92cf55b2c9d929c0e3000000094944415478da63f8abc26827c592b5e18e0000\
                00124944415424b083799b14cbce270c678e00002ffe0649466f70560000000049454e44ae426082
                """,
            width: 7, height: 6, channels: 3, checksum: 0x7FCA3892),
        ImageFixture(
            name: "PNG of colour type 3, 2 bits, tRNS",
            file:
                """
                89504e470d0a1a0a0000000d494844520000000700000006020300000072606ce50000000c504c54457028c5200a59d6ea3a42c0def60c66a00000000274524e53fb7f416199e3000000094944415478\
                da63c8ae606c59c108958060000000124944415474670bf3f144968f77182aae0000420b07eb88c101e90000000049454e44ae426082
                """,
            width: 7, height: 6, channels: 4, checksum: 0xA21E659A),
        ImageFixture(
            name: "PNG of colour type 3, 4 bits",
            file:
                """
                89504e470d0a1a0a0000000d4948445200000007000000060403000000fd20994500000030504c5445d847da900c1ece65ef3998eee7a0204059e28faa7f0eee6fd6715a49635ecb0dd3023a91f61cc0\
                b997894034a86945b3eee0aada0000000d4944415478da63f0f20a0c60bc61b6468cfe36029d0000001a49444154c9beb53481f9d7b70807963847a3570c1f3f0a5d00009c1a0bb0a00d0c4c00000000\
                49454e44ae426082
                """,
            width: 7, height: 6, channels: 3, checksum: 0x94E09BA9),
        ImageFixture(
            name: "PNG of colour type 3, 4 bits, tRNS",
            file:
                """
                89504e470d0a1a0a0000000d4948445200000007000000060403000000fd20994500000030504c5445bec8442aa830c199f361c58c5cf448aba6e8ad80b6eba521e2febd369b32280b6f21c8227c7a7c\
                3e7b97e3300d85b6c224049e2e0000000874524e53b1877a3f937a7efc9ae618970000000d4944415478da63785cf03a80f19bd6cd7610ae6ae70000001a49444154a6da9ac50dcc8a8a8b0b593c9962\
                bf309c5ff0f40000c7790d3b74526f9b0000000049454e44ae426082
                """,
            width: 7, height: 6, channels: 4, checksum: 0xC1531573),
        ImageFixture(
            name: "PNG of colour type 3, 8 bits",
            file:
                """
                89504e470d0a1a0a0000000d494844520000000700000006080300000038d074440000003c504c54455b68b7fda47bb57ffcd4e7312169f59067424b972e13553fb9092b11654a6678dbeca6892b0c17\
                a09ff08d98389b12ef0990ca8ae5f6b285b06d19896129e742000000134944415478da05c1410ac0200c04c0c42c2a0a4a9bffff4525224e0000002649444154b18782ba1e74465c5f37407de0987c81\
                79ff4b1ee329612ca29333ee22091a6b6d177e6d1075ad34d1530000000049454e44ae426082
                """,
            width: 7, height: 6, channels: 3, checksum: 0x09F5A60A),
        ImageFixture(
            name: "PNG of colour type 3, 8 bits, tRNS",
            file:
                """
                89504e470d0a1a0a0000000d494844520000000700000006080300000038d074440000003c504c5445900de3e94d255f7cb7a35558e790bc18a42a9cb1c7eac6cb95fa641e0f2a3c94ea264332dde018\
                ff3ed85dc2bdbe022bf239c0b318fec828bcac809b86d51b150000000a74524e5359a87633ebbb5864ca7ddf3b1676000000124944415478da05c1410ec02008044056d14d1a8207ff8765973c000000\
                2549444154ffc71e8b12eb8c4ca51b1c3dc91fbb64d337f0555b0b20b57a469e23a3cd47c42e49e00e8f0f49cef80000000049454e44ae426082
                """,
            width: 7, height: 6, channels: 4, checksum: 0x7B404C81),
        ImageFixture(
            name: "PNG of colour type 4, 8 bits",
            file:
                """
                89504e470d0a1a0a0000000d4948445200000007000000060804000000a5074cfd000000214944415478da015a00a5ff004c73f6ca0ea1d3fc53b26a1f8e8b01ad14e3722398de5ea64f6f87296c0000\
                004449444154173cfe52022dfc20cba2424787d286ffa5ab1d038b170230e9a02a214b33369c1d3d049100335d436ddaffbbee362d2c4300681e600bbc5574f95777618e2b421ca625ee42269d430000\
                000049454e44ae426082
                """,
            width: 7, height: 6, channels: 2, checksum: 0x61E5C79F),
        ImageFixture(
            name: "PNG of colour type 4, 16 bits",
            file:
                """
                89504e470d0a1a0a0000000d4948445200000007000000061004000000f59790be0000003d4944415478da01ae0051ff0083339275c59e9e900eadec2752a0a0c3338a902c7382fb43664dfa4301c7f7\
                854ac52af63ad8fc7614a2636b81504576739d0f5d479f39e7c80000007c494441547238fe5202d265c5eca18106a489c46d4f94a3daef924a45ad5f78e3343001bafb030526a5e078c224488fc00f87\
                0cad25d005bf221d3cf36c563cbea3dd04bd87160699b95d0d9cbe3863196551a8f79e0255de7a11e6a3e14ffc00d95060914e486ca99da10eef2ff462a386b6f20bc6d911d535d2ebbc855c54b7bcb9\
                f1590000000049454e44ae426082
                """,
            width: 7, height: 6, channels: 2, checksum: 0xD2FC207D),
        ImageFixture(
            name: "PNG of colour type 6, 8 bits",
            file:
                """
                89504e470d0a1a0a0000000d49484452000000070000000608060000000f0e84760000003d4944415478da01ae0051ff00ee662c0bb0dc21abad88328d44f5510888e80d4c9780b671b1525a6001fd92\
                764f0ea753b2ff1a5e843dbacb872cd381f64d371258d78f47260000007c49444154249637500239fbab1c7c2bae096a66e957dcf1c53b3193c43f6ea0975f0c81ff8c0326a418631885a70a66fc0b19\
                cd1dc051267b028d6c3cac4d8dac2c10046be6b128f5b0c7f3a997aeeba3e3ba8be6a069497041688e5221c09c00d5c7e8a6efe1120c095c78f8c085f05a003e5d4bc704acb46407cdbf3dfc5201ffde\
                d6b50000000049454e44ae426082
                """,
            width: 7, height: 6, channels: 4, checksum: 0x54811F5B),
        ImageFixture(
            name: "PNG of colour type 6, 16 bits",
            file:
                """
                89504e470d0a1a0a0000000d49484452000000070000000610060000005f9e5835000000754944415478da015601a9fe000b5c9efc5ae4a8fee8da8c4f94ce059db1ba9d4dab771a24f4d509ecfe60dd\
                5bff85d8822da3eb5d65d619d993e74f86c2cb312b39d2545b0122bf21f195c88a1695f1adbcf1f06ba8ecf9ff1c09f085d9affa8fc787afdafd4ca4438ee8d65866eb9cbc639609f1c886b2c94cd33a\
                159a000000ec4944415413bb71b9029474aac79d1fa65435780f22664cfcb6ea5f6612d6c3cc2977b935581213f7a05bae700c9570dd87477cc7dec698f0024e4c0bf9b241963003bbee6afb3d4f09b2\
                320218dbeead28c7280f1817e2762c896c65aa3f628a982c462e8360ff3e14e662887a253ee3c37b1d8b35067df44cce04aa12eadef12f7c8dbd45768690ec43cf439c06160a0f5612df009547765adb\
                a00a519606cc411a79a723e362df8bda0f7f1e622e45ee64dc003032d147c605c2ce3d5ddd1193f2d4b1587fa81793ec74f4dd83688cf4a7ae1e01673f6d5a6693adf21a16f863ab4a846fc80621c58b\
                120078d1ab1f981f9d1c0000000049454e44ae426082
                """,
            width: 7, height: 6, channels: 4, checksum: 0x16103E9C),
    ]
}
