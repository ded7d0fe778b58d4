/** Where candles open, above all days across the changes of the clocks in New York. */
import { describe, expect, it } from "vitest";
import { intervalEnd, intervalStart } from "../../../mixins/time-series/granularity.ts";
import { GRANULARITIES } from "../../../models/market-data.model.ts";

const at = (text: string) => Date.parse(text);
const iso = (time: number) => new Date(time).toISOString();

describe("a day", () => {
  it.each([
    // name, a moment, opens, ends
    ["in winter", "2014-01-15T12:00:00Z", "2014-01-14T22:00:00.000Z", "2014-01-15T22:00:00.000Z"],
    ["in summer", "2014-05-02T00:00:00Z", "2014-05-01T21:00:00.000Z", "2014-05-02T21:00:00.000Z"],
    ["of 23 hours", "2014-03-09T12:00:00Z", "2014-03-08T22:00:00.000Z", "2014-03-09T21:00:00.000Z"],
    ["of 25 hours", "2014-11-02T12:00:00Z", "2014-11-01T21:00:00.000Z", "2014-11-02T22:00:00.000Z"],
    ["at its first moment", "2014-05-02T21:00:00Z", "2014-05-02T21:00:00.000Z", "2014-05-03T21:00:00.000Z"],
    [
      "a moment before it",
      "2014-05-02T20:59:59.999Z",
      "2014-05-01T21:00:00.000Z",
      "2014-05-02T21:00:00.000Z",
    ],
    [
      "in the hour that only winter leaves",
      "2014-01-15T21:30:00Z",
      "2014-01-14T22:00:00.000Z",
      "2014-01-15T22:00:00.000Z",
    ],
  ])("%s opens at 17:00 New York", (_name, moment, opens, ends) => {
    const start = intervalStart("D1", at(moment));
    expect([iso(start), iso(intervalEnd("D1", start))]).toEqual([opens, ends]);
  });

  it("follows the day before without a gap for three years", () => {
    let start = intervalStart("D1", at("2013-12-31T12:00:00Z"));
    for (let day = 0; day < 3 * 365; day++) {
      const end = intervalEnd("D1", start);
      expect(intervalStart("D1", end)).toBe(end);
      expect(intervalStart("D1", end - 1)).toBe(start);
      start = end;
    }
  });
});

it("puts H4 at multiples of four hours in UTC", () => {
  expect(iso(intervalStart("H4", at("2014-05-02T15:59:59.999Z")))).toBe("2014-05-02T12:00:00.000Z");
});

it.each(GRANULARITIES)("%s intervals hold their moments", granularity => {
  for (let time = at("2014-03-08T00:00:00Z"); time < at("2014-03-11T00:00:00Z"); time += 7 * 60_001) {
    const start = intervalStart(granularity, time);
    expect(time >= start && time < intervalEnd(granularity, start)).toBe(true);
  }
});
