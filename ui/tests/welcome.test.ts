import { beforeEach, describe, expect, it, vi } from "vitest";
import { DeviceActions } from "../src/features/devices/device-actions.svelte";
import { Devices } from "../src/features/devices/devices.svelte";
import { Welcome } from "../src/features/welcome/welcome.svelte";
import { Feed } from "../src/platform";
import { speech } from "../src/words";
import { FakeCore } from "./fake-core";
import { device, field } from "./people";

let core: FakeCore;
let devices: Devices;
let welcome: Welcome;

beforeEach(async () => {
  core = new FakeCore();
  core.devices = [];
  devices = new Devices(core, new Feed(core));
  welcome = new Welcome(core, (command) => devices.settle(command));
  await welcome.load();
});

function fillIn() {
  welcome.choose("whapi", "Tienda");
  welcome.given.token = "  t-secret  ";
}

describe("adding a number", () => {
  it("asks for what is missing and calls nobody", async () => {
    const fields = [field("token", "secret"), { ...field("url", "url"), required: true }];
    core.gateways = [{ kind: "whapi", name: "Whapi", practice: false, fields }];
    await welcome.load();
    welcome.choose("whapi", "  ");

    const added = await welcome.add(true);

    expect(added).toBeNull();
    expect(welcome.missing).toEqual({ name: true, fields: ["token", "url"] });
    expect(core.callsOf("device_add")).toEqual([]);
  });

  it("begins with the gateway's own address", () => {
    welcome.choose("whapi", "Tienda");
    expect(welcome.given.url).toBe("https://gateway.example");
  });

  it("adds it with the token to be remembered, and forgets the token", async () => {
    fillIn();

    const added = await welcome.add(true);

    expect(core.callsOf("device_add")).toEqual([
      {
        gateway: "whapi",
        name: "Tienda",
        fields: { token: "t-secret", url: "https://gateway.example" },
        remember: true,
      },
    ]);
    expect(added?.token).toBe("keyring");
    expect(devices.list?.map((device) => device.name)).toEqual(["Tienda"]);
    expect(welcome.given.token, "the window keeps no token").toBe("");
  });

  it("takes the usual address when the field was emptied", async () => {
    fillIn();
    welcome.given.url = " ";
    await welcome.add(true);
    expect(core.callsOf("device_add")[0]?.fields).toEqual({ token: "t-secret" });
  });

  it("asks for whatever the gateway asks for, and keeps no secret", async () => {
    const fields = [field("container_token", "secret"), field("instance", "text")];
    core.gateways = [{ kind: "other", name: "Otra", practice: false, fields }];
    await welcome.load();
    welcome.choose("other", "Tienda");
    welcome.given = { container_token: "c-secret", instance: " centro " };

    await welcome.add(true);

    expect(core.callsOf("device_add")[0]?.fields).toEqual({ container_token: "c-secret", instance: "centro" });
    expect(welcome.given).toEqual({ container_token: "", instance: " centro " });
  });

  it("sends the practice shop neither address nor token", async () => {
    welcome.choose("practice", "Práctica");
    await welcome.add(true);
    expect(core.callsOf("device_add")[0]?.fields).toEqual({});
  });

  it.each(["keyring_unavailable", "keyring_locked"] as const)(
    "asks what to do on %s, then adds it for this run",
    async (code) => {
      fillIn();
      core.failNext("device_add", { kind: "refused", code });

      const refused = await welcome.add(true);
      const asked = welcome.keyring;
      const added = await welcome.add(false);

      expect(refused).toBeNull();
      expect(asked, "a dialog, not a red form").toBe(code);
      expect(welcome.fault).toBeNull();
      expect(added?.token).toBe("this_run");
      expect(
        core.callsOf("device_add").map((call) => call.remember),
        "never kept without being asked",
      ).toEqual([true, false]);
    },
  );

  it("tells a wrong token in place, and forgets it as soon as something is edited", async () => {
    fillIn();
    core.failNext("gateway_test", { kind: "refused", code: "token_rejected" });

    await welcome.test();
    const fault = welcome.fault?.code;
    welcome.edited();

    expect(fault).toBe("token_rejected");
    expect(welcome.fault).toBeNull();
  });

  it("keeps what was typed while one looks back at the choice", () => {
    fillIn();
    welcome.name = "Tienda norte";
    welcome.leave();
    expect(welcome.kind).toBeNull();
    welcome.choose("whapi", "Tienda");
    expect([welcome.name, welcome.given.token]).toEqual(["Tienda norte", "  t-secret  "]);

    welcome.leave();
    welcome.choose("practice", "Práctica");
    expect([welcome.name, welcome.given.token], "of that gateway alone").toEqual(["Práctica", undefined]);
  });

  it("says what a test found until something is edited", async () => {
    fillIn();
    await welcome.test();
    const tested = welcome.tested?.state;
    welcome.edited();

    expect(tested).toBe("not_linked");
    expect(welcome.tested).toBeNull();
  });
});

describe("what is done to a number in Settings", () => {
  it("keeps the dialog open with the reason when it fails, and closes it when it worked", async () => {
    fillIn();
    const added = await welcome.add(true);
    const actions = new DeviceActions(core, devices, added?.id ?? 0);
    actions.ask("logout");
    core.failNext("device_logout", { kind: "refused", code: "gateway_unreachable" });

    await actions.logout();
    const failed = { asking: actions.asking, code: actions.fault?.code };
    await actions.logout();

    expect(failed).toEqual({ asking: "logout", code: "gateway_unreachable" });
    expect(actions.asking).toBeNull();
    expect(devices.list?.[0]?.state.kind).toBe("logged_out");
  });

  it("forgets the new token as soon as it was taken", async () => {
    fillIn();
    const added = await welcome.add(true);
    const actions = new DeviceActions(core, devices, added?.id ?? 0);
    actions.ask("token");
    actions.secrets.token = "t-new";
    core.failNext("device_token_set", { kind: "refused", code: "keyring_locked" });

    await actions.setToken(true);
    const asked = actions.keyring;
    await actions.setToken(false);

    expect(asked).toBe("keyring_locked");
    expect(core.callsOf("device_token_set").map((call) => call.remember)).toEqual([true, false]);
    expect(actions.secrets).toEqual({});
  });

  it("changes only the options that were typed, and says what it had seen of them", async () => {
    core.devices = [device({ hasOptions: true })];
    const actions = new DeviceActions(core, devices, 1);
    actions.ask("options");
    await vi.waitFor(() => expect(actions.options).not.toBeNull());
    expect(actions.changed, "nothing was typed yet").toEqual([]);
    actions.chosen.block_path = " /tenant/{id}/block ";
    actions.chosen.unblock_path = "";
    core.failNext("device_option_set", { kind: "refused", code: "field_invalid" });

    await actions.setOptions();
    const failed = { asking: actions.asking, code: actions.fault?.code };
    await actions.setOptions();

    expect(failed, "what was typed stays on the screen").toEqual({ asking: "options", code: "field_invalid" });
    expect(core.callsOf("device_option_set").at(-1)).toEqual({
      deviceId: 1,
      fields: { block_path: "/tenant/{id}/block", unblock_path: "" },
      seen: { block_path: "", unblock_path: "/tenant/unblock" },
    });
    expect(actions.asking).toBeNull();
  });

  it("names what goes with it before it is removed", async () => {
    fillIn();
    const added = await welcome.add(true);
    const actions = new DeviceActions(core, devices, added?.id ?? 0);
    expect(actions.size, "nobody asked yet").toBeNull();
    actions.ask("remove");
    await vi.waitFor(() => expect(actions.size).toEqual({ chats: 12, messages: 3400 }));
    expect(speech.words.settings.removeBody(12, 3400)).toContain("12 chats con 3400 mensajes");

    core.failNext("device_size", { kind: "refused", code: "storage_busy" });
    actions.ask("remove");
    await vi.waitFor(() => expect(actions.fault?.code).toBe("storage_busy"));
  });

  it("removes it from the list", async () => {
    fillIn();
    const added = await welcome.add(true);
    const actions = new DeviceActions(core, devices, added?.id ?? 0);
    actions.ask("remove");
    await actions.remove();
    expect(devices.list).toEqual([]);
  });
});
