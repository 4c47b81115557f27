/** Which member of an entity a column of a foreign table wants, as the code of a mapping. */
import type { EntityName } from '../../seed/entities.ts';
import { type ColumnFacts, isNumber, isText } from './catalogue.ts';
import { wordsOf } from './name-words.ts';

type Kind = 'text' | 'number' | 'boolean' | 'time' | 'day';
type Rule = readonly [name: RegExp, kind: Kind, expression: string];

/** The first rule that fits a column's name, its words joined by `_`, and its type decides. */
const RULES: Readonly<Record<EntityName, readonly Rule[]>> = {
  companies: [
    [/^(town|city|place)$/, 'text', 'company.town'],
    [/(^|_)(name|title)$/, 'text', 'company.name'],
    [/^(slug|code|short_name|reference)$/, 'text', `\`company-\${company.id}\``],
    [/(^|_)lat(itude)?$/, 'number', 'company.depotLat'],
    [/(^|_)(lon|lng|longitude)$/, 'number', 'company.depotLon'],
    [/^(is_)?(active|enabled)$/, 'boolean', 'true'],
    [/^(created|inserted|updated)/, 'time', 'company.createdAt'],
  ],
  users: [
    [/^(email|mail|e_mail|email_address|username|user_name|login)$/, 'text', 'user.email'],
    [/^first_?name$|^given_name$/, 'text', "user.fullName.split(' ')[0] ?? ''"],
    [/^last_?name$|^family_name$|^surname$/, 'text', "user.fullName.split(' ').at(-1) ?? ''"],
    [/^((full|display)_)?name$/, 'text', 'user.fullName'],
    [/^role$/, 'text', 'user.role'],
    [/^(is_)?(active|enabled|confirmed|verified)$/, 'boolean', 'true'],
    [/^(is_)?(staff|superuser|admin|locked|disabled)$/, 'boolean', 'false'],
    [/^(created|inserted|updated|date_joined|joined|registered)/, 'time', 'user.createdAt'],
  ],
  clients: [
    [/^first_?name$|^given_name$/, 'text', "client.fullName.split(' ')[0] ?? ''"],
    [/^last_?name$|^family_name$|^surname$/, 'text', "client.fullName.split(' ').at(-1) ?? ''"],
    [/^((full|display)_)?name$/, 'text', 'client.fullName'],
    [/phone|mobile|^tel$/, 'text', 'client.phone'],
    [/^e?_?mail(_address)?$/, 'text', `\`client-\${client.id}@rushhour.example\``],
    [/wheelchair/, 'boolean', 'client.needsWheelchair'],
    [/^(is_)?(active|enabled)$/, 'boolean', 'true'],
    [/^(created|inserted|updated)/, 'time', 'client.createdAt'],
  ],
  drivers: [
    [/^first_?name$|^given_name$/, 'text', "driver.fullName.split(' ')[0] ?? ''"],
    [/^last_?name$|^family_name$|^surname$/, 'text', "driver.fullName.split(' ').at(-1) ?? ''"],
    [/^((full|display|driver|courier)_)?name$/, 'text', 'driver.fullName'],
    [/phone|mobile|^tel$/, 'text', 'driver.phone'],
    [/^e?_?mail(_address)?$/, 'text', `\`driver-\${driver.id}@rushhour.example\``],
    [/(^|_)(seats|capacity|max_load|slots)$/, 'number', 'driver.seats'],
    [/wheelchair/, 'boolean', 'driver.takesWheelchair'],
    [/^home_lat/, 'number', 'driver.homeLat'],
    [/^home_(lon|lng)/, 'number', 'driver.homeLon'],
    [/(^|_)lat(itude)?$/, 'number', 'driver.currentLat'],
    [/(^|_)(lon|lng|longitude)$/, 'number', 'driver.currentLon'],
    [/shift_?(start|begin)/, 'number', 'driver.shiftStartMinute'],
    [/shift_?(end|stop)/, 'number', 'driver.shiftEndMinute'],
    [/^(is_)?(available|on_duty|online|free)$/, 'boolean', 'driver.isAvailable'],
    [/^(is_)?(active|enabled)$/, 'boolean', 'driver.isActive'],
    [/^(created|inserted|updated|hired|joined)/, 'time', 'driver.createdAt'],
  ],
  bookings: [
    [/^(created|inserted|ordered|placed)/, 'time', 'booking.createdAt'],
    [/^(updated|modified|changed)/, 'time', 'booking.updatedAt'],
    [/(^|_)(day|date)$/, 'day', 'booking.day'],
    [/(^|_)(start|from|earliest|begin|open)$/, 'time', 'booking.scheduledTime'],
    [/(^|_)(end|until|latest|to|close)$/, 'time', 'new Date(booking.scheduledTime.getTime() + 15 * 60_000)'],
    [
      /passenger|^(seats|party_size|people|persons|units|load|parcels|items|quantity)$/,
      'number',
      'booking.passengers',
    ],
    [/^(pick_?up|origin|from|start|source)_.*lat/, 'number', 'booking.pickupLat'],
    [/^(pick_?up|origin|from|start|source)_.*(lon|lng)/, 'number', 'booking.pickupLon'],
    [/^(drop_?off|destination|dest|to|end|delivery|target)_.*lat/, 'number', 'booking.dropoffLat'],
    [/^(drop_?off|destination|dest|to|end|delivery|target)_.*(lon|lng)/, 'number', 'booking.dropoffLon'],
    [/^lat(itude)?$/, 'number', 'booking.dropoffLat'],
    [/^(lon|lng|longitude)$/, 'number', 'booking.dropoffLon'],
    [
      /^(pick_?up|origin|from|start|source)(_(address|location|street|place|name))?$/,
      'text',
      'booking.pickupAddress',
    ],
    [
      /^((drop_?off|destination|dest|to|end|delivery|target)(_(address|location|street|place|name))?|address)$/,
      'text',
      'booking.dropoffAddress',
    ],
    [/distance(_m|_metres|_meters)?$/, 'number', 'booking.distanceM'],
    [/distance_km$/, 'number', 'booking.distanceM / 1000'],
    [/(price|fare|amount|cost|fee|total)_cents$/, 'number', 'booking.priceCents'],
    [/(^|_)(price|fare|amount|cost|fee|total)$/, 'number', 'booking.priceCents / 100'],
    [/^(notes?|comments?|remarks?|instructions)$/, 'text', "booking.notes ?? ''"],
    [
      /^(code|reference|ref|number|order_(no|number)|external_id|tracking_code)$/,
      'text',
      `\`B-\${booking.id}\``,
    ],
  ],
  dispatchRuns: [
    [/^(created|inserted|started|begun|requested)(_at|_on)?$/, 'time', 'run.createdAt'],
    [/^(finished|completed|ended|done|updated)/, 'time', 'run.finishedAt'],
    [/(^|_)(day|date)$/, 'day', 'run.serviceDay'],
    [/unassigned|unplaced|unserved/, 'number', 'run.unassignedCount'],
    [/assigned|placed|served/, 'number', 'run.assignedCount'],
    [/offered|considered|^(total|size)$/, 'number', 'run.bookingsOffered'],
  ],
  assignments: [
    [/^(created|inserted|assigned)/, 'time', 'assignment.createdAt'],
    [/^(updated|modified|changed)/, 'time', 'assignment.updatedAt'],
    [/drop_?off|deliver|end|depart/, 'time', 'assignment.plannedDropoffAt'],
    [/pick_?up|start|planned|eta|arriv/, 'time', 'assignment.plannedPickupAt'],
    [
      /^(sequence|seq|position|pos|ordinal|rank|place|stop_(no|number|index))(_no|_number)?$/,
      'number',
      'assignment.sequence',
    ],
    [/approach|distance/, 'number', 'assignment.approachM'],
  ],
};

/** What the entity is called in the code of its mapping. */
export const ENTITY_VARIABLE: Readonly<Record<EntityName, string>> = {
  companies: 'company',
  users: 'user',
  clients: 'client',
  drivers: 'driver',
  bookings: 'booking',
  dispatchRuns: 'run',
  assignments: 'assignment',
};

/** Code whose value suits the column, or `null`. */
export function meaningOf(entity: EntityName, column: ColumnFacts): string | null {
  const name = wordsOf(column.name).join('_');
  const rule = RULES[entity].find(([pattern, kind]) => pattern.test(name) && suits(kind, column));
  if (!rule) return null;
  const [, kind, expression] = rule;
  // An amount of money has decimals, a whole number has none.
  return kind === 'number' && expression.includes(' / ') && /^(small|big)?int/.test(column.type)
    ? `Math.round(${expression})`
    : expression;
}

function suits(kind: Kind, column: ColumnFacts): boolean {
  switch (kind) {
    case 'text':
      return isText(column) && !column.isEnum;
    case 'number':
      return isNumber(column);
    case 'boolean':
      return column.type === 'boolean';
    case 'time':
      return column.type.startsWith('timestamp');
    case 'day':
      return column.type === 'date';
  }
}
