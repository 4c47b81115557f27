/**
 * Data of the site as a classic script: `rushhour.add("<name>", …)`. JSON is JavaScript (ECMAScript 2019); `<` is escaped so that nothing
 * in a text can end a script it may be put into.
 */
export function dataFile(name: string, value: unknown): string {
  const json = JSON.stringify(value).replaceAll('<', '\\u003c');
  return `rushhour.add(${JSON.stringify(name)},${json});\n`;
}
