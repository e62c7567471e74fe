import type { FaultCatalogue } from "./es.faults";

export const faults: FaultCatalogue = {
  errors: {
    bad_request: {
      what: "Mostrador did not understand what it was asked.",
      means: "Nothing was sent.",
      now: "Try again. If it happens again, close and open Mostrador.",
    },
    unknown_command: {
      what: "This window and the program are of different versions.",
      means: "Nothing was sent.",
      now: "Close and open Mostrador.",
    },
    not_found: {
      what: "That no longer exists.",
      means: "Nothing was sent.",
      now: "Go back to the list: it is up to date.",
    },
    internal: {
      what: "Something failed inside Mostrador.",
      means: "What you had already sent is safe.",
      now: "Try again. If it happens again, close and open Mostrador.",
    },
    token_missing: {
      what: "This number's access key is missing.",
      means: "Waiting messages go on waiting.",
      now: "Add it in Settings → Numbers.",
    },
    token_rejected: {
      what: "The gateway does not accept the access key.",
      means: "Waiting messages go on waiting; none is lost.",
      now: "Copy the key again from the gateway's panel and paste all of it.",
    },
    session_key_rejected: {
      what: "The gateway accepts the access key, but not the session key.",
      means: "This number cannot be linked like that; nothing was saved.",
      now: "Copy the session key (containerToken) again, the second one that you were given, and paste all of it.",
    },
    keyring_unavailable: {
      what: "This computer's password store does not answer.",
      means: "The key was not kept, neither there nor in a file.",
      now: "Start it and try again, or use the key for this run only.",
    },
    keyring_locked: {
      what: "This computer's password store is locked.",
      means: "The key was not kept, neither there nor in a file.",
      now: "Unlock it and try again, or use the key for this run only.",
    },
    gateway_unreachable: {
      what: "The gateway cannot be reached.",
      means: "Waiting messages go out by themselves when it is back.",
      now: "Check the internet connection and the gateway's address, then try again.",
    },
    gateway_error: {
      what: "The gateway has a problem.",
      means: "Waiting messages go out by themselves when it is solved.",
      now: "Wait a few minutes. If it goes on, look at the gateway's panel.",
    },
    another_server: {
      what: "Something else answers at that address, not this gateway.",
      means: "Nothing was kept and nothing was sent.",
      now: "Copy the address again from the gateway's panel, and check that you chose the right gateway.",
    },
    device_unknown: {
      what: "The gateway has no number of that name.",
      means: "Waiting messages go on waiting; none is lost.",
      now: "Type the number with its country code (if it is missing there, Mostrador makes it), or the name as its panel has it.",
    },
    rate_limited: {
      what: "The gateway asks to go slower.",
      means: "Waiting messages go out by themselves.",
      now: "Wait a minute and try again.",
    },
    restricted: {
      what: "WhatsApp has limited this number for now.",
      means: "Waiting messages go on waiting.",
      now: "Stop sending and wait. You can go on reading.",
    },
    not_linked: {
      what: "The number is not linked to the phone.",
      means: "Waiting messages go on waiting.",
      now: "Link it with the QR code.",
    },
    already_linked: {
      what: "The number is already linked.",
      means: "No code is needed.",
      now: "Go to the chats. To link another phone, log out first.",
    },
    not_offered: {
      what: "This number's gateway does not offer that.",
      means: "Nothing was sent.",
      now: "Do it on the phone.",
    },
    number_invalid: {
      what: "That number cannot be linked here.",
      means: "Nothing was linked.",
      now: "Write all of it, with the country code, just as the shop's WhatsApp has it.",
    },
    url_invalid: {
      what: "The gateway's address is not right.",
      means: "Nothing was saved.",
      now: "Copy all of it: it starts with https://",
    },
    field_missing: {
      what: "Something that the gateway asks for is missing.",
      means: "Nothing was saved.",
      now: "Fill it in and try again.",
    },
    field_invalid: {
      what: "Something has a form that the gateway does not take.",
      means: "Nothing was saved.",
      now: "Copy it again, all of it and without blanks.",
    },
    message_empty: {
      what: "The message is empty.",
      means: "Nothing was sent.",
      now: "Write a text or add a photo.",
    },
    message_too_long: {
      what: "The message is too long.",
      means: "Nothing was sent; your text is still here.",
      now: "Shorten it or split it in two.",
    },
    media_too_large: {
      what: "The file is too large.",
      means: "Nothing was sent.",
      now: "Choose a smaller one.",
    },
    media_unsupported: {
      what: "This number cannot send that kind of file.",
      means: "Nothing was sent.",
      now: "Use JPEG or PNG for a photo; send anything else as a document.",
    },
    media_missing: {
      what: "The file is no longer available.",
      means: "The message is still there, but without the file.",
      now: "See it on the phone or ask for it again.",
    },
    storage_full: {
      what: "This computer's disk is full.",
      means: "The last thing was neither saved nor sent.",
      now: "Free some space and try again.",
    },
    storage_busy: {
      what: "Mostrador's data is busy.",
      means: "The last thing was neither saved nor sent.",
      now: "Wait a moment and try again.",
    },
    storage_failed: {
      what: "Mostrador cannot use its data on this computer.",
      means: "The last thing was neither saved nor sent.",
      now: "Check the disk; then close and open Mostrador.",
    },
    refused: {
      what: "The gateway does not accept this.",
      means: "Nothing was changed or sent.",
      now: "Change it (shorter, other words, another number) and try again.",
    },
    uncertain: {
      what: "It left, and no answer came.",
      means: "It may have arrived. Mostrador does not send it again.",
      now: "Look on the phone. Only if it is not there, send it anew.",
    },
    state_changed: {
      what: "Somebody else was faster: this has changed already.",
      means: "Nothing was repeated.",
      now: "See how it is now and decide again.",
    },
    written_to: {
      what: "Somebody of this audience has the campaign, or may have it.",
      means: "The audience stays as it is, so that nobody gets it twice.",
      now: "Say of each unconfirmed one whether it went, and send to the others.",
    },
    unauthorized: {
      what: "This page has no permission to come in.",
      means: "Nothing was sent.",
      now: "Open it with the full link that Mostrador shows when it starts.",
    },
    file_unreadable: {
      what: "This file can no longer be read.",
      means: "Nothing was sent.",
      now: "Attach it again.",
    },
    core_lost: {
      what: "Mostrador did not answer.",
      means: "We do not know whether the last thing was done.",
      now: "Wait until it reconnects and try again: nothing is sent twice.",
    },
  },
  failures: {
    refused_recipient: {
      what: "This number cannot be written to.",
      means: "The message did not arrive.",
      now: "Check the number with the customer.",
    },
    forbidden: {
      what: "The gateway forbids writing to this number.",
      means: "The message did not arrive.",
      now: "Check the number with the customer.",
    },
    refused_content: {
      what: "The gateway does not accept this message.",
      means: "The message did not arrive.",
      now: "Discard it and write it another way.",
    },
    plan_limit: {
      what: "Your plan at the gateway is used up.",
      means: "The message did not arrive.",
      now: "Extend the plan in its panel and retry.",
    },
    too_large: {
      what: "The file is too large for the gateway.",
      means: "The message did not arrive.",
      now: "Discard it and send a smaller one.",
    },
    media_unsupported: {
      what: "The gateway does not accept this kind of file.",
      means: "The message did not arrive.",
      now: "Discard it and send it as a document, or a photo as JPEG or PNG.",
    },
    media_missing: {
      what: "The file is no longer on this computer.",
      means: "The message did not arrive.",
      now: "Discard it and attach the file again.",
    },
    not_linked: {
      what: "The number was not linked to the phone.",
      means: "The message did not arrive.",
      now: "Link it and retry.",
    },
    token_rejected: {
      what: "The gateway did not accept the access key.",
      means: "The message did not arrive.",
      now: "Replace the key in Settings and retry.",
    },
    restricted: {
      what: "WhatsApp has limited this number.",
      means: "The message did not arrive.",
      now: "Wait until the limit is over and retry.",
    },
    attempts_used_up: {
      what: "We tried several times and the gateway did not answer.",
      means: "The message did not arrive.",
      now: "Check the internet connection and retry.",
    },
    no_answer: {
      what: "The message left, but no answer came.",
      means: "The customer may already have it.",
      now: "See on the phone whether it is there and tell us what happened.",
    },
    number_changed: {
      what: "Another number is linked here by now.",
      means: "The message did not leave.",
      now: "Retry to send it from that number, or discard it.",
    },
    earlier_number: {
      what: "It left from the number that was linked before, and no answer came.",
      means: "The customer may already have it.",
      now: "Look on that number's phone and tell us what happened.",
    },
  },
  degraded: {
    unreachable: {
      what: "The gateway cannot be reached.",
      means: "What you write waits and goes out by itself when it is back.",
      now: "Check this computer's internet connection.",
    },
    gateway_error: {
      what: "The gateway has a problem.",
      means: "What you write waits and goes out by itself.",
      now: "If it lasts more than a few minutes, look at its panel.",
    },
    device_unknown: {
      what: "The gateway has no number of that name.",
      means: "What you write waits; nothing is lost.",
      now: "Make it under that name in the gateway's panel, or remove this number in Settings and add it under the right name.",
    },
    rate_limited: {
      what: "The gateway asks to go slower.",
      means: "What you write goes out a little later.",
      now: "There is nothing to do.",
    },
    deaf: {
      what: "The number is linked, but nothing comes in.",
      means: "There may be customers' messages that you do not see yet.",
      now: "Open WhatsApp on the shop's phone and check that it has internet.",
    },
    unreadable: {
      what: "The gateway takes messages, but cannot be read.",
      means: "There may be customers' messages that you do not see yet. What you write goes out.",
      now: "If it lasts more than a few minutes, look at its panel.",
    },
  },
};
