/** What a scene goes on with, once it is there. A scene that waits in vain fails, instead of showing another state. */
export async function there<T>(find: () => T | null | undefined, what: string): Promise<T> {
  for (let tries = 0; tries < 200; tries += 1) {
    const found = find();
    if (found) return found;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`there is no ${what}`);
}

export const element = (selector: string) => there(() => document.querySelector<HTMLElement>(selector), selector);
