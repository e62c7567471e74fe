//! The Spanish words of the UI by which the walk finds its way.
//!
//! They are the ones that a person reads; when the UI words something else, the walk fails here and says what it looked for.

pub(crate) const WELCOME: &str = "Bienvenido a Mostrador";
pub(crate) const PRACTICE: &str = "Tienda de práctica";
pub(crate) const REAL: &str = "Mi número de WhatsApp";
pub(crate) const OPEN_PHONE: &str = "Abrir el teléfono de práctica";
pub(crate) const PHONE_WINDOW: &str = "Teléfono de práctica";
pub(crate) const SETTINGS: &str = "Ajustes";
pub(crate) const CHATS: &str = "Chats";
pub(crate) const ADD_NUMBER: &str = "Añadir un número";
pub(crate) const PHOTO: &str = "Foto";
pub(crate) const THEME: &str = "Apariencia";
pub(crate) const THEME_DARK: &str = "dark";
pub(crate) const THEME_LIGHT: &str = "light";
pub(crate) const TOKEN: &str = "Clave de acceso (token)";
pub(crate) const ADVANCED: &str = "Opciones avanzadas";
pub(crate) const URL: &str = "Dirección de la pasarela";
pub(crate) const TEST: &str = "Probar la conexión";
pub(crate) const GO: &str = "Continuar";
pub(crate) const TOKEN_REJECTED: &str = "La pasarela no acepta la clave de acceso.";
pub(crate) const TOKEN_REJECTED_NOW: &str =
    "Copia la clave otra vez desde el panel de la pasarela y pégala completa.";
pub(crate) const START_WITH_SYSTEM: &str = "Abrir al encender el equipo";
pub(crate) const LINK_NOWHERE: &str = "El enlace no lleva a ningún chat";
pub(crate) const CLOSE: &str = "Cerrar";
pub(crate) const HIDDEN_MESSAGE: &str = "Tienes un mensaje nuevo";
pub(crate) const TRAY_OPEN: &str = "Abrir Mostrador";
pub(crate) const TRAY_FOR_AN_HOUR: &str = "Durante una hora";
pub(crate) const TRAY_AGAIN: &str = "Volver a avisar";
pub(crate) const NO_START: &str = "Mostrador no puede abrir";
pub(crate) const UNANSWERED: &str = "Sin responder";
pub(crate) const ALL: &str = "Todos";
pub(crate) const UNDO: &str = "Deshacer";
pub(crate) const SEARCH: &str = "Buscar chats y mensajes";
pub(crate) const SEND: &str = "Enviar";
pub(crate) const LINK_TITLE: &str = "¿Abrir este enlace?";
pub(crate) const LINK_DISGUISED: &str =
    "Este nombre usa letras que se parecen a otras. Puede imitar a un sitio conocido.";
pub(crate) const LINK_OPEN: &str = "Abrir";
pub(crate) const LINK_ASKS: &str = "¿Abrir este chat?";
pub(crate) const VOICE: &str = "Grabar un mensaje de voz";
pub(crate) const VOICE_DONE: &str = "Terminar la grabación";

// Campaigns.
pub(crate) const CAMPAIGNS: &str = "Campañas";
pub(crate) const OPT_OUTS: &str = "Bajas";
pub(crate) const OPTED_OUT: &str = "De baja";
pub(crate) const CREATE: &str = "Nueva campaña";
pub(crate) const CAMPAIGN_NAME: &str = "Nombre";
pub(crate) const SENT_FROM: &str = "Se envía desde";
pub(crate) const CREATE_DO: &str = "Crear";
pub(crate) const SHEET: &str = "input[type='file'][accept*='.csv']";
pub(crate) const NOTHING_STORED: &str = "Todavía no se guardó nada.";
pub(crate) const USE_ONE: &str = "Usar 1 persona";
pub(crate) const LEAVE_SHEET: &str = "Descartar el archivo";
pub(crate) const COUNTRY: &str = "País de los números sin código";
pub(crate) const MESSAGE_LEAD: &str =
    "Lo que recibe cada persona. Con varias versiones, cada persona recibe una.";
pub(crate) const REHEARSAL_LEAD: &str =
    "Se hace toda la campaña en seco, con tu público y tu ritmo. No se envía nada.";
pub(crate) const CAMPAIGN_TEXT: &str = "Texto";
pub(crate) const SPACING: &str = "Segundos entre mensajes";
pub(crate) const JITTER: &str = "Segundos más, al azar";
pub(crate) const REST_EVERY: &str = "Descansar cada tantos mensajes";
pub(crate) const CAP: &str = "Máximo al día";
pub(crate) const SUNDAY: &str = "Domingo";
pub(crate) const OPENS: &str = "Desde";
pub(crate) const CLOSES: &str = "Hasta";
pub(crate) const WARM_UP: &str = "Menos al día mientras el número es nuevo";
pub(crate) const REHEARSE: &str = "Ensayar";
pub(crate) const REHEARSED: &str = "Lista para enviar.";
pub(crate) const PAUSE: &str = "Pausar";
pub(crate) const PAUSED: &str = "La pausaste tú.";
pub(crate) const RESUME: &str = "Seguir";
pub(crate) const REPLIES: &str = "Respuestas";
pub(crate) const OPEN_CHAT: &str = "Abrir el chat";
pub(crate) const FINISHED: &str = "Terminada";
pub(crate) const REPORT: &str = "Informe";
/// The desktop's own dialog.
pub(crate) const SAVE_FILE: &str = "Guardar el archivo";
pub(crate) const PROOF: &str = "Comprobación";
pub(crate) const PROVE: &str = "Comprobar";
pub(crate) const PROVED: &str = "Todo cuadra.";
pub(crate) const TEST_MESSAGE: &str = "Enviarme una prueba";
pub(crate) const TEST_NUMBER: &str = "Tu número, con código de país";
pub(crate) const TEST_DO: &str = "Enviar la prueba";
pub(crate) const TEST_SENT: &str = "La prueba está en camino. Mírala en tu teléfono.";

// Gateways.
/// A code to scan: drawn here, or a picture of the gateway's.
pub(crate) const CODE: &str = "[data-testid='qr'], [data-phase='picture'] img";
pub(crate) const GATEWAY: &str = "Pasarela";
pub(crate) const DEVICE_NAME: &str = "Nombre del número";
pub(crate) const CONTAINER_TOKEN: &str = "Clave de la sesión (containerToken)";
pub(crate) const INSTANCE: &str = "Número o nombre de este WhatsApp en la pasarela";
pub(crate) const EMAIL: &str = "Correo con el que entras en la pasarela";
pub(crate) const PASSWORD: &str = "Contraseña de la pasarela";
pub(crate) const TESTED: &str =
    "Conexión correcta. Falta vincular el número con un código QR: es el siguiente paso.";
pub(crate) const EXPLORER: &str = "Explorador";
pub(crate) const EXPLORER_SEARCH: &str = "Buscar una llamada";
pub(crate) const CALL: &str = "Llamar";
pub(crate) const COPY_CURL: &str = "Copiar como curl";
pub(crate) const COPIED: &str = "Copiado, sin la clave: pon la tuya en $TOKEN.";
pub(crate) const EXPLORER_BACK: &str = "Volver a Ajustes";
pub(crate) const CALL_ASKED: &str = "¿Llamar de verdad?";
pub(crate) const CALL_DO: &str = "Sí, llamar";
pub(crate) const CANCEL: &str = "Cancelar";
pub(crate) const ANSWER: &str = "Respuesta";

// What a gateway calls with.
pub(crate) const CALLS: &str = "Avisos de la pasarela";
pub(crate) const ALIVE: &str = "Funciona";
pub(crate) const NO_CALLS: &str = "Esta pasarela no avisa";
pub(crate) const FAILING: &str = "La última llamada no se pudo recibir";
pub(crate) const ACCEPTED: &str = "Recibida";
pub(crate) const DUPLICATE: &str = "Repetida";
pub(crate) const BAD_SIGNATURE: &str = "Sin prueba de origen";
pub(crate) const UNKNOWN: &str = "No entendida";
pub(crate) const OF_A_MESSAGE: &str = "mensaje";
pub(crate) const OF_SOMETHING: &str = "desconocido";
pub(crate) const NOT_READ: &str = "sin leer";
pub(crate) const NOT_HELD: &str =
    "El contenido ya no se guarda o nunca se leyó: no se puede mirar ni recibir otra vez.";
pub(crate) const REPLAY: &str = "Recibirla otra vez";
pub(crate) const REPLAYED_KNOWN: &str = "Hecho. Ya se sabía todo: no cambió nada.";
pub(crate) const REPLAYED_UNKNOWN: &str = "Hecho. Sigue sin entenderse; queda guardada como estaba.";
pub(crate) const TEST_CALL: &str = "Probar ahora";
pub(crate) const TEST_ARRIVED: &str = "La llamada de prueba llegó.";
pub(crate) const WAY: &str = "El camino desde internet";
pub(crate) const WAY_TEST: &str = "3. Pruébala";
pub(crate) const TUNNEL: &str = "Dirección del túnel";
pub(crate) const SAVE: &str = "Guardar";
pub(crate) const NOT_HTTPS: &str =
    "Debe empezar con https://: sin eso, cualquiera en el camino podría leer los mensajes.";
pub(crate) const TOLD: &str = "La pasarela sabe que debe llamar a esta dirección. Hasta que llegue la primera llamada, \
                              Mostrador sigue preguntando por su cuenta.";
pub(crate) const PROBE: &str = "Probar la dirección";
pub(crate) const NOBODY: &str =
    "Nadie contesta. Mira que el túnel esté abierto y que un cortafuegos no lo detenga.";
pub(crate) const SOMEBODY_ELSE: &str = "pero la llamada no llegó aquí.";
pub(crate) const THROUGH: &str = "La llamada llegó: el túnel trae hasta aquí.";
pub(crate) const TUNNEL_AWAY: &str = "Quitar la dirección";
pub(crate) const NO_TUNNEL: &str = "No hay dirección guardada.";

/// The people of a list who can be written to.
pub(crate) fn use_people(count: usize) -> String {
    format!("Usar {count} personas")
}

/// The button that starts a campaign.
pub(crate) fn send_to(count: usize) -> String {
    format!("Enviar a {count} personas")
}

pub(crate) const WRITTEN_TO_ONE: &str = "1 persona recibirá el mensaje";

/// How many people a campaign is for.
pub(crate) fn written_to(count: usize) -> String {
    format!("{count} personas recibirán el mensaje")
}

/// What is said of a report that was kept.
pub(crate) fn saved_as(file: &str) -> String {
    format!("Guardado como «{file}».")
}

/// How many of a list's rows have this verdict.
pub(crate) fn rows(verdict: &str, count: usize) -> String {
    format!("{verdict} {count}")
}

/// The field to write to somebody in.
pub(crate) fn message_to(name: &str) -> String {
    format!("Mensaje para {name}")
}
