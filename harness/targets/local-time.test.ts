import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { LocalTime } from './local-time.ts';

const textIn = (timeZone: string, moment: string) => new LocalTime(timeZone).text(new Date(moment));

describe('local time', () => {
  test('in Berlin goes from 02:00 to 03:00 on the last Sunday of March', () => {
    assert.equal(textIn('Europe/Berlin', '2026-03-29T00:59:59.999Z'), '2026-03-29 01:59:59.999');
    assert.equal(textIn('Europe/Berlin', '2026-03-29T01:00:00Z'), '2026-03-29 03:00:00.000');
  });

  test('says the hour twice that is put back in October', () => {
    assert.equal(textIn('Europe/Berlin', '2026-10-25T00:30:00Z'), '2026-10-25 02:30:00.000');
    assert.equal(textIn('Europe/Berlin', '2026-10-25T01:30:00Z'), '2026-10-25 02:30:00.000');
  });

  test('keeps to zones of half and quarter hours, west of Greenwich and across midnight', () => {
    assert.equal(textIn('Asia/Kathmandu', '2026-01-01T00:00:00Z'), '2026-01-01 05:45:00.000');
    assert.equal(textIn('America/St_Johns', '2026-01-01T00:00:00Z'), '2025-12-31 20:30:00.000');
    assert.equal(textIn('Australia/Lord_Howe', '2026-04-04T14:59:59Z'), '2026-04-05 01:59:59.000');
    assert.equal(textIn('Australia/Lord_Howe', '2026-04-04T15:00:00Z'), '2026-04-05 01:30:00.000');
  });

  test('agrees with the platform at every half hour of a year', () => {
    const local = new LocalTime('America/New_York');
    const format = new Intl.DateTimeFormat('sv-SE', {
      timeZone: 'America/New_York',
      dateStyle: 'short',
      timeStyle: 'medium',
    });
    for (let ms = Date.UTC(2026, 0, 1); ms < Date.UTC(2027, 0, 1); ms += 30 * 60_000) {
      const moment = new Date(ms);
      assert.equal(local.text(moment), `${format.format(moment)}.000`);
    }
  });

  test('of a zone that is not known is an error', () => {
    assert.throws(() => new LocalTime('Europe/Atlantis'), RangeError);
  });
});
