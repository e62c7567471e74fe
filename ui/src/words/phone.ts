/**
 * Numbers as people of their country write them: of the countries where our shops and their customers are. Any other is
 * grouped in threes. Display only: what is dialled and stored keeps its digits.
 */
type Plan = { code: string; length: number; begins?: RegExp; groups: readonly number[]; area?: number; join?: string };

const PLANS: readonly Plan[] = [
  { code: "51", length: 9, begins: /^9/, groups: [3, 3, 3] },
  { code: "51", length: 8, begins: /^1/, groups: [1, 3, 4], area: 1 },
  { code: "55", length: 11, groups: [2, 5, 4], area: 2, join: "-" },
  { code: "55", length: 10, groups: [2, 4, 4], area: 2, join: "-" },
  { code: "52", length: 10, begins: /^(33|55|56|81)/, groups: [2, 4, 4] },
  { code: "52", length: 10, groups: [3, 3, 4] },
  { code: "57", length: 10, groups: [3, 3, 4] },
  { code: "56", length: 9, groups: [1, 4, 4] },
  { code: "54", length: 10, begins: /^11/, groups: [2, 4, 4], join: "-" },
  { code: "54", length: 10, groups: [3, 3, 4], join: "-" },
  { code: "593", length: 9, groups: [2, 3, 4] },
  { code: "591", length: 8, groups: [4, 4] },
  { code: "595", length: 9, groups: [3, 3, 3] },
  { code: "598", length: 8, groups: [2, 3, 3] },
  { code: "58", length: 10, groups: [3, 3, 4], join: "-" },
  { code: "506", length: 8, groups: [4, 4] },
  { code: "507", length: 8, groups: [4, 4], join: "-" },
  { code: "502", length: 8, groups: [4, 4] },
  { code: "503", length: 8, groups: [4, 4] },
  { code: "504", length: 8, groups: [4, 4], join: "-" },
  { code: "505", length: 8, groups: [4, 4] },
  { code: "34", length: 9, groups: [3, 3, 3] },
  { code: "351", length: 9, groups: [3, 3, 3] },
  { code: "1", length: 10, groups: [3, 3, 4], area: 3, join: "-" },
];

const NUMBER = /^\+?(\d{7,15})$/;

/** `+51999000001` as `+51 999 000 001`; what is no number stays as it is. */
export function phoneWords(number: string): string {
  const digits = NUMBER.exec(number.trim())?.[1];
  if (!digits) return number;
  const plan = planOf(digits);
  if (!plan) return `+${digits.slice(0, 2)} ${inThrees(digits.slice(2))}`;
  const national = nationalOf(digits, plan.code);
  const parts: string[] = [];
  let at = 0;
  for (const size of plan.groups) {
    parts.push(national.slice(at, at + size));
    at += size;
  }
  const area = plan.area === undefined ? [] : parts.splice(0, 1);
  return [`+${plan.code}`, ...area.map((code) => `(${code})`), joined(parts, plan.join)].join(" ");
}

/** Argentina's and Mexico's mobiles bear a digit that nobody writes there. */
function nationalOf(digits: string, code: string): string {
  const rest = digits.slice(code.length);
  const silent = code === "54" ? "9" : code === "52" ? "1" : null;
  return silent !== null && rest.length === 11 && rest.startsWith(silent) ? rest.slice(1) : rest;
}

function planOf(digits: string): Plan | undefined {
  return PLANS.find((plan) => {
    if (!digits.startsWith(plan.code)) return false;
    const national = nationalOf(digits, plan.code);
    return national.length === plan.length && (plan.begins?.test(national) ?? true);
  });
}

/** Only the last two groups hang together where a hyphen is written. */
function joined(parts: string[], join: string | undefined): string {
  if (join === undefined || parts.length < 2) return parts.join(" ");
  return [...parts.slice(0, -2), parts.slice(-2).join(join)].join(" ");
}

function inThrees(digits: string): string {
  return digits.replace(/(\d{3})(?=\d{2})/g, "$1 ").trim();
}
