/** The trading day of the market that is looked at: phase, prices, volume, and in a call what it would do. */
import { defineStore } from "pinia";
import { computed, ref, shallowRef } from "vue";
import { type Failure, failureOf } from "../client/failure.ts";
import { decodeStatistics, type Statistics } from "../client/market-wire.ts";
import { venue } from "../venue.ts";

export const useDay = defineStore("day", () => {
  const statistics = shallowRef<Statistics>();
  const stale = ref(true);
  const failure = shallowRef<Failure>();
  const loading = computed(() => statistics.value === undefined && failure.value === undefined);
  let leave: () => void = () => {};

  function take(message: Statistics): void {
    statistics.value = message;
    failure.value = undefined;
  }

  function stop(): void {
    leave();
    leave = () => {};
    statistics.value = undefined;
    failure.value = undefined;
    stale.value = true;
  }

  function follow(symbol: string): void {
    stop();
    leave = venue.rooms.follow(`statistics:${symbol}`, {
      decode: decodeStatistics,
      snapshot: take,
      update: take,
      stale: value => {
        stale.value = value;
      },
      failed: caught => {
        failure.value = failureOf(caught);
      },
    });
  }

  return { statistics, stale, failure, loading, follow, stop };
});
