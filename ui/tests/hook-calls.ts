import type { HookCallDetail, HookVerdict, HookWayView } from "../src/platform";

const STRUCTURE = {
  messages: [{ id: "‹abc × 22›", from_me: false, type: "‹abc × 4›", timestamp: "‹#›", text: { body: "‹abc × 24›" } }],
  event: { type: "‹abc × 8›", event: "‹abc × 4›" },
};

/** A call as the core shows it. Of a stranger nothing is held. */
export function hookCall(id: number, verdict: HookVerdict, part: Partial<HookCallDetail["call"]> = {}): HookCallDetail {
  const read = verdict !== "bad_signature" && verdict !== "malformed";
  const call = {
    id,
    at: Date.now() - (1_000 - id) * 1_000,
    verdict,
    kinds: verdict === "unknown" ? ["unknown" as const] : read ? ["message" as const] : [],
    size: verdict === "bad_signature" ? null : 1_412,
    millis: 6,
    held: read,
    ...part,
  };
  return { call, structure: call.held ? STRUCTURE : null };
}

/** A way in from the internet that nobody has brought yet. */
export function hookWay(part: Partial<HookWayView> = {}): HookWayView {
  return { offered: true, address: null, told: { kind: "nothing" }, port: 24_817, portTaken: false, ...part };
}
