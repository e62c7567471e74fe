//! The classes of words that [`phrases`](super::phrases) are made of, folded: small letters, no accents.

/// What is sent to people.
pub(super) const MSG: &[&str] = &[
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
    "wish", "like",
];

/// Not.
const NOT: &[&str] = &[
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
    "dejen", "dejes", "paren", "parem", "deixem", "deixes", "cesen", "dejenme", "dejame",
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
    "joder",
    "jodiendo",
    "hostigar",
    "acosar",
    "spamear",
];

/// Words in a gap that turn the meaning around or narrow it: `no quiero dejar de recibir`, `no quiero recibir tantas`.
pub(super) const AROUND: &[&str] = &[
    "dejar", "dejen", "deje", "deja", "parar", "paren", "pare", "deixar", "deixem", "deixe", "stop",
    "stopping", "miss", "missing", "perder", "perderme", "solo", "only", "just", "tantos", "tantas", "tanto",
    "tanta", "many", "muchos", "muchas", "sino", "pero", "but", "malas", "todas", "todos", "all",
];

/// Words after a phrase that narrow it to a time, a part or a way: `no me escriban más hasta el lunes`.
pub(super) const NARROWING: &[&str] = &[
    "pero",
    "sino",
    "prefiero",
    "prefiro",
    "mejor",
    "melhor",
    "solo",
    "so",
    "apenas",
    "solamente",
    "unicamente",
    "only",
    "but",
    "instead",
    "except",
    "excepto",
    "exceto",
    "salvo",
    "menos",
    "todavia",
    "ainda",
    "aun",
    "hoy",
    "hoje",
    "today",
    "manana",
    "amanha",
    "tomorrow",
    "ahora",
    "agora",
    "noche",
    "noches",
    "noite",
    "madrugada",
    "night",
    "hora",
    "horas",
    "horario",
    "lunes",
    "martes",
    "miercoles",
    "jueves",
    "viernes",
    "sabado",
    "domingo",
    "segunda",
    "semana",
    "week",
    "mes",
    "month",
    "hasta",
    "ate",
    "until",
    "till",
    "cuando",
    "quando",
    "when",
    "antes",
    "despues",
    "depois",
    "before",
    "after",
    "while",
    "mientras",
    "enquanto",
    "durante",
    "anterior",
    "viejo",
    "antiguo",
    "antigo",
    "velho",
    "old",
    "nuevo",
    "novo",
    "new",
    "guarda",
    "anota",
    "mandeme",
    "mandame",
    "enviame",
    "envieme",
    "escribanme",
    "escribeme",
    "escribame",
    "mandenme",
    "envienme",
    "otro",
    "otra",
    "outro",
    "outra",
    "other",
    "another",
    "llamenme",
    "llamame",
    "llameme",
];

/// Words right behind a phrase that go on to say of which, if what follows is not [`OWN`].
pub(super) const OF: &[&str] = &[
    "de",
    "del",
    "do",
    "da",
    "dos",
    "das",
    "sobre",
    "con",
    "com",
    "about",
    "for",
    "regarding",
    "en",
    "em",
    "no",
    "na",
    "nos",
    "nas",
    "in",
    "on",
    "at",
    "a",
    "al",
    "ao",
    "para",
    "pra",
    "el",
    "la",
    "los",
    "mi",
    "meu",
    "minha",
    "un",
    "una",
    "to",
    "my",
    "from",
];

/// Between these and what they belong to.
pub(super) const ARTICLES: &[&str] = &[
    "la", "las", "el", "los", "o", "a", "as", "os", "the", "esta", "este", "essa", "esse", "de", "mi", "meu",
    "minha", "my", "su", "sus", "sua", "suas", "seu", "seus", "tu", "tus", "your", "nesse", "neste", "nessa",
    "nesta", "deste", "desse", "dessa", "desta",
];

/// What belongs to the shop, to the one who writes, or to campaigns: `mensajes de ustedes`, `de su lista`.
pub(super) const OWN: &[&str] = &[
    "ustedes",
    "uds",
    "ud",
    "usted",
    "voces",
    "vcs",
    "voce",
    "vc",
    "you",
    "parte",
    "marca",
    "compania",
    "company",
    "servicio",
    "me",
    "mim",
    "this",
    "este",
    "esta",
    "ese",
    "esa",
    "esse",
    "essa",
    "tienda",
    "loja",
    "negocio",
    "empresa",
    "farmacia",
    "panaderia",
    "padaria",
    "iglesia",
    "igreja",
    "shop",
    "store",
    "contactos",
    "contatos",
    "difusion",
    "transmissao",
    "transmision",
    "distribucion",
    "distribuicao",
    "envio",
    "envios",
    "wsp",
    "zap",
    "marketing",
    "publicidad",
    "publicidade",
    "promociones",
    "promocoes",
    "mensajes",
    "mensagens",
    "ofertas",
    "correo",
    "datos",
    "dados",
    "numero",
    "number",
    "whatsap",
    "wp",
    "whats",
];

/// With these a reason begins, or another wish: what follows them does not narrow what was said.
pub(super) const CONNECTING: &[&str] = &[
    "porque", "porq", "pq", "xq", "que", "ya", "y", "e", "and", "because", "since", "pues", "pois", "por",
    "ni", "nem", "or", "i", "im", "estoy", "estou", "si", "se", "favor",
];

/// What is repaired: a message about one of these may be about what it does.
pub(super) const DEVICES: &[&str] = &[
    "celular",
    "cel",
    "telefono",
    "telefone",
    "phone",
    "movil",
    "pantalla",
    "tela",
    "screen",
    "android",
    "iphone",
    "equipo",
    "aparelho",
    "ap",
    "aplicacion",
    "aplicativo",
];

/// The words of a class; none if there is no such class.
pub(super) fn class(name: &str) -> &'static [&'static str] {
    match name {
        "MSG" => MSG,
        "LIST" => LIST,
        "GROUP" => GROUP,
        "ADDRESS" => ADDRESS,
        "ADDRESSING" => ADDRESSING,
        "SEND" => SEND,
        "SENDING" => SENDING,
        "SENDS" => SENDS,
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
