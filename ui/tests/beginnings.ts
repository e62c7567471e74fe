import type {
  AppStatus,
  DeviceLimits,
  DeviceOption,
  ExplorerAnswer,
  GatewayView,
  StorageStatus,
} from "../src/platform";
import { field, NOON } from "./people";

// What a fake core begins with. Each core has its own copy, which a test may change.

/** The gateways that there are. */
export const gateways = (): GatewayView[] => [
  {
    kind: "whapi",
    name: "Whapi",
    practice: false,
    fields: [field("token", "secret"), field("url", "url", "https://gateway.example")],
  },
  {
    kind: "waconecta",
    name: "Waconecta",
    practice: false,
    fields: [
      field("token", "secret"),
      field("container_token", "secret"),
      field("url", "url", "https://gateway.example"),
    ],
  },
  {
    kind: "evolution",
    name: "Evolution API",
    practice: false,
    fields: [field("url", "url"), field("instance", "text"), field("token", "secret")],
  },
  { kind: "practice", name: "Whapi", practice: true, fields: [] },
  { kind: "practice_waconecta", name: "Waconecta", practice: true, fields: [] },
  { kind: "practice_evolution", name: "Evolution API", practice: true, fields: [] },
];

/** What lies on the disk. */
export const storage = (): StorageStatus => ({
  messages: 48_210,
  chats: 1_204,
  media: 3_120,
  mediaBytes: 1_730_000_000,
  databaseBytes: 61_000_000,
  databaseFreeBytes: 0,
  diskFreeBytes: 212_000_000_000,
  lastRoundAt: null,
});

/** What a trial plan allows, and what was used of it. */
export const limits = (): DeviceLimits => ({
  plan: { messages: 150, chatsUsed: 4, checks: 30, requests: 1_000 },
  day: { messages: 38, chats: 3, checks: 2 },
  month: { messages: 112, chats: 4, checks: 9 },
  calls: { used: 412, since: NOON - 12 * 86_400_000 },
});

/** How the program runs. */
export const status = (): AppStatus => ({
  version: "0.1.0",
  practice: null,
  secrets: { kind: "keyring", problem: null },
  database: { kind: "ready" },
  systemLanguage: null,
  maxTextChars: 4096,
  maxImageBytes: 5_000_000,
});

/** What can be changed of a device while it stays the same one. */
export const deviceOptions = (): DeviceOption[] => [
  {
    field: {
      key: "generation",
      kind: "choice",
      required: false,
      default: "current",
      options: ["current", "intermediate", "qrapi2"],
    },
    value: null,
  },
  { field: { key: "block_path", kind: "path", required: false, default: null, options: [] }, value: null },
  {
    field: { key: "unblock_path", kind: "path", required: false, default: null, options: [] },
    value: "/tenant/unblock",
  },
];

/** What the next call in the Explorer becomes. */
export const explored = (): ExplorerAnswer => ({
  kind: "answered",
  failed: 0,
  status: 200,
  millis: 84,
  headers: [],
  mediaType: "application/json",
  content: { kind: "json", value: { success: true } },
});
