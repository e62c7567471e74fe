import type { SearchWords } from "./es.search";
import { counter } from "./plural";

const n = counter("pt-BR");

/** Finding chats and messages, and the keys of the messages, in Brazilian Portuguese. */
export const searchWords: SearchWords = {
  search: {
    field: "Buscar conversas e mensagens",
    placeholder: "Buscar",
    clear: "Limpar a busca",
    results: "Resultados",
    chats: "Conversas",
    messages: "Mensagens",
    searching: "Buscando…",
    newChat: "Conversa nova",
    writeTo: (number: string) => `Escrever para ${number}`,
    said: {
      checking: "Verificando se está no WhatsApp…",
      not_on_whatsapp: "Este número não está no WhatsApp. Confira-o, ou ligue para ele.",
      not_told: "O gateway não sabe dizer se está no WhatsApp. Pressione de novo para abrir a conversa mesmo assim.",
    },
    none: (typed) => `Nada encontrado com “${typed}”.`,
    noneHint: "Tente menos palavras ou só o começo de uma.",
    failed: "Não foi possível buscar",
    moreFailed: "Não foi possível ler mais resultados",
    chatsFoundCount: (count) => n(count, "conversa encontrada", "conversas encontradas"),
    messagesFoundCount: (count, more) =>
      `${more ? "mais de " : ""}${n(count, "mensagem encontrada", "mensagens encontradas")}`,
    you: "Você",
    find: "Buscar nesta conversa",
    findPlaceholder: "Buscar nesta conversa",
    older: "Resultado mais antigo",
    newer: "Resultado mais recente",
    close: "Fechar a busca",
    place: (at, count) => `${at} de ${count}`,
    findNone: "Sem resultados",
    findFailed: "Não foi possível buscar",
    laterFailed: "Não foi possível ler as mensagens seguintes",
  },
};
