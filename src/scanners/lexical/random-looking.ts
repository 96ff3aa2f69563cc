const VOWELS = /[aeiouyäöüáéíóú]/i;
/** Pairs of letters that hardly ever stand together in words or names of any language written in Latin letters. */
const RARE = new Set(
  (
    'bq bx cj cx dx fq fx fz gq gx hx hz jb jc jd jf jg jh jk jl jm jn jp jq jr js jt jv jw jx jz kq kx lq lx mq mx mz pq px qb qc qd ' +
    'qe qf qg qh qj qk ql qm qn qo qp qr qs qt qv qw qx qy qz sx tq tx vb vc vd vf vg vh vk vm vn vp vq vt vw vx vz wq wv wx wz xb xd ' +
    'xf xg xj xk xl xm xn xq xr xs xv xw xz yq yx zb zc zd zf zg zj zl zm zn zp zq zr zt zv zx'
  ).split(' '),
);
const SHORTEST = 8;
const LONGEST = 80;

/**
 * Whether a name looks made up by a program: consonants without vowels, letters and digits in turn, or pairs of letters that words
 * do not have. Cheap, and cautious: names of people and firms in other languages must pass. Parts between dots, hyphens and other
 * marks are looked at one by one, and what follows a plus sign is the owner's own label.
 */
export function isRandomLooking(name: string): boolean {
  if (name.length < SHORTEST || name.length > LONGEST || name.startsWith('xn--')) return false;
  const [before = ''] = name.toLowerCase().split('+');
  return before.split(/[^a-z0-9]+/).some(isRandomPart);
}

function isRandomPart(part: string): boolean {
  if (part.length < SHORTEST) return false;
  const changes = part.match(/[a-z](?=\d)|\d(?=[a-z])/g)?.length ?? 0;
  if (changes >= 4 && part.length >= 10) return true;
  const letters = part.replace(/\d/g, '');
  if (letters.length < 7) return false;
  let rare = 0;
  let run = 0;
  let longest = 0;
  for (let at = 0; at < letters.length; at++) {
    if (RARE.has(letters.slice(at, at + 2))) rare++;
    run = VOWELS.test(letters[at] ?? '') ? 0 : run + 1;
    longest = Math.max(longest, run);
  }
  return longest >= 7 || rare / letters.length > 0.2 || (longest >= 5 && rare >= 2) || (changes >= 3 && rare >= 1);
}
