import { createHash } from 'node:crypto';

const TWO_TO_32 = 4_294_967_296;

/**
 * Random integers for the rows of one stream. The state of a row is computed from the random seed, the name of the
 * stream and the row's number alone, so rows can be made in any order, twice, or one by one, and a column added to one
 * table shifts no other.
 *
 * Within a row: xoroshiro64** by Blackman and Vigna (https://prng.di.unimi.it/xoroshiro64starstar.c). Between rows:
 * the finalizer of MurmurHash3, a bijection on 32 bits, so that no two rows begin with the same state.
 * Only 32-bit integer arithmetic: the same numbers on any machine.
 */
export class RowRandom {
  private readonly keyA: number;
  private readonly keyB: number;
  private s0 = 1;
  private s1 = 1;

  constructor(randomSeed: number, stream: string) {
    const digest = createHash('sha256').update(`rushhour/${randomSeed}/${stream}`).digest();
    this.keyA = digest.readInt32LE(0);
    this.keyB = digest.readInt32LE(4);
  }

  /** Goes to the first number of a row. Rows are numbered from 0 to 2^32 - 1. */
  at(row: number): this {
    this.s0 = mix((row + this.keyA) | 0);
    this.s1 = mix((row ^ this.keyB) | 0);
    if ((this.s0 | this.s1) === 0) this.s1 = 1; // the one state xoroshiro cannot leave
    return this;
  }

  /** The row's next number, 0 to 2^32 - 1. */
  next(): number {
    const s0 = this.s0;
    const product = Math.imul(s0, 0x9e3779bb);
    const result = Math.imul((product << 5) | (product >>> 27), 5);
    const s1 = this.s1 ^ s0;
    this.s0 = ((s0 << 26) | (s0 >>> 6)) ^ s1 ^ (s1 << 9);
    this.s1 = (s1 << 13) | (s1 >>> 19);
    return result >>> 0;
  }

  /** A whole number from 0 to `count - 1`; the bias is below `count` / 2^32. */
  below(count: number): number {
    return Math.floor((this.next() * count) / TWO_TO_32);
  }

  /** True in `perMille` of 1000 cases. */
  chance(perMille: number): boolean {
    return this.below(1_000) < perMille;
  }

  /** One entry of a quantile table (see distributions.ts). */
  pick(table: QuantileTable): number {
    return table[this.below(table.length)] ?? 0;
  }
}

/** Values in ascending order of rank: one picked uniformly follows the distribution the table was made from. */
export type QuantileTable = Uint16Array;

function mix(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
