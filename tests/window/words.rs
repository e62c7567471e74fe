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
pub(crate) const OPEN_ONES: &str = "Por atender";
pub(crate) const ALL: &str = "Todos";
pub(crate) const UNDO: &str = "Deshacer";
pub(crate) const SEARCH: &str = "Buscar chats y mensajes";
pub(crate) const SEND: &str = "Enviar";
pub(crate) const LINK_TITLE: &str = "¿Abrir este enlace?";
pub(crate) const LINK_DISGUISED: &str =
    "Este nombre usa letras que se parecen a otras. Puede imitar a un sitio conocido.";
pub(crate) const LINK_OPEN: &str = "Abrir";
pub(crate) const VOICE: &str = "Grabar un mensaje de voz";
pub(crate) const VOICE_DONE: &str = "Terminar la grabación";

/// The field to write to somebody in.
pub(crate) fn message_to(name: &str) -> String {
    format!("Mensaje para {name}")
}
