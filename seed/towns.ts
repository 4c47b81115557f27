import type { Position } from './positions.ts';

/** A town companies work in. Coordinates of the centre, WGS 84, in degrees. */
export interface Town {
  readonly name: string;
  readonly lat: number;
  readonly lon: number;
}

/** Towns of England with the coordinates of their centres to about 100 m. */
export const TOWNS: readonly Town[] = [
  { name: 'Oxford', lat: 51.752, lon: -1.2577 },
  { name: 'Cambridge', lat: 52.2053, lon: 0.1218 },
  { name: 'York', lat: 53.96, lon: -1.0873 },
  { name: 'Bath', lat: 51.3811, lon: -2.359 },
  { name: 'Exeter', lat: 50.7184, lon: -3.5339 },
  { name: 'Norwich', lat: 52.6309, lon: 1.2974 },
  { name: 'Lincoln', lat: 53.2307, lon: -0.5406 },
  { name: 'Chester', lat: 53.1934, lon: -2.8931 },
  { name: 'Durham', lat: 54.7753, lon: -1.5849 },
  { name: 'Lancaster', lat: 54.0466, lon: -2.8007 },
  { name: 'Worcester', lat: 52.192, lon: -2.22 },
  { name: 'Gloucester', lat: 51.8642, lon: -2.2382 },
  { name: 'Canterbury', lat: 51.2802, lon: 1.0789 },
  { name: 'Winchester', lat: 51.0632, lon: -1.308 },
  { name: 'Salisbury', lat: 51.0688, lon: -1.7945 },
  { name: 'Shrewsbury', lat: 52.7073, lon: -2.7553 },
  { name: 'Cheltenham', lat: 51.8994, lon: -2.0783 },
  { name: 'Northampton', lat: 52.2405, lon: -0.9027 },
  { name: 'Ipswich', lat: 52.0567, lon: 1.1482 },
  { name: 'Peterborough', lat: 52.5695, lon: -0.2405 },
  { name: 'Colchester', lat: 51.8959, lon: 0.8919 },
  { name: 'Carlisle', lat: 54.8925, lon: -2.9329 },
  { name: 'Hereford', lat: 52.0567, lon: -2.716 },
  { name: 'Derby', lat: 52.9225, lon: -1.4746 },
];

/** Companies are dealt to the towns in turn; with more companies than towns some share one. */
export function townIndexOf(companyId: number): number {
  return (companyId - 1) % TOWNS.length;
}

export function townOf(companyId: number): Town {
  return TOWNS[townIndexOf(companyId)] as Town;
}

export function townCentre(town: Town): Position {
  return { latE5: Math.round(town.lat * 100_000), lonE5: Math.round(town.lon * 100_000) };
}
