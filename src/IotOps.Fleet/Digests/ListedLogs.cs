using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace IotOps.Fleet.Digests;

/// <summary>The keys that digests list: 16 bytes of each instead of a hundred and fifty characters, because a year has hundreds of thousands.</summary>
internal sealed class ListedLogs
{
    private readonly HashSet<UInt128> _keys = [];

    public void Add(string key) => _keys.Add(Short(key));

    public bool Contains(string key) => _keys.Contains(Short(key));

    private static UInt128 Short(string key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(key), hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }
}
