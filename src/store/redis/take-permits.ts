/**
 * The same as the function take_permits of the database (migration 0060), in one script, so that nothing comes between reading and
 * writing. KEYS: the windows; ARGV: six numbers for each: limit, window in milliseconds, slices, wanted, unused, and the slice those
 * were counted in. Redis 5 or later; by its own clock, so that the clocks of the processes do not matter.
 */
export const TAKE_PERMITS = `
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local windows, refused = {}, false
for i, key in ipairs(KEYS) do
  local argument = function(n) return tonumber(ARGV[(i - 1) * 6 + n]) end
  local limit, span, slices, wanted, unused, of = argument(1), argument(2), argument(3), argument(4), argument(5), argument(6)
  local step = math.max(1, math.floor(span / slices))
  local stored = redis.call('GET', key)
  local counts, newest = {}, 0
  if stored then
    counts = cmsgpack.unpack(stored)
    newest = table.remove(counts, 1)
  end
  -- A clock that was set back counts on where it was.
  local current = math.max(math.floor(now / step), newest)
  if unused > 0 and counts[newest - of + 1] then
    counts[newest - of + 1] = math.max(0, counts[newest - of + 1] - unused)
  end
  local slid, used, oldest = {}, 0, 1
  for n = 1, slices + 1 do
    slid[n] = counts[n - (current - newest)] or 0
    used = used + slid[n]
    if slid[n] > 0 then oldest = n end
  end
  local free = math.max(0, limit - used)
  local granted = math.min(wanted, math.max(1, math.floor(free / 4)), free)
  refused = refused or granted == 0
  windows[i] = {
    key = key, counts = slid, slice = current, free = free, granted = granted, keep = span + 2 * step,
    frees = math.max(1, (current - oldest + slices + 2) * step - now), lasts = math.max(0, (current + 1) * step - now),
  }
end
local answers = {}
for i, window in ipairs(windows) do
  if refused then window.granted = 0 end
  window.counts[1] = window.counts[1] + window.granted
  table.insert(window.counts, 1, window.slice)
  redis.call('SET', window.key, cmsgpack.pack(window.counts), 'PX', window.keep)
  answers[i] = { window.granted, window.free - window.granted, window.frees, window.lasts, window.slice }
end
return answers
`;
