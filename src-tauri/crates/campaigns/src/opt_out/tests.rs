use super::*;

mod customers;

/// Says so in plain words.
const CERTAIN: &[&str] = &[
    // Spanish
    "BAJA",
    "baja",
    "Baja.",
    "  baja  ",
    "¡BAJA!",
    "baja 🙏",
    "🛑 BAJA 🛑",
    "BAJAAAA",
    "vaja",
    "*BAJA*",
    "\"Baja\"",
    "Baja por favor",
    "Hola, baja",
    "buenas tardes, baja por favor",
    "Baja, gracias",
    "dar de baja",
    "Dame de baja",
    "Denme de baja por favor",
    "me den de baja",
    "Quiero darme de baja",
    "solicito la baja",
    "quiero la baja",
    "Hola, quiero darme de baja de esta lista",
    "salir",
    "SALIR",
    "STOP",
    "Stop.",
    "stop 🛑",
    "estop",
    "stpo",
    "Desuscribirme",
    "cancelar suscripción",
    "Cancelar mi suscripcion",
    "No más mensajes",
    "no mas mensajes por favor",
    "No quiero recibir más mensajes",
    "no quiero resibir mas",
    "Ya no quiero recibir promociones",
    "no quiero recibir nada",
    "No deseo recibir publicidad",
    "no quiero más publicidad",
    "No me escriban más",
    "no me escriban mas por favor",
    "Ya no me escriban",
    "ya no me manden mensajes",
    "No me manden más mensajes",
    "no me envíen promociones",
    "No me vuelvan a escribir",
    "Dejen de escribirme",
    "por favor dejen de mandarme mensajes",
    "deja de enviarme spam",
    "Paren de escribir",
    "Sáquenme de la lista",
    "sacame de su lista por favor",
    "Elimínenme de su base",
    "bórrame de la lista",
    "Borren mi número",
    "elimina mi numero por favor",
    "quítenme",
    "Déjenme en paz",
    "no me molesten más",
    "Basta de mensajes",
    "Detener promociones",
    "No, gracias. Denme de baja",
    "no gracias, no me escriban más",
    "no quiero sus promociones",
    "BAJA BAJA",
    "baja, baja, baja!!",
    "b.a.j.a",
    "B A J A",
    "dejen de molestar",
    "Paren de molestarme, por favor",
    "Buenos días, no deseo recibir más información ni publicidad de ustedes, gracias",
    // Portuguese
    "sair",
    "Sair",
    "SAIR!",
    "sair por favor",
    "Oi, sair",
    "parar",
    "PARAR",
    "Pare",
    "parem",
    "Parar promoções",
    "não quero mais receber nada",
    "nao quero mais receber",
    "Não quero receber mais mensagens",
    "não desejo receber promoções",
    "Não quero mais mensagens",
    "não me mandem mais mensagens",
    "Não me mande mais nada",
    "não me escrevam mais",
    "nunca mais me escrevam",
    "Pare de me mandar mensagem",
    "parem de enviar propaganda",
    "para de me mandar mensagem",
    "Me tira da lista",
    "me tire dessa lista por favor",
    "me remova da lista de vocês",
    "Remova meu número",
    "exclui meu número",
    "apaga meu contato",
    "quero sair da lista",
    "Quero sair dessa lista",
    "descadastrar",
    "Me descadastra",
    "descadastre-me",
    "quero me descadastrar",
    "cancelar inscrição",
    "sair da lista",
    "SAIR SAIR",
    "parem de incomodar",
    "chega de mensagens",
    "me deixem em paz",
    "não me incomodem mais",
    // English
    "Stop",
    "STOPALL",
    "unsubscribe",
    "Unsuscribe",
    "opt out",
    "opt-out",
    "Opt me out",
    "please stop",
    "stop it",
    "Stop messaging me",
    "stop sending me messages",
    "please stop texting me",
    "Don't text me again",
    "don’t message me anymore",
    "do not contact me anymore",
    "don't send me any more messages",
    "no more messages",
    "I don't want to receive messages",
    "i dont want to get these texts",
    "I do not want to be contacted",
    "Remove me from your list",
    "take me off this list",
    "remove my number",
    "delete me",
    "leave me alone",
    "I want to unsubscribe",
    "Stop promotions",
    "stop stop stop",
    "S T O P",
    "stop spamming me",
];

/// May mean it: a person decides.
const ASK: &[&str] = &[
    "¿Me pueden dar de baja?",
    "cómo me doy de baja",
    "¿Cómo salgo de esta lista?",
    "stop?",
    "cancelar",
    "Cancelar",
    "basta",
    "¡Ya basta!",
    "alto",
    "fin",
    "no más",
    "No quiero",
    "ya no quiero",
    "bajar",
    "spam",
    "esto es spam",
    "Los voy a bloquear",
    "te voy a denunciar",
    "¿De dónde sacaron mi número?",
    "Número equivocado",
    "no molestar",
    "no contactar",
    "no autorizo el uso de mis datos",
    "no me manden",
    "no me interesa sus promociones",
    "¿Pueden dejar de escribirme?",
    "eliminar",
    "cancela",
    "para",
    "chega",
    "Chega!",
    "não quero",
    "não quero mais",
    "quero sair",
    "saia",
    "remover",
    "vou bloquear",
    "isso é spam",
    "não envie mais nada por favor",
    "me bloqueia",
    "para, para!",
    "como conseguiram meu número?",
    "número errado",
    "Como faço para sair dessa lista?",
    "posso sair da lista?",
    "como descadastrar",
    "não tenho interesse em promoções",
    "cancel",
    "end",
    "quit",
    "enough",
    "wrong number",
    "can you stop messaging me?",
    "how did you get my number",
    "how do I unsubscribe",
    "I will report you",
    "not interested in your offers",
    "Hola, ayer compré una lavadora con ustedes y la entrega llegó muy bien, pero les pido que no me manden más mensajes de ofertas",
];

/// Speaks of something else.
const NOTHING: &[&str] = &[
    "",
    "   ",
    "👍",
    "🛑",
    "...",
    "?",
    "123",
    "ok",
    "gracias",
    "Hola",
    "No",
    "no gracias",
    "No, gracias",
    "sí",
    // Spanish
    "¿tiene cómo parar el dolor?",
    "La presión me baja en la tarde",
    "está muy baja la silla",
    "¿en temporada baja cuánto cuesta?",
    "Baja el precio y compro",
    "¿A qué hora puedo salir?",
    "voy a salir a las 5",
    "Mañana salgo de viaje",
    "quiero cancelar mi cita",
    "cancelar el pedido 45 por favor",
    "¿puedo cancelar mi reserva?",
    "no me llegó el mensaje",
    "No recibí el mensaje",
    "no quiero recibir factura, boleta nomás",
    "No me manden el pedido hoy",
    "no me manden más pan",
    "no me escriban más tarde de las 8",
    "No dejen de escribirme",
    "no dejen de mandarme promociones",
    "no quiero darme de baja",
    "No me den de baja",
    "quiero recibir más mensajes",
    "Mándenme más ofertas",
    "me interesa la promoción",
    "¿Tienen promociones?",
    "Quiero la lista de precios",
    "saca la lista de precios por favor",
    "me mandas la lista",
    "quiero la foto para mandar a mi hermana",
    "necesito eso para enviar mañana",
    "¿Cuánto sale para enviar a Lima?",
    "alto al sol o bajo",
    "quiero dos, no más",
    "no quiero nada más",
    "no quiero picante",
    "deje el paquete en portería",
    "paren en la esquina",
    "¿Hay stock?",
    "no, mejor el viernes",
    "no quiero recibir el pedido después de las 6",
    "quiero quitar la cebolla",
    "borra el último pedido",
    "elimina la cebolla",
    "el stop del auto está roto",
    "tengo baja la batería",
    "basta con dos kilos",
    "suban la foto por favor",
    "no sé cuándo voy a recibir",
    "para mañana",
    "sin cebolla",
    "no mas picante",
    "quiero dos, pero no me manden mensajes de voz",
    "No me manden mensajes de voz, no los puedo escuchar",
    "no no no",
    "dejen de molestar al perro",
    "a b c d",
    "no envíen más nada de pan hasta el lunes",
    // Portuguese
    "posso sair antes das 15h?",
    "vou sair agora",
    "Quando sai o pedido?",
    "o ônibus para na esquina?",
    "não para de chover",
    "não parem de mandar novidades",
    "não quero sair da lista",
    "quero cancelar meu pedido",
    "chega hoje?",
    "chega de tarde",
    "Que horas chega o pacote?",
    "não recebi a mensagem",
    "quero receber mais promoções",
    "não quero receber hoje, pode ser amanhã?",
    "pode parar na frente da loja",
    "para minha mãe",
    "tira a cebola, por favor",
    "me manda a lista",
    "preciso sair mais cedo",
    "dá para entregar hoje?",
    "não quero mais o azul, quero o verde",
    "remove o tomate",
    "não me mandem mensagem de áudio",
    // English
    "can I stop by at 5?",
    "is there a bus stop near?",
    "don't stop sending offers",
    "I want to receive more offers",
    "please send me the list",
    "take my number",
    "I didn't get the message",
    "at the end of the street",
    "cancel my appointment",
    "I quit smoking",
    "leave it at the door",
    "no onions",
    "don't send it today",
    "remove the onions",
];

#[test]
fn plain_words_are_certain() {
    every(CERTAIN, Some(Wish::Certain));
    every(customers::CERTAIN, Some(Wish::Certain));
}

#[test]
fn what_may_mean_it_is_asked_about() {
    every(ASK, Some(Wish::Ask));
    every(customers::ASK, Some(Wish::Ask));
}

#[test]
fn what_speaks_of_something_else_is_nothing() {
    every(NOTHING, None);
    every(customers::NOTHING, None);
}

#[test]
fn the_table_is_long_enough_to_mean_something() {
    for (name, tables, least) in [
        ("certain", [CERTAIN, customers::CERTAIN], 255),
        ("ask", [ASK, customers::ASK], 165),
        ("nothing", [NOTHING, customers::NOTHING], 250),
    ] {
        let phrases: usize = tables.iter().map(|table| table.len()).sum();
        assert!(phrases >= least, "{name}: {phrases} phrases");
    }
}

#[test]
fn each_word_of_the_phrases_is_written_as_messages_are_folded() {
    for word in phrases::tables().all().flat_map(Pattern::words) {
        let read = Read::of(word, READ);
        let folded: Vec<&str> = read.words.iter().map(|word| word.text.as_str()).collect();
        assert_eq!(
            folded,
            [word],
            "a word that no message has after folding is never found"
        );
    }
}

#[test]
fn how_it_is_typed_does_not_matter() {
    let tables = [
        CERTAIN,
        ASK,
        NOTHING,
        customers::CERTAIN,
        customers::ASK,
        customers::NOTHING,
    ];
    for phrase in tables.into_iter().flatten() {
        let expected = wish(phrase);
        let typed = [
            phrase.to_uppercase(),
            format!("\u{200e}{phrase} \u{1f64f}\u{1f3fd}"),
            format!("\n{phrase}\n\n"),
        ];
        for typed in typed {
            assert_eq!(wish(&typed), expected, "{typed:?} is {phrase:?}");
        }
    }
}

#[test]
fn a_long_letter_is_read_quickly_and_safely() {
    let letter = "no quiero .. recibir mas ".repeat(40_000);
    assert_eq!(wish(&letter), Some(Wish::Ask), "a letter is asked about");
}

fn every(table: &[&str], expected: Option<Wish>) {
    let wrong: Vec<_> = table
        .iter()
        .map(|phrase| (*phrase, wish(phrase)))
        .filter(|(_, is)| *is != expected)
        .collect();
    assert!(wrong.is_empty(), "expected {expected:?}: {wrong:#?}");
}

proptest::proptest! {
    #[test]
    fn whatever_is_asked_is_never_certain(text in ".{0,300}") {
        proptest::prop_assert_ne!(wish(&format!("{text}?")), Some(Wish::Certain));
    }
}
