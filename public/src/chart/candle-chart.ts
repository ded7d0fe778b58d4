/**
 * The drawing: lightweight-charts with this page's colours, a candle series, volume beneath, and lines for
 * own prices.
 */
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

const BAR_PIXELS = 8;
/** Room on the right of the newest bar, in bars. */
const BARS_RIGHT = 6;

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
  /** The newest bars are to be shown as soon as there is room: a hidden chart has none. */
  #toNewest = false;
  #removed = false;
  #drawn: { readonly first: number | undefined; readonly count: number } = { first: undefined, count: 0 };
  readonly #observer: ResizeObserver;

  constructor(element: HTMLElement, onNearStart: () => void) {
    this.#element = element;
    this.#chart = createChart(element, {
      autoSize: true,
      crosshair: { mode: CrosshairMode.Normal },
      timeScale: {
        timeVisible: true,
        secondsVisible: false,
        rightOffset: BARS_RIGHT,
        barSpacing: BAR_PIXELS,
      },
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
    this.#observer = new ResizeObserver(() => this.#showNewest());
    this.#observer.observe(element);
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
      priceLineColor: colour("muted"),
    });
    this.#volume.applyOptions({ color: colour("line-strong") });
  }

  setDigits(digits: number): void {
    this.#candles.applyOptions({ priceFormat: { type: "price", precision: digits, minMove: 10 ** -digits } });
  }

  /** Replaces all; the view stays on the bars that it showed, unless asked to show the newest. */
  replace(bars: readonly Bar[], toNewest: boolean): void {
    const scale = this.#chart.timeScale();
    const range = scale.getVisibleLogicalRange();
    const before = this.#drawn;
    this.#drawn = { first: bars[0]?.time, count: bars.length };
    // Whoever looks at the newest bar goes on doing so; whoever looks back keeps what he sees.
    const following = range !== null && range.to >= before.count - 1;
    const added = following
      ? bars.length - before.count
      : Math.max(
          0,
          bars.findIndex(bar => bar.time === before.first),
        );
    this.#candles.setData(bars.map(bar => ({ ...bar, time: seconds(bar.time) })));
    this.#volume.setData(bars.map(bar => ({ time: seconds(bar.time), value: bar.volume })));
    if (toNewest || range === null) {
      this.#toNewest = true;
      this.#showNewest();
    } else {
      // Logical positions count from the first bar: older ones before it move them on.
      scale.setVisibleLogicalRange({ from: range.from + added, to: range.to + added });
    }
  }

  #showNewest(): void {
    if (!this.#toNewest || this.#element.clientWidth === 0) return;
    this.#toNewest = false;
    // After the chart has taken its new size, which it does with the frame.
    requestAnimationFrame(() => {
      if (this.#removed) return;
      const scale = this.#chart.timeScale();
      scale.applyOptions({ barSpacing: BAR_PIXELS });
      scale.scrollToPosition(BARS_RIGHT, false);
    });
  }

  update(bar: Bar, begun: boolean): void {
    if (begun) this.#drawn = { ...this.#drawn, count: this.#drawn.count + 1 };
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
    this.#removed = true;
    this.#observer.disconnect();
    this.#chart.remove();
  }
}
