/** Waits for a condition of the outside world, and fails with `what` where it does not come. */
const POLL_MS = 20;

export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  withinMs = 30_000,
): Promise<void> {
  const end = Date.now() + withinMs;
  let last: unknown;
  for (;;) {
    const met = await Promise.resolve()
      .then(condition)
      .catch((error: unknown) => {
        last = error;
        return false;
      });
    if (met) return;
    if (Date.now() > end) {
      throw new Error(`Waited ${withinMs} ms for ${what}`, last === undefined ? {} : { cause: last });
    }
    await new Promise(resolve => setTimeout(resolve, POLL_MS));
  }
}
