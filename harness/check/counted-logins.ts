/** Logins by account, which know who had to log in more than once. */
export class CountedLogins extends Map<string, Readonly<Record<string, string>>> {
  private readonly counts = new Map<string, number>();

  override set(account: string, headers: Readonly<Record<string, string>>): this {
    this.counts.set(account, (this.counts.get(account) ?? 0) + 1);
    return super.set(account, headers);
  }

  /** Accounts that have logged in again. */
  get again(): readonly string[] {
    return [...this.counts].filter(([, count]) => count > 1).map(([account]) => account);
  }
}
