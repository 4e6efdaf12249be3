/// Interlaced PNG files: every colour type and bit depth, with and without tRNS, in two IDAT chunks and with all filters; pixels by libpng (expanded, 16 bits stripped to 8).
extension ImageFixture {
    static let interlacedPNGTypes: [ImageFixture] = [
        ImageFixture(
            name: "PNG of colour type 0, 1 bit, interlaced",
            file:
                """
                89504e470d0a1a0a0000000d49484452000000070000000601000000015072894d0000000a4944415478da636860606070603811a5401e0000001549444154c078806102904c605ac0f089710d930500\
                46d0066e93db34de0000000049454e44ae426082
                """,
            width: 7, height: 6, channels: 1, checksum: 0xAE4ED22D),
        ImageFixture(
            name: "PNG of colour type 0, 1 bit, interlaced, tRNS",
            file:
                """
                89504e470d0a1a0a0000000d49484452000000070000000601000000015072894d0000000274524e5300010194fdae0000000a4944415478da63686000c1038c0e1686b64300000014494441540c010c\
                0b1813981a18de30be631200004990064252bf87440000000049454e44ae426082
                """,
            width: 7, height: 6, channels: 2, checksum: 0x3B74609B),
        ImageFixture(
            name: "PNG of colour type 0, 2 bits, interlaced",
            file:
                """
                89504e470d0a1a0a0000000d494844520000000700000006020000000117d2f39d0000000c4944415478da6370607060d8c0308171953775f8000000184944415401830fc314c60f4c77183e32300605\
                31c95a00005e0906fe190943850000000049454e44ae426082
                """,
            width: 7, height: 6, channels: 1, checksum: 0xF48D821D),
        ImageFixture(
            name: "PNG of colour type 0, 2 bits, interlaced, tRNS",
            file:
                """
                89504e470d0a1a0a0000000d494844520000000700000006020000000117d2f39d0000000274524e5300007693cd380000000b4944415478da6360606860d8c0e0c094880f5b0000001849444154d8c0\
                c0c090c1a8c294c2c0718091e10cd30713003f8905a04ad4fa5b0000000049454e44ae426082
                """,
            width: 7, height: 6, channels: 2, checksum: 0xAE739061),
        ImageFixture(
            name: "PNG of colour type 0, 4 bits, interlaced",
            file:
                """
                89504e470d0a1a0a0000000d49484452000000070000000604000000019892063d0000000f4944415478da634860b8c07090c1977112437625095dd10000001f494441541a83150363b824d3ff0b0c92\
                8c020718ad8f6a2f656ada6fbe0100b8810b04251752440000000049454e44ae426082
                """,
            width: 7, height: 6, channels: 1, checksum: 0x2B2B4246),
        ImageFixture(
            name: "PNG of colour type 0, 4 bits, interlaced, tRNS",
            file:
                """
                89504e470d0a1a0a0000000d49484452000000070000000604000000019892063d0000000274524e5300090f4f759c0000000f4944415478da6398c0b0806122c34ac6990c5b212069a40000001f4944\
                41541919664e60cc54674a6060983973fa04c609121f2a981853181b00cd150b2956778a280000000049454e44ae426082
                """,
            width: 7, height: 6, channels: 2, checksum: 0xB2EDB6DE),
        ImageFixture(
            name: "PNG of colour type 0, 8 bits, interlaced",
            file:
                """
                89504e470d0a1a0a0000000d49484452000000070000000608000000015d62eb3c000000154944415478da013600c9ff006e0043006bf2006b6d014d4c008f48d7ae0000002c49444154bd19daf10047\
                492a01fdbdb302d6bc6d006a801080061a550133dd0f0b4094a9029c66ba6eea0ed0f7a513d65cc0bfef0000000049454e44ae426082
                """,
            width: 7, height: 6, channels: 1, checksum: 0x0D27CE1B),
        ImageFixture(
            name: "PNG of colour type 0, 8 bits, interlaced, tRNS",
            file:
                """
                89504e470d0a1a0a0000000d49484452000000070000000608000000015d62eb3c0000000274524e5300ce0a4f228f000000154944415478da013600c9ff00ce00b60085ce0065ce01ce0000f66c4fcf\
                0000002c49444154cecacece00ce95ce01006b020214633d00ce9129ce7acece018a440000b1e966024400e8004ac5354e5f1510525567ac0000000049454e44ae426082
                """,
            width: 7, height: 6, channels: 2, checksum: 0x3A403A9D),
        ImageFixture(
            name: "PNG of colour type 0, 16 bits, interlaced",
            file:
                """
                89504e470d0a1a0a0000000d49484452000000070000000610000000010df2377f000000234944415478da0160009fff006b860054a000ca775f9400f3bf4b3401e1accce00011fa35abf2a8eb321653\
                0000004849444154f96600cc050e272a0201df4835bbdb1502fe40561bce7800f4cc250147a6cfb7c74feb6ca15f01e03fc46d995e17f26103d0107c7b02eb491f88c9c48afd2cd2b97c1956f5b42b7f\
                192d1b400000000049454e44ae426082
                """,
            width: 7, height: 6, channels: 1, checksum: 0x2B2A7BC3),
        ImageFixture(
            name: "PNG of colour type 0, 16 bits, interlaced, tRNS",
            file:
                """
                89504e470d0a1a0a0000000d49484452000000070000000610000000010df2377f0000000274524e53c5dbd11fe56f000000234944415478da63387a9b414c9561651f903e7afb7f086324c7554b0699\
                ce50f66d316c3a40a1926abe028a0000004649444154cb476f337edb50d01b3f8fa9aa3f7ede973340c1a3b70d4eb8bd9f5f13db7ae817e3e47be737277bc91e7a6cc7c07041944920e61bab6fed963f\
                ed8719180c5e030067fb2d3f6b0a19610000000049454e44ae426082
                """,
            width: 7, height: 6, channels: 2, checksum: 0xF32EE466),
        ImageFixture(
            name: "PNG of colour type 2, 8 bits, interlaced",
            file:
                """
                89504e470d0a1a0a0000000d4948445200000007000000060802000001f76b23b7000000314944415478da018a0075ff001fecae00a24e0f00129838e1ce030014768dcf228a01473e07c1f0fa002d6d\
                05803f9939a48489f0d9bf8d540d000000644944415400757b3164c0f3e3b1060131003de72d304b5f8702a77053fe4d1471f4aa004bcdbdf59aed6a2d69ebd77237f3c93a5f22b16bd101c6efcb1561\
                69e7c9d98dec2ec22e162e8754c98ebd024daa41f4f531c66119df997a3f967967cd53bc36df25fe4050ed2e529f0000000049454e44ae426082
                """,
            width: 7, height: 6, channels: 3, checksum: 0xC9BF6E00),
        ImageFixture(
            name: "PNG of colour type 2, 8 bits, interlaced, tRNS",
            file:
                """
                89504e470d0a1a0a0000000d4948445200000007000000060802000001f76b23b70000000674524e5300b0009100461d0f39e70000002d4944415478da63d830d18d6199c74c062b517b8990030c55ef\
                e4afcf7065048902c1bfa3fe553513811c10ff711ccb74f61d6eaf3d0000005a49444154ffb52ceb199f2ffd74f24d08509e0948dd5fe70a523adffbee7ccdaced4185e52f6743340011e3fb991b0efe\
                98b63ed0eaeef213251cffee1fdaae68e7c9c4f248f0efa4e2c0f5c7ca0a5ebef499d0fb85b14f732b00dc283f78b4efc1930000000049454e44ae426082
                """,
            width: 7, height: 6, channels: 4, checksum: 0xC5800B2B),
        ImageFixture(
            name: "PNG of colour type 2, 16 bits, interlaced",
            file:
                """
                89504e470d0a1a0a0000000d4948445200000007000000061002000001a7fbfff40000005b4944415478da010801f7fe00f641754df6de004b3d8596e7ff00f9462710a3fad173e9f5248700f10e53ec\
                7cf1342ee96d8c390161d7eb802d1ebb21e434732f00c8eb894400e26a45b73c3d2ad5142d4cbaf2bd7e2d74c34100f9a46cd042c81305ae000000b849444154ba13a27e99ed3971e0f21ce449019339\
                d9636df582022891ce8b6cb989918fdc026318294d2351df03c0585facea99eeb082ac003553f2a3200598a1e1706043f4efe9dc8b1251beba7b59eb04f0de2b7d98d1541480156621ab47440e3001e6\
                9700b759b441b0321f32ff19b462e139bea2566d3d7a6a8b38865d0c8d97df01e9ed976088da0de0bd026e7baeb7ea0fc12d485a7c0b27cf150831d68a03e53267454c8041e39a8eb18eb83444d5df3f\
                c851419800b77e148ee46db30000000049454e44ae426082
                """,
            width: 7, height: 6, channels: 3, checksum: 0x4F79AB39),
        ImageFixture(
            name: "PNG of colour type 2, 16 bits, interlaced, tRNS",
            file:
                """
                89504e470d0a1a0a0000000d4948445200000007000000061002000001a7fbfff40000000674524e5378ea98a9f80670e836670000004d4944415478da63a8783563e50f3686efbba42cdc1731407891\
                6fe442594518fa331ca646bf543fd2dd5bf29c718ef6a1e937b2eeecbf26a43007aa0c42da871f7bc89cf729ca5e2a2e8b81cdf1ed55c970bad563810000009b4944415489751cc60e59de7f1b93f3b3\
                19bfecd17c3fe5304ff9e345711f2bb6f748b00531199e347c5cfa6765f71edd373d56f7276e0cb0819a683a3da9f6d18a7b569d692c6b91ed8090ab728b04cbcd183f55b0eef79dd95634f9d5eadc3c\
                f5dd4aa1c71a4f9fcbed615fc177fd41c0934c860513cffb3380011344118433e9a6ebbdd556827ce585f2c6728ada8dfcfc0c7fedd5a3df426401ef73759f67272a820000000049454e44ae426082
                """,
            width: 7, height: 6, channels: 4, checksum: 0x3029F3CA),
        ImageFixture(
            name: "PNG of colour type 3, 1 bit, interlaced",
            file:
                """
                89504e470d0a1a0a0000000d494844520000000700000006010300000142c726a300000006504c5445bc0a3df58c1e5ea80903000000094944415478da636860000107466b610e1d0000001349444154\
                07860686058c0e4c0e405280691300292c040aadb314330000000049454e44ae426082
                """,
            width: 7, height: 6, channels: 3, checksum: 0xD534E234),
        ImageFixture(
            name: "PNG of colour type 3, 1 bit, interlaced, tRNS",
            file:
                """
                89504e470d0a1a0a0000000d494844520000000700000006010300000142c726a300000006504c54452d71a04ba2480f750ab50000000174524e53391fe3506e000000094944415478da63608000c603\
                0cc963a6e000000013494441540e0c0d8c0d4c0b18be30b631b50100240604a8a867ec690000000049454e44ae426082
                """,
            width: 7, height: 6, channels: 4, checksum: 0x5AE55378),
        ImageFixture(
            name: "PNG of colour type 3, 2 bits, interlaced",
            file:
                """
                89504e470d0a1a0a0000000d494844520000000700000006020300000105675c730000000c504c54458fa9211ae8206b248cb2f95ad294533d0000000b4944415478da63600082030c068c139cf5153e\
                0000001749444154181c18181839981c18fc5b18dfac613a98030034eb05a86822c7be0000000049454e44ae426082
                """,
            width: 7, height: 6, channels: 3, checksum: 0xEE9121E7),
        ImageFixture(
            name: "PNG of colour type 3, 2 bits, interlaced, tRNS",
            file:
                """
                89504e470d0a1a0a0000000d494844520000000700000006020300000105675c730000000c504c544540f59a36a4d40b05fe8180e321de60090000000274524e533ff1e4f7258e0000000b4944415478\
                da63706068606060f8c06b969d3c00000018494441547881a19d61022307530e83f90146567b26ae37005232064409c8c6050000000049454e44ae426082
                """,
            width: 7, height: 6, channels: 4, checksum: 0x81CF11DC),
        ImageFixture(
            name: "PNG of colour type 3, 4 bits, interlaced",
            file:
                """
                89504e470d0a1a0a0000000d49484452000000070000000604030000018a27a9d300000030504c5445bf1632abce0953805fdb0a17d96cae1caf86697441fb12e520be49b917f4c7a438f514cdfe9040\
                a10310e56078c424f6284ecf3f0000000f4944415478da633060b8c050c5f09bf106434325c74e200000001f494441540c83fd05c6302b26c70006852edf0d8c3e3557529856baea4e0000d0100bb34b\
                63e3450000000049454e44ae426082
                """,
            width: 7, height: 6, channels: 3, checksum: 0xA9CFB0CF),
        ImageFixture(
            name: "PNG of colour type 3, 4 bits, interlaced, tRNS",
            file:
                """
                89504e470d0a1a0a0000000d49484452000000070000000604030000018a27a9d300000030504c544575501f2ab391fea00fb29cb206a7b6ef8d6daf1f8074a5bb0a805d94ff82f2e5be52ca313c12a2\
                f1a488725aa066ac63c42f37050000000874524e533ecc6d016585fb3b0852dc2d0000000f4944415478da63d8c060c0b0946102e30f06f6197f51fe0000001f494441542e063106c61b3f982c1c189c\
                7ea45c603478277993e96986c80300ce060cc355c1d41d0000000049454e44ae426082
                """,
            width: 7, height: 6, channels: 4, checksum: 0x8D88A3BA),
        ImageFixture(
            name: "PNG of colour type 3, 8 bits, interlaced",
            file:
                """
                89504e470d0a1a0a0000000d49484452000000070000000608030000014fd744d20000003c504c5445b5931044a7f3e1c4b93ec9791a41e90140e17e0e54adfb111a05d004e39737c3ebf3dde9e62c2a\
                593e3ffa75bddf2ff3380d517eda991d5a73d61ea2ae8f64f2000000144944415478da0dc6390280200c04c0cd821ae211e4ff6fa4cbd0bffc0000002849444154c04263a5530d36542c8ee6e2c46459\
                f14fcea1bce780692a7ba364ac7c4ae76171c59b3e953009e02ae6f85a0000000049454e44ae426082
                """,
            width: 7, height: 6, channels: 3, checksum: 0xD659FE9E),
        ImageFixture(
            name: "PNG of colour type 3, 8 bits, interlaced, tRNS",
            file:
                """
                89504e470d0a1a0a0000000d49484452000000070000000608030000014fd744d20000003c504c54456d8c5fa1d347a344f28b6d19a53afa88e5b14d9670f44caa7c5751150a775b398c085d95292c79\
                f7ca294ab4ace1bd1e65fc1c744dc0f2e5b33dbc158aa2a6620000000a74524e538ffb7bf8d2c92af5146105cea1af000000134944415478da05c1410e80200c00c12d188a25141bffffaf4dfde60000\
                002849444154492f4ad4e80c03458d56c527e81ed05dca9dd3eb2b129b5a37c94b3ddae5a9cc2fcef1fca8430a14dcf43f4e0000000049454e44ae426082
                """,
            width: 7, height: 6, channels: 4, checksum: 0x85DEDC20),
        ImageFixture(
            name: "PNG of colour type 4, 8 bits, interlaced",
            file:
                """
                89504e470d0a1a0a0000000d4948445200000007000000060804000001d2007c6b000000234944415478da0160009fff00218e00cc5b002d934d92006691101e01884be31700a71333ab2bac4a4a1fb5\
                0000004849444154c81200b7c3be0a4b650112eb46d889f002208db3af2956001809c0b49203b549669cadca0b440130208ec36469e951f71818cf728b02d0147b9d1ce1d7d144c1faa42c2faf5c26f6\
                d688920e0000000049454e44ae426082
                """,
            width: 7, height: 6, channels: 2, checksum: 0xFA90B0CC),
        ImageFixture(
            name: "PNG of colour type 4, 16 bits, interlaced",
            file:
                """
                89504e470d0a1a0a0000000d49484452000000070000000610040000018290a0280000003f4944415478da01b4004bff0093e3dcf900258bfa330097cb6f5f124e3fd1005af1297b2a73239401a8e3d7\
                59e0a0220b00e5c4fe259b83e9af5a77fa67b9066243007991e96ab100000080494441545ec6e129c0d7f1a52c537b01ed4c01f0bde3e46060749b4b02b25605ccda43d2ddde7f446000abea28df4896\
                43d58430415b24641364b0e63739eba85de1f73fc000017cff38772a141275b7edf74860a6022dc94729c733eca5069a4010b002197f91832c7b00a9baee5ac65d0e7443b6f56cf577ee552419412163\
                71905496f9f59d7d0000000049454e44ae426082
                """,
            width: 7, height: 6, channels: 2, checksum: 0x2BB27E98),
        ImageFixture(
            name: "PNG of colour type 6, 8 bits, interlaced",
            file:
                """
                89504e470d0a1a0a0000000d49484452000000070000000608060000017809b4e00000003f4944415478da01b4004bff00f709f325000fb68d25003dada4978158209f00640c5cf9b37e45c3015dac21\
                fb87fc89310077fc605f1e3bf95f5f4ccd4a5401a1a4006d377d1b37000000804944415470eb14d3f181a8090a1e3f0139b695c629a7b559c26e9dda02fdb220f00a86e1961777c3f600e474045d7f12\
                a62a186bba44ff6ce39ed7443ff59a8ac5f718798d9401ffa831461f293f205342caa72a9b71eb1fe05ffdb4a9ef4045a3dc200263269e7d68256297fc6b95171c76ea0d0c9921c9eec9d23f7ed174db\
                810053e20ccb50b30000000049454e44ae426082
                """,
            width: 7, height: 6, channels: 4, checksum: 0x9D6592C4),
        ImageFixture(
            name: "PNG of colour type 6, 16 bits, interlaced",
            file:
                """
                89504e470d0a1a0a0000000d4948445200000007000000061006000001289968a3000000774944415478da015c01a3fe00d970147da884101e00907cd0ab691ca04600c79a9c961cfc8d607384cc4403\
                1bcdaa00808fde985a8889ac56285eeb5e2852ec01a38c1efd45123c953b72147e4d5f0835004a5d203b1e9a4c8a13a099af540b1204dd2b29cc5cc42c91ac7fefd6b44ff6e5001e222c97f2be26693d\
                447aa044000000f049444154130c2a437d2d2e97014d3721ed03b7013150e7a86f39b4b434032ce2e0455c7b666506bc45af054c026ee77aa45f5f4cd4079684432efbaba39ad820bb7444c1a30041ad\
                495772f9f6a92e2ad3009489c621ef7a96705355d87b41cee20eadd19476e60d690706d046dff1a6893ea6f034df08b230bb8ad0cfce018452aba8d820b9b4f93fa4c706eeb528c62f0f2e10c73cfcf5\
                35dedc96209df91823e5b889045cfc97ccd18b20f80293e94532db811d95860268a894e2e3ce8e3737901543811343a4feeecd05db0b8c4e7c285f7867e0277c3db8daf90a9a67d96b6b2405d634d697\
                17d4ff07ad4280bb9a74a15997f2293c0000000049454e44ae426082
                """,
            width: 7, height: 6, channels: 4, checksum: 0x855350D0),
    ]
}
