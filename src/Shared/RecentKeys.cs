using System.Security.Cryptography;
using System.Text;

namespace IotOps.Shared;

/// <summary>The latest keys, a bounded number of them, as hashes of 16 bytes: a key may be as long as a client's name. Safe for concurrent use.</summary>
internal sealed class RecentKeys(int capacity)
{
    private readonly HashSet<UInt128> _known = [];
    private readonly Queue<UInt128> _order = new();
    private readonly Lock _lock = new();

    public bool Contains(string key)
    {
        UInt128 hash = Hash(key);
        lock (_lock)
        {
            return _known.Contains(hash);
        }
    }

    public void Add(string key)
    {
        UInt128 hash = Hash(key);
        lock (_lock)
        {
            if (capacity == 0 || !_known.Add(hash))
            {
                return;
            }

            _order.Enqueue(hash);
            if (_order.Count > capacity)
            {
                _known.Remove(_order.Dequeue());
            }
        }
    }

    private static UInt128 Hash(string key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(key), hash);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }
}
