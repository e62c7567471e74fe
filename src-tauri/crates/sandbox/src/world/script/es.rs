//! The Spanish-speaking customers, and the group.

use super::{GapWords, Line, Line::Show, Line::Them, Line::Us, Persona};
use crate::world::{Tongue, pictures::Motif};

pub(super) const GAPS: GapWords = GapWords {
    cakes: &[
        "torta de chocolate",
        "torta tres leches",
        "torta de zanahoria",
        "torta de lúcuma",
        "pie de limón",
        "torta helada",
    ],
    days: &[
        "el jueves",
        "el viernes",
        "el sábado",
        "el domingo",
        "mañana",
        "pasado mañana",
    ],
    streets: &[
        "Jr. Las Gardenias",
        "Av. Los Pinos",
        "Calle El Sauce",
        "Psje. Los Olivos",
    ],
};

pub(super) const PERSONAS: &[Persona] = &[
    Persona {
        number: "51900000011",
        name: "Rosa Quispe",
        saved_as: Some("Rosa Quispe"),
        tongue: Tongue::Spanish,
        past: (24, 20),
        waiting: &[
            Them("Buenas, ¿me puede confirmar si mi torta sale hoy?"),
            Them("Es la de lúcuma, para las 5"),
        ],
        part: &[
            Them("¡Qué alivio! Entonces paso a las 5 en punto"),
            Them("¿Le pueden poner una velita con el número 8?"),
            Them("Perfecto. ¿Cuánto sería en total con la velita?"),
            Them("Listo, pago al recoger. ¡Muchas gracias!"),
        ],
    },
    Persona {
        number: "51900000012",
        name: "Julio Mamani",
        saved_as: Some("Julio (ferretería)"),
        tongue: Tongue::Spanish,
        past: (6, 9),
        waiting: &[],
        part: &[
            Them("Hola vecino, ¿quedaron empanadas de la mañana?"),
            Them("Sepáreme seis, por favor. Cuatro de carne y dos de queso"),
            Them("Ya mando al muchacho a recogerlas"),
        ],
    },
    Persona {
        number: "51900000013",
        name: "Milagros Huamán",
        saved_as: None,
        tongue: Tongue::Spanish,
        past: (1, 2),
        waiting: &[
            Them("Hola, vi su cartel en la esquina 😊"),
            Show(Motif::Cake, "Quisiera una torta así para mi hija"),
            Them("¿Cuánto me saldría para 20 personas?"),
        ],
        part: &[
            Them("Está bien el precio. ¿La podrían tener para el sábado al mediodía?"),
            Them("¡Genial! El nombre es Valentina, con letras rosadas"),
            Them("¿Aceptan pago con billetera o solo efectivo?"),
            Them("Le envío el adelanto esta tarde. Gracias 🙏"),
        ],
    },
    Persona {
        number: "51900000014",
        name: "Carlos Ñahui",
        saved_as: Some("Carlos Ñahui"),
        tongue: Tongue::Spanish,
        past: (5, 8),
        waiting: &[],
        part: &[
            Them("Buen día. ¿A qué hora abren los domingos?"),
            Them("Perfecto, ahí estaré temprano"),
            Them("¿Tendrán pan de yema también?"),
            Them("👍"),
        ],
    },
    Persona {
        number: "51900000015",
        name: "Lucía Paredes",
        saved_as: Some("Lucía – Café Colibrí"),
        tongue: Tongue::Spanish,
        past: (9, 14),
        waiting: &[Them("Para mañana repetimos el pedido de siempre, por favor")],
        part: &[
            Them("Sí: 40 alfajores y 24 empanadas de queso"),
            Them("¿Pueden dejarlo a las 7:30? Abrimos a las 8"),
            Them("Buenísimo, gracias como siempre"),
            Show(Motif::Rolls, "Así quedó la vitrina de hoy, se fue todo 🙌"),
        ],
    },
    Persona {
        number: "51900000016",
        name: "Don Aurelio",
        saved_as: Some("Don Aurelio"),
        tongue: Tongue::Spanish,
        past: (3, 6),
        waiting: &[],
        part: &[
            Them("Buenas tardes señorita, habla Aurelio"),
            Them("Quería saber si mañana hay biscocho sin azúcar"),
            Them("Muy amable. Que Dios la bendiga"),
        ],
    },
    Persona {
        number: "51900000017",
        name: "Pilar Cárdenas",
        saved_as: None,
        tongue: Tongue::Spanish,
        past: (2, 4),
        waiting: &[
            Them("¿Hacen reparto hasta San Miguel?"),
            Them("¿Y cuánto cobran por el envío?"),
        ],
        part: &[
            Them("Ok. La dirección es Jr. Las Gardenias 412, timbre B"),
            Them("¿Como a qué hora llegaría?"),
            Them("Perfecto, estaré atenta"),
            Them("¡Llegó todo bien, muchas gracias! Estaba riquísimo"),
        ],
    },
    Persona {
        number: "51900000018",
        name: "Andrés Salas",
        saved_as: None,
        tongue: Tongue::Spanish,
        past: (4, 5),
        waiting: &[],
        part: &[
            Them("Hola, una consulta: ¿tienen algo sin gluten?"),
            Them("Ah, qué bueno. ¿Y con cuántos días hay que pedirlo?"),
            Them("Entonces anóteme uno para el viernes, por favor"),
            Them("A nombre de Andrés. ¡Gracias!"),
        ],
    },
];

pub(super) const DIALOGUES: &[&[Line]] = &[
    &[
        Them("Buenos días, ¿cuánto está la {cake}?"),
        Us("¡Buenos días! La {cake} mediana está {price} y rinde para 15 personas"),
        Them("¿Y se puede pedir para {day}?"),
        Us("Claro que sí. ¿A qué hora la recogería?"),
        Them("A eso de las {hour}"),
        Us("Anotado 📝 La dejamos lista para {day} a las {hour}"),
        Them("Muchas gracias"),
    ],
    &[
        Them("Hola, ¿hasta qué hora atienden hoy?"),
        Us("Hola 👋 Hoy estamos hasta las 8 de la noche"),
        Them("Ya, paso saliendo del trabajo"),
        Us("Le esperamos"),
    ],
    &[
        Them("¿Hacen envíos a {street}?"),
        Us("Sí llegamos. El envío es aparte, S/ 6"),
        Them("Perfecto, entonces una docena de alfajores y seis empanadas"),
        Us("Sería {price} más el envío. ¿Para qué hora?"),
        Them("Como para las {hour} si se puede"),
        Us("Sale el reparto a esa hora. Le aviso cuando esté en camino"),
        Them("Gracias, pago contra entrega"),
        Us("🛵 Ya salió su pedido"),
        Them("¡Llegó! Todo calentito"),
    ],
    &[
        Them("Buenas, quería hacerle una consulta"),
        Us("Dígame nomás"),
        Show(Motif::Cake, "¿Algo parecido a esto se puede?"),
        Us("¡Qué linda! Sí, la podemos hacer. Para 20 porciones sería {price}"),
        Them("Déjeme conversarlo en casa y le confirmo"),
        Us("Cuando guste"),
        Them("Ya, confirmada para {day}"),
        Us("Perfecto. Con la mitad de adelanto la agendamos"),
    ],
    &[
        Them("¿Tienen pan recién salido?"),
        Us("En diez minutos sale la hornada"),
        Them("Ahí voy, guárdeme 20"),
        Us("Separados 🥖"),
    ],
    &[
        Them("Le escribo por el pedido de {day}"),
        Us("Sí, cuénteme"),
        Them("¿Se puede cambiar la hora a las {hour}?"),
        Us("Sin problema, ya lo cambié"),
        Them("Uf, gracias. Me salva"),
    ],
    &[
        Them("La {cake} estuvo deliciosa, todos preguntaron dónde la compré"),
        Us("¡Qué alegría! Muchas gracias por contarnos 💛"),
        Them("Ya les pasé su número a mis primas"),
        Us("Se ganó un alfajor de regalo en su próxima visita"),
        Them("Jajaja lo cobro seguro"),
    ],
    &[
        Them("¿Me recuerda el precio de las empanadas?"),
        Us("De carne y de queso a S/ 5, de pollo a S/ 4.50"),
        Them("¿Por ciento hay descuento?"),
        Us("Por 50 unidades le hacemos 10 % menos"),
        Them("Ok, le aviso la cantidad {day}"),
    ],
    &[
        Them("Hola, ¿tienen bocaditos para una reunión?"),
        Us("Hola, sí. El ciento surtido está {price}"),
        Them("¿Qué trae?"),
        Us("Mini alfajores, enrolladitos, empanaditas y tartaletas de fresa"),
        Them("Suena bien. Dos cientos para {day} a las {hour}"),
        Us("Anotado. ¿A nombre de quién?"),
        Them("A mi nombre nomás"),
        Us("Listo, gracias 🙌"),
    ],
    &[
        Them("Disculpe, la boleta salió con otro nombre"),
        Us("Mil disculpas, la corregimos ahora mismo"),
        Them("Gracias. No hay apuro"),
        Us("Ya está, se la dejamos en caja"),
    ],
    &[
        Show(Motif::Flowers, "¿Pueden poner flores así encima de la torta?"),
        Us("Sí, las hacemos de azúcar. Quedan preciosas"),
        Them("¿Cuánto sube el precio?"),
        Us("Unos S/ 15 más, según la cantidad"),
        Them("Dele, que sea sorpresa para mi mamá"),
    ],
    &[
        Them("¿El domingo abren?"),
        Us("Sí, de 7 a 1 de la tarde"),
        Them("Buenísimo, gracias"),
    ],
];

pub(super) const OPENINGS: &[Line] = &[
    Them("Hola, ¿hasta qué hora atienden hoy?"),
    Them("Buenas, ¿cuánto está la {cake}?"),
    Them("¿Tienen algo para regalar, de unos {price}?"),
    Show(Motif::Cake, "¿Me podrían hacer una parecida?"),
    Them("Hola 👋 ¿están repartiendo por {street}?"),
    Them("¿Les queda {cake} para hoy?"),
    Show(Motif::Flowers, "Me gustaría esta decoración para {day}"),
    Them("Quisiera encargar una {cake} para {day} a las {hour}"),
];

pub(super) const CLOSINGS: &[Line] = &[
    Them("Muchas gracias"),
    Them("Ok 👍"),
    Them("Perfecto, le aviso cualquier cosa"),
    Them("Gracias, muy amables"),
    Them("Ya, buenísimo"),
];

pub(super) const GROUP_TALK: &[(&str, &str)] = &[
    ("51900000012", "Vecinos, mañana cortan el agua de 9 a 1"),
    ("51900000011", "Gracias por avisar, Julio"),
    ("51900000016", "Otra vez. Habrá que juntar desde temprano"),
    ("51900000010", "Nosotros abrimos igual, hoy horneamos doble 🥐"),
    ("51900000018", "Se les quiere, panadería"),
    (
        "51900000014",
        "¿Alguien sabe si ya arreglaron el farol del pasaje?",
    ),
    ("51900000012", "Vino la cuadrilla en la tarde, parece que sí"),
    ("51900000011", "Yo lo vi prendido anoche"),
    ("51900000014", "Qué bueno, gracias"),
    (
        "51900000016",
        "El sábado hay faena de limpieza, a las 8. No falten",
    ),
    ("51900000010", "Llevamos el desayuno para todos"),
    ("51900000018", "Entonces voy a las 7 😂"),
];

pub(super) const GROUP_ANSWERS: &[&str] = &[
    "Gracias por avisar",
    "Ahí estaremos",
    "👏👏",
    "Qué bueno, vecinos",
    "Anotado",
];
