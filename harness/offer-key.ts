/** The key of a stored dispatch's offer, whenever it was stored. */
export function offerKeyOf({
  offer,
  companyId,
  day,
}: {
  offer?: string | undefined;
  companyId?: number | undefined;
  day?: string | undefined;
}): string {
  return offer ?? `${companyId}/${day}`;
}
