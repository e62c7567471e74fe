import { counter } from "./plural";

const n = counter("es");

/** Finding chats and messages, and the keys of the messages, in Spanish. */
export const searchWords = {
  search: {
    field: "Buscar chats y mensajes",
    placeholder: "Buscar",
    clear: "Borrar la búsqueda",
    results: "Resultados",
    chats: "Chats",
    messages: "Mensajes",
    searching: "Buscando…",
    newChat: "Chat nuevo",
    writeTo: (number: string) => `Escribir a ${number}`,
    said: {
      checking: "Comprobando si está en WhatsApp…",
      not_on_whatsapp: "Este número no está en WhatsApp. Revísalo, o llámale por teléfono.",
      not_told: "La pasarela no puede decir si está en WhatsApp. Pulsa otra vez para abrir el chat de todos modos.",
    },
    none: (typed: string) => `No hay nada con «${typed}».`,
    noneHint: "Prueba con menos palabras o solo con el comienzo de una.",
    failed: "No se pudo buscar",
    moreFailed: "No se pudieron leer más resultados",
    chatsFoundCount: (count: number) => n(count, "chat encontrado", "chats encontrados"),
    messagesFoundCount: (count: number, more: boolean) =>
      `${more ? "más de " : ""}${n(count, "mensaje encontrado", "mensajes encontrados")}`,
    you: "Tú",
    find: "Buscar en este chat",
    findPlaceholder: "Buscar en este chat",
    older: "Resultado más antiguo",
    newer: "Resultado más reciente",
    close: "Cerrar la búsqueda",
    place: (at: string, count: string) => `${at} de ${count}`,
    findNone: "Sin resultados",
    findFailed: "No se pudo buscar",
    laterFailed: "No se pudieron leer los mensajes siguientes",
  },
};

export type SearchWords = typeof searchWords;
