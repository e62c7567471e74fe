//! The Portuguese-speaking customers.

use super::{GapWords, Line, Line::Show, Line::Them, Line::Us, Persona};
use crate::world::{Tongue, pictures::Motif};

pub(super) const GAPS: GapWords = GapWords {
    cakes: &[
        "bolo de chocolate",
        "bolo de cenoura",
        "torta de limão",
        "bolo de fubá",
        "torta de morango",
    ],
    days: &[
        "na quinta",
        "na sexta",
        "no sábado",
        "no domingo",
        "amanhã",
        "depois de amanhã",
    ],
    streets: &[
        "Rua das Acácias",
        "Av. dos Ipês",
        "Rua do Jatobá",
        "Travessa das Flores",
    ],
};

pub(super) const PERSONAS: &[Persona] = &[
    Persona {
        number: "5511900000001",
        name: "Mariana Souza",
        saved_as: Some("Mariana Souza"),
        tongue: Tongue::Portuguese,
        past: (8, 11),
        waiting: &[
            Them("Oi! Vocês entregam hoje ainda?"),
            Them("Precisava de um bolo até as 18h"),
        ],
        part: &[
            Them("Que ótimo! Pode ser o de cenoura com cobertura"),
            Them("Rua das Acácias, 210, portão azul"),
            Them("Quanto fica com a entrega?"),
            Them("Fechado, pago no pix assim que chegar. Obrigada!"),
        ],
    },
    Persona {
        number: "5511900000002",
        name: "João Pedro Lima",
        saved_as: None,
        tongue: Tongue::Portuguese,
        past: (2, 3),
        waiting: &[],
        part: &[
            Them("Bom dia! Qual o horário de vocês no sábado?"),
            Them("Beleza, passo aí de manhã então"),
            Them("Tem pão de queijo quentinho nessa hora?"),
            Them("Valeu! 🙌"),
        ],
    },
    Persona {
        number: "5511900000003",
        name: "Dona Célia",
        saved_as: Some("Dona Célia"),
        tongue: Tongue::Portuguese,
        past: (5, 9),
        waiting: &[Show(
            Motif::Flowers,
            "Olha que lindo, dá pra fazer assim no bolo?",
        )],
        part: &[
            Them("É pras minhas bodas de ouro, 50 anos de casada ❤️"),
            Them("Umas 40 pessoas, mais ou menos"),
            Them("Combinado, meu filho. Deus abençoe"),
        ],
    },
    Persona {
        number: "5511900000004",
        name: "Thiago Ribeiro",
        saved_as: None,
        tongue: Tongue::Portuguese,
        past: (3, 5),
        waiting: &[],
        part: &[
            Them("E aí, tudo bem? Vocês fazem salgado pra festa?"),
            Them("Uns 200, sortidos. Quanto sai o cento?"),
            Them("Fechou. É pra domingo, 15h"),
            Them("Show, mando o sinal ainda hoje"),
        ],
    },
];

pub(super) const DIALOGUES: &[&[Line]] = &[
    &[
        Them("Oi, bom dia! Quanto está o {cake}?"),
        Us("Bom dia! O {cake} médio sai {price} e serve 15 pessoas"),
        Them("Dá pra encomendar {day}?"),
        Us("Dá sim! Que horas você retira?"),
        Them("Lá pelas {hour}"),
        Us("Anotado 📝 Fica pronto às {hour}"),
        Them("Obrigada!"),
    ],
    &[
        Them("Vocês ficam abertos até que horas?"),
        Us("Hoje até as 20h 😊"),
        Them("Boa, passo depois do trabalho"),
    ],
    &[
        Them("Entregam na {street}?"),
        Us("Entregamos sim, a taxa é R$ 8"),
        Them("Então quero uma dúzia de brigadeiros e um {cake}"),
        Us("Dá {price} mais a entrega. Pra que horas?"),
        Them("Pode ser {hour}"),
        Us("Combinado! Aviso quando sair"),
        Us("🛵 Saiu agora"),
        Them("Chegou certinho, obrigada!"),
    ],
    &[
        Them("Gente, o {cake} estava maravilhoso"),
        Us("Que bom saber! Obrigado pelo carinho 💛"),
        Them("Minha sogra pediu a receita kkkk"),
        Us("Essa a gente não conta 😄"),
    ],
    &[
        Show(Motif::Cake, "Fazem desse jeito?"),
        Us("Fazemos! Pra 20 fatias fica {price}"),
        Them("Perfeito, quero {day}"),
        Us("Com metade de sinal a gente já reserva"),
        Them("Vou mandar agora"),
        Us("Recebido, muito obrigado!"),
    ],
    &[
        Them("Preciso mudar meu pedido {day}"),
        Us("Sem problema, o que mudou?"),
        Them("Pode ser às {hour}?"),
        Us("Pode! Já alterei aqui"),
        Them("Vocês são demais"),
    ],
    &[
        Them("Tem pão saindo do forno?"),
        Us("Sai em dez minutos"),
        Them("Separa 12 pra mim, por favor"),
        Us("Separados 🥖"),
    ],
    &[
        Them("Quanto é o cento de salgadinho?"),
        Us("Sortido sai {price}: coxinha, risole, bolinha de queijo e kibe"),
        Them("Ótimo. Dois centos {day}"),
        Us("Anotado! Em nome de quem?"),
        Them("No meu mesmo"),
    ],
];

pub(super) const OPENINGS: &[Line] = &[
    Them("Oi! Vocês estão abertos agora?"),
    Them("Boa tarde, quanto está o {cake}?"),
    Show(Motif::Rolls, "Tem desses pãezinhos hoje?"),
    Them("Queria encomendar um {cake} {day}, lá pelas {hour}"),
    Them("Entregam na {street}?"),
];

pub(super) const CLOSINGS: &[Line] = &[
    Them("Muito obrigada!"),
    Them("Beleza 👍"),
    Them("Combinado então"),
    Them("Valeu, ótimo dia pra vocês"),
];
