-- KEYS[1]: the record. ARGV: the token; the lease in µs.
local kept = redis.call('HMGET', KEYS[1], 'token', 'lease', 'ttl')
if kept[1] ~= ARGV[1] or not kept[2] then
    return 0
end
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
redis.call('HSET', KEYS[1], 'lease', string.format('%.0f', now + ARGV[2]))
redis.call('PEXPIRE', KEYS[1], string.format('%.0f', math.ceil(ARGV[2] / 1000) + kept[3]))
return 1
