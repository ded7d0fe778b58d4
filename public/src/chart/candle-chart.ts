/** The drawing: lightweight-charts with this page's colours, a candle series, volume beneath, and lines for own prices. */
import {
  CandlestickSeries,
  ColorType,
  CrosshairMode,
  createChart,
  HistogramSeries,
  type IChartApi,
  type IPriceLine,
  type ISeriesApi,
  LineStyle,
  type UTCTimestamp,
} from "lightweight-charts";
import type { Bar } from "./bars.ts";

export interface OwnLine {
  readonly price: number;
  readonly title: string;
  readonly tone: "up" | "down" | "accent";
  readonly dashed: boolean;
}

const seconds = (time: number) => (time / 1_000) as UTCTimestamp;

function colours(element: Element): (name: string) => string {
  const style = getComputedStyle(element);
  return name => style.getPropertyValue(`--${name}`).trim();
}

export class CandleChart {
  readonly #element: HTMLElement;
  readonly #chart: IChartApi;
  readonly #candles: ISeriesApi<"Candlestick">;
  readonly #volume: ISeriesApi<"Histogram">;
  #lines: IPriceLine[] = [];

  constructor(element: HTMLElement, onNearStart: () => void) {
    this.#element = element;
    this.#chart = createChart(element, {
      autoSize: true,
      crosshair: { mode: CrosshairMode.Normal },
      timeScale: { timeVisible: true, secondsVisible: false, rightOffset: 6, barSpacing: 8 },
      rightPriceScale: { scaleMargins: { top: 0.08, bottom: 0.16 } },
    });
    this.#candles = this.#chart.addSeries(CandlestickSeries);
    this.#volume = this.#chart.addSeries(HistogramSeries, {
      priceScaleId: "volume",
      priceFormat: { type: "volume" },
      lastValueVisible: false,
      priceLineVisible: false,
    });
    this.#chart.priceScale("volume").applyOptions({ scaleMargins: { top: 0.88, bottom: 0 } });
    this.#chart.timeScale().subscribeVisibleLogicalRangeChange(range => {
      if (range !== null && range.from < 20) onNearStart();
    });
    this.paint();
  }

  /** Takes the colours of the theme that is on. */
  paint(): void {
    const colour = colours(this.#element);
    this.#chart.applyOptions({
      layout: {
        background: { type: ColorType.Solid, color: colour("panel") },
        textColor: colour("muted"),
        fontFamily: colour("font"),
        fontSize: 11,
      },
      grid: { vertLines: { color: colour("line") }, horzLines: { color: colour("line") } },
      rightPriceScale: { borderColor: colour("line") },
      timeScale: { borderColor: colour("line") },
      crosshair: {
        vertLine: { color: colour("muted"), labelBackgroundColor: colour("line-strong") },
        horzLine: { color: colour("muted"), labelBackgroundColor: colour("line-strong") },
      },
    });
    const [up, down] = [colour("up"), colour("down")];
    this.#candles.applyOptions({
      // A rising candle is hollow, a falling one full: direction does not rest on colour alone.
      upColor: colour("panel"),
      downColor: down,
      borderUpColor: up,
      borderDownColor: down,
      wickUpColor: up,
      wickDownColor: down,
    });
    this.#volume.applyOptions({ color: colour("line-strong") });
  }

  setDigits(digits: number): void {
    this.#candles.applyOptions({ priceFormat: { type: "price", precision: digits, minMove: 10 ** -digits } });
  }

  /** Replaces all; the view stays where it was unless asked to show the newest. */
  replace(bars: readonly Bar[], toNewest: boolean): void {
    const scale = this.#chart.timeScale();
    const range = scale.getVisibleRange();
    this.#candles.setData(bars.map(bar => ({ ...bar, time: seconds(bar.time) })));
    this.#volume.setData(bars.map(bar => ({ time: seconds(bar.time), value: bar.volume })));
    if (toNewest || range === null) {
      scale.applyOptions({ barSpacing: 8 });
      scale.scrollToRealTime();
    } else {
      scale.setVisibleRange(range);
    }
  }

  update(bar: Bar): void {
    this.#candles.update({ ...bar, time: seconds(bar.time) });
    this.#volume.update({ time: seconds(bar.time), value: bar.volume });
  }

  showLines(lines: readonly OwnLine[]): void {
    const colour = colours(this.#element);
    for (const line of this.#lines) this.#candles.removePriceLine(line);
    this.#lines = lines.map(line =>
      this.#candles.createPriceLine({
        price: line.price,
        title: line.title,
        color: colour(line.tone),
        lineWidth: 1,
        lineStyle: line.dashed ? LineStyle.Dashed : LineStyle.Solid,
        axisLabelVisible: true,
      }),
    );
  }

  remove(): void {
    this.#chart.remove();
  }
}
