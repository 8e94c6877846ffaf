/**
 * Labels of a session: a sorted set of names as JSON. A score is the time until which the whole set was remembered when
 * the name was last added, so the largest score is when the set ends.
 */
export const LABELS: string = /* lua */ `
local function labels_until(set)
  local last = redis.call('ZREVRANGE', set, 0, 0, 'WITHSCORES')
  return tonumber(last[2] or '0')
end

-- KEYS: set. ARGV: clock. Answers the names, in no order.
local function labelled(keys, args)
  if labels_until(keys[1]) <= now_ms(args[1]) then return {} end
  return redis.call('ZRANGE', keys[1], 0, -1)
end

-- KEYS: set. ARGV: clock, remember, how many at most, names. Answers all names, or nothing when they would be too many.
local function label(keys, args)
  local set, now, most = keys[1], now_ms(args[1]), tonumber(args[3])
  local until_ms = labels_until(set)
  if until_ms <= now then
    redis.call('UNLINK', set)
    until_ms = 0
  end
  local more = 0
  for i = 4, #args do
    if not redis.call('ZSCORE', set, args[i]) then more = more + 1 end
  end
  if redis.call('ZCARD', set) + more > most then return false end
  until_ms = math.max(until_ms, now + tonumber(args[2]))
  for i = 4, #args do redis.call('ZADD', set, int(until_ms), args[i]) end
  keep(set, until_ms - now)
  return redis.call('ZRANGE', set, 0, -1)
end
`;
