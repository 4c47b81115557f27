/** An element that the page is known to have. @throws Error when it is missing or another: then page and script are of two builds */
export function element<T extends Element>(selector: string, type: { new (): T }): T {
  const found = document.querySelector(selector);
  if (found instanceof type) return found;
  throw new Error(`expected ${selector} in this page`);
}
