-- KEYS[1]: the window's start in µs, and the counts of the one before it and of itself. ARGV: how many are asked for; the
-- limit; the period in µs; 1 if it slides; how long in ms an unspent key is remembered.
-- Counts are in millionths of a token.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local asked, limit, period = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local sliding = ARGV[4] == '1'

-- ⌊a · b / c⌋ or ⌈a · b / c⌉, reduced first so that the product is exact.
local function reduced(a, b)
    local x, y = a, b
    while y > 0 do
        x, y = y, math.fmod(x, y)
    end
    return a / x, b / x
end
local function scaled(a, b, c, round)
    if a == 0 or b == 0 then
        return 0
    end
    a, c = reduced(a, c)
    b, c = reduced(b, c)
    return round(a * b / c)
end

local start, previous, current = now, 0, 0
local kept = redis.call('GET', KEYS[1])
if kept then
    start, previous, current = string.match(kept, '^(%S+) (%S+) (%S+)$')
    -- A clock that was set back begins the window anew and takes nothing.
    start, previous, current = math.min(start, now), tonumber(previous), tonumber(current)
    local passed = math.floor((now - start) / period)
    if passed > 0 then
        previous = sliding and passed == 1 and current or 0
        current, start = 0, start + passed * period
    end
end

-- How far into a window the weight of `count` is down to `room`.
local function faded(count, room)
    if count <= room then
        return 0
    end
    return period - math.min(period, scaled(room, period, count, math.floor))
end

local allowed, retry = 0, -1
if asked <= limit then
    local room, due = limit - current - asked, start + period
    if room >= 0 then
        due = start + faded(previous, room)
    elseif sliding then
        due = due + faded(current, limit - asked)
    end
    retry = math.max(0, due - now)
    if retry == 0 then
        allowed, current = 1, current + asked
    end
end

local reset = 0
if current > 0 then
    reset = start + (sliding and 2 or 1) * period - now
elseif previous > 0 then
    reset = start + period - now
end
if allowed == 1 then
    redis.call('SET', KEYS[1], string.format('%.0f %.0f %.0f', start, previous, current), 'PX',
        string.format('%.0f', math.ceil(reset / 1000) + ARGV[5]))
end
local weight = scaled(previous, period - (now - start), period, math.ceil)
return {allowed, math.max(0, limit - current - weight), retry, reset}
