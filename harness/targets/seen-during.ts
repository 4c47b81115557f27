/**
 * Does `work` and looks all the time: a service without a pool is in its database for moments only.
 * @returns whether any look has said yes, the last of them after the work
 */
export async function seenDuring(
  look: () => Promise<boolean>,
  work: () => Promise<unknown>,
): Promise<boolean> {
  const state = { seen: false, ended: false };
  const watch = async () => {
    while (!state.seen && !state.ended) state.seen = await look();
  };
  const watching = watch();
  watching.catch(() => {}); // told where it is waited for
  try {
    await work();
    state.ended = true;
    await watching;
    return state.seen || (await look());
  } finally {
    state.ended = true;
    await watching.catch(() => {});
  }
}
