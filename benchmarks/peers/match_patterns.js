// A plain matcher that follows each pattern once an event, JSON.parse and a walk: match_patterns.js RULES EVENTS prints the matches.
const fs = require('fs');
const lines = (name) => fs.readFileSync(name, 'utf8').trim().split('\n');
const rules = lines(process.argv[2]).map(JSON.parse);
const globs = new Map();

function glob(text) {
  let found = globs.get(text);
  if (!found) {
    found = new RegExp('^' + text.split('*').map((piece) => piece.replace(/[.+?^${}()|[\]\\]/g, '\\$&')).join('.*') + '$', 's');
    globs.set(text, found);
  }
  return found;
}

function address(text) {
  const parts = text.split('.');
  return parts.length === 4 ? ((+parts[0] << 24) | (+parts[1] << 16) | (+parts[2] << 8) | +parts[3]) >>> 0 : -1;
}

function takes(term, value) {
  if (term === null || typeof term !== 'object') return term === value;
  const [operator] = Object.keys(term);
  const operand = term[operator];
  switch (operator) {
    case 'exists': return operand === (value !== undefined && (value === null || typeof value !== 'object'));
    case 'prefix': return typeof value === 'string' && value.startsWith(operand);
    case 'suffix': return typeof value === 'string' && value.endsWith(operand);
    case 'equals-ignore-case': return typeof value === 'string' && value.toLowerCase() === operand.toLowerCase();
    case 'wildcard': return typeof value === 'string' && glob(operand).test(value);
    case 'anything-but':
      if (value === undefined) return false;
      return Array.isArray(operand) ? !operand.includes(value) : typeof operand === 'object' ? !takes(operand, value) : value !== operand;
    case 'numeric': return typeof value === 'number' && value > operand[1];
    case 'cidr': {
      if (typeof value !== 'string') return false;
      const [network, bits] = operand.split('/');
      const mask = (~0 << (32 - bits)) >>> 0;
      return ((address(network) & mask) >>> 0) === ((address(value) & mask) >>> 0);
    }
    default: return false;
  }
}

function matches(pattern, event) {
  for (const name in pattern) {
    const asked = pattern[name];
    if (name === '$or') {
      if (!asked.some((branch) => matches(branch, event))) return false;
      continue;
    }
    const value = event == null ? undefined : event[name];
    if (Array.isArray(asked)) {
      const values = Array.isArray(value) ? value : [value];
      if (!asked.some((term) => values.some((one) => takes(term, one)))) return false;
    } else if (!matches(asked, value)) {
      return false;
    }
  }
  return true;
}

let total = 0;
for (const line of lines(process.argv[3])) {
  const event = JSON.parse(line);
  for (const rule of rules) if (matches(rule, event)) total++;
}
console.log(JSON.stringify({ total }));
