/** What is odd about a service, each kind told once. */
export interface Oddities {
  tell(kind: string, sentence: string): void;
}

export function toldOnce(onOddity: (sentence: string) => void): Oddities {
  const told = new Set<string>();
  return {
    tell: (kind, sentence) => {
      if (told.has(kind)) return;
      told.add(kind);
      onOddity(sentence);
    },
  };
}
