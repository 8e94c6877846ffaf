/**
 * Limits on what is counted: `ids` is a sorted set of what was admitted, by time. The twin of `limits.ts` in the core: neither changes
 * alone. Limits on reported numbers are in `sums.ts`.
 */
export const LIMITS: string = /* lua */ `
local function wait_for(ids, kind, id, allow, per, window, now)
  redis.call('ZREMRANGEBYSCORE', ids, '-inf', '(' .. int(window_start(per, window, now)))
  if redis.call('ZSCORE', ids, id) then return 0 end
  local used = redis.call('ZCARD', ids)
  if used < allow then return 0 end
  if window == 'fixed' then return window_start(per, window, now) + per - now end
  -- Until enough of the oldest have left that one more fits.
  local row = redis.call('ZRANGE', ids, used - allow, used - allow, 'WITHSCORES')
  local wait = row[2] and tonumber(row[2]) + per - now or per
  if kind == 'hold' then return math.min(wait, HOLD_RETRY) end
  return wait
end

-- KEYS per charge: ids, or the sums of a limit on reported numbers. ARGV: clock, then per charge: kind, id, allow, per, window. Answers wait, fresh per charge.
local function charge(keys, args)
  local now = now_ms(args[1])
  local asked, admitted = {}, true
  for i = 1, #keys do
    local a = 2 + (i - 1) * 5
    local c = {
      key = keys[i], kind = args[a], id = args[a + 1],
      allow = tonumber(args[a + 2]), per = tonumber(args[a + 3]), window = args[a + 4],
    }
    if c.kind == 'sum' then
      c.wait = wait_for_room(c.key, c.allow, c.per, c.window, now)
    else
      c.wait = wait_for(c.key, c.kind, c.id, c.allow, c.per, c.window, now)
    end
    if c.wait > 0 then admitted = false end
    asked[i] = c
  end
  local answers = {}
  for _, c in ipairs(asked) do
    local fresh = 0
    if admitted and c.kind ~= 'sum' then
      fresh = redis.call('ZADD', c.key, 'NX', int(now), c.id)
      -- A hold that is charged again is held for longer.
      if fresh == 0 and c.kind == 'hold' then redis.call('ZADD', c.key, 'XX', int(now), c.id) end
      keep(c.key, c.per)
    end
    answers[#answers + 1] = c.wait
    answers[#answers + 1] = fresh
  end
  return answers
end

-- KEYS per hold: ids. ARGV: clock, then per hold: id.
local function release(keys, args)
  for i = 1, #keys do redis.call('ZREM', keys[i], args[i + 1]) end
  return 'OK'
end
`;
