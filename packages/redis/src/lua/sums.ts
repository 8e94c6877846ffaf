/**
 * Reported and reserved numbers: the twin of `sums.ts` in the core; neither changes alone. `sums` is a hash of
 * sixtieths of the window, each the sum and the time of its latest amount, and under `g` the number of the newest
 * generation of ids. `even` and `odd` are hashes of the ids of generations with such numbers, each with what is
 * reserved under it: nothing, or sixtieth, amount and attempt. So a call costs the same whatever the history.
 */
export const SUMS: string = /* lua */ `
local BUCKETS = 60
local MOST = 9007199254740991

-- Sixtieths whose latest report is in the window, oldest first. Those that have left are removed.
local function read_buckets(sums, start, now)
  local live, ended = {}, {}
  local all = redis.call('HGETALL', sums)
  for i = 1, #all, 2 do
    local sum, last = string.match(all[i + 1], '^(%d+),(%d+)$')
    if sum then
      if tonumber(last) < start then
        ended[#ended + 1] = all[i]
      elseif tonumber(last) > now then
        -- The clock was set back: what was added in what is now the future counts from now on.
        redis.call('HSET', sums, all[i], sum .. ',' .. int(now))
        live[#live + 1] = { number = tonumber(all[i]), sum = tonumber(sum), last = now }
      else
        live[#live + 1] = { number = tonumber(all[i]), sum = tonumber(sum), last = tonumber(last) }
      end
    end
  end
  if #ended > 0 then redis.call('HDEL', sums, unpack(ended)) end
  table.sort(live, function(a, b) return a.last < b.last end)
  return live
end

-- Ids are forgotten by whole generations: constant work, and freed in the background. Answers where new ones are noted, and the others.
local function turn(sums, even, odd, per, now)
  local newest = tonumber(redis.call('HGET', sums, 'g') or '0')
  local generation = math.max(newest, math.floor(now / per))
  local current, previous = even, odd
  if generation % 2 == 1 then current, previous = odd, even end
  if generation > newest then
    redis.call('HSET', sums, 'g', int(generation))
    -- A reservation that is refused notes nothing, and a key that nothing ends would stay for ever.
    keep(sums, 2 * per)
    redis.call('UNLINK', current)
    if generation > newest + 1 then redis.call('UNLINK', previous) end
  end
  return current, previous
end

-- Where an id is noted, and what is reserved under it. Nothing: it was not seen.
local function find(current, previous, id)
  for _, ids in ipairs({ current, previous }) do
    local reserved = redis.call('HGET', ids, id)
    if reserved then return ids, reserved end
  end
end

-- asked: none, or the amount of a reservation. Answers the wait, the sum, and the oldest sixtieth that counts.
local function wait_for_room(sums, asked, allow, per, window, now)
  local most = allow - (asked or 1)
  local start, ends = window_at(per, window, now)
  local live = read_buckets(sums, start, now)
  local used, oldest = 0, nil
  for _, bucket in ipairs(live) do
    used = math.min(MOST, used + bucket.sum)
    if bucket.sum > 0 and not oldest then oldest = bucket end
  end
  if used <= most then return 0, used, oldest end
  if ends then return ends - now, used, oldest end
  local left = used
  for _, bucket in ipairs(live) do
    left = left - bucket.sum
    if left <= most then return bucket.last + per - now, used, oldest end
  end
  return per, used, oldest
end

local function reset_after(oldest, per, window, now)
  if not oldest then return 0 end
  local _, ends = window_at(per, window, now)
  return ends and ends - now or oldest.last + per - now
end

-- attempt: none, or that of a reservation. Answers the sixtieth that the amount was added to.
local function note(sums, ids, id, amount, attempt, per, window, now)
  local start, ends = window_at(per, window, now)
  local field
  if window == 'sliding' then
    field = int(math.floor(now / math.ceil(per / BUCKETS)))
  else
    field = int(window == 'fixed' and math.floor(now / per) or start)
  end
  local sum, last = string.match(redis.call('HGET', sums, field) or '', '^(%d+),(%d+)$')
  if not sum then
    read_buckets(sums, start, now)
    sum, last = 0, now
  end
  sum = math.min(MOST, tonumber(sum) + amount)
  redis.call('HSET', sums, field, int(sum) .. ',' .. int(math.max(tonumber(last), now)))
  redis.call('HSET', ids, id, attempt and table.concat({ field, int(amount), attempt }, ',') or '')
  keep(ids, 2 * per)
  keep(sums, 2 * per)
  return { number = tonumber(field), last = math.max(tonumber(last), now) }
end

local function settle(sums, ids, id, reserved, amount, attempt)
  local field, held, by = string.match(reserved, '^(%d+),(%d+),(.*)$')
  if not field or (amount == 0 and by ~= attempt) then return end
  local sum, last = string.match(redis.call('HGET', sums, field) or '', '^(%d+),(%d+)$')
  if sum and tonumber(sum) < MOST then
    sum = math.min(MOST, math.max(0, tonumber(sum) - tonumber(held)) + amount)
    redis.call('HSET', sums, field, int(sum) .. ',' .. last)
  end
  if amount == 0 then redis.call('HDEL', ids, id) else redis.call('HSET', ids, id, '') end
end

-- KEYS per amount: sums, even, odd. ARGV: clock, then per amount: id, amount, per, window, attempt.
local function report(keys, args)
  local now = now_ms(args[1])
  for i = 1, #keys / 3 do
    local a = 2 + (i - 1) * 5
    local sums, id, amount, per, window = keys[3 * i - 2], args[a], tonumber(args[a + 1]), tonumber(args[a + 2]), args[a + 3]
    local current, previous = turn(sums, keys[3 * i - 1], keys[3 * i], per, now)
    local ids, reserved = find(current, previous, id)
    if ids then
      settle(sums, ids, id, reserved, amount, args[a + 4])
    elseif amount > 0 then
      note(sums, current, id, amount, nil, per, window, now)
    end
    keep(sums, 2 * per)
  end
  return 'OK'
end
`;
