import type { DegradedReason, FailureCode, FaultCode } from "../platform";

/** What happened, what it means for the customer's message, what to do now. */
export type FaultWords = { what: string; means: string; now: string };

export type FaultCatalogue = {
  errors: Record<FaultCode, FaultWords>;
  failures: Record<FailureCode, FaultWords>;
  degraded: Record<DegradedReason, FaultWords>;
};

export const faults: FaultCatalogue = {
  errors: {
    bad_request: {
      what: "Mostrador no entendió lo que se le pidió.",
      means: "No se envió nada.",
      now: "Prueba otra vez. Si se repite, cierra y abre Mostrador.",
    },
    unknown_command: {
      what: "Esta ventana y el programa son de versiones distintas.",
      means: "No se envió nada.",
      now: "Cierra y abre Mostrador.",
    },
    not_found: {
      what: "Eso ya no existe.",
      means: "No se envió nada.",
      now: "Vuelve a la lista: ya está al día.",
    },
    internal: {
      what: "Algo falló dentro de Mostrador.",
      means: "Lo que ya habías enviado está a salvo.",
      now: "Prueba otra vez. Si se repite, cierra y abre Mostrador.",
    },
    token_missing: {
      what: "Falta la clave de acceso de este número.",
      means: "Los mensajes en cola esperan.",
      now: "Ponla en Ajustes → Números.",
    },
    token_rejected: {
      what: "La pasarela no acepta la clave de acceso.",
      means: "Los mensajes en cola esperan; no se pierde ninguno.",
      now: "Copia la clave otra vez desde el panel de la pasarela y pégala completa.",
    },
    session_key_rejected: {
      what: "La pasarela acepta la clave de acceso, pero no la clave de la sesión.",
      means: "Este número no se puede vincular así; no se guardó nada.",
      now: "Copia otra vez la clave de la sesión (containerToken), la segunda que te dieron, y pégala completa.",
    },
    keyring_unavailable: {
      what: "El almacén de contraseñas de este equipo no responde.",
      means: "La clave no se guardó, ni ahí ni en un archivo.",
      now: "Inícialo y prueba otra vez, o usa la clave solo esta vez.",
    },
    keyring_locked: {
      what: "El almacén de contraseñas de este equipo está bloqueado.",
      means: "La clave no se guardó, ni ahí ni en un archivo.",
      now: "Desbloquéalo y prueba otra vez, o usa la clave solo esta vez.",
    },
    gateway_unreachable: {
      what: "No se puede llegar a la pasarela.",
      means: "Los mensajes en cola esperan y salen solos cuando vuelva.",
      now: "Revisa internet y la dirección de la pasarela; luego prueba otra vez.",
    },
    gateway_error: {
      what: "La pasarela tiene un problema.",
      means: "Los mensajes en cola esperan y salen solos cuando se arregle.",
      now: "Espera unos minutos. Si sigue, mira el panel de la pasarela.",
    },
    another_server: {
      what: "En esa dirección contesta otra cosa, no esta pasarela.",
      means: "No se guardó ni se envió nada.",
      now: "Copia la dirección otra vez del panel de la pasarela y revisa que elegiste la correcta.",
    },
    device_unknown: {
      what: "La pasarela no tiene ningún número con ese nombre.",
      means: "Los mensajes en cola esperan; no se perdió ninguno.",
      now: "Escribe el número con el código del país (si ahí falta, Mostrador lo crea), o el nombre tal como está en su panel.",
    },
    rate_limited: {
      what: "La pasarela pide ir más despacio.",
      means: "Los mensajes en cola esperan y salen solos.",
      now: "Espera un minuto y prueba otra vez.",
    },
    restricted: {
      what: "WhatsApp limitó este número por ahora.",
      means: "Los mensajes en cola esperan.",
      now: "Deja de enviar y espera. Puedes seguir leyendo.",
    },
    not_linked: {
      what: "El número no está vinculado al teléfono.",
      means: "Los mensajes en cola esperan.",
      now: "Vincúlalo con el código QR.",
    },
    already_linked: {
      what: "El número ya está vinculado.",
      means: "No hace falta ningún código.",
      now: "Ve a los chats. Para vincular otro teléfono, cierra antes la sesión.",
    },
    not_offered: {
      what: "La pasarela de este número no ofrece eso.",
      means: "No se envió nada.",
      now: "Hazlo en el teléfono.",
    },
    number_invalid: {
      what: "Ese número no se puede vincular aquí.",
      means: "No se vinculó nada.",
      now: "Escríbelo completo, con el código del país, tal como lo tiene el WhatsApp de la tienda.",
    },
    url_invalid: {
      what: "La dirección de la pasarela no es correcta.",
      means: "No se guardó nada.",
      now: "Cópiala completa: empieza por https://",
    },
    field_missing: {
      what: "Falta un dato que pide la pasarela.",
      means: "No se guardó nada.",
      now: "Complétalo y prueba otra vez.",
    },
    field_invalid: {
      what: "Un dato tiene una forma que la pasarela no admite.",
      means: "No se guardó nada.",
      now: "Cópialo otra vez, completo y sin espacios.",
    },
    message_empty: {
      what: "El mensaje está vacío.",
      means: "No se envió nada.",
      now: "Escribe un texto o añade una foto.",
    },
    message_too_long: {
      what: "El mensaje es demasiado largo.",
      means: "No se envió nada; tu texto sigue aquí.",
      now: "Acórtalo o divídelo en dos.",
    },
    media_too_large: {
      what: "El archivo pesa demasiado.",
      means: "No se envió nada.",
      now: "Elige uno más pequeño.",
    },
    media_unsupported: {
      what: "Este número no puede enviar ese tipo de archivo.",
      means: "No se envió nada.",
      now: "Para una foto usa JPEG o PNG; lo demás envíalo como documento.",
    },
    media_missing: {
      what: "El archivo ya no está disponible.",
      means: "El mensaje sigue, pero sin el archivo.",
      now: "Míralo en el teléfono o pide que te lo envíen otra vez.",
    },
    storage_full: {
      what: "El disco de este equipo está lleno.",
      means: "Lo último no se guardó ni se envió.",
      now: "Libera espacio y prueba otra vez.",
    },
    storage_busy: {
      what: "Los datos de Mostrador están ocupados.",
      means: "Lo último no se guardó ni se envió.",
      now: "Espera un momento y prueba otra vez.",
    },
    storage_failed: {
      what: "Mostrador no puede usar sus datos en este equipo.",
      means: "Lo último no se guardó ni se envió.",
      now: "Revisa el disco; después cierra y abre Mostrador.",
    },
    refused: {
      what: "La pasarela no acepta esto.",
      means: "No se cambió ni se envió nada.",
      now: "Cámbialo (más corto, otras palabras, otro número) y prueba de nuevo.",
    },
    uncertain: {
      what: "Salió y no llegó respuesta.",
      means: "Puede haber llegado. Mostrador no lo envía otra vez.",
      now: "Mira en el teléfono. Solo si no está, envíalo de nuevo.",
    },
    state_changed: {
      what: "Otra persona se adelantó: esto ya cambió.",
      means: "No se repitió nada.",
      now: "Mira cómo quedó y decide de nuevo.",
    },
    written_to: {
      what: "Alguien de este público tiene la campaña, o quizá la tiene.",
      means: "El público queda como está, para que nadie la reciba dos veces.",
      now: "Di de cada uno sin confirmar si salió su mensaje, y envía a los demás.",
    },
    unauthorized: {
      what: "Esta página no tiene permiso para entrar.",
      means: "No se envió nada.",
      now: "Ábrela con el enlace completo que muestra Mostrador al arrancar.",
    },
    file_unreadable: {
      what: "Ya no se puede leer este archivo.",
      means: "No se envió nada.",
      now: "Adjúntalo otra vez.",
    },
    core_lost: {
      what: "Mostrador no respondió.",
      means: "No sabemos si lo último se hizo.",
      now: "Espera a que reconecte y prueba otra vez: no se envía dos veces.",
    },
  },
  failures: {
    refused_recipient: {
      what: "A este número no se le puede escribir.",
      means: "El mensaje no llegó.",
      now: "Comprueba el número con el cliente.",
    },
    forbidden: {
      what: "La pasarela prohíbe escribir a este número.",
      means: "El mensaje no llegó.",
      now: "Comprueba el número con el cliente.",
    },
    refused_content: {
      what: "La pasarela no acepta este mensaje.",
      means: "El mensaje no llegó.",
      now: "Descártalo y escríbelo de otra forma.",
    },
    plan_limit: {
      what: "Se agotó tu plan en la pasarela.",
      means: "El mensaje no llegó.",
      now: "Amplía el plan en su panel y reintenta.",
    },
    too_large: {
      what: "El archivo pesa demasiado para la pasarela.",
      means: "El mensaje no llegó.",
      now: "Descártalo y envía uno más pequeño.",
    },
    media_unsupported: {
      what: "La pasarela no acepta este tipo de archivo.",
      means: "El mensaje no llegó.",
      now: "Descártalo y envíalo como documento, o la foto como JPEG o PNG.",
    },
    media_missing: {
      what: "El archivo ya no está en este equipo.",
      means: "El mensaje no llegó.",
      now: "Descártalo y adjunta el archivo otra vez.",
    },
    not_linked: {
      what: "El número no estaba vinculado al teléfono.",
      means: "El mensaje no llegó.",
      now: "Vincúlalo y reintenta.",
    },
    token_rejected: {
      what: "La pasarela no aceptó la clave de acceso.",
      means: "El mensaje no llegó.",
      now: "Cambia la clave en Ajustes y reintenta.",
    },
    restricted: {
      what: "WhatsApp limitó este número.",
      means: "El mensaje no llegó.",
      now: "Espera a que pase el límite y reintenta.",
    },
    attempts_used_up: {
      what: "Lo intentamos varias veces y la pasarela no respondió.",
      means: "El mensaje no llegó.",
      now: "Revisa internet y reintenta.",
    },
    no_answer: {
      what: "El mensaje salió, pero no llegó respuesta.",
      means: "Puede que el cliente ya lo tenga.",
      now: "Mira en el teléfono si está y dinos qué pasó.",
    },
    number_changed: {
      what: "Ahora hay otro número vinculado aquí.",
      means: "El mensaje no salió.",
      now: "Reintenta para enviarlo desde ese número, o descártalo.",
    },
    earlier_number: {
      what: "Salió del número vinculado antes, y no llegó respuesta.",
      means: "Puede que el cliente ya lo tenga.",
      now: "Míralo en el teléfono de aquel número y dinos qué pasó.",
    },
  },
  degraded: {
    unreachable: {
      what: "No se puede llegar a la pasarela.",
      means: "Lo que escribas espera y sale solo cuando vuelva.",
      now: "Revisa internet en este equipo.",
    },
    gateway_error: {
      what: "La pasarela tiene un problema.",
      means: "Lo que escribas espera y sale solo.",
      now: "Si dura más de unos minutos, mira su panel.",
    },
    device_unknown: {
      what: "La pasarela no tiene ningún número con ese nombre.",
      means: "Lo que escribas espera; no se pierde nada.",
      now: "Créalo con ese nombre en el panel de la pasarela, o quita este número en Ajustes y agrégalo con el nombre correcto.",
    },
    rate_limited: {
      what: "La pasarela pide ir más despacio.",
      means: "Lo que escribas sale con un poco de retraso.",
      now: "No hace falta hacer nada.",
    },
    deaf: {
      what: "El número está vinculado, pero no llega nada.",
      means: "Puede haber mensajes de clientes que aún no ves.",
      now: "Abre WhatsApp en el teléfono de la tienda y comprueba que tenga internet.",
    },
    unreadable: {
      what: "La pasarela acepta mensajes, pero no se puede leer.",
      means: "Puede haber mensajes de clientes que aún no ves. Lo que escribes sale.",
      now: "Si dura más de unos minutos, mira su panel.",
    },
  },
};
