/**
 * Exact arithmetic on the text of an expression, without `eval`.
 *
 *     sum     = product { ("+" | "-") product }
 *     product = factor { ("*" | "/" | "%") factor }
 *     factor  = ("+" | "-") factor | ( number | "(" sum ")" ) [ "%" ]
 *     number  = digits with or without a point, thousands separated by commas or not
 *
 * A `%` before another factor is the remainder, any other is per cent: `7 % 3` is 1, `20% * 5` is 1.
 */

/** A fraction in lowest terms, `d` > 0. */
export interface Rational {
  n: bigint;
  d: bigint;
}

/** Longer expressions are refused: no schoolbook sum needs them, and they bound the work. */
const MAX_LENGTH = 300;

function rational(n: bigint, d: bigint): Rational {
  if (d === 0n) throw new SyntaxError("division by zero");
  let [a, b] = [n < 0n ? -n : n, d < 0n ? -d : d];
  while (b) [a, b] = [b, a % b];
  const divisor = d < 0n ? -a : a;
  return { n: n / divisor, d: d / divisor };
}

/** The value of a decimal number such as `1,250.50`; null for any other text. */
export function parseDecimal(text: string): Rational | null {
  const match = /^(-?)(\d+(?:,\d{3})*|(?=\.\d))(?:\.(\d*))?$/.exec(text);
  if (!match) return null;
  const fraction = match[3] ?? "";
  const digits = BigInt(match[2]!.replaceAll(",", "") + fraction);
  return rational(match[1] ? -digits : digits, 10n ** BigInt(fraction.length));
}

/**
 * The value of an expression.
 *
 * @throws SyntaxError that says what is wrong with the expression
 */
export function evaluate(expression: string): Rational {
  if (expression.length > MAX_LENGTH) throw new SyntaxError("the expression is too long");
  const tokens = expression.match(/\d[\d,]*\.?\d*|\.\d+|\S/g) ?? [];
  let at = 0;
  const startsFactor = (token: string | undefined) => token !== undefined && /^[\d.(]/.test(token);
  const fail = (): never => {
    throw new SyntaxError(
      at < tokens.length ? `unexpected "${tokens[at]}"` : "the expression is not complete",
    );
  };

  function sum(): Rational {
    let left = product();
    while (tokens[at] === "+" || tokens[at] === "-") {
      const sign = tokens[at++] === "+" ? 1n : -1n;
      const right = product();
      left = rational(left.n * right.d + sign * right.n * left.d, left.d * right.d);
    }
    return left;
  }

  function product(): Rational {
    let left = factor();
    for (;;) {
      const operator = tokens[at];
      if (operator !== "*" && operator !== "/" && operator !== "%") return left;
      at++;
      const right = factor();
      if (operator === "*") left = rational(left.n * right.n, left.d * right.d);
      else if (operator === "/") left = rational(left.n * right.d, left.d * right.n);
      else left = remainder(left, right);
    }
  }

  function factor(): Rational {
    if (tokens[at] === "+" || tokens[at] === "-") {
      const sign = tokens[at++] === "+" ? 1n : -1n;
      const { n, d } = factor();
      return { n: sign * n, d };
    }
    const value = tokens[at] === "(" ? parenthesis() : (parseDecimal(tokens[at] ?? "") ?? fail());
    at++;
    if (tokens[at] !== "%" || startsFactor(tokens[at + 1])) return value;
    at++;
    return rational(value.n, value.d * 100n);
  }

  /** Leaves `at` on the closing parenthesis. */
  function parenthesis(): Rational {
    at++;
    const value = sum();
    return tokens[at] === ")" ? value : fail();
  }

  const value = sum();
  return at === tokens.length ? value : fail();
}

/** The remainder with the sign of the divisor. */
function remainder(a: Rational, b: Rational): Rational {
  const [x, y] = [a.n * b.d, b.n * a.d];
  if (y === 0n) throw new SyntaxError("division by zero");
  return rational(((x % y) + y) % y, a.d * b.d);
}

/** The value as a decimal number, rounded half away from zero to `places` (default 6), without trailing zeros. */
export function printDecimal({ n, d }: Rational, places = 6): string {
  const scale = 10n ** BigInt(places);
  const rounded = ((n < 0n ? -n : n) * scale * 2n + d) / (2n * d);
  const fraction = String(rounded % scale)
    .padStart(places, "0")
    .slice(0, places)
    .replace(/0+$/, "");
  return `${n < 0n && rounded > 0n ? "-" : ""}${rounded / scale}${fraction && `.${fraction}`}`;
}
