/** The time as the screens need it: often enough for "today" and "yesterday" to be right, no oftener. */
class MinuteClock {
  minute = $state(Date.now());

  constructor() {
    setInterval(() => {
      this.minute = Date.now();
    }, 60_000);
  }
}

export const clock = new MinuteClock();
