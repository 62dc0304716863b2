# What a simulated NVMe drive answers: identity, health log, error log, self-tests. Values are the caller's, forms are of NVMe 1.4.
import os, struct
def nvme(warning=0, kelvin=314, spare=100, used=3, written=9, media=0, hours=9120, hot=(0, 0), errors=(), tests=()):
    d = "/usr/local/lib/kb/nvme0/"
    os.makedirs(d, exist_ok=True)
    c = bytearray(4096)
    c[4:24] = b"EX2T0042".ljust(20); c[24:64] = b"EXAMPLE NV2000".ljust(40); c[64:72] = b"EX03".ljust(8)
    struct.pack_into("<I", c, 80, 0x10400); c[77] = 5; c[256] = 0x17; c[260] = 0x14; c[261] = 0x0e; c[262] = 63
    struct.pack_into("<HH", c, 266, 343, 353); struct.pack_into("<Q", c, 280, 2000398934016); c[512] = 0x66; c[513] = 0x44; c[516] = 1
    open(d + "06-01", "wb").write(c)
    n = bytearray(4096); struct.pack_into("<QQQ", n, 0, *[2000398934016 // 512] * 3); n[130] = 9
    open(d + "06-00", "wb").write(n)
    s = bytearray(512)
    struct.pack_into("<BHBBB", s, 0, warning, kelvin, spare, 10, used)
    for at, v in ((32, written * 700000), (48, written * 1953125), (64, 812345678), (80, 2123456789), (96, 18211), (112, 21), (128, hours), (144, 9), (160, media), (176, media)):
        struct.pack_into("<Q", s, at, v)
    struct.pack_into("<II", s, 192, *hot); struct.pack_into("<H", s, 200, kelvin)
    open(d + "02-02", "wb").write(s)
    e = bytearray(4096)
    for i, (count, status, lba) in enumerate(errors): struct.pack_into("<QHHHHQI", e, 64 * i, count, 3, 17, status << 1, 0, lba, 1)
    open(d + "02-01", "wb").write(e)
    t = bytearray(564)
    for i in range(20): t[4 + 28 * i] = 0x0f
    for i, (kind, result, at) in enumerate(tests): t[4 + 28 * i] = kind << 4 | result; struct.pack_into("<Q", t, 8 + 28 * i, at)
    open(d + "02-06", "wb").write(t)
