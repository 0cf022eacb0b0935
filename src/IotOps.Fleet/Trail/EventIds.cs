using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace IotOps.Fleet.Trail;

/// <summary>
/// Which events were seen, and in which source: the latest ones, at most as many as asked for and at least half as many. 20 bytes an event, and
/// as much again as a hash table needs.
/// </summary>
internal sealed class EventIds(int capacity)
{
    private const int GuidLength = 36;

    private EventIdTable _young = new();
    private EventIdTable _old = new();

    /// <summary>Remembers an event; false when it was seen before.</summary>
    /// <param name="id">Its id, the text between the quotes.</param>
    /// <param name="source">Where it was seen.</param>
    public bool Add(ReadOnlySpan<byte> id, int source)
    {
        UInt128 key = Key(id);
        if (_old.Find(key) >= 0 || !_young.Add(key, source))
        {
            return false;
        }

        if (_young.Count >= Math.Max(capacity / 2, 1))
        {
            (_old, _young) = (_young, new EventIdTable());
        }

        return true;
    }

    /// <summary>Where an event was seen; -1 when it was not, or too long ago.</summary>
    public int Find(ReadOnlySpan<byte> id)
    {
        UInt128 key = Key(id);
        return Math.Max(_young.Find(key), _old.Find(key));
    }

    // Nearly all ids are GUIDs. Others may be of any length.
    private static UInt128 Key(ReadOnlySpan<byte> id)
    {
        Span<byte> bytes = stackalloc byte[SHA256.HashSizeInBytes];
        if (id.Length == GuidLength && Utf8Parser.TryParse(id, out Guid guid, out int read) && read == GuidLength)
        {
            guid.TryWriteBytes(bytes);
        }
        else
        {
            SHA256.HashData(id, bytes);
        }

        return BinaryPrimitives.ReadUInt128LittleEndian(bytes);
    }
}
