export type Release = () => Promise<unknown>;

/**
 * Runs `work`, which registers how to release each thing it has acquired, and releases them in reverse order when it
 * ends, however it ends. A release that fails does not keep the others from running; it is told only when the work
 * itself went well, since otherwise the first error is the one that matters.
 */
export async function withResources<T>(
  work: (onRelease: (release: Release) => void) => Promise<T>,
): Promise<T> {
  const releases: Release[] = [];
  try {
    const result = await work((release) => releases.push(release));
    await releaseAll(releases);
    return result;
  } catch (error) {
    await releaseAll(releases).catch(() => {});
    throw error;
  }
}

async function releaseAll(releases: Release[]): Promise<void> {
  let firstError: unknown;
  for (let release = releases.pop(); release; release = releases.pop()) {
    await release().catch((error: unknown) => {
      firstError ??= error;
    });
  }
  if (firstError !== undefined) throw firstError;
}
