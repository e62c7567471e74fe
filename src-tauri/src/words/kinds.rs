//! What the kinds of messages are called in a notification: as in the list of chats, and for what it has no word for, as in the chat.

/// The kinds that have a name.
pub struct Kinds {
    /// A picture.
    pub image: &'static str,
    /// A film, also a round one.
    pub video: &'static str,
    /// A film that repeats.
    pub gif: &'static str,
    /// A sound file.
    pub audio: &'static str,
    /// A voice message.
    pub voice: &'static str,
    /// Any file.
    pub document: &'static str,
    /// A sticker.
    pub sticker: &'static str,
    /// A place.
    pub location: &'static str,
    /// Cards of persons.
    pub contacts: &'static str,
    /// A question.
    pub poll: &'static str,
    /// Words with something to choose.
    pub interactive: &'static str,
    /// An order.
    pub order: &'static str,
    /// A product.
    pub product: &'static str,
    /// A catalogue.
    pub catalogue: &'static str,
    /// An invitation to a group.
    pub group_invite: &'static str,
    /// An invitation to a channel.
    pub channel_invite: &'static str,
    /// An appointment.
    pub event: &'static str,
    /// A call.
    pub call: &'static str,
    /// A line of WhatsApp's own.
    pub system: &'static str,
    /// The answer to something that could be chosen.
    pub reply: &'static str,
    /// A message that was deleted.
    pub deleted: &'static str,
}

impl Kinds {
    /// The name of a kind by the word that the store has for it; `None` = it has none.
    pub fn of(&self, word: &str) -> Option<&'static str> {
        Some(match word {
            "image" => self.image,
            "video" | "short_video" => self.video,
            "gif" => self.gif,
            "audio" => self.audio,
            "voice" => self.voice,
            "document" => self.document,
            "sticker" => self.sticker,
            "location" => self.location,
            "contacts" => self.contacts,
            "poll" => self.poll,
            "interactive" => self.interactive,
            "order" => self.order,
            "product" => self.product,
            "catalogue" => self.catalogue,
            "group_invite" => self.group_invite,
            "channel_invite" => self.channel_invite,
            "event" => self.event,
            "call" => self.call,
            "system" => self.system,
            "reply" => self.reply,
            "deleted" => self.deleted,
            _ => return None,
        })
    }
}

pub(super) const ES: Kinds = Kinds {
    image: "Foto",
    video: "Video",
    gif: "GIF",
    audio: "Audio",
    voice: "Mensaje de voz",
    document: "Documento",
    sticker: "Sticker",
    location: "Ubicación",
    contacts: "Contacto",
    poll: "Encuesta",
    interactive: "Mensaje con opciones",
    order: "Pedido",
    product: "Producto",
    catalogue: "Catálogo",
    group_invite: "Invitación a un grupo",
    channel_invite: "Invitación a un canal",
    event: "Evento",
    call: "Llamada",
    system: "Aviso de WhatsApp",
    reply: "Respuesta elegida",
    deleted: "Mensaje eliminado",
};

pub(super) const PT_BR: Kinds = Kinds {
    image: "Foto",
    video: "Vídeo",
    gif: "GIF",
    audio: "Áudio",
    voice: "Mensagem de voz",
    document: "Documento",
    sticker: "Figurinha",
    location: "Localização",
    contacts: "Contato",
    poll: "Enquete",
    interactive: "Mensagem com opções",
    order: "Pedido",
    product: "Produto",
    catalogue: "Catálogo",
    group_invite: "Convite para um grupo",
    channel_invite: "Convite para um canal",
    event: "Evento",
    call: "Chamada",
    system: "Aviso do WhatsApp",
    reply: "Resposta escolhida",
    deleted: "Mensagem apagada",
};

pub(super) const EN: Kinds = Kinds {
    image: "Photo",
    video: "Video",
    gif: "GIF",
    audio: "Audio",
    voice: "Voice message",
    document: "Document",
    sticker: "Sticker",
    location: "Location",
    contacts: "Contact",
    poll: "Poll",
    interactive: "Message with choices",
    order: "Order",
    product: "Product",
    catalogue: "Catalogue",
    group_invite: "Invitation to a group",
    channel_invite: "Invitation to a channel",
    event: "Event",
    call: "Call",
    system: "Notice from WhatsApp",
    reply: "Chosen answer",
    deleted: "Deleted message",
};
