/** Lets everything that only waits for promises finish: no timer is waited for. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 200; turn += 1) await Promise.resolve();
}
