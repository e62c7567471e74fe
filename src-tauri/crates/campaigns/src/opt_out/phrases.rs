//! The words and phrases themselves, folded: small letters, no accents. How they are written: [`Pattern`].

use std::sync::LazyLock;

use super::pattern::Pattern;
use super::vocabulary::class;

/// The tables, read once.
pub(super) struct Tables {
    /// Certain, if nothing else is said.
    pub(super) whole_certain: Vec<Pattern>,
    /// Perhaps, if nothing else is said.
    pub(super) whole_ask: Vec<Pattern>,
    /// Certain wherever they stand in a short statement.
    pub(super) certain: Vec<Pattern>,
    /// Perhaps, wherever they stand.
    pub(super) ask: Vec<Pattern>,
}

/// The tables.
pub(super) fn tables() -> &'static Tables {
    static TABLES: LazyLock<Tables> = LazyLock::new(|| Tables {
        whole_certain: read(&WHOLE_CERTAIN),
        whole_ask: read(&WHOLE_ASK),
        certain: read(&CERTAIN),
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

const WHOLE_CERTAIN: [&str; 20] = [
    "[la] baja",
    "vaja|estop|stpo|sotp",
    "dar|darme|dame|denme|deme|den [me] [de] baja",
    "quiero|solicito|pido|deseo|quisiera [la|mi|darme|dar] [de] baja",
    "[me] [quiero] [doy] [de] baja",
    "stop|stopall|unsubscribe|unsuscribe|unsubscrib|unsubcribe|unsub|optout [me|it]",
    "opt [me] out",
    "sair|salir",
    "sair|salir|salirme|salgo|saio da|de|desta|dessa|do|del [la|esta|essa] LIST",
    "parar|pare|parem|paren|detener|detengan",
    "parar|pare|parem|paren|detener|detengan|suspender|suspendan|encerrar|stop|end [las|los|as|os|the|all|de] MSG",
    "cancelar|cancelen|cancele|cancel [las|los|as|os|the|all] MSG",
    "cancelar|cancele|cancelen|cancela|cancel|anular|encerrar [la|mi|a|minha|my] suscripcion|subscripcion|inscricao|assinatura|subscription|cadastro|registro",
    "desuscribir|desuscribirme|desuscribanme|desuscribirse|desinscribir|desinscribirme|desuscripcion|desafiliar|desafiliarme",
    "[me] descadastrar|descadastra|descadastre|descadastro|descadastrem|desinscrever|desinscreva|desinscrevam|desinscricao [me]",
    "no|nao MORE MSG",
    "no|nao [quiero|quero|want] mensajes|mensagens|promociones|promocoes|publicidad|propaganda|spam",
    "chega|basta [de] [tantos|tanta|tanto] MSG",
    "remove|delete me",
    "TAKE_ME_OFF",
];

const WHOLE_ASK: [&str; 19] = [
    "cancelar|cancela|cancele|cancelen|cancel|cancelado|anular",
    "bajar|bajas|bajen|baje",
    "fin|end|quit|alto|fora|fuera|sai|saia|saio|salgo",
    "quero|quiero|want [to] sair|salir|salirme|leave",
    "basta|chega|suficiente|enough",
    "para|detente",
    "remover|quitar|eliminar|borrar|excluir|apagar|remove|delete",
    "no|nao MORE",
    "nomas|nomais",
    "NOT MORE WANT",
    "NOT WANT [MORE]",
    "i NOT WANT [this|it] [MORE]",
    "spam|golpe|estafa",
    "bloquear|bloqueado|block|blocked|denunciar|denunciado|reportado|reportar",
    "no|nao contactar|contactarme|contatar|llamar",
    "me bloquea|bloqueen|bloquee|bloqueia|bloqueie|bloqueiem",
    "no|nao molestar|molesten|moleste|molestes|perturbe|perturbar|incomodar",
    "numero equivocado|errado|incorrecto",
    "wrong number|person",
];

const CERTAIN: [&str; 52] = [
    // I do not want to get ...
    "NOT WANT .. GET MORE $",
    "NOT WANT MORE [to] GET $",
    "NOT MORE WANT GET $",
    "NOT WANT [to] GET $",
    "NOT WANT .. GET .. MSG|nada|anything",
    "NOT MORE WANT .. GET .. MSG|nada|anything",
    "NOT WANT [any] MORE [de] [sus|tus|suas|seus|your] MSG",
    "NOT WANT [to] be contacted|messaged|texted",
    "NOT WANT que [me] ADDRESS|SEND MORE|nada|MSG",
    "NOT WANT que [me] ADDRESS $",
    "NOT WANT your|sus|suas|estos|essas|esses|estas|these|tus MSG",
    // Do not write to me any more.
    "NOT [me] ADDRESS [me] MORE $",
    "NOT me SEND MORE $",
    "NOT SEND me MORE $",
    "NOT MORE me ADDRESS|SEND $",
    "NOT [me] ADDRESS|SEND [me] [MORE] [estos|estas|esses|essas|sus|tus|suas|seus|these|any|tantos|tantas] [MORE] MSG",
    "no me SEND MORE nada",
    "nao me SEND MORE nada",
    "NOT me vuelvan|vuelva|vuelvas [a] ADDRESS|SEND",
    "NOT volten|voltem|volte [a] [me] ADDRESS",
    "no me escriban|escriba|escribas|contacten|contacte|contactes $",
    "ya no me ADDRESS|SEND [MORE] $",
    "nao me escreva|escrevam|contatem|contate $",
    "nunca MORE [me] ADDRESS",
    // Stop writing to me.
    "CEASE de [me] ADDRESS|SEND [me] $",
    "CEASE de me ADDRESS|SEND",
    "CEASE de escribirme|mandarme|enviarme|contactarme",
    "CEASE|para de [me] ADDRESS|SEND [me] [tantos|tantas|tanto|tanta|esses|essas|esos|esas|estos|estas] MSG",
    "para de me ADDRESS|SEND",
    "CEASE de [me] molestar|molestarme|fastidiar|fastidiarme|incomodar|encher $",
    "stop|quit bothering|spamming [me] $",
    "stop|quit ADDRESS|SEND [me] $",
    "stop|quit ADDRESS|SEND me",
    "stop|quit ADDRESS|SEND [me] [these|this|so|your] [many] MSG",
    "CEASE|stop [de|com|con|the|with] [los|las|os|as|esos|esses|estos|estas|these|your|tantos|tanta] MSG $",
    "basta|chega de [tantos|tantas|tanto|tanta] MSG",
    // Take me off.
    "TAKE_ME_OFF de|del [la|su|esta|tu|sus] LIST",
    "me TAKE_OFF de|da|do|desta|dessa|del [la|su|sua|esta|tu|suas|sus] LIST",
    "remove|delete|take me from|off [this|the|your] [mailing|contact|message] LIST",
    "TAKE_OFF [a|o|os] mi|meu|my|mis|meus MY_NUMBER",
    "denme|dame|deme|darme de baja",
    "den|da|dar|de|dame|denme de baja a|mi|este [mi|este] numero|contacto",
    "me den|dan|da|de|dar de baja $",
    "quiero|solicito|pido|deseo|quisiera|prefiero darme|dar|la|mi de baja $",
    "quiero|solicito|pido|deseo|quisiera|prefiero [darme] [la|mi] [de] baja de|del [la|sus|esta|su|este|los|las] LIST|MSG",
    // Leave me alone, and the words of machines.
    "dejenme|dejeme|dejame en paz",
    "me deixem|deixe|deixa em paz",
    "leave me alone",
    "NOT me molesten|moleste|molestes|incomodem|incomode MORE",
    "NOT bother me [MORE]",
    "quiero|quero|want|deseo|desejo|gostaria [de] [to] [me] desuscribirme|unsubscribe|descadastrar|desinscrever",
    "quiero|quero|want|deseo|desejo|gostaria [de] [to] salir|salirme|sair de|da|del|desta|dessa|do [la|esta|su] LIST",
];

const ASK: [&str; 19] = [
    "dar|darme|doy|dan|darse|den|dame|denme|da|damos de baja",
    "unsubscribe|desuscribirme|desuscribir|descadastrar|desinscrever|descadastro",
    "salir|salirme|sair|sacar|sacan|sacarme|tirar|quitan|salgo|saio de|da|desta|dessa|del|do [la|esta|este] LIST",
    "NOT SEND MORE [nada] $",
    "NOT SEND nada MORE $",
    "NOT autorizo|autorizei .. uso|datos|dados|numero",
    "no me manden|mande|mandes|envien|envie|envies $",
    "nao me mande|mandem|envie|enviem $",
    "no me molesten|moleste|molestes|jodan|fastidien",
    "nao me incomode|incomodem|perturbe|perturbem",
    "voy|vou|te|los|les [a] bloquear|bloqueo|denunciar|denuncio|reportar|reporto",
    "will|ill|going [to] block|report you|this",
    "esto|esta|isso|isto|this|eso [es|e|is] spam|acoso|assedio|harassment",
    "de donde sacaron|sacaste|saco|obtuvieron|tienen mi|este numero|contacto",
    "onde|como conseguiram|conseguiu|pegaram|tem meu|o numero|contato",
    "how [did] [you] get|got my number",
    "no me interesa|interesan [recibir] [sus|tus|estos|estas|MORE] MSG",
    "nao tenho interesse [em|nas|nos] [receber] [suas|seus] MSG",
    "NOT interested [in] [your] MSG",
];
