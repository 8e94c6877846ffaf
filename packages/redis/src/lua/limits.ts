/**
 * Limits on what is counted: `ids` is a sorted set of what was admitted, by time. The twin of `limits.ts` in the core: neither changes
 * alone. Limits on reported numbers are in `sums.ts`.
 */
export const LIMITS: string = /* lua */ `
local function wait_for(ids, kind, id, allow, per, window, now)
  local start, ends = window_at(per, window, now)
  redis.call('ZREMRANGEBYSCORE', ids, '-inf', '(' .. int(start))
  if redis.call('ZSCORE', ids, id) then return 0 end
  local used = redis.call('ZCARD', ids)
  if used < allow then return 0 end
  if ends then return ends - now end
  -- Until enough of the oldest have left that one more fits.
  local row = redis.call('ZRANGE', ids, used - allow, used - allow, 'WITHSCORES')
  local wait = row[2] and tonumber(row[2]) + per - now or per
  if kind == 'hold' then return math.min(wait, HOLD_RETRY) end
  return wait
end

-- KEYS per charge: ids; of a limit on reported numbers the sums; of a reservation the sums, even and odd.
-- ARGV: clock, then per charge: kind, id, allow, per, window, amount, attempt. Answers wait, fresh per charge.
local function charge(keys, args)
  local now = now_ms(args[1])
  local asked, admitted, k = {}, true, 1
  for a = 2, #args, 7 do
    local c = {
      key = keys[k], kind = args[a], id = args[a + 1], allow = tonumber(args[a + 2]), per = tonumber(args[a + 3]),
      window = args[a + 4], amount = tonumber(args[a + 5]), attempt = args[a + 6],
    }
    if c.kind == 'reserve' then
      local current, previous = turn(c.key, keys[k + 1], keys[k + 2], c.per, now)
      c.ids, c.seen = current, find(current, previous, c.id)
      c.wait = c.seen and 0 or wait_for_room(c.key, c.amount, c.allow, c.per, c.window, now)
      k = k + 3
    else
      if c.kind == 'sum' then
        c.wait = wait_for_room(c.key, nil, c.allow, c.per, c.window, now)
      else
        c.wait = wait_for(c.key, c.kind, c.id, c.allow, c.per, c.window, now)
      end
      k = k + 1
    end
    if c.wait > 0 then admitted = false end
    asked[#asked + 1] = c
  end
  local answers = {}
  for _, c in ipairs(asked) do
    local fresh = 0
    if admitted and c.kind == 'reserve' then
      if not c.seen then
        note(c.key, c.ids, c.id, c.amount, c.attempt, c.per, c.window, now)
        fresh = 1
      end
    elseif admitted and c.kind ~= 'sum' then
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
