//! The words and phrases themselves, folded: small letters, no accents. How they are written: [`Pattern`].

use std::sync::LazyLock;

use super::pattern::Pattern;
use super::vocabulary::class;

/// The tables, read once.
pub(super) struct Tables {
    /// Certain alone, and as the first or last clause of a short statement.
    pub(super) whole_certain: Vec<Pattern>,
    /// Certain alone. As the first or last clause it may be said to anybody (`ya llegué, baja`): certain if all else is in [`BECAUSE`].
    pub(super) command: Vec<Pattern>,
    /// Perhaps, if nothing else is said.
    pub(super) whole_ask: Vec<Pattern>,
    /// What is a reason before a command only.
    pub(super) no: Vec<Pattern>,
    /// What is said beside a command to end it. Wholly or in part one of these, a clause leaves no doubt.
    pub(super) because: Vec<Pattern>,
    /// Certain wherever they stand in a short statement.
    pub(super) certain: Vec<Pattern>,
    /// The same, where English tells of somebody in the same words: `you never send me offers`.
    pub(super) told: Vec<Pattern>,
    /// Perhaps, wherever they stand.
    pub(super) ask: Vec<Pattern>,
}

#[cfg(test)]
impl Tables {
    /// Each phrase of each table.
    pub(super) fn all(&self) -> impl Iterator<Item = &Pattern> {
        [
            &self.whole_certain,
            &self.command,
            &self.whole_ask,
            &self.no,
            &self.because,
            &self.certain,
            &self.told,
            &self.ask,
        ]
        .into_iter()
        .flatten()
    }
}

/// The tables.
pub(super) fn tables() -> &'static Tables {
    static TABLES: LazyLock<Tables> = LazyLock::new(|| Tables {
        whole_certain: read(&WHOLE_CERTAIN),
        command: read(&COMMAND),
        whole_ask: read(&WHOLE_ASK),
        no: read(&NO),
        because: read(&BECAUSE),
        certain: read(&CERTAIN),
        told: read(&TOLD),
        ask: read(&ASK),
    });
    &TABLES
}

fn read(table: &[&'static str]) -> Vec<Pattern> {
    table
        .iter()
        .map(|written| Pattern::read(written, class))
        .collect()
}

const WHOLE_CERTAIN: [&str; 21] = [
    "dar|darme|dame|denme|deme|den [me] [de] baja",
    "quiero|solicito|pido|deseo|quisiera|exijo [la|mi|darme|dar] [de] baja",
    "[que] me den|de|deis de baja",
    "[me] [quiero] [doy] de baja",
    "stopall|unsubscribe|unsuscribe|unsubscrib|unsubcribe|unsub|optout [me|it]",
    "opt [me] out",
    "cease and desist",
    "stop all [of] [it|this|them] [MSG]",
    "sair|salir|salirme|salgo|saio da|de|desta|dessa|do|del [la|esta|essa|su|tu] LIST",
    "parar|pare|parem|paren|detener|detengan|suspender|suspendan|encerrar|stop|end [las|los|as|os|the|all|de] MSG",
    "cancelar|cancela|cancelen|cancelem|cancele|cancel [las|los|as|os|the|all|sus|suas|your] MSG",
    "baja|vaja de|da [la|esta|su] LIST",
    "cancelar|cancele|cancelen|cancela|cancel|anular|encerrar [la|mi|a|minha|my] suscripcion|subscripcion|inscricao|assinatura|subscription|cadastro|registro",
    "desuscribir|desuscribirme|desuscribanme|desuscribeme|desuscribirse|desinscribir|desinscribirme|desuscripcion|desafiliar|desafiliarme|desafilienme|desafiliame",
    "[me] descadastrar|descadastra|descadastre|descadastro|descadastrem|desinscrever|desinscreva|desinscrevam|desinscricao [me]",
    "no|nao MORE MSG",
    "no|nao [quiero|quero|want] mensajes|mensagens|promociones|promocoes|publicidad|propaganda|spam",
    "chega|basta [de] [tantos|tanta|tanto] MSG",
    "remove|delete|unsubscribe me",
    "take|get me off",
    "lose my number",
];

const COMMAND: [&str; 15] = [
    "[la|de] baja",
    "vaja|estop|stpo|sotp",
    "stop [it|this|now|already|please]",
    "sair|salir",
    "parar|pare|parem|paren|detener|detengan",
    "TAKE_ME_OFF",
    "NOT WANT .. GET MORE",
    "NOT WANT MORE [to] GET",
    "NOT MORE WANT GET",
    "NOT WANT [to] GET",
    "[do] dont|not message|text|contact me",
    "no me escriban|escriba|escribas|contacten|contacte|contactes",
    "nao me escreva|escrevam|contatem|contate|procurem|procure",
    "NOT me SEND MORE [MORE]",
    "NOT SEND me MORE",
];

const WHOLE_ASK: [&str; 23] = [
    "cancelar|cancela|cancele|cancelen|cancel|cancelado|anular",
    "bajar|bajas|bajen|baje",
    "fin|end|quit|alto|fora|fuera|sai|saia|saio|salgo",
    "quero|quiero|want [to] sair|salir|salirme|leave",
    "basta|chega|suficiente|enough",
    "para|detente",
    "remover|quitar|eliminar|borrar|excluir|apagar|remove|delete",
    "no|nao MORE",
    "sin|sem|nada [de] [MORE] MSG",
    "ni|nem me ADDRESS|SEND [MSG]",
    "nomas|nomais",
    "NOT MORE WANT",
    "NOT WANT [MORE]",
    "i NOT WANT [this|it] [MORE]",
    "no|nao quiero|quero saber MORE|nada",
    "spam|golpe|estafa",
    "bloquear|bloqueado|block|blocked|denunciar|denunciado|reportado|reportar",
    "no|nao contactar|contactarme|contatar|llamar",
    "me bloquea|bloqueen|bloque|bloqueia|bloqueie|bloqueiem",
    "no|nao|not molestar|molesten|moleste|molestes|perturbe|perturbem|perturbar|incomodar|incomode|incomodem|disturb [MORE]",
    "do not disturb",
    "numero equivocado|errado|incorrecto",
    "wrong number|person",
];

const NO: [&str; 1] = ["no|nao [quiero|quero]"];

const BECAUSE: [&str; 17] = [
    "NOT [me|nos|estoy|estou|tengo|tenho|tenemos|temos|hay] interesa|interesan|interessa|interessam|interesado|interesada|interessado|interessada|interes|interesse|interested",
    "sin|sem interes|interesse",
    "NOT [MORE] [me] WANT [saber|MORE|nada] [MORE|nada] $",
    "ya|im|no|nao no|nao|longer|not soy|sou|vivo|moro|trabajo|trabalho|am",
    "no|nao soy|sou",
    "ya no compro|uso|necesito",
    "nao moro|trabalho|compro|uso MORE",
    "numero|number equivocado|errado|incorrecto",
    "wrong|other|equivocado|errado number|person|numero",
    "not my number|phone",
    "se|te equivocaron|equivoco|equivocaste",
    "este|esse|ese|this numero|number ya|nao|no|is|isnt",
    "no es|is mi|el|my numero|number",
    "no|nao|dont los|las|les|te|os|conozco|conheco|know [conozco|conheco|you]",
    "esto|isso|isto|this es|e|is spam|acoso|assedio|harassment",
    "me|ya|estoy|estou tienen|cansaron|cansado|cansada|harto|harta|cansan|molestan",
    "que|mucho|muita|muito|to|so [mucho|mucha|much|many] spam|MSG",
];

const CERTAIN: [&str; 60] = [
    "NOT [me] WANT .. GET .. MSG",
    "NOT MORE WANT .. GET .. MSG",
    "NOT MORE WANT GET nada|anything [MORE] $",
    "NOT [me] WANT .. GET nada|anything [MORE] [de] [ustedes|uds|voces|vcs|you] $",
    "NOT [me] WANT MORE GET nada|anything $",
    "no longer WANT [to] GET .. MSG",
    "NOT [me] WANT [MORE] GET .. informacion|informacoes|informacao|information $",
    "NOT [me] WANT [any] MORE [de] [sus|tus|suas|seus|your] MSG",
    "NOT WANT [to] be contacted|messaged|texted",
    "NOT WANT que [me] ADDRESS [MORE] $",
    "NOT WANT que me ADDRESS|SEND .. MSG",
    "NOT WANT que me SEND MORE $",
    "NOT WANT your|sus|suas|estos|esos|esas|essas|esses|estas|these|tus MSG $",
    "NOT WANT [los|las|os|as] MSG de|from|do|da|suyos [parte|ustedes|uds|voces|vcs|you|su|esta|este|sua|essa] [ustedes|uds|voces|vcs|tienda|loja|empresa|numero|de] $",
    "WANT [to] dejar|parar|deixar|stop [de] GET .. MSG",
    "WANT [to] dejar|parar|deixar|stop [de] GET [nada] $",
    "WANT|prefiero|prefiro|pido|solicito|peco|rather|prefer [de|to] NOT [to] [MORE] GET .. MSG",
    "NOT MORE GET .. MSG $",
    "favor|ruego|pido|solicito [de] no|nao SENDING|ADDRESSING .. MSG",
    "quiero|solicito|pido|deseo|quisiera|exijo|prefiero darme|dar|la|mi de baja $",
    "quiero|solicito|pido|deseo|quisiera|exijo|prefiero [darme] [la|mi] [de] baja de|del [la|sus|esta|su|este|los|las] LIST|MSG",
    "quiero|solicito|pido|deseo|quisiera|exijo que me den|de|deis de baja",
    "CEASE de ADDRESSING $",
    "CEASE de [me] ADDRESSING me $",
    "CEASE de me ADDRESSING",
    "CEASE de escribirme|contactarme|escribirnos",
    "CEASE de [me] SENDING [me] [tantos|tantas|tanto|tanta|esses|essas|esos|esas|estos|estas|MORE] MSG",
    "CEASE de [me] BOTHER $",
    "^ CEASES de ADDRESSING $",
    "^ CEASES|para de me ADDRESSING",
    "^ CEASES de escribirme|contactarme|escribirnos",
    "^ CEASES|para de [me] SENDING [me] [tantos|tantas|tanto|tanta|esses|essas|esos|esas|estos|estas|MORE] MSG",
    "^ CEASES de [me] BOTHER $",
    "pido|solicito|ruego|agradezco|agradeceria|peco CEASES [de] ADDRESSING|SENDING [me] [MSG] $",
    "^ eviten|evite|evitem|abstenganse|abstengase [de] [me] ADDRESSING|SENDING [me] [MORE] [MSG] $",
    "paren|pare|parem|parar de|con|com|as|os|los|las|tantos|tanta [los|las|os|as|esos|esses|estos|estas|tantos|tanta] MSG $",
    "CEASE de|con|com [los|las|os|as|esos|esses|estos|estas|tantos|tanta] MSG $",
    "basta|chega de [tantos|tantas|tanto|tanta] MSG",
    "TAKE_ME_OFF de|del|da|do [la|las|los|su|sus|esta|este|tu|tus|vuestra|vuestros] LIST",
    "TAKE_ME_OFF de|del [este|ese|su|tu] GROUP $",
    "me TAKE_OFF|TAKES_OFF|TOOK_OFF de|da|do|das|dos|desta|dessa|deste|desse|del [la|las|los|su|sua|esta|este|tu|suas|sus|tus] LIST",
    "me TAKE_OFF|TAKES_OFF|TOOK_OFF de|do|deste|desse|del [este|ese|su|tu] GROUP $",
    "remove|delete|take|get|unsubscribe me from|off|of|out [of] [this|the|your|ur|these] [mailing|contact|message|messaging|texting] LIST|MSG",
    "TAKE_OFF|TAKES_OFF|TOOK_OFF|remove|delete [a|o|el|os] mi|meu|my|mis|meus NUMBER|PHONE de|del|da|from|off [su|la|tu|your|the|sus|sua|this|esta] LIST",
    "TAKE_OFF [a|o|os] mi|meu|my|mis|meus|este|esse|this NUMBER",
    "remove|delete my|this number $",
    "^ TAKES_OFF [a|o|os] mi|meu|mis|meus|my|este|esse NUMBER",
    "favor|porfa|porfavor|please TOOK_OFF mi|este NUMBER",
    "TOOK_OFF mi|este NUMBER por|porfa|porfavor|please",
    "denme|dame|deme|darme de baja",
    "den|da|dar|de|dame|denme de baja a|mi|este [mi|este] numero|contacto",
    "sea|ser|sean eliminado|eliminada|removido|removida|retirado|retirada|borrado|borrada|excluido|excluida de|del|da [la|su|sua|esta] LIST",
    "dejenme|dejeme|dejame en paz",
    "dejenme|dejeme|dejame tranquilo|tranquila $",
    "me deixem|deixe|deixa em paz",
    "leave me alone",
    "want|like [to] [get|be] [taken] off|out [of] the|this|your LIST",
    "quiero|quero|want|deseo|desejo|gostaria [de] [to] [me] desuscribirme|unsubscribe|descadastrar|desinscrever",
    "quiero|quero|want|deseo|desejo|gostaria [de] [to] salir|salirme|sair de|da|del|desta|dessa|do [la|esta|su] LIST",
    "quiero|quero|want|deseo|desejo|gostaria [de] [to] salir|salirme|sair de|do|del|deste|desse [este|ese|su] GROUP $",
];

const TOLD: [&str; 28] = [
    "NOT [me|nos] ADDRESS [me|us] MORE [MORE] $",
    "NOT [me|nos] ADDRESS|SEND [MSG] otra|outra vez $",
    "NOT me procure|procurem|busque|busquen MORE [MORE] $",
    "NOT [me|le|les|lhe] ADDRESS|SEND [MORE] [a|para|to] este|esse|mi|this|my NUMBER [MORE] $",
    "NOT [me|nos] ADDRESS|SEND|CALL ni|nem|or|y|e [me] ADDRESS|SEND|CALL [me] [MORE] [MORE] $",
    "NOT MORE me ADDRESS $",
    "NOT MORE me SEND nada|MSG",
    "NOT [me|nos] ADDRESS|SEND [me|us] [MORE] [estos|estas|esos|esas|esses|essas|sus|tus|suas|seus|these|any|tantos|tantas|your|stupid] [MORE] MSG",
    "no|nao me|nos SEND MORE nada",
    "no|nao me|nos SEND nada MORE $",
    "ya no [me] SEND nada $",
    "NOT [me] vuelvan|vuelva|vuelvas [a] ADDRESSING [me] [MORE] [MORE] $",
    "NOT [me] sigan|siga|sigas|continuem|continue|keep ADDRESSING [me] [MORE] $",
    "NOT [me] sigan|siga|sigas|continuem|continue|keep SENDING [me] .. MSG",
    "NOT [me] vuelvan|vuelva|vuelvas [a] SENDING .. MSG",
    "NOT volten|voltem|volte [a] [me] ADDRESSING",
    "ya no me|nos ADDRESS [MORE] $",
    "nunca|jamas|jamais MORE [me] ADDRESS",
    "NOT me molesten|moleste|molestes|incomodem|incomode|perturbe|perturbem|jodan|fastidien|busquen MORE",
    "NOT bother me [MORE]",
    "^ nao me SENDS MORE [MORE] MSG|nada",
    "^ no|nao SENDING [me] [MORE] [MORE] MSG",
    "stop|quit bothering|spamming|harassing [me|us] $",
    "stop|quit ADDRESSING [me|us|this] [number] [MORE] $",
    "stop|quit texting|messaging|contacting me",
    "stop|quit sending [me|us] $",
    "stop|quit sending [me|us] [these|this|so|your|all] [many|these|your|stupid] MSG",
    "stop with [the|these|your|all] MSG $",
];

const ASK: [&str; 77] = [
    "dar|darme|doy|dan|darse|den|dame|denme|da|damos de baja",
    "unsubscribe|desuscribirme|desuscribir|descadastrar|desinscrever|descadastro",
    "salir|salirme|sair|sacar|sacan|sacarme|quitar|borrar|eliminar|retirar|remover|excluir|tirar|quitan|salgo|saio de|da|desta|dessa|del|do [la|esta|este|su|tu] LIST",
    "WANT [me] salir|salirme|sair de|do|deste|desse|del [este|ese|su] GROUP",
    "me TAKE_OFF|TAKES_OFF|TOOK_OFF de|do|deste|desse|del [este|ese|su] GROUP",
    "TAKE_ME_OFF de|del [este|ese|su] GROUP",
    "me TAKE_OFF|TAKES_OFF daqui|dai $",
    "TAKE_ME_OFF de aqui|aca|ahi $",
    "me sacan|quitan|retiran|borran|eliminan|tiram|removem de|del|da|dessa|desta [la|su|sus|tu|esta] LIST",
    "NOT [me] ADDRESS MORE por|durante|de|a|at [la|las] noche|noches|madrugada|night|esta [hora]",
    "NOT SEND MORE [nada] $",
    "NOT SEND nada MORE $",
    "NOT SEND nada $",
    "no|nao ADDRESS [MORE] $",
    "NOT SENDS MORE nada|MSG",
    "^ no|nao MORE MSG",
    "NOT le|lhe|les|him|her SEND|ADDRESS",
    "NOT WANT [GET] MORE llamadas|ligacoes|calls",
    "remove|take|delete|get me|name|number from|off|out [of] .. LIST|GROUP",
    "take my name|number off|from",
    "nao SENDS MORE $",
    "NOT autorizo|autorizei|autorice .. uso|datos|dados|numero|MSG",
    "no me manden|mande|mandes|envien|envie|envies [nada] $",
    "ya no me SEND [MORE] $",
    "NOT me escriban|escriba|escribas|contacten|contacte|contactes|escreva|escrevam|contatem|contate|procurem|procure|text|message|contact $",
    "no me SEND MORE [MORE] $",
    "nao me mande|mandem|envie|enviem [nada] $",
    "^ nao me SENDS MORE|MSG",
    "no me molesten|moleste|molestes|jodan|fastidien",
    "nao me incomode|incomodem|perturbe|perturbem",
    "NOT [me] llamen|llame|llames|liguem|ligue|calling MORE [MORE] $",
    "NOT call me MORE $",
    "stop calling [me]",
    "NOT paran|param|dejan|deixam|cansan|cansam de mandarme|escribirme|enviarme|molestar|molestarme|me",
    "CEASE de [me] ADDRESSING|SENDING [me] $",
    "CEASES de [me] SENDING [me] [tantos|tantas] MSG",
    "CEASES de escribirme|contactarme|mandarme|enviarme|me",
    "^ CEASES|para de [me] SENDING [me] $",
    "parem|parar|pare com isso $",
    "NOT [me] WANT [to] [MORE] GET [MORE] $",
    "NOT MORE WANT GET $",
    "NOT [me] WANT [MORE] GET .. nada|anything",
    "NOT [me] WANT [MORE] GET tantos|tantas|tanto|tanta|so|muchos|muchas [many] MSG",
    "NOT WANT your|sus|suas|estos|esos|esas|essas|esses|estas|these|tus MSG",
    "NOT WANT que [me] ADDRESS|SEND",
    "no|nao quiero|quero saber MORE|nada [MORE|nada] de ustedes|uds|voces|vcs",
    "NOT WANT MORE|nada [MORE|nada] de ustedes|uds|voces|vcs",
    "NOT [me] WANT [MORE] GET [MORE] [de] isso|isto|esto|eso|this|these",
    "please stop $",
    "stop|parar|detener these|your|estos|essas|esses|estas MSG",
    "nao fale|falem MORE comigo",
    "^ baja|vaja del|de [este] GROUP",
    "TAKE_OFF|TAKES_OFF|TOOK_OFF [a|o|os] mi|meu|mis|meus|my NUMBER $",
    "borrar|eliminar|remover|excluir|apagar [a|o|os] mi|meu|mis|meus NUMBER",
    "^ WIPE [a|o|os] mi|meu|my|mis|meus PHONE",
    "TAKE_OFF|TAKES_OFF|TOOK_OFF mi|meu|my nombre|nome|name de|da|del|from|off [su|la|tu|your|sua|the] LIST",
    "voy|vou|te|los|les|vamos [a] bloquear|bloqueo|denunciar|denuncio|reportar|reporto",
    "voy|vou|si|se|vamos [a] bloquearlos|denunciarlos|reportarlos|bloquearte",
    "will|ill|going [to] block|report you|this",
    "told|asked you [to] [please] stop|not|dont",
    "esto|esta|isso|isto|this|eso [es|e|is] spam|acoso|assedio|harassment",
    "de donde sacaron|sacaste|saco|obtuvieron|tienen mi|este numero|contacto",
    "quien|quem [te|les|le] dio|paso|deu|passou mi|este|meu numero|contacto|contato",
    "onde|como|quem conseguiram|conseguiu|pegaram|tem|deu|passou meu|o numero|contato",
    "how|where [did] [you] get|got my number",
    "tienen|tienes|tiene|es|esta|com|have|tem [el|o|um|the|un|a] numero|number|wrong equivocado|errado|incorrecto|number",
    "se|te equivocaron|equivoco|equivocaste|equivocou de|con numero|persona",
    "esta|estas|estan equivocado|equivocada|equivocados de|con numero|persona",
    "no|nao doy|dou [mi|meu] consentimiento|permiso|autorizacion|consentimento",
    "los|les|te denunciare|bloqueare|reportare",
    "este numero ya no es",
    "esse numero nao e mais",
    "no me interesa|interesan [recibir] [sus|tus|estos|estas|MORE] MSG",
    "nao tenho interesse [em|nas|nos] [receber] [suas|seus] MSG",
    "no|nao tengo|tenho|estoy|estou interes|interesse|interesado|interesada|interessado|interessada en|em|nas|nos GET|sus|suas|MSG",
    "NOT interested [in] [your] MSG",
    "no longer interested",
];
