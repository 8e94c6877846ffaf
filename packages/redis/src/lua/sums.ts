/**
 * Reported numbers: the twin of `sums.ts` in the core; neither changes alone. `sums` is a hash of sixtieths of the window, each the sum
 * and the time of its latest report, and under `g` the number of the newest generation of ids. `even` and `odd` are sets of ids, of the
 * generations with such numbers. So a call costs the same whatever the history.
 */
export const SUMS: string = /* lua */ `
local BUCKETS = 60
local MOST = 9007199254740991

-- Sixtieths whose latest report is in the window, oldest first. Those that have left are removed.
local function read_buckets(sums, start)
  local live, ended = {}, {}
  local all = redis.call('HGETALL', sums)
  for i = 1, #all, 2 do
    local sum, last = string.match(all[i + 1], '^(%d+),(%d+)$')
    if sum then
      if tonumber(last) < start then
        ended[#ended + 1] = all[i]
      else
        live[#live + 1] = { number = tonumber(all[i]), sum = tonumber(sum), last = tonumber(last) }
      end
    end
  end
  if #ended > 0 then redis.call('HDEL', sums, unpack(ended)) end
  table.sort(live, function(a, b) return a.last < b.last end)
  return live
end

local function wait_for_room(sums, allow, per, window, now)
  local live = read_buckets(sums, window_start(per, window, now))
  local used = 0
  for _, bucket in ipairs(live) do used = math.min(MOST, used + bucket.sum) end
  if used < allow then return 0 end
  if window == 'fixed' then return window_start(per, window, now) + per - now end
  for _, bucket in ipairs(live) do
    used = used - bucket.sum
    if used < allow then return bucket.last + per - now end
  end
  return per
end

-- False when the id was seen before. Ids are forgotten by whole generations: constant work, and freed in the background.
local function first_seen(sums, even, odd, id, per, now)
  local newest = tonumber(redis.call('HGET', sums, 'g') or '0')
  local generation = math.max(newest, math.floor(now / per))
  local current = generation % 2 == 0 and even or odd
  if generation > newest then
    redis.call('HSET', sums, 'g', int(generation))
    redis.call('UNLINK', current)
    if generation > newest + 1 then redis.call('UNLINK', current == even and odd or even) end
  end
  if redis.call('SISMEMBER', even, id) == 1 or redis.call('SISMEMBER', odd, id) == 1 then return false end
  redis.call('SADD', current, id)
  keep(current, 2 * per)
  return true
end

-- KEYS per amount: sums, even, odd. ARGV: clock, then per amount: id, amount, per, window.
local function report(keys, args)
  local now = now_ms(args[1])
  for i = 1, #keys / 3 do
    local a = 2 + (i - 1) * 4
    local sums, per, window = keys[3 * i - 2], tonumber(args[a + 2]), args[a + 3]
    if first_seen(sums, keys[3 * i - 1], keys[3 * i], args[a], per, now) then
      local width = window == 'fixed' and per or math.ceil(per / BUCKETS)
      local field = int(math.floor(now / width))
      local sum, last = string.match(redis.call('HGET', sums, field) or '0,0', '^(%d+),(%d+)$')
      if sum == '0' and last == '0' then read_buckets(sums, window_start(per, window, now)) end
      sum = math.min(MOST, tonumber(sum) + tonumber(args[a + 1]))
      redis.call('HSET', sums, field, int(sum) .. ',' .. int(math.max(tonumber(last), now)))
    end
    keep(sums, 2 * per)
  end
  return 'OK'
end
`;
