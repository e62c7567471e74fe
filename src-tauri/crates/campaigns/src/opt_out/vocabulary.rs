//! The classes of words that [`phrases`](super::phrases) are made of, folded: small letters, no accents.

/// What is sent to people, and nothing that is sold.
const NOTICE: &[&str] = &[
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
    "publicidad",
    "publicidades",
    "propaganda",
    "propagandas",
    "publicidade",
    "anuncio",
    "anuncios",
    "ads",
    "marketing",
    "spam",
    "avisos",
    "novedades",
    "novidades",
    "noticias",
    "whatsapps",
    "wsp",
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
    "whatsap",
    "wp",
    "sms",
];

/// What is told of, and may have been ordered too: who cancels one may mean the order.
const DEAL: &[&str] = &["promo", "promocion", "promocao", "oferta"];

/// Several of these.
const DEALS: &[&str] = &[
    "promos",
    "promociones",
    "promocoes",
    "promotions",
    "offers",
    "ofertas",
];

/// What is sent to people.
pub(super) const MSG: &[&str] = &{
    let parts = [NOTICE, DEAL, DEALS];
    let mut all = [""; NOTICE.len() + DEAL.len() + DEALS.len()];
    let (mut part, mut at, mut next) = (0, 0, 0);
    while part < parts.len() {
        if at == parts[part].len() {
            (part, at) = (part + 1, 0);
        } else {
            all[next] = parts[part][at];
            (at, next) = (at + 1, next + 1);
        }
    }
    all
};

/// A list of those who are written to, and what one is to it.
pub(super) const LIST: &[&str] = &[
    "lista",
    "listas",
    "list",
    "lists",
    "base",
    "database",
    "difusion",
    "transmissao",
    "transmision",
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
    "contactos",
    "contatos",
    "contacts",
    "agenda",
    "directorio",
];

/// A place in such a list, as one ends it.
const SUBSCRIPTION: &[&str] = &[
    "suscripcion",
    "subscripcion",
    "subscription",
    "assinatura",
    "cadastro",
];

/// Such a list, or people who write to each other.
const GROUP: &[&str] = &["grupo", "grupos", "group"];

/// To turn to somebody, as it is asked for. What is told of somebody (`escriben`) is not here.
const ADDRESS: &[&str] = &[
    "escriban",
    "escriba",
    "escribas",
    "contacten",
    "contacte",
    "contactes",
    "contatem",
    "contate",
    "escreva",
    "escrevam",
    "escrevas",
    "chame",
    "chamem",
    "text",
    "message",
    "contact",
    "write",
    "hablen",
    "escribieran",
    "escrevessem",
];

/// The same where it is named: to write, writing.
const ADDRESSING: &[&str] = &[
    "escribirme",
    "escribir",
    "escribirnos",
    "escribiendo",
    "escribiendome",
    "contactar",
    "contactarme",
    "contatar",
    "escrever",
    "procurar",
    "chamar",
    "text",
    "texting",
    "message",
    "messaging",
    "contact",
    "contacting",
    "write",
    "writing",
];

/// To send, as it is asked for.
const SEND: &[&str] = &[
    "manden",
    "mande",
    "mandes",
    "mandem",
    "envien",
    "envie",
    "envies",
    "enviem",
    "send",
    "enviaran",
    "mandaran",
    "enviasen",
    "mandasen",
    "enviassem",
    "mandassem",
];

/// The same where it is named: to send, sending.
const SENDING: &[&str] = &[
    "mandar",
    "mandarme",
    "mandarnos",
    "mandando",
    "mandandome",
    "enviar",
    "enviarme",
    "enviarnos",
    "enviando",
    "enviandome",
    "send",
    "sending",
];

/// To send, as Brazilians ask for it and others tell of it.
const SENDS: &[&str] = &["manda", "envia"];

/// To go on, as it is asked for.
const KEEP: &[&str] = &[
    "sigan",
    "siga",
    "sigas",
    "esten",
    "anden",
    "continuen",
    "continuem",
    "continue",
    "fiquem",
    "fique",
    "keep",
];

/// To call.
const CALL: &[&str] = &[
    "llamen", "llame", "llames", "liguem", "ligue", "ligues", "call", "calling",
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
    "wish",
];

/// Not.
pub(super) const NOT: &[&str] = &[
    "no", "nao", "n", "dont", "not", "never", "nunca", "jamas", "jamais",
];

/// Any more.
pub(super) const MORE: &[&str] = &[
    "mas",
    "mais",
    "more",
    "anymore",
    "again",
    "nunca",
    "ever",
    "jamas",
    "nuevamente",
    "novamente",
];

/// To end it, asked of a shop in a form that tells of nobody. Not `para`: it is Spanish for something else.
const CEASE: &[&str] = &[
    "dejen", "dejes", "paren", "parem", "deixem", "deixes", "cesen", "dejenme", "dejame", "dejense",
];

/// The same in a form that is also told of somebody (`mi celular deja de`), or only names it.
const CEASES: &[&str] = &[
    "deje", "deja", "dejar", "pare", "parar", "deixe", "deixar", "cesar", "deixa",
];

/// To take off, asked of a shop in a form that tells of nobody.
const TAKE_OFF: &[&str] = &[
    "saquen", "quiten", "borren", "eliminen", "retiren", "retirem", "tirem", "removam", "remova", "exclua",
    "excluam", "apaguem",
];

/// The same in a form that is also told of somebody, or only names it.
const TAKES_OFF: &[&str] = &[
    "saca", "sacar", "quita", "quitar", "borra", "borrar", "elimina", "eliminar", "retira", "retirar",
    "tira", "tire", "tirar", "remove", "remover", "exclui", "excluir", "apaga", "apagar", "apague",
];

/// The same in a form that without its accent is also what one did oneself: `retiré mi número`.
const TOOK_OFF: &[&str] = &["saque", "quite", "borre", "elimine", "retire"];

/// To wipe out.
const WIPE: &[&str] = &[
    "borren", "borre", "borra", "borrar", "eliminen", "elimine", "elimina", "eliminar", "quiten", "quite",
    "quita", "quitar", "remova", "removam", "remover", "remove", "exclua", "exclui", "excluam", "excluir",
    "delete",
];

/// Take me off.
const TAKE_ME_OFF: &[&str] = &[
    "saquenme",
    "saqueme",
    "sacame",
    "sacarme",
    "saquennos",
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
    "retirame",
    "retirarme",
    "excluyanme",
    "remuevanme",
    "removerme",
    "tirame",
];

/// What of mine is in a list.
const NUMBER: &[&str] = &["numero", "nro", "number", "contato", "contacto"];

/// The same, and what is repaired in a shop too.
const PHONE: &[&str] = &[
    "celular", "cel", "telefono", "telefone", "phone", "fone", "movil", "datos", "dados", "data",
];

/// To bother.
const BOTHER: &[&str] = &[
    "molestar",
    "molestarme",
    "molestando",
    "fastidiar",
    "fastidiarme",
    "incomodar",
    "perturbar",
    "encher",
    "amolar",
    "chingar",
    "chingando",
    "joder",
    "jodiendo",
    "hostigar",
    "acosar",
    "spamear",
];

/// The words of a class; none if there is no such class.
pub(super) fn class(name: &str) -> &'static [&'static str] {
    match name {
        "MSG" => MSG,
        "NOTICE" => NOTICE,
        "DEAL" => DEAL,
        "DEALS" => DEALS,
        "LIST" => LIST,
        "SUBSCRIPTION" => SUBSCRIPTION,
        "GROUP" => GROUP,
        "ADDRESS" => ADDRESS,
        "ADDRESSING" => ADDRESSING,
        "SEND" => SEND,
        "SENDING" => SENDING,
        "SENDS" => SENDS,
        "KEEP" => KEEP,
        "CALL" => CALL,
        "GET" => GET,
        "WANT" => WANT,
        "NOT" => NOT,
        "MORE" => MORE,
        "CEASE" => CEASE,
        "CEASES" => CEASES,
        "TAKE_OFF" => TAKE_OFF,
        "TAKES_OFF" => TAKES_OFF,
        "TOOK_OFF" => TOOK_OFF,
        "WIPE" => WIPE,
        "TAKE_ME_OFF" => TAKE_ME_OFF,
        "NUMBER" => NUMBER,
        "PHONE" => PHONE,
        "BOTHER" => BOTHER,
        _ => &[],
    }
}
