import type { DegradedReason, DeviceState, DeviceView } from "../platform";
import { phoneWords } from "./phone";
import { daysBetween, speech } from "./speech.svelte";

/** Troubles in which nothing goes out. */
const HELD: readonly DegradedReason[] = ["unreachable", "gateway_error", "device_unknown"];

/** A device's state in words: the short state, the reason with what to do, and the tone its icon takes. */
export type Standing = {
  tone: "good" | "busy" | "warn" | "bad" | "off";
  state: string;
  reason: string;
};

/** `inbound`: how what customers write gets here. */
export function standingOf(state: DeviceState, inbound?: DeviceView["inbound"]): Standing {
  const { state: states, reason: reasons, since, sinceToday } = speech.words.devices;
  switch (state.kind) {
    case "unconfigured":
      return { tone: "bad", state: states[state.why], reason: reasons[state.why] };
    case "connecting":
    case "syncing":
      return { tone: "busy", state: states[state.kind], reason: reasons[state.kind] };
    case "pairing":
      return { tone: "warn", state: states.pairing, reason: reasons.pairing };
    case "online": {
      const arrives = inbound === "unproved" ? reasons.unproved : reasons.online;
      return { tone: "good", state: states.online, reason: inbound === "none" ? reasons.sendsOnly : arrives };
    }
    case "degraded": {
      const { what, means, now } = speech.words.degraded[state.why];
      const today = daysBetween(state.since, Date.now()) === 0;
      const when = today ? sinceToday(speech.clock(state.since)) : since(speech.when(state.since));
      return { tone: "warn", state: states.degraded, reason: `${what} ${means} ${now} ${when}` };
    }
    case "logged_out":
      return { tone: "bad", state: states.logged_out, reason: reasons.logged_out };
    case "restricted": {
      const reason = state.until === null ? reasons.restricted : reasons.restrictedUntil(speech.when(state.until));
      return { tone: "bad", state: states.restricted, reason };
    }
    case "stopped":
      return { tone: "off", state: states.stopped, reason: reasons.stopped };
  }
}

export function isLinked({ state }: DeviceView): boolean {
  return ["online", "degraded", "syncing", "restricted"].includes(state.kind);
}

/** Its own number; some gateways never tell that of a number that works. */
export function numberOf(device: DeviceView): string {
  if (device.ownNumber !== null) return phoneWords(device.ownNumber);
  const { numberUnsaid, numberNone } = speech.words.settings;
  return isLinked(device) ? numberUnsaid : numberNone;
}

/** Whether a chat's device can send now. "queues": what is written is kept and goes out by itself later. */
export type Sending =
  | { kind: "can" }
  | { kind: "queues"; words: string }
  | { kind: "cannot"; words: string; go: "settings" | "pairing" | null };

/** `shut`: in this group only others may write. */
export function sendingOf(device: DeviceView | undefined, group = false, shut = false): Sending {
  const { cannot, queued } = speech.words.composer;
  if (!device) return { kind: "cannot", words: cannot.gone, go: null };
  const { state, capabilities } = device;
  switch (state.kind) {
    case "unconfigured":
      return { kind: "cannot", words: cannot[state.why], go: "settings" };
    case "pairing":
    case "logged_out":
      return { kind: "cannot", words: cannot[state.kind], go: "pairing" };
    case "restricted":
      return {
        kind: "cannot",
        words: state.until === null ? cannot.restricted : cannot.restrictedUntil(speech.when(state.until)),
        go: null,
      };
    case "stopped":
      return { kind: "cannot", words: cannot.stopped, go: "settings" };
    default:
      if (!capabilities.sendText && !capabilities.sendImage)
        return { kind: "cannot", words: cannot.not_offered, go: null };
      if (group && !capabilities.sendGroups) return { kind: "cannot", words: cannot.groups, go: null };
      if (shut) return { kind: "cannot", words: cannot.admins, go: null };
      // A deaf number still sends.
      if (state.kind === "degraded" && HELD.includes(state.why)) {
        return { kind: "queues", words: queued };
      }
      return { kind: "can" };
  }
}
