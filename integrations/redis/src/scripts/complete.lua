-- KEYS[1]: the record. ARGV: the token; the result; how long it is kept in ms; the channel.
local kept = redis.call('HMGET', KEYS[1], 'token', 'lease', 'result')
if kept[1] ~= ARGV[1] then
    return 0
end
if kept[3] then
    return 1
end
if not kept[2] then
    return 0
end
redis.call('HDEL', KEYS[1], 'lease', 'ttl')
redis.call('HSET', KEYS[1], 'result', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('PUBLISH', ARGV[4], KEYS[1])
return 1
