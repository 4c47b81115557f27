/**
 * Data come as classic scripts, since a page from disk may load those and may not fetch: `window.rushhour.add('results', …)`. `start.js`
 * puts the shelf up before any of them runs.
 */
export interface DataShelf {
  add(name: string, value: unknown): void;
  readonly values: Map<string, unknown>;
}

declare global {
  interface Window {
    rushhour: DataShelf;
  }
}

export function putUpShelf(): void {
  const values = new Map<string, unknown>();
  window.rushhour = { values, add: (name, value) => values.set(name, value) };
}

/**
 * What `site/data/<name>.js` holds; loaded when it is not there yet.
 * @throws Error when there is no such file, or it holds something else
 */
export async function siteData<T>(name: string): Promise<T> {
  if (!window.rushhour.values.has(name)) await runScript(siteHref(`data/${encodeURIComponent(name)}.js`));
  if (!window.rushhour.values.has(name)) throw new Error(`the data of ${name} cannot be read`);
  return window.rushhour.values.get(name) as T;
}

/** The same, read again: it has changed since this page was loaded. @throws Error as {@link siteData} */
export async function siteDataAnew<T>(name: string): Promise<T> {
  const { values } = window.rushhour;
  const earlier = values.get(name);
  values.delete(name);
  try {
    return await siteData<T>(name);
  } catch (error) {
    values.set(name, earlier);
    throw error;
  }
}

/** Address of a file in `site/`, from the page that is open. */
export function siteHref(file: string): string {
  return `${document.documentElement.dataset.site ?? './'}${file}`;
}

function runScript(src: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = src;
    script.onload = () => resolve();
    script.onerror = () => reject(new Error(`${src} cannot be loaded`));
    document.head.append(script);
  });
}
