import type { FaultCatalogue } from "./es.faults";

export const faults: FaultCatalogue = {
  errors: {
    bad_request: {
      what: "O Mostrador não entendeu o que foi pedido.",
      means: "Nada foi enviado.",
      now: "Tente de novo. Se repetir, feche e abra o Mostrador.",
    },
    unknown_command: {
      what: "Esta janela e o programa são de versões diferentes.",
      means: "Nada foi enviado.",
      now: "Feche e abra o Mostrador.",
    },
    not_found: {
      what: "Isso não existe mais.",
      means: "Nada foi enviado.",
      now: "Volte à lista: ela já está atualizada.",
    },
    internal: {
      what: "Algo falhou dentro do Mostrador.",
      means: "O que você já tinha enviado está seguro.",
      now: "Tente de novo. Se repetir, feche e abra o Mostrador.",
    },
    token_missing: {
      what: "Falta a chave de acesso deste número.",
      means: "As mensagens na fila esperam.",
      now: "Coloque-a em Configurações → Números.",
    },
    token_rejected: {
      what: "O gateway não aceita a chave de acesso.",
      means: "As mensagens na fila esperam; nenhuma se perde.",
      now: "Copie a chave de novo do painel do gateway e cole-a inteira.",
    },
    session_key_rejected: {
      what: "O gateway aceita a chave de acesso, mas não a chave da sessão.",
      means: "Este número não pode ser conectado assim; nada foi salvo.",
      now: "Copie de novo a chave da sessão (containerToken), a segunda que lhe deram, e cole-a inteira.",
    },
    keyring_unavailable: {
      what: "O cofre de senhas deste computador não responde.",
      means: "A chave não foi guardada, nem nele nem em um arquivo.",
      now: "Inicie-o e tente de novo, ou use a chave só desta vez.",
    },
    keyring_locked: {
      what: "O cofre de senhas deste computador está bloqueado.",
      means: "A chave não foi guardada, nem nele nem em um arquivo.",
      now: "Desbloqueie-o e tente de novo, ou use a chave só desta vez.",
    },
    gateway_unreachable: {
      what: "Não é possível chegar ao gateway.",
      means: "As mensagens na fila esperam e saem sozinhas quando ele voltar.",
      now: "Verifique a internet e o endereço do gateway; depois tente de novo.",
    },
    gateway_error: {
      what: "O gateway está com um problema.",
      means: "As mensagens na fila esperam e saem sozinhas quando se resolver.",
      now: "Espere alguns minutos. Se continuar, veja o painel do gateway.",
    },
    another_server: {
      what: "Nesse endereço responde outra coisa, não este gateway.",
      means: "Nada foi guardado nem enviado.",
      now: "Copie o endereço de novo do painel do gateway e veja se escolheu o gateway certo.",
    },
    device_unknown: {
      what: "O gateway não tem nenhum número com esse nome.",
      means: "As mensagens na fila esperam; nenhuma se perdeu.",
      now: "Escreva o número com o código do país (se lá faltar, o Mostrador o cria) ou o nome tal como está no painel dele.",
    },
    rate_limited: {
      what: "O gateway pede para ir mais devagar.",
      means: "As mensagens na fila esperam e saem sozinhas.",
      now: "Espere um minuto e tente de novo.",
    },
    restricted: {
      what: "O WhatsApp limitou este número por enquanto.",
      means: "As mensagens na fila esperam.",
      now: "Pare de enviar e espere. Você pode continuar lendo.",
    },
    not_linked: {
      what: "O número não está conectado ao celular.",
      means: "As mensagens na fila esperam.",
      now: "Conecte-o com o código QR.",
    },
    already_linked: {
      what: "O número já está conectado.",
      means: "Não é preciso nenhum código.",
      now: "Vá para as conversas. Para conectar outro celular, encerre antes a sessão.",
    },
    not_offered: {
      what: "O gateway deste número não oferece isso.",
      means: "Nada foi enviado.",
      now: "Faça pelo celular.",
    },
    number_invalid: {
      what: "Esse número não pode ser conectado aqui.",
      means: "Nada foi conectado.",
      now: "Escreva-o inteiro, com o código do país, como está no WhatsApp da loja.",
    },
    url_invalid: {
      what: "O endereço do gateway não está certo.",
      means: "Nada foi salvo.",
      now: "Copie-o inteiro: começa com https://",
    },
    field_missing: {
      what: "Falta um dado que o gateway pede.",
      means: "Nada foi salvo.",
      now: "Preencha e tente de novo.",
    },
    field_invalid: {
      what: "Um dado tem uma forma que o gateway não aceita.",
      means: "Nada foi salvo.",
      now: "Copie-o de novo, inteiro e sem espaços.",
    },
    message_empty: {
      what: "A mensagem está vazia.",
      means: "Nada foi enviado.",
      now: "Escreva um texto ou adicione uma foto.",
    },
    message_too_long: {
      what: "A mensagem é longa demais.",
      means: "Nada foi enviado; seu texto continua aqui.",
      now: "Encurte ou divida em duas.",
    },
    media_too_large: {
      what: "O arquivo é grande demais.",
      means: "Nada foi enviado.",
      now: "Escolha um menor.",
    },
    media_unsupported: {
      what: "Este número não pode enviar esse tipo de arquivo.",
      means: "Nada foi enviado.",
      now: "Para uma foto use JPEG ou PNG; o resto envie como documento.",
    },
    media_missing: {
      what: "O arquivo não está mais disponível.",
      means: "A mensagem continua, mas sem o arquivo.",
      now: "Veja no celular ou peça que o enviem de novo.",
    },
    storage_full: {
      what: "O disco deste computador está cheio.",
      means: "A última ação não foi salva nem enviada.",
      now: "Libere espaço e tente de novo.",
    },
    storage_busy: {
      what: "Os dados do Mostrador estão ocupados.",
      means: "A última ação não foi salva nem enviada.",
      now: "Espere um momento e tente de novo.",
    },
    storage_failed: {
      what: "O Mostrador não consegue usar os dados neste computador.",
      means: "A última ação não foi salva nem enviada.",
      now: "Verifique o disco; depois feche e abra o Mostrador.",
    },
    refused: {
      what: "O gateway não aceita isto.",
      means: "Nada foi mudado nem enviado.",
      now: "Mude (mais curto, outras palavras, outro número) e tente de novo.",
    },
    uncertain: {
      what: "Saiu e não veio resposta.",
      means: "Pode ter chegado. O Mostrador não envia outra vez.",
      now: "Olhe no celular. Só se não estiver lá, envie de novo.",
    },
    state_changed: {
      what: "Outra pessoa foi mais rápida: isto já mudou.",
      means: "Nada se repetiu.",
      now: "Veja como ficou e decida de novo.",
    },
    written_to: {
      what: "Alguém deste público tem a campanha, ou talvez tenha.",
      means: "O público fica como está, para ninguém receber duas vezes.",
      now: "Diga de cada um sem confirmação se a mensagem saiu, e envie para os outros.",
    },
    unauthorized: {
      what: "Esta página não tem permissão para entrar.",
      means: "Nada foi enviado.",
      now: "Abra-a com o link completo que o Mostrador mostra ao iniciar.",
    },
    file_unreadable: {
      what: "Não dá mais para ler este arquivo.",
      means: "Nada foi enviado.",
      now: "Anexe de novo.",
    },
    core_lost: {
      what: "O Mostrador não respondeu.",
      means: "Não sabemos se a última ação foi feita.",
      now: "Espere reconectar e tente de novo: nada é enviado duas vezes.",
    },
  },
  failures: {
    refused_recipient: {
      what: "Não é possível escrever para este número.",
      means: "A mensagem não chegou.",
      now: "Confira o número com o cliente.",
    },
    forbidden: {
      what: "O gateway proíbe escrever para este número.",
      means: "A mensagem não chegou.",
      now: "Confira o número com o cliente.",
    },
    refused_content: {
      what: "O gateway não aceita esta mensagem.",
      means: "A mensagem não chegou.",
      now: "Descarte-a e escreva de outra forma.",
    },
    plan_limit: {
      what: "O seu plano no gateway acabou.",
      means: "A mensagem não chegou.",
      now: "Amplie o plano no painel e tente de novo.",
    },
    too_large: {
      what: "O arquivo é grande demais para o gateway.",
      means: "A mensagem não chegou.",
      now: "Descarte-a e envie uma menor.",
    },
    media_unsupported: {
      what: "O gateway não aceita este tipo de arquivo.",
      means: "A mensagem não chegou.",
      now: "Descarte-a e envie como documento, ou a foto como JPEG ou PNG.",
    },
    media_missing: {
      what: "O arquivo não está mais neste computador.",
      means: "A mensagem não chegou.",
      now: "Descarte-a e anexe o arquivo de novo.",
    },
    not_linked: {
      what: "O número não estava conectado ao celular.",
      means: "A mensagem não chegou.",
      now: "Conecte-o e tente de novo.",
    },
    token_rejected: {
      what: "O gateway não aceitou a chave de acesso.",
      means: "A mensagem não chegou.",
      now: "Troque a chave em Configurações e tente de novo.",
    },
    restricted: {
      what: "O WhatsApp limitou este número.",
      means: "A mensagem não chegou.",
      now: "Espere o limite passar e tente de novo.",
    },
    attempts_used_up: {
      what: "Tentamos várias vezes e o gateway não respondeu.",
      means: "A mensagem não chegou.",
      now: "Verifique a internet e tente de novo.",
    },
    no_answer: {
      what: "A mensagem saiu, mas não veio resposta.",
      means: "Talvez o cliente já a tenha.",
      now: "Veja no celular se ela está lá e nos diga o que houve.",
    },
    number_changed: {
      what: "Agora há outro número conectado aqui.",
      means: "A mensagem não saiu.",
      now: "Tente de novo para enviá-la desse número, ou descarte-a.",
    },
    earlier_number: {
      what: "Saiu do número conectado antes, e não veio resposta.",
      means: "O cliente pode já ter recebido.",
      now: "Veja no telefone daquele número e conte o que houve.",
    },
  },
  degraded: {
    unreachable: {
      what: "Não é possível chegar ao gateway.",
      means: "O que você escrever espera e sai sozinho quando ele voltar.",
      now: "Verifique a internet deste computador.",
    },
    gateway_error: {
      what: "O gateway está com um problema.",
      means: "O que você escrever espera e sai sozinho.",
      now: "Se durar mais que alguns minutos, veja o painel dele.",
    },
    device_unknown: {
      what: "O gateway não tem nenhum número com esse nome.",
      means: "O que você escrever espera; nada se perde.",
      now: "Crie-o com esse nome no painel do gateway, ou remova este número em Configurações e adicione-o com o nome certo.",
    },
    rate_limited: {
      what: "O gateway pede para ir mais devagar.",
      means: "O que você escrever sai com um pequeno atraso.",
      now: "Não é preciso fazer nada.",
    },
    deaf: {
      what: "O número está conectado, mas não chega nada.",
      means: "Pode haver mensagens de clientes que você ainda não vê.",
      now: "Abra o WhatsApp no celular da loja e veja se ele tem internet.",
    },
    unreadable: {
      what: "O gateway aceita mensagens, mas não pode ser lido.",
      means: "Pode haver mensagens de clientes que você ainda não vê. O que você escreve sai.",
      now: "Se durar mais de alguns minutos, veja o painel dele.",
    },
  },
};
