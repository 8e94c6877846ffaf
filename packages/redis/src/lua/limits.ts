/**
 * Limits. `ids` is a sorted set of what was admitted, by time; `amounts` a hash of what each reported, with their sum under
 * `s`. The twin of `limits.ts` in the core: neither changes alone.
 */
export const LIMITS: string = /* lua */ `
local function window_start(per, window, now)
  if window == 'fixed' then return now - now % per end
  return now - per + 1
end

local function prune(ids, amounts, kind, start)
  local before = '(' .. int(start)
  if kind == 'sum' then
    for _, id in ipairs(redis.call('ZRANGEBYSCORE', ids, '-inf', before)) do
      local took = redis.call('HGET', amounts, 'i' .. id)
      if took then
        redis.call('HINCRBY', amounts, 's', int(0 - tonumber(took)))
        redis.call('HDEL', amounts, 'i' .. id)
      end
    end
  end
  redis.call('ZREMRANGEBYSCORE', ids, '-inf', before)
end

-- Until enough of the oldest have left that one more fits.
local function sliding_wait(ids, amounts, kind, used, allow, per, now)
  if kind ~= 'sum' then
    local row = redis.call('ZRANGE', ids, used - allow, used - allow, 'WITHSCORES')
    return row[2] and tonumber(row[2]) + per - now or per
  end
  local from = 0
  while true do
    local rows = redis.call('ZRANGE', ids, from, from + 99, 'WITHSCORES')
    if #rows == 0 then return per end
    for i = 1, #rows, 2 do
      used = used - tonumber(redis.call('HGET', amounts, 'i' .. rows[i]) or '0')
      if used < allow then return tonumber(rows[i + 1]) + per - now end
    end
    from = from + 100
  end
end

local function wait_for(ids, amounts, kind, id, allow, per, window, now)
  if kind ~= 'sum' and redis.call('ZSCORE', ids, id) then return 0 end
  local used
  if kind == 'sum' then used = tonumber(redis.call('HGET', amounts, 's') or '0') else used = redis.call('ZCARD', ids) end
  if used < allow then return 0 end
  if window == 'fixed' then return window_start(per, window, now) + per - now end
  local wait = sliding_wait(ids, amounts, kind, used, allow, per, now)
  if kind == 'hold' then return math.min(wait, HOLD_RETRY) end
  return wait
end

-- KEYS per charge: ids, amounts. ARGV: clock, then per charge: kind, id, allow, per, window. Answers wait, fresh per charge.
local function charge(keys, args)
  local now = now_ms(args[1])
  local asked, admitted = {}, true
  for i = 1, #keys / 2 do
    local a = 2 + (i - 1) * 5
    local c = {
      ids = keys[2 * i - 1], amounts = keys[2 * i], kind = args[a], id = args[a + 1],
      allow = tonumber(args[a + 2]), per = tonumber(args[a + 3]), window = args[a + 4],
    }
    prune(c.ids, c.amounts, c.kind, window_start(c.per, c.window, now))
    c.wait = wait_for(c.ids, c.amounts, c.kind, c.id, c.allow, c.per, c.window, now)
    if c.wait > 0 then admitted = false end
    asked[i] = c
  end
  local answers = {}
  for _, c in ipairs(asked) do
    local fresh = 0
    if admitted and c.kind ~= 'sum' then
      fresh = redis.call('ZADD', c.ids, 'NX', int(now), c.id)
      keep(c.ids, c.per)
    end
    answers[#answers + 1] = c.wait
    answers[#answers + 1] = fresh
  end
  return answers
end

-- KEYS per amount: ids, amounts. ARGV: clock, then per amount: id, amount, per, window.
local function report(keys, args)
  local now = now_ms(args[1])
  for i = 1, #keys / 2 do
    local a = 2 + (i - 1) * 4
    local ids, amounts, id, per = keys[2 * i - 1], keys[2 * i], args[a], tonumber(args[a + 2])
    prune(ids, amounts, 'sum', window_start(per, args[a + 3], now))
    if redis.call('HSETNX', amounts, 'i' .. id, args[a + 1]) == 1 then
      redis.call('HINCRBY', amounts, 's', args[a + 1])
      redis.call('ZADD', ids, int(now), id)
    end
    keep(ids, per)
    keep(amounts, per)
  end
  return 'OK'
end

-- KEYS per hold: ids. ARGV: clock, then per hold: id.
local function release(keys, args)
  for i = 1, #keys do redis.call('ZREM', keys[i], args[i + 1]) end
  return 'OK'
end
`;
