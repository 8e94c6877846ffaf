/**
 * Limits on what is counted: `ids` is a sorted set of what was admitted, by time. The twin of `limits.ts` in the core:
 * neither changes alone. Limits on reported numbers are in `sums.ts`.
 */
export const LIMITS: string = /* lua */ `
-- The clock was set back: what was admitted in what is now the future counts from now on, some of it with each call.
local function count_from_now(ids, now)
  local ahead = redis.call('ZRANGEBYSCORE', ids, '(' .. int(now), '+inf', 'LIMIT', 0, 1000)
  for _, id in ipairs(ahead) do redis.call('ZADD', ids, 'XX', int(now), id) end
end

-- Milliseconds to wait, and how many count.
local function wait_for(ids, kind, id, allow, per, window, now)
  local start, ends = window_at(per, window, now)
  redis.call('ZREMRANGEBYSCORE', ids, '-inf', '(' .. int(start))
  count_from_now(ids, now)
  local used = redis.call('ZCARD', ids)
  if used < allow or redis.call('ZSCORE', ids, id) then return 0, used end
  if ends then return ends - now, used end
  -- Until enough of the oldest have left that one more fits.
  local row = redis.call('ZRANGE', ids, used - allow, used - allow, 'WITHSCORES')
  local wait = row[2] and tonumber(row[2]) + per - now or per
  if kind == 'hold' then wait = math.min(wait, HOLD_RETRY) end
  return wait, used
end

-- Until the window starts over, or the oldest of what counts leaves it.
local function reset_of(ids, kind, used, per, window, now)
  if used == 0 or kind == 'hold' then return 0 end
  local start, ends = window_at(per, window, now)
  if ends then return ends - now end
  local oldest = redis.call('ZRANGEBYSCORE', ids, int(start), '+inf', 'WITHSCORES', 'LIMIT', 0, 1)
  return oldest[2] and tonumber(oldest[2]) + per - now or 0
end

-- KEYS per charge: ids; of a limit on reported numbers the sums; of a reservation the sums, even and odd.
-- ARGV: clock, then per charge: kind, allow, per, window and amount as one, id; of a reservation the attempt.
-- Answers wait, fresh, remaining, reset per charge.
local function charge(keys, args)
  local now = now_ms(args[1])
  local asked, admitted, k, a = {}, true, 1, 2
  while a < #args do
    local kind, allow, per, window, amount = string.match(args[a], '^(%S+) (%S+) (%S+) (%S+) (%S+)$')
    local c = {
      key = keys[k], kind = kind, id = args[a + 1], allow = tonumber(allow), per = tonumber(per), window = window,
      amount = tonumber(amount),
    }
    a = a + 2
    if kind == 'reserve' then
      c.attempt = args[a]
      a = a + 1
      local current, previous = turn(c.key, keys[k + 1], keys[k + 2], c.per, now)
      c.ids, c.seen = current, find(current, previous, c.id)
      c.wait, c.used, c.oldest = wait_for_room(c.key, c.amount, c.allow, c.per, c.window, now)
      if c.seen then c.wait = 0 end
      k = k + 3
    else
      if c.kind == 'sum' then
        c.wait, c.used, c.oldest = wait_for_room(c.key, nil, c.allow, c.per, c.window, now)
      else
        c.wait, c.used = wait_for(c.key, c.kind, c.id, c.allow, c.per, c.window, now)
      end
      k = k + 1
    end
    if c.wait > 0 then admitted = false end
    asked[#asked + 1] = c
  end
  local answers = {}
  for _, c in ipairs(asked) do
    local fresh, reset = 0, nil
    if c.kind == 'reserve' or c.kind == 'sum' then
      if admitted and c.kind == 'reserve' and not c.seen then
        local noted = note(c.key, c.ids, c.id, c.amount, c.attempt, c.per, c.window, now)
        fresh = 1
        c.used = math.min(MOST, c.used + c.amount)
        -- A sixtieth leaves with its latest amount.
        if c.oldest and c.oldest.number == noted.number or not c.oldest and c.amount > 0 then c.oldest = noted end
      end
      reset = reset_after(c.oldest, c.per, c.window, now)
    else
      if admitted then
        fresh = redis.call('ZADD', c.key, 'NX', int(now), c.id)
        -- A hold that is charged again is held for longer.
        if fresh == 0 and c.kind == 'hold' then redis.call('ZADD', c.key, 'XX', int(now), c.id) end
        keep(c.key, c.per)
      end
      c.used = c.used + fresh
      reset = reset_of(c.key, c.kind, c.used, c.per, c.window, now)
    end
    for _, value in ipairs({ c.wait, fresh, math.max(0, c.allow - c.used), reset }) do answers[#answers + 1] = value end
  end
  return answers
end

-- KEYS per hold: ids. ARGV: clock, then per hold: id.
local function release(keys, args)
  for i = 1, #keys do redis.call('ZREM', keys[i], args[i + 1]) end
  return 'OK'
end
`;
