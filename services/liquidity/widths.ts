/** How wide each pair is quoted beside EURUSD, in ticks of its own: about what interbank venues show. */
export const SYMBOLS_WIDTH: Readonly<Record<string, number>> = {
  EURUSD: 1,
  GBPUSD: 1.4,
  USDJPY: 1.3,
  USDCHF: 1.5,
  AUDUSD: 1.2,
  USDCAD: 1.5,
  NZDUSD: 1.7,
  EURGBP: 1.4,
  EURJPY: 2.1,
};
export const WIDTH_OTHERWISE = 2;
