/**
 * What one likes to find again: theme, market, chart. Kept in localStorage, which may be refused (private
 * windows): then they last as long as the page.
 */
import { defineStore } from "pinia";
import { computed, ref, watch, watchEffect } from "vue";
import type { CandleSource, Granularity } from "../client/wire.ts";
import { GRANULARITIES } from "../market/granularity.ts";

export type Theme = "dark" | "light";
export type ChartSide = "bid" | "ask" | "mid";

export const SOURCES: readonly CandleSource[] = ["reference", "book", "trades"];
export const CHART_SIDES: readonly ChartSide[] = ["bid", "mid", "ask"];
const THEMES: readonly Theme[] = ["dark", "light"];

function recall<Name extends string>(key: string, names: readonly Name[]): Name | undefined {
  try {
    const kept = localStorage.getItem(`cambist.${key}`);
    return names.find(name => name === kept);
  } catch {
    return undefined;
  }
}

function keep(key: string, value: string | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(`cambist.${key}`);
    else localStorage.setItem(`cambist.${key}`, value);
  } catch (refused) {
    console.info("Preferences are not kept:", refused);
  }
}

export const usePreferences = defineStore("preferences", () => {
  const prefersLight = window.matchMedia("(prefers-color-scheme: light)");
  const systemTheme = ref<Theme>(prefersLight.matches ? "light" : "dark");
  prefersLight.addEventListener("change", event => {
    systemTheme.value = event.matches ? "light" : "dark";
  });
  const chosenTheme = ref<Theme | undefined>(recall("theme", THEMES));
  const theme = computed<Theme>(() => chosenTheme.value ?? systemTheme.value);
  const granularity = ref<Granularity>(recall("granularity", GRANULARITIES) ?? "M1");
  const source = ref<CandleSource>(recall("source", SOURCES) ?? "reference");
  const chartSide = ref<ChartSide>(recall("chartSide", CHART_SIDES) ?? "mid");

  watchEffect(() => {
    document.documentElement.dataset.theme = theme.value;
  });
  watch(chosenTheme, value => keep("theme", value));
  watch(granularity, value => keep("granularity", value));
  watch(source, value => keep("source", value));
  watch(chartSide, value => keep("chartSide", value));

  function toggleTheme(): void {
    chosenTheme.value = theme.value === "dark" ? "light" : "dark";
  }

  return { theme, toggleTheme, granularity, source, chartSide };
});
