//! The classes of words that [`phrases`](super::phrases) are made of, folded: small letters, no accents.

/// What is sent to people.
const MSG: &[&str] = &[
    "mensaje",
    "mensajes",
    "mensajitos",
    "mensages",
    "mensagem",
    "mensagens",
    "msj",
    "msjs",
    "msg",
    "msgs",
    "message",
    "messages",
    "text",
    "texts",
    "promo",
    "promos",
    "promocion",
    "promociones",
    "promocao",
    "promocoes",
    "promotions",
    "publicidad",
    "publicidades",
    "propaganda",
    "propagandas",
    "publicidade",
    "anuncio",
    "anuncios",
    "ads",
    "offers",
    "ofertas",
    "oferta",
    "marketing",
    "spam",
    "avisos",
    "novedades",
    "novidades",
    "noticias",
    "whatsapp",
    "whatsapps",
    "wsp",
    "wpp",
    "zap",
    "comunicaciones",
    "comunicados",
    "notificaciones",
    "notificacoes",
    "notifications",
    "newsletter",
    "boletines",
    "updates",
    "campanas",
    "campanhas",
];

/// A list of those who are written to, and what one is to it.
const LIST: &[&str] = &[
    "lista",
    "listas",
    "list",
    "lists",
    "base",
    "database",
    "grupo",
    "difusion",
    "transmissao",
    "cadastro",
    "registro",
    "registros",
    "suscripcion",
    "subscripcion",
    "inscricao",
    "assinatura",
    "subscription",
    "newsletter",
    "publicidad",
    "mailing",
];

/// To turn to somebody.
const ADDRESS: &[&str] = &[
    "escriban",
    "escriba",
    "escribas",
    "escriben",
    "escribe",
    "escribirme",
    "escribir",
    "escribiendo",
    "escribiendome",
    "contacten",
    "contacte",
    "contactes",
    "contactar",
    "contactarme",
    "contatem",
    "contate",
    "contatar",
    "escreva",
    "escrevam",
    "escrever",
    "text",
    "texting",
    "message",
    "messaging",
    "contact",
    "contacting",
    "write",
    "writing",
];

/// To send.
const SEND: &[&str] = &[
    "manden",
    "mande",
    "mandes",
    "mandem",
    "manda",
    "mandan",
    "mandar",
    "mandarme",
    "mandando",
    "mandandome",
    "envien",
    "envie",
    "envies",
    "enviem",
    "envia",
    "envian",
    "enviar",
    "enviarme",
    "enviando",
    "enviandome",
    "send",
    "sending",
];

/// To get.
const GET: &[&str] = &[
    "recibir",
    "resibir",
    "recivir",
    "recibirlos",
    "recibiendo",
    "receber",
    "recebendo",
    "recebe",
    "receive",
    "receiving",
    "get",
    "getting",
];

/// To want, said of oneself.
const WANT: &[&str] = &[
    "quiero", "kiero", "quisiera", "deseo", "gustaria", "quero", "queria", "gostaria", "desejo", "want",
    "wish", "like",
];

/// Not.
const NOT: &[&str] = &["no", "nao", "n", "dont", "not", "never", "nunca"];

/// Any more.
const MORE: &[&str] = &["mas", "mais", "more", "anymore", "again", "nunca"];

/// To end it, asked of a shop. Not `para`: it is Spanish for something else.
const CEASE: &[&str] = &[
    "dejen", "deje", "deja", "dejar", "dejes", "paren", "pare", "parem", "parar", "deixem", "deixe",
];

/// To take off.
const TAKE_OFF: &[&str] = &[
    "saquen", "saque", "saca", "sacar", "quiten", "quite", "quita", "quitar", "borren", "borre", "borra",
    "borrar", "eliminen", "elimine", "elimina", "eliminar", "retiren", "retirem", "retire", "tira", "tire",
    "tirem", "tirar", "remova", "removam", "remove", "remover", "exclua", "excluam", "exclui", "excluir",
    "apaga", "apague", "apaguem", "apagar", "delete",
];

/// Take me off.
const TAKE_ME_OFF: &[&str] = &[
    "saquenme",
    "saqueme",
    "sacame",
    "sacarme",
    "quitenme",
    "quiteme",
    "quitame",
    "quitarme",
    "borrenme",
    "borreme",
    "borrame",
    "borrarme",
    "eliminenme",
    "elimineme",
    "eliminame",
    "eliminarme",
    "retirenme",
    "retireme",
    "retirarme",
];

/// What of mine is in a list.
const MY_NUMBER: &[&str] = &[
    "numero", "nro", "number", "contato", "contacto", "telefono", "telefone", "celular", "cel", "datos",
    "dados",
];

/// The words of a class; none if there is no such class.
pub(super) fn class(name: &str) -> &'static [&'static str] {
    match name {
        "MSG" => MSG,
        "LIST" => LIST,
        "ADDRESS" => ADDRESS,
        "SEND" => SEND,
        "GET" => GET,
        "WANT" => WANT,
        "NOT" => NOT,
        "MORE" => MORE,
        "CEASE" => CEASE,
        "TAKE_OFF" => TAKE_OFF,
        "TAKE_ME_OFF" => TAKE_ME_OFF,
        "MY_NUMBER" => MY_NUMBER,
        _ => &[],
    }
}
